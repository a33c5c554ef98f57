//! Rows as they travel: CBOR maps with a column's number as key. Here they answer filters and lose the columns
//! that a field list leaves out, without a row type for each table.

use std::collections::BTreeMap;

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};

use crate::{Column, ColumnKind, ColumnValue, RowValues, ScopeTable, TableId};

/// Bytes that are not a row of the table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a row of table {table} can't be read: {reason}")]
pub struct RowError {
    /// The table that it should be a row of.
    pub table: TableId,
    /// What is wrong with the bytes.
    pub reason: String,
}

/// A row of a table, read as far as its columns.
#[derive(Debug, Clone)]
pub struct EncodedRow<'a> {
    table: TableId,
    // Number and encoded value of each column, in the order of the bytes; columns of later versions too.
    values: Vec<(u32, &'a [u8])>,
}

impl<'a> EncodedRow<'a> {
    /// Reads a row.
    ///
    /// # Errors
    /// [`RowError`] when the bytes are not one CBOR map with whole numbers as keys.
    pub fn read(table: TableId, bytes: &'a [u8]) -> Result<EncodedRow<'a>, RowError> {
        let error = |reason: String| RowError { table, reason };
        let values = read_map(bytes).map_err(|cause| error(cause.to_string()))?;
        Ok(EncodedRow { table, values })
    }

    /// All values in CBOR by the number of their column, those of later versions too.
    pub fn to_values(&self) -> BTreeMap<u32, Vec<u8>> {
        self.values.iter().map(|(number, bytes)| (*number, bytes.to_vec())).collect()
    }

    /// A column's value in CBOR, by the column's number; columns of later versions have one too.
    pub fn encoded(&self, number: u32) -> Option<&'a [u8]> {
        self.values.iter().find(|(found, _)| *found == number).map(|(_, bytes)| *bytes)
    }
}

/// Writes a row of values in CBOR, each under the number of its column.
pub fn write_row(values: &BTreeMap<u32, Vec<u8>>) -> Vec<u8> {
    in_memory(|encoder| {
        encoder.map(values.len() as u64)?;
        for (number, bytes) in values {
            encoder.u32(*number)?;
            encoder.writer_mut().extend_from_slice(bytes);
        }
        Ok(())
    })
}

/// The value in CBOR that says nothing, such as an empty text.
pub fn empty_value(kind: ColumnKind) -> Vec<u8> {
    in_memory(|encoder| write_empty(encoder, kind))
}

fn in_memory(write: impl FnOnce(&mut Encoder<Vec<u8>>) -> Result<(), WriteError>) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    match write(&mut encoder) {
        Ok(()) => encoder.into_writer(),
        // Writing to a Vec can't fail.
        Err(error) => unreachable!("writing to memory failed: {error}"),
    }
}

impl RowValues for EncodedRow<'_> {
    fn value(&self, column: &str) -> Option<ColumnValue<'_>> {
        let column = self.table.column(column)?;
        read_value(column.kind, self.encoded(column.number)?)
    }
}

impl ScopeTable {
    /// A row as a register keeps it: columns that the field list leaves out become empty. They don't go
    /// missing, so that each version reads the row.
    ///
    /// # Errors
    /// [`RowError`] when the bytes are not a row of the table.
    pub fn keep_columns(&self, row: &[u8]) -> Result<Vec<u8>, RowError> {
        let read = EncodedRow::read(self.table, row)?;
        if self.fields.is_none() || self.table.columns().is_empty() {
            return Ok(row.to_vec());
        }
        let mut encoder = Encoder::new(Vec::with_capacity(row.len()));
        match write_columns(&mut encoder, self, &read) {
            Ok(()) => Ok(encoder.into_writer()),
            Err(cause) => Err(RowError { table: self.table, reason: cause.to_string() }),
        }
    }
}

type WriteError = minicbor::encode::Error<std::convert::Infallible>;

fn write_columns(
    encoder: &mut Encoder<Vec<u8>>,
    entry: &ScopeTable,
    row: &EncodedRow<'_>,
) -> Result<(), WriteError> {
    let columns = entry.table.columns().iter();
    let present: Vec<(&Column, &[u8])> =
        columns.filter_map(|column| Some((column, row.encoded(column.number)?))).collect();
    encoder.map(present.len() as u64)?;
    for (column, bytes) in present {
        encoder.u32(column.number)?;
        if entry.keeps_column(column.name) {
            encoder.writer_mut().extend_from_slice(bytes);
        } else {
            write_empty(encoder, column.kind)?;
        }
    }
    Ok(())
}

fn write_empty(encoder: &mut Encoder<Vec<u8>>, kind: ColumnKind) -> Result<(), WriteError> {
    match kind {
        ColumnKind::Text => encoder.str("")?.ok(),
        ColumnKind::TextList => encoder.array(0)?.ok(),
        ColumnKind::WholeNumber | ColumnKind::Money | ColumnKind::RatePpm => encoder.u8(0)?.ok(),
        ColumnKind::YesNo => encoder.bool(false)?.ok(),
        ColumnKind::Secret => encoder.bytes(&[])?.ok(),
    }
}

fn read_map(bytes: &[u8]) -> Result<Vec<(u32, &[u8])>, minicbor::decode::Error> {
    let mut decoder = Decoder::new(bytes);
    let mut left = decoder.map()?;
    let mut values = Vec::new();
    loop {
        match left {
            Some(0) => break,
            Some(_) => left = left.map(|count| count - 1),
            None if decoder.datatype()? == Type::Break => {
                decoder.skip()?;
                break;
            }
            None => {}
        }
        let number = decoder.u32()?;
        let start = decoder.position();
        decoder.skip()?;
        values.push((number, bytes.get(start..decoder.position()).unwrap_or_default()));
    }
    if decoder.position() == bytes.len() {
        Ok(values)
    } else {
        Err(minicbor::decode::Error::message("bytes follow the row"))
    }
}

/// A column's value; one of another kind than the column's counts as none.
pub(crate) fn read_value(kind: ColumnKind, bytes: &[u8]) -> Option<ColumnValue<'_>> {
    let mut decoder = Decoder::new(bytes);
    match kind {
        ColumnKind::Text => decoder.str().ok().map(ColumnValue::Text),
        ColumnKind::TextList => {
            let lines: Result<Vec<&str>, _> = decoder.array_iter::<&str>().ok()?.collect();
            lines.ok().map(ColumnValue::TextList)
        }
        ColumnKind::WholeNumber | ColumnKind::Money | ColumnKind::RatePpm => {
            decoder.i64().ok().map(ColumnValue::Number)
        }
        ColumnKind::YesNo => decoder.bool().ok().map(ColumnValue::YesNo),
        ColumnKind::Secret => None,
    }
}
