//! The demo shop: an invented store as CSV files, in the program itself.
//!
//! Products, barcodes and customers go through the same import as a shop's own files. The other files have one
//! reader each here; a shop sets those up in the back office.

use std::io::Read;

use holdfast_domain::money::{parse_decimal, parse_scaled};
use holdfast_domain::{Currency, Money};
use holdfast_profile::TableId;
use holdfast_protocol::decode;
use holdfast_protocol::rows::{
    CategoryRow, CurrencyRow, ProductRow, RegisterRow, StaffRow, StoreRow, TaxRateRow, TenderTypeRow,
};

use crate::database::{DatabaseError, MasterRow, WriteTransaction};
use crate::import::{CsvFile, ImportKind, import_into};
use crate::pin;

const STORE: &str = include_str!("../demo/store.csv");
const REGISTERS: &str = include_str!("../demo/registers.csv");
const STAFF: &str = include_str!("../demo/staff.csv");
const TAX_RATES: &str = include_str!("../demo/tax_rates.csv");
const CURRENCIES: &str = include_str!("../demo/currencies.csv");
const TENDER_TYPES: &str = include_str!("../demo/tender_types.csv");
const CATEGORIES: &str = include_str!("../demo/categories.csv");
const PRODUCTS: &str = include_str!("../demo/products.csv");
const BARCODES: &str = include_str!("../demo/barcodes.csv");
const CUSTOMERS: &str = include_str!("../demo/customers.csv");

/// The demo data are not what they should be; only a change of them can cause it.
#[derive(Debug, thiserror::Error)]
#[error("demo file {file}: {what}")]
pub struct DemoError {
    file: &'static str,
    what: String,
}

/// Everything of the shop but its products, barcodes and customers.
#[derive(Debug)]
pub struct DemoShop {
    /// The store.
    pub store: StoreRow,
    /// Tax code of products that come without one: the highest rate.
    pub default_tax_code: String,
    /// Rows of the small tables, in an order in which each refers to earlier ones only.
    pub rows: Vec<MasterRow>,
}

/// Reads the small files.
///
/// # Errors
/// [`DemoError`] naming the file.
pub fn shop() -> Result<DemoShop, DemoError> {
    let store = read("store.csv", STORE, |text| {
        Ok(StoreRow {
            id: text("id"),
            name: text("name"),
            address: text("address").split("; ").map(str::to_owned).collect(),
            tax_number: text("tax_number"),
            currency: text("currency"),
            prices_include_tax: text("prices_include_tax") == "yes",
            receipt_footer: text("receipt_footer"),
        })
    })?;
    let store = store.into_iter().next();
    let store = store.ok_or(DemoError { file: "store.csv", what: "there is no store".to_owned() })?;
    let currency = Currency::from_code(&store.currency)
        .map_err(|error| DemoError { file: "store.csv", what: error.to_string() })?;
    let tax_rates = tax_rates()?;
    let default_tax_code =
        tax_rates.iter().max_by_key(|rate| rate.rate_ppm).map(|rate| rate.code.clone()).unwrap_or_default();
    let mut rows: Vec<MasterRow> = Vec::new();
    rows.extend(registers()?.into_iter().map(MasterRow::Register));
    rows.extend(currencies(currency)?.into_iter().map(MasterRow::Currency));
    rows.extend(tax_rates.into_iter().map(MasterRow::TaxRate));
    rows.extend(tender_types(currency)?.into_iter().map(MasterRow::TenderType));
    rows.extend(staff()?.into_iter().map(MasterRow::Staff));
    rows.extend(categories()?.into_iter().map(MasterRow::Category));
    Ok(DemoShop { store, default_tax_code, rows })
}

/// Imports products, barcodes and customers into a transaction; nothing may be refused.
///
/// # Errors
/// [`DemoError`] naming the file and its first refused line.
pub async fn import_catalogue(
    writing: &mut WriteTransaction,
    store: &crate::database::Store,
) -> Result<(), DemoError> {
    let file_of = |kind| match kind {
        ImportKind::Products => ("products.csv", PRODUCTS),
        ImportKind::Barcodes => ("barcodes.csv", BARCODES),
        ImportKind::Customers => ("customers.csv", CUSTOMERS),
    };
    for kind in ImportKind::ALL {
        let (file, text) = file_of(kind);
        let failed = |what: String| DemoError { file, what };
        let report = import_into(writing, store, kind, text.as_bytes())
            .await
            .map_err(|error| failed(error.to_string()))?;
        if let Some(refused) = report.refused.first() {
            return Err(failed(format!("line {}: {}", refused.line, refused.reason)));
        }
    }
    Ok(())
}

