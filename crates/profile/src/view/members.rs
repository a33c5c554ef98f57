//! Which rows are of a view, and what it keeps of each.
//!
//! Two passes over the rows, after one over those that filters ask about others ([`RelatedValues`]). In the first, the
//! rows of [`Members::deciding_tables`] are taken in; in the second, any row can be asked for. In memory are keys only:
//! of rows that others follow, and of rows that come along.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{RelatedValues, View};
use crate::{
    Column, ColumnValue, EncodedRow, OfflineCustomers, OfflineProducts, RowError, RowFilter, RowValues,
    ScopeTable, TableId,
};

/// What sales decide: products sold and customers seen lately, or the best sellers. Empty where the view's
/// choices ask for nothing like it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChosenBySales {
    /// Keys of products.
    pub products: HashSet<String>,
    /// Keys of customers.
    pub customers: HashSet<String>,
}

/// The rows of a view, as far as they are decided.
#[derive(Debug)]
pub struct Members<'a> {
    view: &'a View,
    related: RelatedValues<'a>,
    chosen: ChosenBySales,
    // Keys of the rows that the view chooses itself, of tables that others follow.
    followed: BTreeMap<TableId, HashSet<String>>,
    // Keys that kept rows name, of tables that lack rows: these come along.
    named: BTreeMap<TableId, HashSet<String>>,
}

impl<'a> Members<'a> {
    /// Begins to decide; all rows that are related to those of the view have been taken in.
    pub fn new(related: RelatedValues<'a>, chosen: ChosenBySales) -> Members<'a> {
        let view = related.view;
        let keys =
            |tables: BTreeSet<TableId>| tables.into_iter().map(|table| (table, HashSet::new())).collect();
        let followed = view.tables().filter_map(TableId::follows).filter(|&table| view.lacks_rows(table));
        let followed = followed.filter(|&table| view.entry(table).is_some()).collect();
        let named = view.tables().filter(|&table| view.lacks_rows(table)).collect();
        Members { view, related, chosen, followed: keys(followed), named: keys(named) }
    }

    /// Tables whose rows are to be taken in before any row is asked for, in this order.
    pub fn deciding_tables(&self) -> Vec<TableId> {
        let decides = |entry: &&ScopeTable| {
            self.followed.contains_key(&entry.table) || self.bringing_columns(entry).next().is_some()
        };
        self.view.tables.iter().filter(decides).map(|entry| entry.table).collect()
    }

    /// Takes in a row of the store server's table, in any order within its table.
    ///
    /// # Errors
    /// [`RowError`] when the bytes are not a row of the table.
    pub fn take(&mut self, table: TableId, key: &str, row: &[u8]) -> Result<(), RowError> {
        let Some(entry) = self.view.entry(table) else { return Ok(()) };
        let read = EncodedRow::read(table, row)?;
        if !self.chooses(entry, key, &read) {
            return Ok(());
        }
        let named: Vec<(TableId, String)> = self
            .bringing_columns(entry)
            .filter_map(|(column, referred)| Some((referred, named_row(&read, column)?.to_owned())))
            .collect();
        for (referred, key) in named {
            if let Some(keys) = self.named.get_mut(&referred) {
                keys.insert(key);
            }
        }
        if let Some(keys) = self.followed.get_mut(&table) {
            keys.insert(key.to_owned());
        }
        Ok(())
    }

    /// What the view keeps of a row of the store server's table; `None` where it has not the row.
    ///
    /// # Errors
    /// [`RowError`] when the bytes are not a row of the table.
    pub fn keep(&self, table: TableId, key: &str, row: &[u8]) -> Result<Option<Vec<u8>>, RowError> {
        let Some(entry) = self.view.entry(table) else { return Ok(None) };
        let comes_along = self.named.get(&table).is_some_and(|keys| keys.contains(key));
        if comes_along || self.chooses(entry, key, &EncodedRow::read(table, row)?) {
            entry.keep_columns(row).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Whether a row that the view keeps is kept only because kept rows refer to it.
    ///
    /// # Errors
    /// [`RowError`] when the bytes are not a row of the table.
    pub fn only_comes_along(&self, table: TableId, key: &str, row: &[u8]) -> Result<bool, RowError> {
        let Some(entry) = self.view.entry(table) else { return Ok(false) };
        let comes_along = self.named.get(&table).is_some_and(|keys| keys.contains(key));
        Ok(comes_along && !self.chooses(entry, key, &EncodedRow::read(table, row)?))
    }

    /// Whether a row is kept on its own account.
    fn chooses(&self, entry: &ScopeTable, key: &str, row: &EncodedRow<'_>) -> bool {
        let passes = |filter: &RowFilter| filter.keeps(&self.related.beside(entry.table, key, row));
        entry.filter.as_ref().is_none_or(passes)
            && self.is_offline(entry.table, key, row)
            && self.follows_kept(entry.table, row)
    }

    fn is_offline(&self, table: TableId, key: &str, row: &EncodedRow<'_>) -> bool {
        match table {
            TableId::Product => match &self.view.offline_products {
                OfflineProducts::All => true,
                OfflineProducts::Categories { codes } => {
                    let Some(ColumnValue::Text(category)) = row.value("category") else { return false };
                    codes.iter().any(|code| code == category)
                }
                OfflineProducts::SoldInLastDays { .. } | OfflineProducts::TopBySales { .. } => {
                    self.chosen.products.contains(key)
                }
            },
            TableId::Customer => match self.view.offline_customers {
                OfflineCustomers::AllOfThisStore => true,
                OfflineCustomers::SeenInLastDays { .. } => self.chosen.customers.contains(key),
                OfflineCustomers::None => false,
            },
            TableId::Store
            | TableId::Register
            | TableId::Hardware
            | TableId::Staff
            | TableId::TaxRate
            | TableId::Currency
            | TableId::TenderType
            | TableId::Category
            | TableId::Barcode
            | TableId::Price
            | TableId::Discount
            | TableId::Sale
            | TableId::Shift
            | TableId::SuspendedSale => true,
        }
    }

    /// Whether the row that this one is about is kept; a table without columns says nothing of that.
    fn follows_kept(&self, table: TableId, row: &EncodedRow<'_>) -> bool {
        let Some(followed) = table.follows() else { return true };
        let Some(kept) = self.followed.get(&followed) else { return true };
        let column = table.columns().iter().find(|column| column.refers_to == Some(followed));
        column.is_none_or(|column| named_row(row, column).is_some_and(|key| kept.contains(key)))
    }

    /// Kept columns that bring rows along, each with the table of those.
    fn bringing_columns(&self, entry: &ScopeTable) -> impl Iterator<Item = (&'static Column, TableId)> {
        let follows = entry.table.follows();
        entry.kept_columns().into_iter().filter_map(move |column| {
            let referred = column.refers_to.filter(|referred| Some(*referred) != follows)?;
            self.named.contains_key(&referred).then_some((column, referred))
        })
    }
}

/// The key in a column that refers to a table; empty is none.
pub(super) fn named_row<'a>(row: &'a EncodedRow<'_>, column: &Column) -> Option<&'a str> {
    match row.value(column.name)? {
        ColumnValue::Text(key) if !key.is_empty() => Some(key),
        ColumnValue::Text(_) | ColumnValue::TextList(_) | ColumnValue::Number(_) | ColumnValue::YesNo(_) => {
            None
        }
    }
}
