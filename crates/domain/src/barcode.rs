//! Barcodes: trade item numbers of GS1 with their check digit.

use std::fmt;

/// A global trade item number, checked. GTIN-8, UPC-A (12), EAN-13 and GTIN-14 of the same item are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin(
    // Below 10^14, and its last digit is the check digit of those before.
    u64,
);

/// Text that is not a trade item number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GtinError {
    /// Something else than the digits 0 to 9.
    #[error("“{0}” holds more than digits")]
    NotDigits(String),
    /// Not 8, 12, 13 or 14 digits.
    #[error("a barcode has 8, 12, 13 or 14 digits, not {digits}")]
    Length {
        /// How many were given.
        digits: usize,
    },
    /// Mistyped or misread.
    #[error("the last digit is {stated}, but the digits before it ask for {computed}")]
    CheckDigit {
        /// As given.
        stated: u8,
        /// As GS1 computes it.
        computed: u8,
    },
}

impl Gtin {
    /// Reads 8, 12, 13 or 14 digits and verifies the check digit.
    ///
    /// # Errors
    /// [`GtinError`] naming what is wrong.
    pub fn parse(text: &str) -> Result<Gtin, GtinError> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(GtinError::NotDigits(text.to_owned()));
        }
        match text.len() {
            8 | 12 | 13 | 14 => {}
            digits => return Err(GtinError::Length { digits }),
        }
        let number: u64 = text.parse().map_err(|_| GtinError::NotDigits(text.to_owned()))?;
        let (stated, computed) = ((number % 10) as u8, check_digit(number / 10));
        if stated == computed { Ok(Gtin(number)) } else { Err(GtinError::CheckDigit { stated, computed }) }
    }

    /// The number.
    pub fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Gtin {
    /// 14 digits, zero-padded: the form in which barcodes are kept and compared.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:014}", self.0)
    }
}

/// The check digit that GS1 puts behind `body`: weights 3 and 1 in turn, from the right.
pub fn check_digit(body: u64) -> u8 {
    let (mut rest, mut sum, mut weight) = (body, 0, 3);
    while rest > 0 {
        sum += rest % 10 * weight;
        rest /= 10;
        weight = 4 - weight;
    }
    ((10 - sum % 10) % 10) as u8
}
