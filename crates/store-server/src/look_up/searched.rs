//! The tables whose rows are looked for.

use holdfast_profile::TableId;

/// A table whose rows somebody looks for by what they are called: each row has a search text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Searched {
    /// Products.
    Products,
    /// Customers.
    Customers,
}

impl Searched {
    const ALL: [Searched; 2] = [Searched::Products, Searched::Customers];

    /// What a table is to whoever looks something up.
    pub fn of(table: TableId) -> Option<Searched> {
        Searched::ALL.into_iter().find(|searched| searched.table() == table)
    }

    /// The table.
    pub fn table(self) -> TableId {
        match self {
            Searched::Products => TableId::Product,
            Searched::Customers => TableId::Customer,
        }
    }

    /// A key as codes of the table are compared: tills find skus, and the beginnings of skus, without regard to the case of
    /// ASCII letters, and numbers of customers as they are.
    pub fn code(self, key: &str) -> String {
        match self {
            Searched::Products => key.to_ascii_uppercase(),
            Searched::Customers => key.to_owned(),
        }
    }
}
