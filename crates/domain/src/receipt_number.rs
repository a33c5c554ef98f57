//! Receipt numbers: a gap-free counter of each register.

use std::fmt;
use std::str::FromStr;

/// A receipt's number, printed `0002-001843`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiptNumber {
    /// The register's number in its store.
    pub register: u16,
    /// The register's counter, from 1, without gaps.
    pub counter: u32,
}

impl fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:06}", self.register, self.counter)
    }
}

/// Text that is not a receipt number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a receipt number like 0002-001843")]
pub struct NotAReceiptNumber(pub String);

impl FromStr for ReceiptNumber {
    type Err = NotAReceiptNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || NotAReceiptNumber(text.to_owned());
        let (register, counter) = text.split_once('-').ok_or_else(error)?;
        let register = register.parse().map_err(|_| error())?;
        let counter = counter.parse().map_err(|_| error())?;
        Ok(ReceiptNumber { register, counter })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_is_printed() {
        let number = ReceiptNumber { register: 2, counter: 1843 };
        assert_eq!(number.to_string(), "0002-001843");
        assert_eq!("0002-001843".parse(), Ok(number));
        assert!("2".parse::<ReceiptNumber>().is_err());
        assert!("70000-1".parse::<ReceiptNumber>().is_err());
    }
}
