//! Amounts as the admin API has them: minor units and a currency code.

use holdfast_domain::money::{Currency, Money};
use holdfast_ui::money;

/// `£ 25.93`; minor units and the code where the code is not known here.
pub fn with_sign(minor: i64, code: &str) -> String {
    match Currency::from_code(code) {
        Ok(currency) => money::with_sign(Money::from_minor(minor), currency),
        Err(_) => format!("{minor} {code}"),
    }
}

/// `25.93`, for columns whose heading or total has the sign.
pub fn digits(minor: i64, code: &str) -> String {
    match Currency::from_code(code) {
        Ok(currency) => money::digits(Money::from_minor(minor), currency),
        Err(_) => minor.to_string(),
    }
}

/// `20 %` or `5.5 %` of a rate in parts per million.
pub fn rate(ppm: u32) -> String {
    let (whole, rest) = (ppm / 10_000, ppm % 10_000);
    if rest == 0 {
        return format!("{whole}\u{a0}%");
    }
    let decimals = format!("{rest:04}");
    format!("{whole}.{}\u{a0}%", decimals.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_keep_only_the_decimals_they_have() {
        assert_eq!(rate(200_000), "20\u{a0}%");
        assert_eq!(rate(55_000), "5.5\u{a0}%");
        assert_eq!(rate(0), "0\u{a0}%");
    }

    #[test]
    fn a_currency_that_is_not_known_is_shown_as_it_came() {
        assert_eq!(with_sign(2593, "GBP"), "£\u{a0}25.93");
        assert_eq!(with_sign(2593, "???"), "2593 ???");
    }
}
