//! Amounts of money in whole minor units, and the currencies they are in.

use std::fmt;
use std::iter::Sum;

/// An amount in the minor units of one currency (pence for GBP, yen for JPY).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// An amount of minor units.
    pub const fn from_minor(minor: i64) -> Money {
        Money(minor)
    }

    /// The amount in minor units.
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// Sum, unless it does not fit.
    pub fn checked_add(self, other: Money) -> Option<Money> {
        self.0.checked_add(other.0).map(Money)
    }

    /// Difference, unless it does not fit.
    pub fn checked_sub(self, other: Money) -> Option<Money> {
        self.0.checked_sub(other.0).map(Money)
    }

    /// The amount with its sign turned.
    pub fn negated(self) -> Money {
        Money(self.0.saturating_neg())
    }

    /// Whether it is below nothing.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Sum of many, unless it does not fit.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
        amounts.into_iter().try_fold(Money::ZERO, Money::checked_add)
    }
}

impl Sum for Money {
    /// For amounts whose bounds are already checked; saturates rather than wraps.
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        Money(amounts.fold(0, |sum, amount| sum.saturating_add(amount.0)))
    }
}

/// A currency of ISO 4217: its code and how many decimals its minor unit has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency {
    code: [u8; 3],
    exponent: u8,
}

/// A currency code that ISO 4217 does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a currency code of ISO 4217")]
pub struct UnknownCurrency(pub String);

// ISO 4217 list one, active currencies, by number of decimals.
const EXPONENT_0: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
const EXPONENT_3: &str = "BHD IQD JOD KWD LYD OMR TND";
const EXPONENT_4: &str = "CLF UYW";
const EXPONENT_2: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD \
    BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL \
    GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL \
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON \
    RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD \
    USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWG";

impl Currency {
    /// Pounds sterling.
    pub const GBP: Currency = Currency { code: *b"GBP", exponent: 2 };

    /// The currency with this code.
    ///
    /// # Errors
    /// [`UnknownCurrency`] when ISO 4217 has none.
    pub fn from_code(code: &str) -> Result<Currency, UnknownCurrency> {
        let exponent = [(EXPONENT_2, 2), (EXPONENT_0, 0), (EXPONENT_3, 3), (EXPONENT_4, 4)]
            .into_iter()
            .find(|(codes, _)| codes.split_ascii_whitespace().any(|known| known == code));
        match (exponent, <[u8; 3]>::try_from(code.as_bytes())) {
            (Some((_, exponent)), Ok(code)) => Ok(Currency { code, exponent }),
            _ => Err(UnknownCurrency(code.to_owned())),
        }
    }

    /// Three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or_default()
    }

    /// Decimals of the minor unit.
    pub fn exponent(self) -> u8 {
        self.exponent
    }

    /// Minor units in one major unit.
    pub fn minor_per_major(self) -> i64 {
        10_i64.pow(u32::from(self.exponent))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// `1234.56`: for files and interfaces.
pub fn to_decimal_string(amount: Money, currency: Currency) -> String {
    format(amount, currency, "")
}

/// `1,234.56`: for people. The same bytes on screen, receipt and reprint.
pub fn format_amount(amount: Money, currency: Currency) -> String {
    format(amount, currency, ",")
}

fn format(amount: Money, currency: Currency, separator: &str) -> String {
    let sign = if amount.is_negative() { "-" } else { "" };
    let minor = amount.minor().unsigned_abs();
    let per_major = currency.minor_per_major().unsigned_abs();
    let major = group(&(minor / per_major).to_string(), separator);
    match currency.exponent {
        0 => format!("{sign}{major}"),
        exponent => format!("{sign}{major}.{:0width$}", minor % per_major, width = usize::from(exponent)),
    }
}

fn group(digits: &str, separator: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push_str(separator);
        }
        grouped.push(digit);
    }
    grouped
}

/// Text that is not an amount of a currency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseMoneyError {
    /// Not digits with at most one decimal point.
    #[error("“{0}” is not a number")]
    NotANumber(String),
    /// More decimals than the currency has.
    #[error("“{text}” has more than {decimals} decimals")]
    TooManyDecimals {
        /// As given.
        text: String,
        /// Decimals of the currency.
        decimals: u8,
    },
    /// Larger than any till needs.
    #[error("“{0}” is too large")]
    TooLarge(String),
}

