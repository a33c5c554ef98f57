//! Fields that a register and the store changed both, as administrators see them.

use holdfast_profile::{Column, ColumnKind, EncodedRow, LockReason, TableId};
use serde::Serialize;

/// A field that was changed on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EditConflict {
    /// The register's number.
    pub register: u16,
    /// Its journal entry.
    pub seq: u64,
    /// The table's name.
    pub table: String,
    /// The row's key.
    pub key: String,
    /// What people call the row, such as the customer's name; `None` where it is gone or has no name.
    pub row_name: Option<String>,
    /// The column's name.
    pub column: String,
    /// What the register had seen; `None` where it had no value.
    pub base: Option<String>,
    /// What the store server had.
    pub server: Option<String>,
    /// What the register sent.
    pub entered: String,
    /// Whether the register's value stands.
    pub register_won: bool,
    /// When the register's value was entered, ms since 1970.
    pub edited_at_ms: i64,
    /// When the two were merged, ms since 1970.
    pub merged_at_ms: i64,
}

/// A column's name by its number; the number itself where this version has no such column.
pub fn column_name(table: TableId, number: u32) -> String {
    column(table, number).map_or_else(|| number.to_string(), |column| column.name.to_owned())
}

/// A value as text; bytes that are no value of the column are shown as such.
pub fn value_text(table: TableId, number: u32, bytes: &[u8]) -> String {
    let kind = column(table, number).map_or(ColumnKind::Secret, |column| column.kind);
    let text = match kind {
        ColumnKind::Text => holdfast_protocol::decode::<String>(bytes).ok(),
        ColumnKind::TextList => {
            holdfast_protocol::decode::<Vec<String>>(bytes).ok().map(|lines| lines.join("\n"))
        }
        ColumnKind::WholeNumber | ColumnKind::Money | ColumnKind::RatePpm => {
            holdfast_protocol::decode::<i64>(bytes).ok().map(|number| number.to_string())
        }
        ColumnKind::YesNo => holdfast_protocol::decode::<bool>(bytes).ok().map(|yes| yes.to_string()),
        ColumnKind::Secret => None,
    };
    text.unwrap_or_else(|| format!("{} bytes", bytes.len()))
}

/// What people call a row: its first column that cashiers see.
pub fn row_name(table: TableId, body: &[u8]) -> Option<String> {
    let shown = table.columns().iter().find(|column| column.locked == Some(LockReason::ShownWhileSelling))?;
    let row = EncodedRow::read(table, body).ok()?;
    Some(value_text(table, shown.number, row.encoded(shown.number)?))
}

fn column(table: TableId, number: u32) -> Option<&'static Column> {
    table.columns().iter().find(|column| column.number == number)
}
