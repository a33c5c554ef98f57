//! Tables in words.

use holdfast_profile::TableId;

use crate::messages::common;

/// A table in words: `Products`.
pub fn table(table: TableId) -> &'static str {
    match table {
        TableId::Store => common::table_store(),
        TableId::Register => common::table_register(),
        TableId::Hardware => common::table_hardware(),
        TableId::Staff => common::table_staff(),
        TableId::TaxRate => common::table_tax_rate(),
        TableId::Currency => common::table_currency(),
        TableId::TenderType => common::table_tender_type(),
        TableId::Category => common::table_category(),
        TableId::Product => common::table_product(),
        TableId::Barcode => common::table_barcode(),
        TableId::Price => common::table_price(),
        TableId::Discount => common::table_discount(),
        TableId::Customer => common::table_customer(),
        TableId::Sale => common::table_sale(),
        TableId::Shift => common::table_shift(),
        TableId::SuspendedSale => common::table_suspended_sale(),
    }
}