/// Reads `-1234.56`. Zeros behind the currency's last decimal are allowed (`3.500` of GBP), other digits not.
///
/// # Errors
/// [`ParseMoneyError`] naming what is wrong.
pub fn parse_decimal(text: &str, currency: Currency) -> Result<Money, ParseMoneyError> {
    let minor = parse_scaled(text, currency.exponent)?;
    Ok(Money(minor))
}

/// Reads a decimal number as a whole number of 10^-`decimals`.
///
/// # Errors
/// [`ParseMoneyError`] naming what is wrong.
pub fn parse_scaled(text: &str, decimals: u8) -> Result<i64, ParseMoneyError> {
    let not_a_number = || ParseMoneyError::NotANumber(text.to_owned());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || unsigned.ends_with('.') {
        return Err(not_a_number());
    }
    let wanted = usize::from(decimals);
    let kept = &fraction[..fraction.len().min(wanted)];
    if fraction[kept.len()..].bytes().any(|digit| digit != b'0') {
        return Err(ParseMoneyError::TooManyDecimals { text: text.to_owned(), decimals });
    }
    let digits = format!("{whole}{kept:0<wanted$}");
    let magnitude: i64 = digits.parse().map_err(|_| ParseMoneyError::TooLarge(text.to_owned()))?;
    Ok(if text.starts_with('-') { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    #[test]
    fn currencies_have_the_decimals_of_iso_4217() {
        for (code, exponent) in [("GBP", 2), ("JPY", 0), ("BHD", 3), ("CLF", 4), ("UYW", 4), ("EUR", 2)] {
            let currency = Currency::from_code(code).expect(code);
            assert_eq!((currency.code(), currency.exponent()), (code, exponent));
        }
        for unknown in ["", "gbp", "XXY", "GBPX", "£"] {
            assert_eq!(Currency::from_code(unknown), Err(UnknownCurrency(unknown.into())));
        }
    }

    #[test]
    fn amounts_are_written_with_the_currency_s_decimals() {
        let bhd = Currency::from_code("BHD").expect("listed");
        let jpy = Currency::from_code("JPY").expect("listed");
        assert_eq!(format_amount(Money(123_456_789), Currency::GBP), "1,234,567.89");
        assert_eq!(format_amount(Money(-5), Currency::GBP), "-0.05");
        assert_eq!(format_amount(Money(1_005), bhd), "1.005");
        assert_eq!(format_amount(Money(1_234), jpy), "1,234");
        assert_eq!(to_decimal_string(Money(i64::MIN), Currency::GBP), "-92233720368547758.08");
    }

    #[test]
    fn what_is_not_an_amount_is_refused_by_name() {
        for text in ["", "-", ".5", "5.", "2,50", "1e3", " 1", "1.2.3", "٣", "+1", "NaN"] {
            assert_eq!(
                parse_decimal(text, Currency::GBP),
                Err(ParseMoneyError::NotANumber(text.into())),
                "{text}"
            );
        }
        let text = "0.001".to_owned();
        assert_eq!(
            parse_decimal(&text, Currency::GBP),
            Err(ParseMoneyError::TooManyDecimals { text, decimals: 2 })
        );
        assert_eq!(parse_decimal("3.500", Currency::GBP), Ok(Money(350)));
        assert!(matches!(
            parse_decimal("99999999999999999999", Currency::GBP),
            Err(ParseMoneyError::TooLarge(_))
        ));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(minor in -1_000_000_000_000i64..1_000_000_000_000) {
            for code in ["GBP", "JPY", "BHD", "CLF"] {
                let currency = Currency::from_code(code).expect("listed");
                let text = to_decimal_string(Money(minor), currency);
                prop_assert_eq!(parse_decimal(&text, currency), Ok(Money(minor)));
                prop_assert_eq!(text.parse::<Decimal>().expect("a decimal"), Decimal::new(minor, u32::from(currency.exponent())));
            }
        }
    }
}
