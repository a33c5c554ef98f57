//! The page: up to some thousand rows of one table as one block of bytes with a checksum.
//!
//! Layout: the magic `HFP1`, CRC-32 (big-endian) of all that follows, then CBOR: an array of
//! `[key, version, body | null]`. The same format serves snapshot pages and stored deltas (where a
//! missing body deletes the row).

use crate::borrowed_rows::BorrowedChange;
use crate::messages::RowChange;
use crate::{CodecError, decode};

const MAGIC: &[u8; 4] = b"HFP1";
const HEADER_BYTES: usize = 8;

/// Rows that a snapshot page holds at most: requests cost more than bytes, so pages are large.
pub const PAGE_ROWS_MAX: usize = 5_000;

/// A page that can't be used; it is fetched again, alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Too short, or not a page at all.
    #[error("the stored page is not a page")]
    NotAPage,
    /// The bytes are not those that were written.
    #[error("the stored page is damaged (checksum {stated:08x}, computed {computed:08x})")]
    Damaged {
        /// Checksum in the page.
        stated: u32,
        /// Checksum of its content.
        computed: u32,
    },
    /// The checksum holds, the content can't be read.
    #[error(transparent)]
    Codec(#[from] CodecError),
}

/// Packs rows into a page.
pub fn pack(rows: &[RowChange]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_BYTES + rows.len() * 64);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&[0; 4]);
    match minicbor::encode(rows, &mut bytes) {
        Ok(()) => {}
        // Writing to a Vec can't fail, and the derived encoder raises no error itself.
        Err(error) => unreachable!("encoding to memory failed: {error}"),
    }
    let checksum = crc32fast::hash(&bytes[HEADER_BYTES..]);
    bytes[4..HEADER_BYTES].copy_from_slice(&checksum.to_be_bytes());
    bytes
}

/// Checks a page and gives its content, the CBOR array of rows.
///
/// # Errors
/// [`PageError`] when it is not a page or was damaged.
pub fn verify(bytes: &[u8]) -> Result<&[u8], PageError> {
    let (header, content) = bytes.split_at_checked(HEADER_BYTES).ok_or(PageError::NotAPage)?;
    let stated = match header {
        [b'H', b'F', b'P', b'1', a, b, c, d] => u32::from_be_bytes([*a, *b, *c, *d]),
        _ => return Err(PageError::NotAPage),
    };
    let computed = crc32fast::hash(content);
    if stated != computed {
        return Err(PageError::Damaged { stated, computed });
    }
    Ok(content)
}

/// Checks and unpacks a page.
///
/// # Errors
/// [`PageError`] when it is not a page, was damaged, or holds something else than rows.
pub fn unpack(bytes: &[u8]) -> Result<Vec<RowChange>, PageError> {
    Ok(decode(verify(bytes)?)?)
}

/// Checks and unpacks a page; the rows borrow from its bytes.
///
/// # Errors
/// [`PageError`] when it is not a page, was damaged, or holds something else than rows.
pub fn unpack_borrowed(bytes: &[u8]) -> Result<Vec<BorrowedChange<'_>>, PageError> {
    Ok(decode(verify(bytes)?)?)
}

/// SHA-256 of a page's bytes: its address.
pub fn address(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows() -> impl Strategy<Value = Vec<RowChange>> {
        let body = proptest::option::of(proptest::collection::vec(any::<u8>(), 0..40));
        let row = (".{0,12}", any::<u64>(), body).prop_map(|(key, version, body)| RowChange {
            key,
            version,
            body: body.map(Into::into),
        });
        proptest::collection::vec(row, 0..20)
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(rows in rows()) {
            prop_assert_eq!(unpack(&pack(&rows)), Ok(rows));
        }

        #[test]
        fn any_flipped_bit_is_noticed(rows in rows(), place in any::<prop::sample::Index>(), bit in 0u8..8) {
            let mut bytes = pack(&rows);
            let place = place.index(bytes.len());
            bytes[place] ^= 1 << bit;
            prop_assert!(unpack(&bytes).is_err());
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(unpack(&bytes).is_err());
        }
    }

    #[test]
    fn truncation_is_noticed() {
        let rows = vec![RowChange { key: "a".into(), version: 1, body: None }];
        let bytes = pack(&rows);
        for length in 0..bytes.len() {
            assert!(unpack(&bytes[..length]).is_err(), "{length}");
        }
    }
}
