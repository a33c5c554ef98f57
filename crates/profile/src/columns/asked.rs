//! What a row filter may ask: a table's own columns, and those of related rows one step away.
//!
//! A row is related to the one that a column of it names, as a product to its category, and to the one of another
//! table that has its key and refers to it, as a product to its price. Each is one row or none; a row that is not
//! there has no values. A column of a related row is called by the table of that row, a dot and its name:
//! `category.name`, `price.price_minor`. Not offered are secrets, and keys: the row itself has them already.

use super::{Column, ColumnKind, column_english};
use crate::TableId;

/// A row that belongs to another: one at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation {
    /// The table of the related row; no table is related to another in two ways.
    pub table: TableId,
    /// The column that holds the related row's key; `None` where both rows have the same key.
    pub named_by: Option<&'static Column>,
}

/// A column that a row filter may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilterColumn {
    /// The column.
    pub column: &'static Column,
    /// The related row that it is a column of; `None` for one of the row itself.
    pub of: Option<Relation>,
}

impl FilterColumn {
    /// Its name in conditions and files.
    pub fn name(&self) -> String {
        match self.of {
            None => self.column.name.to_owned(),
            Some(relation) => format!("{}.{}", relation.table, self.column.name),
        }
    }

    /// Its name as English words, such as `price` for `price.price_minor`; no two of a table are the same.
    pub fn english(&self) -> String {
        column_english(&self.name())
    }
}

impl TableId {
    /// The rows that one of this table is related to: those that it names, then those that have its key.
    pub fn relations(self) -> impl Iterator<Item = Relation> {
        let named = self
            .columns()
            .iter()
            .filter_map(|column| column.refers_to.map(|table| Relation { table, named_by: Some(column) }));
        let refers_by_key = move |table: &TableId| {
            let mut columns = table.columns().iter();
            columns.any(|column| column.names_the_row() && column.refers_to == Some(self))
        };
        let same_key = TableId::ALL.into_iter().filter(refers_by_key);
        named.chain(same_key.map(|table| Relation { table, named_by: None }))
    }

    /// Every column that a row filter of the table may ask: its own, then those of related rows.
    pub fn filter_columns(self) -> Vec<FilterColumn> {
        let own = self.columns().iter().filter(|column| may_be_asked(column));
        let own = own.map(|column| FilterColumn { column, of: None });
        let related = self.relations().flat_map(|relation| {
            related_columns(relation.table).map(move |column| FilterColumn { column, of: Some(relation) })
        });
        own.chain(related).collect()
    }

    /// The column that a row filter of the table calls so, if it may ask it.
    pub fn filter_column(self, name: &str) -> Option<FilterColumn> {
        match name.split_once('.') {
            None => {
                let column = self.column(name).filter(|column| may_be_asked(column))?;
                Some(FilterColumn { column, of: None })
            }
            Some((table, name)) => {
                let relation = self.relations().find(|relation| relation.table.name() == table)?;
                let column = related_columns(relation.table).find(|column| column.name == name)?;
                Some(FilterColumn { column, of: Some(relation) })
            }
        }
    }
}

fn may_be_asked(column: &Column) -> bool {
    column.kind != ColumnKind::Secret
}

fn related_columns(table: TableId) -> impl Iterator<Item = &'static Column> {
    table.columns().iter().filter(|column| may_be_asked(column) && !column.names_the_row())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn related_names(table: TableId) -> Vec<String> {
        let related = table.filter_columns().into_iter().filter(|column| column.of.is_some());
        related.map(|column| column.name()).collect()
    }

    #[test]
    fn columns_of_related_rows_are_one_step_away_both_ways() {
        assert_eq!(
            related_names(TableId::Product),
            [
                "category.name",
                "category.position",
                "category.hue",
                "tax_rate.name",
                "tax_rate.rate_ppm",
                "price.price_minor"
            ]
        );
        let of_product =
            ["product.name", "product.category", "product.unit", "product.tax_code", "product.rank"];
        assert_eq!(related_names(TableId::Price), of_product);
        assert_eq!(related_names(TableId::Barcode), of_product);
        assert_eq!(related_names(TableId::Category), [""; 0]);
    }

    #[test]
    fn a_column_is_found_by_its_name_and_nothing_else_is() {
        for table in TableId::ALL {
            for column in table.filter_columns() {
                assert_eq!(table.filter_column(&column.name()), Some(column), "{table}");
                assert!(!column.column.kind.tests().is_empty(), "{table} {}", column.name());
            }
        }
        for name in
            ["price", "price.", ".name", "price.sku", "category.code", "category.name.x", "staff.pin_salt"]
        {
            assert_eq!(TableId::Product.filter_column(name), None, "{name}");
        }
        assert_eq!(TableId::Staff.filter_column("pin_salt"), None);
    }

    // A second column that refers to the same table would need a name of its own.
    #[test]
    fn a_table_is_related_to_another_in_one_way_and_no_two_columns_read_the_same() {
        for table in TableId::ALL {
            let relations: Vec<TableId> = table.relations().map(|relation| relation.table).collect();
            assert_eq!(relations.iter().collect::<BTreeSet<_>>().len(), relations.len(), "{table}");
            let words: Vec<String> = table.filter_columns().iter().map(FilterColumn::english).collect();
            assert_eq!(words.iter().collect::<BTreeSet<_>>().len(), words.len(), "{table}: {words:?}");
        }
    }

    #[test]
    fn names_of_related_columns_read_as_english() {
        let words = |name: &str| TableId::Product.filter_column(name).map(|column| column.english());
        assert_eq!(words("price.price_minor").as_deref(), Some("price"));
        assert_eq!(words("category.name").as_deref(), Some("category name"));
        assert_eq!(words("tax_rate.rate_ppm").as_deref(), Some("tax rate"));
        assert_eq!(words("tax_code").as_deref(), Some("tax code"));
    }
}
