//! What people type where a number, an amount or a time is wanted: read where it can be, kept as it is where
//! it can't.

use holdfast_domain::money::{Currency, Money, parse_decimal, parse_scaled, to_decimal_string};
use holdfast_profile::{ColumnKind, percent_digits, time_of_day};
use holdfast_ui::messages::profiles as text;
use serde::{Deserialize, Serialize};

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// A whole number, not below nothing.
    Count,
    /// A whole number.
    WholeNumber,
    /// An amount.
    Amount,
    /// A rate in percent.
    Percent,
    /// A time of day.
    TimeOfDay,
}

/// What was typed, as long as it is not simply what the draft holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// As it was typed.
    pub text: String,
    /// What was wanted, where it is something else.
    #[serde(default)]
    pub wrong: Option<Wanted>,
}

impl Wanted {
    /// What is wrong with a text that is something else.
    pub fn reason(self, typed: &str) -> String {
        let typed = typed.trim();
        if typed.is_empty() {
            return text::nothing_typed().to_owned();
        }
        match self {
            Wanted::Count | Wanted::WholeNumber => text::not_a_number(typed),
            Wanted::Amount => text::not_an_amount(typed),
            Wanted::Percent => text::not_a_rate(typed),
            Wanted::TimeOfDay => text::not_a_time(typed),
        }
    }

    /// What to type instead.
    pub fn mend(self) -> &'static str {
        match self {
            Wanted::Count => text::type_digits(),
            Wanted::WholeNumber => text::type_whole_number(),
            Wanted::Amount => text::type_amount(),
            Wanted::Percent => text::type_rate(),
            Wanted::TimeOfDay => text::type_time(),
        }
    }
}

/// A count.
pub fn read_count(typed: &str) -> Option<u32> {
    typed.trim().parse().ok()
}

/// A time of day, `22:30`, as minutes. Hours beyond a day are read too, and left to validation.
pub fn read_time(typed: &str) -> Option<u16> {
    let (hours, minutes) = typed.trim().split_once([':', '.'])?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && hours < 100).then_some(hours * 60 + minutes)
}

/// What is wanted of a column's value; nothing particular of text.
pub fn wanted_of(kind: ColumnKind) -> Option<Wanted> {
    match kind {
        ColumnKind::WholeNumber => Some(Wanted::WholeNumber),
        ColumnKind::Money => Some(Wanted::Amount),
        ColumnKind::RatePpm => Some(Wanted::Percent),
        ColumnKind::Text | ColumnKind::TextList | ColumnKind::YesNo | ColumnKind::Secret => None,
    }
}

/// A column's number in the column's unit: amounts are typed in the currency, rates in percent.
pub fn read_number(wanted: Wanted, typed: &str, currency: Option<Currency>) -> Option<i64> {
    let typed = typed.trim();
    match wanted {
        Wanted::Count => read_count(typed).map(i64::from),
        Wanted::WholeNumber => typed.parse().ok(),
        Wanted::TimeOfDay => read_time(typed).map(i64::from),
        Wanted::Amount => match currency {
            Some(currency) => parse_decimal(typed, currency).ok().map(Money::minor),
            None => typed.parse().ok(),
        },
        Wanted::Percent => read_percent(typed),
    }
}

/// A column's number as people type it.
pub fn show_number(wanted: Wanted, number: i64, currency: Option<Currency>) -> String {
    match (wanted, currency) {
        (Wanted::Amount, Some(currency)) => to_decimal_string(Money::from_minor(number), currency),
        (Wanted::Percent, _) => percent_digits(number),
        (Wanted::TimeOfDay, _) => u16::try_from(number).map(time_of_day).unwrap_or_default(),
        (Wanted::Amount | Wanted::Count | Wanted::WholeNumber, _) => number.to_string(),
    }
}

/// Percent with up to four decimals, in parts per million.
fn read_percent(typed: &str) -> Option<i64> {
    parse_scaled(&typed.trim_end_matches('%').trim().replace(',', "."), 4).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_digits_with_blanks_around_at_most() {
        assert_eq!(read_count(" 15 "), Some(15));
        for wrong in ["", "1.5", "-1", "15 s", "99999999999"] {
            assert_eq!(read_count(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times_of_day_are_read_and_shown_alike() {
        for minute in [0, 59, 60, 1439] {
            assert_eq!(read_time(&time_of_day(minute)), Some(minute));
        }
        assert_eq!(read_time("7:05"), Some(425));
        // Validation says what is wrong with it.
        assert_eq!(read_time("24:00"), Some(1440));
        for wrong in ["", "7", "7:60", "x:10", "7:"] {
            assert_eq!(read_time(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn rates_are_typed_in_percent() {
        for (typed, ppm) in [("20", 200_000), ("5.5 %", 55_000), ("0,125", 1_250), ("-1", -10_000)] {
            assert_eq!(read_number(Wanted::Percent, typed, None), Some(ppm), "{typed}");
        }
        for wrong in ["", "x", "1.23456", ".", "1.2.3"] {
            assert_eq!(read_number(Wanted::Percent, wrong, None), None, "{wrong}");
        }
        assert_eq!(show_number(Wanted::Percent, 55_000, None), "5.5");
        assert_eq!(show_number(Wanted::Percent, -10_000, None), "-1");
    }

    #[test]
    fn amounts_are_typed_in_the_currency() {
        let pounds = Currency::from_code("GBP").ok();
        assert_eq!(read_number(Wanted::Amount, "1.00", pounds), Some(100));
        assert_eq!(read_number(Wanted::Amount, "one", pounds), None);
        assert_eq!(show_number(Wanted::Amount, 250, pounds), "2.50");
    }
}
