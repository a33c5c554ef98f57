//! Products and their prices.
//!
//! A file with a price column is a price list: a line without a price above 0 is refused, for a till could not
//! sell it. A file without one names products only; they get their price from another file.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;

use holdfast_domain::money::parse_decimal;
use holdfast_domain::{Currency, Money, Unit};
use holdfast_profile::TableId;
use holdfast_protocol::rows::{CategoryRow, PriceRow, ProductRow};

use super::file::{Column, Line};
use super::{BATCH_LINES, CsvFile, ImportError, ImportReport, rows_here, tidied};
use crate::database::{DatabaseError, MasterRow, Store, WriteTransaction};

/// Longest sku, characters.
const SKU_CHARS_MAX: usize = 64;
/// Highest price, minor units.
const PRICE_MINOR_MAX: i64 = 1_000_000_000;
/// Colours of categories' tiles.
const HUES: u32 = 12;

struct Columns {
    sku: Column,
    name: Column,
    price: Column,
    category: Column,
    unit: Column,
    tax_code: Column,
    rank: Column,
}

/// A line that may be taken, as far as the file alone tells.
struct Candidate {
    line: u64,
    sku: String,
    name: String,
    price: Option<Money>,
    // These keep what the product had where the file does not say.
    category: Option<String>,
    unit: Option<Unit>,
    tax_code: Option<String>,
    rank: Option<u32>,
}

/// What an import of products knows beside the file.
struct Known {
    currency: Currency,
    default_tax_code: String,
    tax_codes: Vec<String>,
    categories: BTreeMap<String, CategoryRow>,
    // Skus of the file so far in lower case, with the line and the sku as written.
    seen: HashMap<String, (u64, String)>,
}

/// Imports products.
pub async fn import<R: Read + Send>(
    writing: &mut WriteTransaction,
    store: &Store,
    file: &mut CsvFile<R>,
) -> Result<ImportReport, ImportError> {
    let columns = Columns {
        sku: file.needed_column(&["sku"])?,
        name: file.needed_column(&["name", "description"])?,
        price: file.column(&["price", "unit_price"]),
        category: file.column(&["category"]),
        unit: file.column(&["unit"]),
        tax_code: file.column(&["tax_code"]),
        rank: file.column(&["rank"]),
    };
    let mut known = known(writing, store).await?;
    let mut report = ImportReport::default();
    let mut batch = Vec::with_capacity(BATCH_LINES);
    while let Some(line) = file.next_line()? {
        match candidate(&columns, &mut known, &line) {
            Ok(candidate) => batch.push(candidate),
            Err(reason) => report.refuse(line.number, reason),
        }
        if batch.len() == BATCH_LINES {
            settle(writing, &mut known, std::mem::take(&mut batch), &mut report).await?;
        }
    }
    settle(writing, &mut known, batch, &mut report).await?;
    Ok(report.finished())
}

async fn known(writing: &mut WriteTransaction, store: &Store) -> Result<Known, DatabaseError> {
    let tax_codes = writing.rows(TableId::TaxRate).await?.into_iter().map(|row| row.key).collect();
    let mut categories = BTreeMap::new();
    for row in writing.rows(TableId::Category).await? {
        let body = row.body.unwrap_or_else(|| Vec::new().into());
        let category: CategoryRow = holdfast_protocol::decode(&body)
            .map_err(|error| DatabaseError::Damaged(format!("a category: {error}")))?;
        categories.insert(row.key, category);
    }
    Ok(Known {
        currency: Currency::from_code(&store.row.currency)
            .map_err(|error| DatabaseError::Damaged(error.to_string()))?,
        default_tax_code: store.default_tax_code.clone(),
        tax_codes,
        categories,
        seen: HashMap::new(),
    })
}

/// Reads a line; says why it can't be taken.
fn candidate(columns: &Columns, known: &mut Known, line: &Line) -> Result<Candidate, String> {
    if let Some(fault) = line.fault() {
        return Err(fault.to_owned());
    }
    let sku = tidied("the sku", line.text(columns.sku))?;
    if sku.is_empty() {
        return Err("the sku is missing".to_owned());
    }
    if sku.chars().count() > SKU_CHARS_MAX {
        return Err(format!("the sku has more than {SKU_CHARS_MAX} characters"));
    }
    let name = tidied("the name", line.text(columns.name))?;
    if name.is_empty() {
        return Err(format!("product {sku} has no name"));
    }
    let price = columns
        .price
        .is_there()
        .then(|| read_price(known.currency, &sku, line.text(columns.price)))
        .transpose()?;
    let category = said(columns.category, line).map(|text| tidied("the category", text)).transpose()?;
    let unit = said(columns.unit, line).map(read_unit).transpose()?;
    let tax_code = said(columns.tax_code, line).map(|code| read_tax_code(known, code)).transpose()?;
    let rank = said(columns.rank, line).map(read_rank).transpose()?;
    // Only a line that is good in itself takes the sku.
    match known.seen.get(&sku.to_lowercase()) {
        Some((first, written)) if *written == sku => {
            return Err(format!("sku {sku} stands in line {first} already"));
        }
        Some((first, written)) => {
            return Err(format!(
                "sku {sku} differs from {written} in line {first} only in upper and lower case"
            ));
        }
        None => known.seen.insert(sku.to_lowercase(), (line.number, sku.clone())),
    };
    Ok(Candidate { line: line.number, sku, name, price, category, unit, tax_code, rank })
}

