//! What a row of a table is compared by.

use holdfast_profile::TableId;
use holdfast_protocol::rows::{CustomerRow, ProductRow};
use holdfast_protocol::search_text::{digits, fold_onto};

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
    /// The tables whose rows have one.
    pub fn is_of(table: TableId) -> bool {
        match table {
            TableId::Product | TableId::Customer => true,
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
            | TableId::SuspendedSale => false,
        }
    }

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
    /// [`DatabaseError::Damaged`] when it is no row of a table that has them.
    pub fn read(table: TableId, body: &[u8]) -> Result<SearchText, DatabaseError> {
        let damaged = |why: String| DatabaseError::Damaged(format!("a row of table {table}: {why}"));
        match table {
            TableId::Product => {
                let row = holdfast_protocol::decode(body).map_err(|error| damaged(error.to_string()))?;
                Ok(SearchText::of_product(&row))
            }
            TableId::Customer => {
                let row = holdfast_protocol::decode(body).map_err(|error| damaged(error.to_string()))?;
                Ok(SearchText::of_customer(&row))
            }
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
            | TableId::SuspendedSale => Err(damaged("nobody looks its rows up".to_owned())),
        }
    }

    /// A key as codes of its table are compared: tills find skus, and the beginnings of skus, without regard to the case of
    /// ASCII letters, and numbers of customers as they are.
    pub fn code(table: TableId, key: &str) -> String {
        if table == TableId::Product { key.to_ascii_uppercase() } else { key.to_owned() }
    }

    fn of_product(row: &ProductRow) -> SearchText {
        SearchText {
            code: SearchText::code(TableId::Product, &row.sku),
            key: row.sku.clone(),
            name: folded(&row.name),
            digits: String::new(),
            place: if row.rank == 0 { NO_PLACE } else { row.rank },
        }
    }

    fn of_customer(row: &CustomerRow) -> SearchText {
        SearchText {
            code: SearchText::code(TableId::Customer, &row.id),
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
