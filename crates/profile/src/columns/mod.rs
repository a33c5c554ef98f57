//! The columns of each table: what a field list may name, which of them the till can't do without and why,
//! and what a row filter may ask of each.

mod asked;
mod catalogue;

pub use asked::{FilterColumn, Relation};

use crate::{TableId, TestKind};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Text.
    Text,
    /// Lines of text.
    TextList,
    /// A whole number.
    WholeNumber,
    /// An amount in minor units.
    Money,
    /// A rate in parts per million.
    RatePpm,
    /// Yes or no.
    YesNo,
    /// Bytes that nobody may look at or ask for.
    Secret,
}

impl ColumnKind {
    /// What a row filter may ask of such a column.
    pub fn tests(self) -> &'static [TestKind] {
        use TestKind::{Between, Contains, Is, IsNot, OneOf, Over, Under};
        match self {
            ColumnKind::Text => &[Is, IsNot, OneOf, Contains],
            ColumnKind::TextList => &[Contains],
            ColumnKind::WholeNumber | ColumnKind::Money | ColumnKind::RatePpm => {
                &[Is, IsNot, OneOf, Over, Under, Between]
            }
            ColumnKind::YesNo => &[Is],
            ColumnKind::Secret => &[],
        }
    }
}

/// Why a field list can't leave a column out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LockReason {
    /// It is the row's key.
    NamesTheRow,
    /// Receipts show it.
    OnReceipts,
    /// Cashiers see it while they sell.
    ShownWhileSelling,
    /// Signing in without the store server needs it.
    SignsIn,
    /// Amounts are counted with it.
    CountsAmounts,
    /// Tax is counted with it.
    CountsTax,
    /// Quantities are counted in it.
    CountsQuantities,
    /// It says which product the row is about.
    NamesTheProduct,
    /// It bounds what may be paid while offline.
    LimitsOfflinePayments,
}

impl LockReason {
    /// The reason, a whole English sentence.
    pub fn english(self) -> &'static str {
        match self {
            LockReason::NamesTheRow => "It names the row.",
            LockReason::OnReceipts => "Receipts show it.",
            LockReason::ShownWhileSelling => "Cashiers see it while they sell.",
            LockReason::SignsIn => "Signing in while offline needs it.",
            LockReason::CountsAmounts => "Amounts are counted with it.",
            LockReason::CountsTax => "Tax is counted with it.",
            LockReason::CountsQuantities => "Quantities are counted in it.",
            LockReason::NamesTheProduct => "It says which product the row is about.",
            LockReason::LimitsOfflinePayments => "It bounds what may be paid while offline.",
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Column {
    /// Number in the row's CBOR map, never reused.
    pub number: u32,
    /// Name in field lists, filters and files, never changed.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
    /// Why every register keeps it; `None` where a field list may leave it out.
    pub locked: Option<LockReason>,
    /// The table whose key it holds, if it does.
    pub refers_to: Option<TableId>,
}

impl Column {
    /// Whether its value is the row's key.
    pub fn names_the_row(&self) -> bool {
        self.locked == Some(LockReason::NamesTheRow)
    }

    /// Its name as English words, such as `price` for `price_minor`.
    pub fn english(&self) -> String {
        column_english(self.name)
    }
}

/// A column's name as English words, for names that no table has too; of a related row's column with the row's name
/// before it, where that does not say the same already.
pub(crate) fn column_english(name: &str) -> String {
    let Some((row, column)) = name.split_once('.') else { return words(name) };
    let (row, column) = (words(row), words(column));
    if row.ends_with(&column) { row } else { format!("{row} {column}") }
}

fn words(name: &str) -> String {
    let name = name.strip_prefix("is_").unwrap_or(name);
    let name = name.strip_suffix("_minor").or_else(|| name.strip_suffix("_ppm")).unwrap_or(name);
    name.replace('_', " ")
}

impl TableId {
    /// The table's columns, by number; none where rows are only kept and sent whole.
    pub fn columns(self) -> &'static [Column] {
        catalogue::columns(self)
    }

    /// The column with this name, if the table has one.
    pub fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_unique_and_in_order() {
        for table in TableId::ALL {
            let columns = table.columns();
            assert!(columns.windows(2).all(|pair| pair[0].number < pair[1].number), "{table}");
            for column in columns {
                assert_eq!(table.column(column.name), Some(column), "{table}");
            }
        }
    }

    #[test]
    fn the_first_column_names_the_row_and_secrets_are_always_kept() {
        for column in TableId::ALL.iter().filter_map(|table| table.columns().first()) {
            assert_eq!(column.locked, Some(LockReason::NamesTheRow), "{}", column.name);
        }
        for column in TableId::ALL.iter().flat_map(|table| table.columns()) {
            assert!(column.kind != ColumnKind::Secret || column.locked.is_some(), "{}", column.name);
        }
    }

    #[test]
    fn a_column_refers_only_to_tables_that_its_table_refers_to() {
        for table in TableId::ALL {
            for referred in table.columns().iter().filter_map(|column| column.refers_to) {
                // The store names its currency without having to come after it.
                assert!(
                    table == TableId::Store || table.refers_to().contains(&referred),
                    "{table} {referred}"
                );
            }
        }
    }

    #[test]
    fn names_read_as_english() {
        assert_eq!(column_english("price_minor"), "price");
        assert_eq!(column_english("rate_ppm"), "rate");
        assert_eq!(column_english("is_manager"), "manager");
        assert_eq!(column_english("tax_code"), "tax code");
    }
}
