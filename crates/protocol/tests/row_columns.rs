//! The columns that profiles know of are those of the rows: same numbers, same names, same kinds. And a row that has
//! lost what its field list leaves out is still a row.

use std::fmt::Debug;

use holdfast_profile::ColumnValue::{Number, Text, TextList, YesNo};
use holdfast_profile::{Column, ColumnKind, ColumnValue, EncodedRow, RowValues, ScopeTable, TableId};
use holdfast_protocol::rows::{
    BarcodeRow, CategoryRow, CurrencyRow, CustomerRow, PriceRow, ProductRow, RegisterRow, StaffRow, StoreRow,
    TaxRateRow, TenderTypeRow,
};
use holdfast_protocol::{decode, encode};
use minicbor::{Decode, Encode};

/// Checks that the row's columns are those listed, in order; secrets have no value.
fn check<R>(table: TableId, row: &R, columns: &[(&str, Option<ColumnValue<'_>>)])
where
    R: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + Debug,
{
    let bytes = encode(row);
    let fields_count = minicbor::Decoder::new(&bytes).map().expect("a map");
    assert_eq!(fields_count, Some(columns.len() as u64), "{table}: a field without a column");
    let names: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
    assert_eq!(names, columns.iter().map(|(name, _)| *name).collect::<Vec<&str>>(), "{table}");
    let read = EncodedRow::read(table, &bytes).expect("a row");
    for (name, value) in columns {
        assert_eq!(read.value(name), *value, "{table}.{name}");
        let is_secret = table.column(name).is_some_and(|column| column.kind == ColumnKind::Secret);
        assert_eq!(value.is_none(), is_secret, "{table}.{name}");
    }

    let locked = table.columns().iter().filter(|column| column.locked.is_some());
    let fields = locked.map(|column: &Column| column.name.to_owned()).collect();
    let entry = ScopeTable { fields: Some(fields), ..ScopeTable::whole(table) };
    let kept = entry.keep_columns(&bytes).expect("a row");
    let short: R = decode(&kept).expect("a row without optional columns");
    let is_whole = table.columns().iter().all(|column| column.locked.is_some());
    assert_eq!(short == *row, is_whole, "{table}");
}

#[test]
fn store_register_and_staff() {
    let store = StoreRow {
        id: "s".into(),
        name: "Shop".into(),
        address: vec!["Street".into(), "Town".into()],
        tax_number: "GB1".into(),
        currency: "GBP".into(),
        prices_include_tax: true,
        receipt_footer: "Bye".into(),
    };
    check(
        TableId::Store,
        &store,
        &[
            ("id", Some(Text("s"))),
            ("name", Some(Text("Shop"))),
            ("address", Some(TextList(vec!["Street", "Town"]))),
            ("tax_number", Some(Text("GB1"))),
            ("currency", Some(Text("GBP"))),
            ("prices_include_tax", Some(YesNo(true))),
            ("receipt_footer", Some(Text("Bye"))),
        ],
    );
    let register = RegisterRow { number: 3, name: "Door".into() };
    check(TableId::Register, &register, &[("number", Some(Number(3))), ("name", Some(Text("Door")))]);
    let staff = StaffRow {
        id: "1".into(),
        name: "Ada".into(),
        is_manager: true,
        pin_salt: vec![1].into(),
        pin_rounds: 100_000,
        pin_verifier: vec![2].into(),
    };
    check(
        TableId::Staff,
        &staff,
        &[
            ("id", Some(Text("1"))),
            ("name", Some(Text("Ada"))),
            ("is_manager", Some(YesNo(true))),
            ("pin_salt", None),
            ("pin_rounds", None),
            ("pin_verifier", None),
        ],
    );
}

#[test]
fn tax_currency_and_tenders() {
    let rate = TaxRateRow { code: "S".into(), name: "Standard".into(), rate_ppm: 200_000 };
    check(
        TableId::TaxRate,
        &rate,
        &[("code", Some(Text("S"))), ("name", Some(Text("Standard"))), ("rate_ppm", Some(Number(200_000)))],
    );
    let currency = CurrencyRow { code: "CHF".into(), sign: "Fr.".into(), cash_increment_minor: 5 };
    check(
        TableId::Currency,
        &currency,
        &[
            ("code", Some(Text("CHF"))),
            ("sign", Some(Text("Fr."))),
            ("cash_increment_minor", Some(Number(5))),
        ],
    );
    let tender = TenderTypeRow { code: "card".into(), name: "Card".into(), offline_limit_minor: Some(5_000) };
    check(
        TableId::TenderType,
        &tender,
        &[
            ("code", Some(Text("card"))),
            ("name", Some(Text("Card"))),
            ("offline_limit_minor", Some(Number(5_000))),
        ],
    );
}

#[test]
fn products_and_what_belongs_to_them() {
    let category = CategoryRow { code: "T".into(), name: "Toys".into(), position: 4, hue: 7 };
    check(
        TableId::Category,
        &category,
        &[
            ("code", Some(Text("T"))),
            ("name", Some(Text("Toys"))),
            ("position", Some(Number(4))),
            ("hue", Some(Number(7))),
        ],
    );
    let product = ProductRow {
        sku: "1001".into(),
        name: "Kite".into(),
        category: "T".into(),
        unit: "ea".into(),
        tax_code: "S".into(),
        rank: 9,
    };
    check(
        TableId::Product,
        &product,
        &[
            ("sku", Some(Text("1001"))),
            ("name", Some(Text("Kite"))),
            ("category", Some(Text("T"))),
            ("unit", Some(Text("ea"))),
            ("tax_code", Some(Text("S"))),
            ("rank", Some(Number(9))),
        ],
    );
    let barcode = BarcodeRow { gtin: "00000096385074".into(), sku: "1001".into() };
    check(TableId::Barcode, &barcode, &[("gtin", Some(Text("00000096385074"))), ("sku", Some(Text("1001")))]);
    let price = PriceRow { sku: "1001".into(), price_minor: -380 };
    check(TableId::Price, &price, &[("sku", Some(Text("1001"))), ("price_minor", Some(Number(-380)))]);
}

#[test]
fn customers() {
    let customer = CustomerRow {
        id: "c1".into(),
        name: "Ada".into(),
        country: "Malta".into(),
        phone: "123".into(),
        email: "ada@example.org".into(),
    };
    check(
        TableId::Customer,
        &customer,
        &[
            ("id", Some(Text("c1"))),
            ("name", Some(Text("Ada"))),
            ("country", Some(Text("Malta"))),
            ("phone", Some(Text("123"))),
            ("email", Some(Text("ada@example.org"))),
        ],
    );
}
