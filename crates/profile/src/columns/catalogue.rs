//! The list itself. Numbers are those of the row types on the wire (`protocol`'s rows); a column of a table
//! that has no row type yet joins the list together with that type.

use super::ColumnKind::{Money, RatePpm, Secret, Text, TextList, WholeNumber, YesNo};
use super::LockReason::{
    CountsAmounts, CountsQuantities, CountsTax, LimitsOfflinePayments, NamesTheProduct, NamesTheRow,
    OnReceipts, ShownWhileSelling, SignsIn,
};
use super::{Column, ColumnKind, LockReason};
use crate::TableId;

const fn locked(number: u32, name: &'static str, kind: ColumnKind, reason: LockReason) -> Column {
    Column { number, name, kind, locked: Some(reason), refers_to: None }
}

const fn optional(number: u32, name: &'static str, kind: ColumnKind) -> Column {
    Column { number, name, kind, locked: None, refers_to: None }
}

const fn to(table: TableId, column: Column) -> Column {
    Column { refers_to: Some(table), ..column }
}

const STORE: &[Column] = &[
    locked(0, "id", Text, NamesTheRow),
    locked(1, "name", Text, OnReceipts),
    locked(2, "address", TextList, OnReceipts),
    locked(3, "tax_number", Text, OnReceipts),
    to(TableId::Currency, locked(4, "currency", Text, CountsAmounts)),
    locked(5, "prices_include_tax", YesNo, CountsTax),
    optional(6, "receipt_footer", Text),
];

const REGISTER: &[Column] = &[locked(0, "number", WholeNumber, NamesTheRow), optional(1, "name", Text)];

const STAFF: &[Column] = &[
    locked(0, "id", Text, NamesTheRow),
    locked(1, "name", Text, OnReceipts),
    locked(2, "is_manager", YesNo, SignsIn),
    locked(3, "pin_salt", Secret, SignsIn),
    locked(4, "pin_rounds", Secret, SignsIn),
    locked(5, "pin_verifier", Secret, SignsIn),
];

const TAX_RATE: &[Column] = &[
    locked(0, "code", Text, NamesTheRow),
    optional(1, "name", Text),
    locked(2, "rate_ppm", RatePpm, CountsTax),
];

const CURRENCY: &[Column] = &[
    locked(0, "code", Text, NamesTheRow),
    locked(1, "sign", Text, ShownWhileSelling),
    locked(2, "cash_increment_minor", Money, CountsAmounts),
];

const TENDER_TYPE: &[Column] = &[
    locked(0, "code", Text, NamesTheRow),
    locked(1, "name", Text, ShownWhileSelling),
    locked(2, "offline_limit_minor", Money, LimitsOfflinePayments),
];

const CATEGORY: &[Column] = &[
    locked(0, "code", Text, NamesTheRow),
    locked(1, "name", Text, ShownWhileSelling),
    optional(2, "position", WholeNumber),
    optional(3, "hue", WholeNumber),
];

const PRODUCT: &[Column] = &[
    locked(0, "sku", Text, NamesTheRow),
    locked(1, "name", Text, ShownWhileSelling),
    to(TableId::Category, optional(2, "category", Text)),
    locked(3, "unit", Text, CountsQuantities),
    to(TableId::TaxRate, locked(4, "tax_code", Text, CountsTax)),
    optional(5, "rank", WholeNumber),
];

const BARCODE: &[Column] =
    &[locked(0, "gtin", Text, NamesTheRow), to(TableId::Product, locked(1, "sku", Text, NamesTheProduct))];

const PRICE: &[Column] = &[
    to(TableId::Product, locked(0, "sku", Text, NamesTheRow)),
    locked(1, "price_minor", Money, CountsAmounts),
];

const CUSTOMER: &[Column] = &[
    locked(0, "id", Text, NamesTheRow),
    locked(1, "name", Text, ShownWhileSelling),
    optional(2, "country", Text),
    optional(3, "phone", Text),
    optional(4, "email", Text),
];

pub(super) fn columns(table: TableId) -> &'static [Column] {
    match table {
        TableId::Store => STORE,
        TableId::Register => REGISTER,
        TableId::Staff => STAFF,
        TableId::TaxRate => TAX_RATE,
        TableId::Currency => CURRENCY,
        TableId::TenderType => TENDER_TYPE,
        TableId::Category => CATEGORY,
        TableId::Product => PRODUCT,
        TableId::Barcode => BARCODE,
        TableId::Price => PRICE,
        TableId::Customer => CUSTOMER,
        TableId::Hardware | TableId::Discount | TableId::Sale | TableId::Shift | TableId::SuspendedSale => {
            &[]
        }
    }
}
