//! An edit that was held against the catalogue of tables and columns: what comes from a register may say anything.

use std::collections::BTreeMap;

use holdfast_profile::{Column, ColumnKind, EncodedRow, RowError, TableId, empty_value, write_row};
use minicbor::{Decode, Decoder};

use crate::encode;
use crate::row_edit::{FieldEdit, RowEdit};

/// Longest key of a row, characters.
pub const ROW_KEY_CHARS_MAX: usize = 64;
/// Longest text of a field, characters.
pub const FIELD_CHARS_MAX: usize = 200;
/// Most lines of a field that holds lines of text.
pub const FIELD_LINES_MAX: usize = 20;
/// Longest value in CBOR that a field had before, bytes.
pub const BEFORE_BYTES_MAX: usize = 8 * 1024;

/// Why an edit can't be applied, whatever the row is; a sentence for the administrator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditFault {
    /// No table has the number.
    #[error("No table of this version has the number {0}.")]
    UnknownTable(u8),
    /// Rows of the table never leave a register as edits.
    #[error("Rows of table {0} can't be edited field by field.")]
    NotEditable(TableId),
    /// The key is not one that a row can have.
    #[error("The key of the row is empty, too long or holds characters that nobody can see.")]
    Key,
    /// No field changes.
    #[error("It changes no field.")]
    NoField,
    /// No column has the number.
    #[error("Table {table} has no column with number {column}.")]
    UnknownColumn {
        /// The table.
        table: TableId,
        /// The number.
        column: u32,
    },
    /// A column stands in the edit twice.
    #[error("It names column {0} twice.")]
    Twice(&'static str),
    /// The column can't be edited.
    #[error("Column {0} can't be edited.")]
    Fixed(&'static str),
    /// A value is not of the column's kind.
    #[error("The value of column {0} is of another kind than the column.")]
    Kind(&'static str),
    /// A value is too long.
    #[error("The value of column {0} is too long.")]
    TooLong(&'static str),
    /// A text holds control characters.
    #[error("The text of column {0} holds a control character.")]
    Control(&'static str),
    /// A column that every register needs would be empty.
    #[error("Column {0} can't be empty.")]
    Empty(&'static str),
}

/// A field of a [`CheckedEdit`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedField {
    /// The column.
    pub column: &'static Column,
    /// Its value in CBOR as the register had it.
    pub before: Option<Vec<u8>>,
    /// Its value in CBOR from now on.
    pub after: Vec<u8>,
}

/// An edit whose table, columns and values are what the catalogue says. Values are in the one form that this build
/// writes, so that equal ones have equal bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedEdit {
    /// The table.
    pub table: TableId,
    /// The row's key.
    pub key: String,
    /// Version of the row that the register had; 0 for a new row.
    pub base_version: u64,
    /// When it was made, by the register's clock, ms since 1970.
    pub edited_at_ms: i64,
    /// The fields that change, by column.
    pub fields: Vec<CheckedField>,
    /// The earlier edit of the same row that had not come back.
    pub follows_seq: Option<u64>,
}

impl CheckedEdit {
    /// Holds an edit against the catalogue.
    ///
    /// # Errors
    /// [`EditFault`] for the first thing that is not as it should be.
    pub fn check(edit: &RowEdit) -> Result<CheckedEdit, EditFault> {
        let table = TableId::from_number(edit.table).ok_or(EditFault::UnknownTable(edit.table))?;
        if !table.allows(holdfast_profile::Direction::Bidirectional) || table.columns().is_empty() {
            return Err(EditFault::NotEditable(table));
        }
        if !is_key(&edit.key) {
            return Err(EditFault::Key);
        }
        let mut fields = BTreeMap::new();
        for field in &edit.fields {
            let checked = check_field(table, field)?;
            let name = checked.column.name;
            if fields.insert(field.column, checked).is_some() {
                return Err(EditFault::Twice(name));
            }
        }
        if fields.is_empty() {
            return Err(EditFault::NoField);
        }
        Ok(CheckedEdit {
            table,
            key: edit.key.clone(),
            base_version: edit.base_version,
            edited_at_ms: edit.edited_at_ms,
            fields: fields.into_values().collect(),
            follows_seq: edit.follows_seq,
        })
    }

    /// Whether it says all that a new row needs.
    ///
    /// # Errors
    /// [`EditFault::Empty`] for a column that every register needs and that is missing.
    pub fn check_new_row(&self) -> Result<(), EditFault> {
        let is_said = |column: &Column| self.fields.iter().any(|field| field.column.number == column.number);
        let needed = self.table.columns().iter().filter(|column| column.locked.is_some());
        match needed.filter(|column| !column.names_the_row()).find(|column| !is_said(column)) {
            Some(column) => Err(EditFault::Empty(column.name)),
            None => Ok(()),
        }
    }

    /// The row with all its fields as the edit has them, whoever changed them since; a new one where there was none.
    ///
    /// # Errors
    /// [`RowError`] when `row` is not a row of the table.
    pub fn lay_over(&self, row: Option<&[u8]>) -> Result<Vec<u8>, RowError> {
        let mut values = self.values_of(row)?;
        for field in &self.fields {
            values.insert(field.column.number, field.after.clone());
        }
        Ok(write_row(&values))
    }

    /// The values of a row, or of a new one that has nothing but its key.
    pub(crate) fn values_of(&self, row: Option<&[u8]>) -> Result<BTreeMap<u32, Vec<u8>>, RowError> {
        if let Some(bytes) = row {
            return Ok(EncodedRow::read(self.table, bytes)?.to_values());
        }
        let value = |column: &Column| {
            if column.names_the_row() { encode(&self.key) } else { empty_value(column.kind) }
        };
        Ok(self.table.columns().iter().map(|column| (column.number, value(column))).collect())
    }
}

// No blank at the ends, as the import keeps keys: two that look the same must not be two rows.
fn is_key(key: &str) -> bool {
    !key.is_empty()
        && key.trim() == key
        && key.chars().count() <= ROW_KEY_CHARS_MAX
        && !key.chars().any(char::is_control)
}

fn check_field(table: TableId, field: &FieldEdit) -> Result<CheckedField, EditFault> {
    let column = table
        .columns()
        .iter()
        .find(|column| column.number == field.column)
        .ok_or(EditFault::UnknownColumn { table, column: field.column })?;
    if column.names_the_row() || column.kind == ColumnKind::Secret {
        return Err(EditFault::Fixed(column.name));
    }
    let before = match &field.before {
        Some(bytes) if bytes.len() > BEFORE_BYTES_MAX => return Err(EditFault::TooLong(column.name)),
        Some(bytes) => Some(in_one_form(column, bytes)?),
        None => None,
    };
    let after = in_one_form(column, &field.after)?;
    check_text(column, &after)?;
    Ok(CheckedField { column, before, after })
}

/// The value as this build writes it.
fn in_one_form(column: &'static Column, bytes: &[u8]) -> Result<Vec<u8>, EditFault> {
    let written = match column.kind {
        ColumnKind::Text => whole::<&str>(bytes).map(|text| encode(&text)),
        ColumnKind::TextList => whole::<Vec<&str>>(bytes).map(|lines| encode(&lines)),
        ColumnKind::WholeNumber | ColumnKind::Money | ColumnKind::RatePpm => {
            whole::<i64>(bytes).map(|number| encode(&number))
        }
        ColumnKind::YesNo => whole::<bool>(bytes).map(|yes| encode(&yes)),
        ColumnKind::Secret => None,
    };
    written.ok_or(EditFault::Kind(column.name))
}

fn check_text(column: &'static Column, bytes: &[u8]) -> Result<(), EditFault> {
    let lines = match column.kind {
        ColumnKind::Text => whole::<&str>(bytes).map(|text| vec![text]),
        ColumnKind::TextList => whole::<Vec<&str>>(bytes),
        ColumnKind::WholeNumber
        | ColumnKind::Money
        | ColumnKind::RatePpm
        | ColumnKind::YesNo
        | ColumnKind::Secret => None,
    };
    let Some(lines) = lines else { return Ok(()) };
    if lines.len() > FIELD_LINES_MAX || lines.iter().any(|line| line.chars().count() > FIELD_CHARS_MAX) {
        return Err(EditFault::TooLong(column.name));
    }
    if lines.iter().any(|line| line.chars().any(char::is_control)) {
        return Err(EditFault::Control(column.name));
    }
    if column.locked.is_some() && lines.iter().all(|line| line.trim().is_empty()) {
        return Err(EditFault::Empty(column.name));
    }
    Ok(())
}

fn whole<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Option<T> {
    let mut decoder = Decoder::new(bytes);
    let value = decoder.decode().ok()?;
    (decoder.position() == bytes.len()).then_some(value)
}
