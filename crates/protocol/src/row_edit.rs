//! An edit of a row that a register made: which fields, from which value to which, and what it had seen.

use holdfast_profile::{EncodedRow, RowError, TableId};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

/// One field of an edit.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FieldEdit {
    /// The column's number in the table.
    #[n(0)]
    pub column: u32,
    /// The column's value in CBOR as the register had it; `None` where it had none, as in a new row.
    #[n(1)]
    pub before: Option<ByteVec>,
    /// The column's value in CBOR from now on.
    #[n(2)]
    pub after: ByteVec,
}

/// A row that a register changed or made, the payload of [`crate::outbox::EntryKind::RowEdit`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RowEdit {
    /// Number of the table, so that an edit of a table of a later version can still be kept.
    #[n(0)]
    pub table: u8,
    /// The row's key in it.
    #[n(1)]
    pub key: String,
    /// Version of the row that the register had downloaded; 0 where the row is new.
    #[n(2)]
    pub base_version: u64,
    /// When it was made, by the register's clock, ms since 1970.
    #[n(3)]
    pub edited_at_ms: i64,
    /// The fields that change, by column; no column twice.
    #[n(4)]
    pub fields: Vec<FieldEdit>,
    /// Sequence of the outbox entry that edited the same row before and had not come back from the store server:
    /// the values before are those that it left.
    #[n(5)]
    pub follows_seq: Option<u64>,
}

impl RowEdit {
    /// The fields of the edit that makes `after` of `before`; none where nothing differs. A new row has no
    /// `before`. The column that names the row is not among them.
    ///
    /// # Errors
    /// [`RowError`] when one of the two is not a row of the table.
    pub fn fields_between(
        table: TableId,
        before: Option<&[u8]>,
        after: &[u8],
    ) -> Result<Vec<FieldEdit>, RowError> {
        let before = before.map(|bytes| EncodedRow::read(table, bytes)).transpose()?;
        let after = EncodedRow::read(table, after)?;
        let mut fields = Vec::new();
        for column in table.columns().iter().filter(|column| !column.names_the_row()) {
            let old = before.as_ref().and_then(|row| row.encoded(column.number));
            let Some(new) = after.encoded(column.number) else { continue };
            if old != Some(new) {
                fields.push(FieldEdit {
                    column: column.number,
                    before: old.map(|bytes| bytes.to_vec().into()),
                    after: new.to_vec().into(),
                });
            }
        }
        Ok(fields)
    }
}
