//! The page: up to some thousand rows of one table as one block of bytes with a checksum.
//!
//! Layout: four letters that name the form of the content, CRC-32 (big-endian) of the content, the content. `HFP1` is
//! rows, a CBOR array of `[key, version, body | null]`, where a missing body deletes the row: quickly made, for the
//! changes that a register stores as they come. `HFP2` is the same by [`columns`]: half as large once it is
//! compressed, for the pages of snapshots. Whoever reads a page reads both.

use crate::borrowed_rows::BorrowedChange;
use crate::messages::RowChange;
use crate::{CodecError, decode};

pub mod columns;

use columns::{Columns, ColumnsError};

const OF_ROWS: [u8; 4] = *b"HFP1";
const OF_COLUMNS: [u8; 4] = *b"HFP2";
const HEADER_BYTES: usize = 8;

/// Rows that a snapshot page holds at most: requests cost more than bytes, so pages are large.
pub const PAGE_ROWS_MAX: usize = 16_000;

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
    /// The checksum holds, the columns can't be read.
    #[error("the stored page's columns can't be read: {0}")]
    Columns(#[from] ColumnsError),
}

/// A page whose checksum is right.
#[derive(Debug, Clone, Copy)]
pub struct Verified<'b> {
    form: Form,
    content: &'b [u8],
}

#[derive(Debug, Clone, Copy)]
enum Form {
    Rows,
    Columns,
}

/// The rows of a page, in memory.
#[derive(Debug)]
pub struct OpenPage<'b>(Content<'b>);

#[derive(Debug)]
enum Content<'b> {
    Rows(Vec<BorrowedChange<'b>>),
    Columns(Columns<'b>),
}

/// Packs rows into a page as they are.
pub fn pack(rows: &[RowChange]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_BYTES + rows.len() * 64);
    bytes.extend_from_slice(&[0; HEADER_BYTES]);
    match minicbor::encode(rows, &mut bytes) {
        Ok(()) => {}
        // Writing to a Vec can't fail, and the derived encoder raises no error itself.
        Err(error) => unreachable!("encoding to memory failed: {error}"),
    }
    with_header(OF_ROWS, bytes)
}

/// Packs rows into a page by columns, which takes longer and is worth it where the page goes to many registers.
pub fn pack_columns(rows: &[RowChange]) -> Vec<u8> {
    match columns::write(rows) {
        Some(content) => with_header(OF_COLUMNS, [[0; HEADER_BYTES].as_slice(), &content].concat()),
        // No reader would take them.
        None => pack(rows),
    }
}

fn with_header(form: [u8; 4], mut page: Vec<u8>) -> Vec<u8> {
    let checksum = crc32fast::hash(&page[HEADER_BYTES..]);
    page[..4].copy_from_slice(&form);
    page[4..HEADER_BYTES].copy_from_slice(&checksum.to_be_bytes());
    page
}

/// Checks that a page is one, and is as it was written.
///
/// # Errors
/// [`PageError`] when it is not a page or was damaged.
pub fn verify(bytes: &[u8]) -> Result<Verified<'_>, PageError> {
    let (header, content) = bytes.split_at_checked(HEADER_BYTES).ok_or(PageError::NotAPage)?;
    let (form, stated) = header.split_at_checked(4).ok_or(PageError::NotAPage)?;
    let form = match form {
        _ if form == OF_ROWS => Form::Rows,
        _ if form == OF_COLUMNS => Form::Columns,
        _ => return Err(PageError::NotAPage),
    };
    let stated = stated.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
    let computed = crc32fast::hash(content);
    if stated != computed {
        return Err(PageError::Damaged { stated, computed });
    }
    Ok(Verified { form, content })
}

/// Checks and opens a page.
///
/// # Errors
/// [`PageError`] when it is not a page, was damaged, or holds something else than rows.
pub fn open(bytes: &[u8]) -> Result<OpenPage<'_>, PageError> {
    let Verified { form, content } = verify(bytes)?;
    Ok(OpenPage(match form {
        Form::Rows => Content::Rows(decode(content)?),
        Form::Columns => Content::Columns(Columns::read(content)?),
    }))
}

impl OpenPage<'_> {
    /// Its rows, in order.
    pub fn rows(&self) -> Vec<BorrowedChange<'_>> {
        match &self.0 {
            Content::Rows(rows) => rows.clone(),
            Content::Columns(columns) => columns.rows(),
        }
    }
}

/// Checks and unpacks a page.
///
/// # Errors
/// As [`open`].
pub fn unpack(bytes: &[u8]) -> Result<Vec<RowChange>, PageError> {
    Ok(open(bytes)?.rows().iter().copied().map(RowChange::from).collect())
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
            for bytes in [pack(&rows), pack_columns(&rows)] {
                prop_assert_eq!(unpack(&bytes).unwrap(), rows.clone());
            }
        }

        #[test]
        fn any_flipped_bit_is_noticed(rows in rows(), place in any::<prop::sample::Index>(), bit in 0u8..8) {
            for mut bytes in [pack(&rows), pack_columns(&rows)] {
                let place = place.index(bytes.len());
                bytes[place] ^= 1 << bit;
                prop_assert!(unpack(&bytes).is_err());
            }
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(unpack(&bytes).is_err());
        }
    }

    #[test]
    fn truncation_is_noticed() {
        let rows = vec![RowChange { key: "a".into(), version: 1, body: None }];
        for bytes in [pack(&rows), pack_columns(&rows)] {
            for length in 0..bytes.len() {
                assert!(unpack(&bytes[..length]).is_err(), "{length}");
            }
        }
    }
}
