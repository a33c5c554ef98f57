//! Values of related rows that the filters of a view ask.
//!
//! Read from the store server's tables whether the view has these or not. In memory are, by the keys of their rows,
//! the values of the columns that are asked for, and nothing where no filter asks.

use std::collections::{BTreeSet, HashMap};

use super::View;
use super::members::named_row;
use crate::row::read_value;
use crate::{Column, ColumnValue, EncodedRow, RowError, RowValues, TableId};

/// What related rows say, taken in before any row of the view is decided on.
#[derive(Debug)]
pub struct RelatedValues<'a> {
    pub(super) view: &'a View,
    // Each column once.
    asked: Vec<AskedColumn>,
}

#[derive(Debug)]
struct AskedColumn {
    table: TableId,
    column: &'static Column,
    // In CBOR, by the row's key.
    values: HashMap<String, Box<[u8]>>,
}

impl<'a> RelatedValues<'a> {
    /// Begins with nothing.
    pub fn new(view: &'a View) -> RelatedValues<'a> {
        let mut asked: Vec<AskedColumn> = Vec::new();
        for (table, column) in view.asked_columns() {
            if asked.iter().all(|known| (known.table, known.column) != (table, column)) {
                asked.push(AskedColumn { table, column, values: HashMap::new() });
            }
        }
        RelatedValues { view, asked }
    }

    /// Tables whose rows are to be taken in, in any order.
    pub fn tables(&self) -> BTreeSet<TableId> {
        self.asked.iter().map(|asked| asked.table).collect()
    }

    /// Takes in a row of the store server's table.
    ///
    /// # Errors
    /// [`RowError`] when the bytes are not a row of the table.
    pub fn take(&mut self, table: TableId, key: &str, row: &[u8]) -> Result<(), RowError> {
        let read = EncodedRow::read(table, row)?;
        for asked in self.asked.iter_mut().filter(|asked| asked.table == table) {
            if let Some(value) = read.encoded(asked.column.number) {
                asked.values.insert(key.to_owned(), value.into());
            }
        }
        Ok(())
    }

    /// A row with what its related rows say.
    pub(super) fn beside<'r>(
        &'r self,
        table: TableId,
        key: &'r str,
        row: &'r EncodedRow<'r>,
    ) -> WithRelated<'r> {
        WithRelated { related: self, table, key, row }
    }
}

/// A row that answers for the columns of its related rows too.
pub(super) struct WithRelated<'r> {
    related: &'r RelatedValues<'r>,
    table: TableId,
    key: &'r str,
    row: &'r EncodedRow<'r>,
}

impl RowValues for WithRelated<'_> {
    fn value(&self, column: &str) -> Option<ColumnValue<'_>> {
        if !column.contains('.') {
            return self.row.value(column);
        }
        let found = self.table.filter_column(column)?;
        let relation = found.of?;
        let is_it = |asked: &&AskedColumn| (asked.table, asked.column) == (relation.table, found.column);
        let asked = self.related.asked.iter().find(is_it)?;
        let key = match relation.named_by {
            Some(column) => named_row(self.row, column)?,
            None => self.key,
        };
        read_value(asked.column.kind, asked.values.get(key)?)
    }
}
