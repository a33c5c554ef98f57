//! Quantities in thousandths of a unit.

use std::fmt;

use crate::money::{Money, ParseMoneyError, parse_scaled};
use crate::rounding::{Rounding, mul_div};

/// How much of something, in thousandths of its unit; negative is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i64);

impl Quantity {
    /// One.
    pub const ONE: Quantity = Quantity(1_000);
    /// Most that a line can hold, in either direction: a million units.
    pub const MILLI_MAX: i64 = 1_000_000_000;

    /// Whole units.
    pub const fn units(units: i64) -> Quantity {
        Quantity(units.saturating_mul(1_000))
    }

    /// Thousandths.
    pub const fn from_milli(milli: i64) -> Quantity {
        Quantity(milli)
    }

    /// Thousandths.
    pub const fn milli(self) -> i64 {
        self.0
    }

    /// Whether it is given back.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Reads `1.24` or `-3`.
    ///
    /// # Errors
    /// [`ParseMoneyError`] when it is not a number with at most three decimals.
    pub fn parse(text: &str) -> Result<Quantity, ParseMoneyError> {
        parse_scaled(text, 3).map(Quantity)
    }

    /// Price of this much at `unit_price`, halves rounded away from zero; `None` when it does not fit.
    pub fn price(self, unit_price: Money) -> Option<Money> {
        mul_div(self.0, unit_price.minor(), 1_000, Rounding::HalfUp).map(Money::from_minor)
    }
}

impl fmt::Display for Quantity {
    /// `3`, `1.240` in full only where there are decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let milli = self.0.unsigned_abs();
        match milli % 1_000 {
            0 => write!(f, "{sign}{}", milli / 1_000),
            rest => write!(f, "{sign}{}.{rest:03}", milli / 1_000),
        }
    }
}

/// What a quantity counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Pieces.
    Each,
    /// Kilograms.
    Kilogram,
    /// Litres.
    Litre,
    /// Metres.
    Metre,
}

impl Unit {
    /// Code in files and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Unit::Each => "ea",
            Unit::Kilogram => "kg",
            Unit::Litre => "l",
            Unit::Metre => "m",
        }
    }

    /// The unit with this code.
    pub fn from_code(code: &str) -> Option<Unit> {
        [Unit::Each, Unit::Kilogram, Unit::Litre, Unit::Metre].into_iter().find(|unit| unit.code() == code)
    }

    /// Whether parts of it can be sold.
    pub fn is_divisible(self) -> bool {
        match self {
            Unit::Each => false,
            Unit::Kilogram | Unit::Litre | Unit::Metre => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_written_as_they_are_read() {
        for text in ["1", "-3", "1.240", "0.005", "-0.500"] {
            assert_eq!(Quantity::parse(text).expect(text).to_string(), text);
        }
        assert!(Quantity::parse("0.0005").is_err());
    }

    #[test]
    fn a_weighed_price_is_rounded_half_away_from_zero() {
        assert_eq!(Quantity::from_milli(1_240).price(Money::from_minor(240)), Some(Money::from_minor(298)));
        assert_eq!(Quantity::from_milli(500).price(Money::from_minor(1)), Some(Money::from_minor(1)));
        assert_eq!(Quantity::from_milli(-500).price(Money::from_minor(1)), Some(Money::from_minor(-1)));
        assert_eq!(Quantity::from_milli(i64::MAX).price(Money::from_minor(i64::MAX)), None);
    }
}