/// The products that are in a transaction.
///
/// # Errors
/// [`DatabaseError`] when they can't be read.
pub async fn products(writing: &mut WriteTransaction) -> Result<Vec<ProductRow>, DatabaseError> {
    let rows = writing.rows(TableId::Product).await?;
    let decoded = rows.iter().filter_map(|row| row.body.as_ref()).map(|body| {
        decode(body).map_err(|error| DatabaseError::Damaged(format!("a product of the demo shop: {error}")))
    });
    decoded.collect()
}

fn registers() -> Result<Vec<RegisterRow>, DemoError> {
    read("registers.csv", REGISTERS, |text| {
        Ok(RegisterRow { number: number(&text("number"))?, name: text("name") })
    })
}

fn tax_rates() -> Result<Vec<TaxRateRow>, DemoError> {
    read("tax_rates.csv", TAX_RATES, |text| {
        let rate_ppm = parse_scaled(&text("rate_percent"), 4).map_err(|error| error.to_string())?;
        let rate_ppm = u32::try_from(rate_ppm).map_err(|error| error.to_string())?;
        Ok(TaxRateRow { code: text("code"), name: text("name"), rate_ppm })
    })
}

fn currencies(currency: Currency) -> Result<Vec<CurrencyRow>, DemoError> {
    read("currencies.csv", CURRENCIES, |text| {
        let increment = amount(&text("cash_increment"), currency)?;
        let cash_increment_minor = u32::try_from(increment.minor()).map_err(|error| error.to_string())?;
        Ok(CurrencyRow { code: text("code"), sign: text("sign"), cash_increment_minor })
    })
}

fn tender_types(currency: Currency) -> Result<Vec<TenderTypeRow>, DemoError> {
    read("tender_types.csv", TENDER_TYPES, |text| {
        let limit = Some(text("offline_limit")).filter(|limit| !limit.is_empty());
        let limit = limit.map(|limit| amount(&limit, currency)).transpose()?;
        let offline_limit_minor = limit.map(Money::minor);
        Ok(TenderTypeRow { code: text("code"), name: text("name"), offline_limit_minor })
    })
}

fn staff() -> Result<Vec<StaffRow>, DemoError> {
    read("staff.csv", STAFF, |text| {
        let pin = text("pin");
        if !pin::is_pin(&pin) {
            return Err("a PIN has 4 to 8 digits".to_owned());
        }
        pin::staff_row(&text("id"), &text("name"), text("role") == "manager", &pin)
            .map_err(|error| error.to_string())
    })
}

fn categories() -> Result<Vec<CategoryRow>, DemoError> {
    read("categories.csv", CATEGORIES, |text| {
        Ok(CategoryRow {
            code: text("code"),
            name: text("name"),
            position: number(&text("position"))?,
            hue: number(&text("hue"))?,
        })
    })
}

/// Reads each line of a file by the names of its columns.
fn read<T>(
    file: &'static str,
    text: &str,
    row: impl Fn(&dyn Fn(&str) -> String) -> Result<T, String>,
) -> Result<Vec<T>, DemoError> {
    let failed = |what: String| DemoError { file, what };
    let mut csv = open(text.as_bytes()).map_err(failed)?;
    let mut rows = Vec::new();
    while let Some(line) = csv.next_line().map_err(|error| failed(error.to_string()))? {
        if let Some(fault) = line.fault() {
            return Err(failed(format!("line {}: {fault}", line.number)));
        }
        let field = |name: &str| line.text(csv.column(&[name])).trim().to_owned();
        rows.push(row(&field).map_err(|what| failed(format!("line {}: {what}", line.number)))?);
    }
    Ok(rows)
}

fn open<R: Read>(file: R) -> Result<CsvFile<R>, String> {
    CsvFile::open(file).map_err(|error| error.to_string())
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("“{text}” is not a number that fits"))
}

fn amount(text: &str, currency: Currency) -> Result<Money, String> {
    parse_decimal(text, currency).map_err(|error| error.to_string())
}