/// The text of a column that the file has and the line fills.
fn said(column: Column, line: &Line) -> Option<&str> {
    Some(line.text(column).trim()).filter(|text| !text.is_empty())
}

fn read_price(currency: Currency, sku: &str, text: &str) -> Result<Money, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("product {sku} has no price"));
    }
    let price = parse_decimal(text, currency).map_err(|error| format!("the price can't be read: {error}"))?;
    match price.minor() {
        minor if minor < 0 => Err(format!("the price of product {sku} is below 0")),
        0 => Err(format!("product {sku} has no price above 0, a till could not sell it")),
        minor if minor > PRICE_MINOR_MAX => Err(format!("the price of product {sku} is too high")),
        _ => Ok(price),
    }
}

fn read_unit(text: &str) -> Result<Unit, String> {
    Unit::from_code(&text.to_lowercase()).ok_or_else(|| format!("unit “{text}” is none of ea, kg, l, m"))
}

fn read_tax_code(known: &Known, code: &str) -> Result<String, String> {
    let found = known.tax_codes.iter().find(|known| known.as_str() == code);
    found.cloned().ok_or_else(|| format!("tax code “{code}” is none of {}", known.tax_codes.join(", ")))
}

fn read_rank(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("rank “{text}” is not a whole number"))
}

/// Checks a batch against the database and writes it.
async fn settle(
    writing: &mut WriteTransaction,
    known: &mut Known,
    batch: Vec<Candidate>,
    report: &mut ImportReport,
) -> Result<(), DatabaseError> {
    let folded: Vec<String> = batch.iter().map(|candidate| candidate.sku.to_lowercase()).collect();
    let same_folded: HashMap<String, String> =
        writing.skus_by_folded(&folded).await?.into_iter().map(|sku| (sku.to_lowercase(), sku)).collect();
    let skus: Vec<String> = batch.iter().map(|candidate| candidate.sku.clone()).collect();
    let here: HashMap<String, ProductRow> = rows_here(writing, TableId::Product, &skus).await?;
    let (mut categories, mut products, mut prices) = (Vec::new(), Vec::new(), Vec::new());
    for candidate in batch {
        if let Some(other) =
            same_folded.get(&candidate.sku.to_lowercase()).filter(|sku| **sku != candidate.sku)
        {
            let reason =
                format!("sku {} differs from product {other} only in upper and lower case", candidate.sku);
            report.refuse(candidate.line, reason);
            continue;
        }
        let product = product_row(known, here.get(&candidate.sku), &candidate);
        if !product.category.is_empty() && !known.categories.contains_key(&product.category) {
            let category = new_category(known, &product.category);
            known.categories.insert(product.category.clone(), category.clone());
            categories.push(MasterRow::Category(category));
        }
        if let Some(price) = candidate.price {
            prices.push(MasterRow::Price(PriceRow { sku: candidate.sku, price_minor: price.minor() }));
        }
        products.push(MasterRow::Product(product));
        report.taken += 1;
    }
    for rows in [categories, products, prices] {
        report.changed += writing.put(&rows).await?;
    }
    Ok(())
}

fn product_row(known: &Known, here: Option<&ProductRow>, candidate: &Candidate) -> ProductRow {
    let kept = |field: fn(&ProductRow) -> &String| here.map(field).cloned();
    ProductRow {
        sku: candidate.sku.clone(),
        name: candidate.name.clone(),
        category: candidate.category.clone().or_else(|| kept(|row| &row.category)).unwrap_or_default(),
        unit: candidate
            .unit
            .map(|unit| unit.code().to_owned())
            .or_else(|| kept(|row| &row.unit))
            .unwrap_or_else(|| Unit::Each.code().to_owned()),
        tax_code: candidate
            .tax_code
            .clone()
            .or_else(|| kept(|row| &row.tax_code))
            .unwrap_or_else(|| known.default_tax_code.clone()),
        rank: candidate.rank.or_else(|| here.map(|row| row.rank)).unwrap_or_default(),
    }
}

/// A category that products name and nobody has made yet: it comes after the others.
fn new_category(known: &Known, code: &str) -> CategoryRow {
    let position = known.categories.values().map(|category| category.position).max().unwrap_or_default() + 1;
    let hue = u8::try_from(position % HUES).unwrap_or_default();
    CategoryRow { code: code.to_owned(), name: code.to_owned(), position, hue }
}
