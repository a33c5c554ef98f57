//! Amounts as this store writes them: the digits of the receipt, with the sign of its own currency table.

use holdfast_domain::{Currency, Money};
use holdfast_ui::money::digits;

/// How amounts of one currency are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyText {
    sign: String,
    currency: Currency,
}

impl MoneyText {
    /// Amounts of `currency` with this sign.
    pub fn new(currency: Currency, sign: String) -> MoneyText {
        MoneyText { sign, currency }
    }

    /// `25.93`: where the sign stands elsewhere.
    pub fn digits(&self, amount: Money) -> String {
        digits(amount, self.currency)
    }

    /// `£ 25.93`, `− £ 25.93`; does not break at the end of a line.
    pub fn signed(&self, amount: Money) -> String {
        let written = digits(amount, self.currency);
        match written.strip_prefix('−') {
            Some(positive) => format!("−\u{a0}{}\u{a0}{positive}", self.sign),
            None => format!("{}\u{a0}{written}", self.sign),
        }
    }

    /// Decimals of an amount.
    pub fn decimals(&self) -> u8 {
        self.currency.exponent()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minus_stands_before_the_sign() {
        let text = MoneyText::new(Currency::GBP, "£".into());
        assert_eq!(text.signed(Money::from_minor(-120)), "−\u{a0}£\u{a0}1.20");
        assert_eq!(text.signed(Money::from_minor(123_456)), "£\u{a0}1,234.56");
        assert_eq!(text.digits(Money::from_minor(380)), "3.80");
    }
}
