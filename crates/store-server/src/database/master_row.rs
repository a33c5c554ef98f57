//! A row of master data, of any table that registers download.

use holdfast_profile::TableId;
use holdfast_protocol::encode;
use holdfast_protocol::rows::{
    BarcodeRow, CategoryRow, CurrencyRow, CustomerRow, PriceRow, ProductRow, RegisterRow, StaffRow, StoreRow,
    TaxRateRow, TenderTypeRow,
};

use super::DatabaseError;

/// A row as it is written: to its relational table and, encoded, to the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MasterRow {
    /// The store.
    Store(StoreRow),
    /// A register.
    Register(RegisterRow),
    /// Somebody who may sign in.
    Staff(StaffRow),
    /// A tax rate.
    TaxRate(TaxRateRow),
    /// A currency.
    Currency(CurrencyRow),
    /// A means of payment.
    TenderType(TenderTypeRow),
    /// A product category.
    Category(CategoryRow),
    /// A product.
    Product(ProductRow),
    /// A barcode.
    Barcode(BarcodeRow),
    /// A price.
    Price(PriceRow),
    /// A customer.
    Customer(CustomerRow),
}

impl MasterRow {
    /// The row in a body of the feed, of a table whose rows registers edit.
    ///
    /// # Errors
    /// [`DatabaseError::Damaged`] when it is no such row.
    pub fn decode(table: TableId, body: &[u8]) -> Result<MasterRow, DatabaseError> {
        let damaged = |why: String| DatabaseError::Damaged(format!("a merged row of table {table}: {why}"));
        match table {
            TableId::Customer => {
                let row = holdfast_protocol::decode(body).map_err(|error| damaged(error.to_string()))?;
                Ok(MasterRow::Customer(row))
            }
            TableId::Store
            | TableId::Register
            | TableId::Hardware
            | TableId::Staff
            | TableId::TaxRate
            | TableId::Currency
            | TableId::TenderType
            | TableId::Category
            | TableId::Product
            | TableId::Barcode
            | TableId::Price
            | TableId::Discount
            | TableId::Sale
            | TableId::Shift
            | TableId::SuspendedSale => Err(damaged("registers don't edit it".to_owned())),
        }
    }

    /// Its table.
    pub fn table(&self) -> TableId {
        match self {
            MasterRow::Store(_) => TableId::Store,
            MasterRow::Register(_) => TableId::Register,
            MasterRow::Staff(_) => TableId::Staff,
            MasterRow::TaxRate(_) => TableId::TaxRate,
            MasterRow::Currency(_) => TableId::Currency,
            MasterRow::TenderType(_) => TableId::TenderType,
            MasterRow::Category(_) => TableId::Category,
            MasterRow::Product(_) => TableId::Product,
            MasterRow::Barcode(_) => TableId::Barcode,
            MasterRow::Price(_) => TableId::Price,
            MasterRow::Customer(_) => TableId::Customer,
        }
    }

    /// Its key in the table.
    pub fn key(&self) -> String {
        match self {
            MasterRow::Store(row) => row.id.clone(),
            MasterRow::Register(row) => row.number.to_string(),
            MasterRow::Staff(row) => row.id.clone(),
            MasterRow::TaxRate(row) => row.code.clone(),
            MasterRow::Currency(row) => row.code.clone(),
            MasterRow::TenderType(row) => row.code.clone(),
            MasterRow::Category(row) => row.code.clone(),
            MasterRow::Product(row) => row.sku.clone(),
            MasterRow::Barcode(row) => row.gtin.clone(),
            MasterRow::Price(row) => row.sku.clone(),
            MasterRow::Customer(row) => row.id.clone(),
        }
    }

    /// Its body in the feed.
    pub fn body(&self) -> Vec<u8> {
        match self {
            MasterRow::Store(row) => encode(row),
            MasterRow::Register(row) => encode(row),
            MasterRow::Staff(row) => encode(row),
            MasterRow::TaxRate(row) => encode(row),
            MasterRow::Currency(row) => encode(row),
            MasterRow::TenderType(row) => encode(row),
            MasterRow::Category(row) => encode(row),
            MasterRow::Product(row) => encode(row),
            MasterRow::Barcode(row) => encode(row),
            MasterRow::Price(row) => encode(row),
            MasterRow::Customer(row) => encode(row),
        }
    }
}
