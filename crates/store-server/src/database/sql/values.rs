//! Numbers and hashes between Rust and the databases, which know 64-bit signed integers only.

use crate::database::DatabaseError;

/// A number that was written by [`wide`] or fits anyway.
pub fn narrow<T: TryFrom<i64>>(value: i64, what: &'static str) -> Result<T, DatabaseError> {
    T::try_from(value).map_err(|_| DatabaseError::Damaged(format!("{what} is {value}")))
}

/// The same for a column that may be empty.
pub fn narrow_option<T: TryFrom<i64>>(
    value: Option<i64>,
    what: &'static str,
) -> Result<Option<T>, DatabaseError> {
    value.map(|value| narrow(value, what)).transpose()
}

/// A number as the databases keep it; what is beyond its range, and so beyond every number in it, is its highest.
pub fn wide(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Bytes of a fixed length.
pub fn fixed<const N: usize>(bytes: Vec<u8>, what: &'static str) -> Result<[u8; N], DatabaseError> {
    let length = bytes.len();
    bytes.try_into().map_err(|_| DatabaseError::Damaged(format!("{what} has {length} bytes")))
}
