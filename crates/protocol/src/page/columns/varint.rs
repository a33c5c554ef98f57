//! Whole numbers in as few bytes as they need: seven bits a byte, the low ones first (as in Protocol Buffers).

use super::{ColumnsError, UNPACKED_BYTES_MAX};

/// Adds a number.
pub fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Adds a signed number: those near zero take the fewest bytes (zigzag).
pub fn put_signed(bytes: &mut Vec<u8>, number: i64) {
    put(bytes, (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned());
}

/// Bytes that are read from the front.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'b> {
    rest: &'b [u8],
    /// Bytes that what is put together from them may take yet.
    left: usize,
}

impl<'b> Reading<'b> {
    /// From their beginning.
    pub fn new(bytes: &'b [u8]) -> Reading<'b> {
        Reading { rest: bytes, left: UNPACKED_BYTES_MAX }
    }

    /// Counts bytes that a text takes beyond those that are read: all columns of a page together have a bound.
    pub fn claim(&mut self, bytes: usize) -> Result<(), ColumnsError> {
        self.left = self.left.checked_sub(bytes).ok_or(ColumnsError::TooLarge)?;
        Ok(())
    }

    /// How many are left.
    pub fn len(&self) -> usize {
        self.rest.len()
    }

    /// The next byte.
    pub fn byte(&mut self) -> Result<u8, ColumnsError> {
        let (first, rest) = self.rest.split_first().ok_or(ColumnsError::TooShort)?;
        self.rest = rest;
        Ok(*first)
    }

    /// The next so many bytes.
    pub fn bytes(&mut self, count: usize) -> Result<&'b [u8], ColumnsError> {
        let (bytes, rest) = self.rest.split_at_checked(count).ok_or(ColumnsError::TooShort)?;
        self.rest = rest;
        Ok(bytes)
    }

    /// A number.
    pub fn number(&mut self) -> Result<u64, ColumnsError> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return Err(ColumnsError::Number);
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(ColumnsError::Number)
    }

    /// A signed number.
    pub fn signed(&mut self) -> Result<i64, ColumnsError> {
        let number = self.number()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    /// A count of things that take a byte each at least.
    pub fn count(&mut self) -> Result<usize, ColumnsError> {
        let count = usize::try_from(self.number()?).map_err(|_| ColumnsError::Number)?;
        if count > self.len() { Err(ColumnsError::TooShort) } else { Ok(count) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(number: u64, signed: i64) {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            put_signed(&mut bytes, signed);
            let mut reading = Reading::new(&bytes);
            prop_assert_eq!(reading.number(), Ok(number));
            prop_assert_eq!(reading.signed(), Ok(signed));
            prop_assert_eq!(reading.len(), 0);
        }
    }

    #[test]
    fn the_ends_of_the_range_and_what_is_beyond_it() {
        for number in [0, 0x7f, 0x80, u64::MAX] {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            assert_eq!(Reading::new(&bytes).number(), Ok(number));
        }
        let mut beyond = [0xff; 10];
        beyond[9] = 2;
        assert_eq!(Reading::new(&beyond).number(), Err(ColumnsError::Number));
        assert_eq!(Reading::new(&[0xff; 11]).number(), Err(ColumnsError::Number));
        assert_eq!(Reading::new(&[0x80]).number(), Err(ColumnsError::TooShort));
    }
}
