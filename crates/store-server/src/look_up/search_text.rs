//! What a row of a table is compared by.

use holdfast_protocol::rows::{CustomerRow, ProductRow};
use holdfast_protocol::search_text::{digits, fold_onto};

use super::Searched;
use crate::database::{DatabaseError, MasterRow};

/// Place of what is not among the best sellers.
const NO_PLACE: u32 = u32::MAX;

/// What a product or a customer is compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchText {
    /// The key as codes are compared.
    pub code: String,
    /// The row's key.
    pub key: String,
    /// Its name, folded, a blank before it: so a word begins where a blank is before it, and nowhere else.
    pub name: String,
    /// Digits of its telephone number.
    pub digits: String,
    /// Place among the best sellers; beyond all of them for none.
    pub place: u32,
}

impl SearchText {
    /// That of a row, if its table has them.
    pub fn of(row: &MasterRow) -> Option<SearchText> {
        match row {
            MasterRow::Product(row) => Some(SearchText::of_product(row)),
            MasterRow::Customer(row) => Some(SearchText::of_customer(row)),
            MasterRow::Store(_)
            | MasterRow::Register(_)
            | MasterRow::Staff(_)
            | MasterRow::TaxRate(_)
            | MasterRow::Currency(_)
            | MasterRow::TenderType(_)
            | MasterRow::Category(_)
            | MasterRow::Barcode(_)
            | MasterRow::Price(_) => None,
        }
    }

    /// That of a row in a body of the feed.
    ///
    /// # Errors
    /// [`DatabaseError::Damaged`] when it is no row of the table.
    pub fn read(searched: Searched, body: &[u8]) -> Result<SearchText, DatabaseError> {
        let text = match searched {
            Searched::Products => holdfast_protocol::decode(body).map(|row| SearchText::of_product(&row)),
            Searched::Customers => holdfast_protocol::decode(body).map(|row| SearchText::of_customer(&row)),
        };
        text.map_err(|error| DatabaseError::Damaged(format!("a row of table {}: {error}", searched.table())))
    }

    fn of_product(row: &ProductRow) -> SearchText {
        SearchText {
            code: Searched::Products.code(&row.sku),
            key: row.sku.clone(),
            name: folded(&row.name),
            digits: String::new(),
            place: if row.rank == 0 { NO_PLACE } else { row.rank },
        }
    }

    fn of_customer(row: &CustomerRow) -> SearchText {
        SearchText {
            code: Searched::Customers.code(&row.id),
            key: row.id.clone(),
            name: folded(&row.name),
            digits: digits(&row.phone),
            place: NO_PLACE,
        }
    }
}

fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len() + 1);
    folded.push(' ');
    fold_onto(&mut folded, name);
    folded
}
