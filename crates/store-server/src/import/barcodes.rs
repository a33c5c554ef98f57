//! Barcodes: of products that are here, or with names that become products.
//!
//! With a `sku` column each barcode is given to that product. Without one, a file with names is a list of
//! trade items: each becomes a product whose sku is its GTIN, without a price and so not for sale until a
//! price list names it.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use holdfast_domain::{Gtin, Unit};
use holdfast_profile::TableId;
use holdfast_protocol::rows::{BarcodeRow, ProductRow};

use super::file::{Column, Line};
use super::{BATCH_LINES, CsvFile, ImportError, ImportReport, rows_here, tidied};
use crate::database::{DatabaseError, MasterRow, Store, WriteTransaction};

/// What the barcodes of a file stand for.
#[derive(Clone, Copy)]
enum Meaning {
    /// A product that is here.
    Product { sku: Column },
    /// A trade item with a name.
    TradeItem { name: Column, brand: Column, size: Column },
}

/// A line that may be taken, as far as the file alone tells.
struct Candidate {
    line: u64,
    gtin: String,
    // The product's sku, or the trade item's name.
    text: String,
}

/// Imports barcodes.
pub async fn import<R: Read + Send>(
    writing: &mut WriteTransaction,
    store: &Store,
    file: &mut CsvFile<R>,
) -> Result<ImportReport, ImportError> {
    let gtin = file.needed_column(&["barcode", "gtin", "gtin-14", "ean"])?;
    let sku = file.column(&["sku"]);
    let meaning = if sku.is_there() {
        Meaning::Product { sku }
    } else {
        Meaning::TradeItem {
            name: file.needed_column(&["name", "sku"])?,
            brand: file.column(&["brand name", "brand"]),
            size: file.column(&["size"]),
        }
    };
    let mut seen = HashMap::new();
    let mut report = ImportReport::default();
    let mut batch = Vec::with_capacity(BATCH_LINES);
    while let Some(line) = file.next_line()? {
        match candidate(gtin, meaning, &mut seen, &line) {
            Ok(candidate) => batch.push(candidate),
            Err(reason) => report.refuse(line.number, reason),
        }
        if batch.len() == BATCH_LINES {
            settle(writing, store, meaning, std::mem::take(&mut batch), &mut report).await?;
        }
    }
    settle(writing, store, meaning, batch, &mut report).await?;
    Ok(report.finished())
}

/// Reads a line; says why it can't be taken.
fn candidate(
    gtin: Column,
    meaning: Meaning,
    seen: &mut HashMap<String, u64>,
    line: &Line,
) -> Result<Candidate, String> {
    if let Some(fault) = line.fault() {
        return Err(fault.to_owned());
    }
    let digits = tidied("the barcode", line.text(gtin))?;
    if digits.is_empty() {
        return Err("the barcode is missing".to_owned());
    }
    let gtin = Gtin::parse(&digits)
        .map_err(|error| format!("barcode {digits} can't be right: {error}"))?
        .to_string();
    let text = match meaning {
        Meaning::Product { sku } => tidied("the sku", line.text(sku))?,
        Meaning::TradeItem { name, brand, size } => trade_name(line, name, brand, size)?,
    };
    if text.is_empty() {
        return Err(format!(
            "barcode {digits} has no {}",
            match meaning {
                Meaning::Product { .. } => "sku",
                Meaning::TradeItem { .. } => "name",
            }
        ));
    }
    if let Some(first) = seen.insert(gtin.clone(), line.number) {
        // The first line stays the one that counts.
        seen.insert(gtin, first);
        return Err(format!("barcode {digits} stands in line {first} already"));
    }
    Ok(Candidate { line: line.number, gtin, text })
}

/// Brand, name and size, as a cashier tells items apart.
fn trade_name(line: &Line, name: Column, brand: Column, size: Column) -> Result<String, String> {
    let name = tidied("the name", line.text(name))?;
    if name.is_empty() {
        return Ok(name);
    }
    let brand = tidied("the brand", line.text(brand))?;
    let size = tidied("the size", line.text(size))?;
    let branded = match brand.as_str() {
        "" => name.clone(),
        brand if name.to_lowercase().starts_with(&brand.to_lowercase()) => name.clone(),
        brand => format!("{brand} {name}"),
    };
    let sized = if size.is_empty() { branded.clone() } else { format!("{branded}, {size}") };
    // What does not fit is left out, the size first; the name alone is known to fit.
    Ok([sized, branded].into_iter().find(|whole| tidied("the name", whole).is_ok()).unwrap_or(name))
}

/// Checks a batch against the database and writes it.
async fn settle(
    writing: &mut WriteTransaction,
    store: &Store,
    meaning: Meaning,
    batch: Vec<Candidate>,
    report: &mut ImportReport,
) -> Result<(), DatabaseError> {
    let rows = match meaning {
        Meaning::Product { .. } => barcodes_of_products(writing, batch, report).await?,
        Meaning::TradeItem { .. } => trade_items(writing, store, batch, report).await?,
    };
    report.changed += writing.put(&rows).await?;
    Ok(())
}

async fn barcodes_of_products(
    writing: &mut WriteTransaction,
    batch: Vec<Candidate>,
    report: &mut ImportReport,
) -> Result<Vec<MasterRow>, DatabaseError> {
    let skus: Vec<String> = batch.iter().map(|candidate| candidate.text.clone()).collect();
    let here: HashSet<String> =
        writing.bodies(TableId::Product, &skus).await?.into_iter().map(|(sku, _)| sku).collect();
    let mut rows = Vec::with_capacity(batch.len());
    for Candidate { line, gtin, text: sku } in batch {
        if here.contains(&sku) {
            rows.push(MasterRow::Barcode(BarcodeRow { gtin, sku }));
            report.taken += 1;
        } else {
            report.refuse(line, format!("there is no product {sku}"));
        }
    }
    Ok(rows)
}

async fn trade_items(
    writing: &mut WriteTransaction,
    store: &Store,
    batch: Vec<Candidate>,
    report: &mut ImportReport,
) -> Result<Vec<MasterRow>, DatabaseError> {
    let gtins: Vec<String> = batch.iter().map(|candidate| candidate.gtin.clone()).collect();
    let taken: HashMap<String, String> = writing.barcodes(&gtins).await?.into_iter().collect();
    let here: HashMap<String, ProductRow> = rows_here(writing, TableId::Product, &gtins).await?;
    let (mut products, mut barcodes) = (Vec::with_capacity(batch.len()), Vec::with_capacity(batch.len()));
    for Candidate { line, gtin, text: name } in batch {
        // A product of the shop's own keeps its barcode.
        if let Some(sku) = taken.get(&gtin).filter(|sku| **sku != gtin) {
            report.refuse(line, format!("barcode {gtin} stands for product {sku} here"));
            continue;
        }
        let product = match here.get(&gtin) {
            Some(product) => ProductRow { name, ..product.clone() },
            None => ProductRow {
                sku: gtin.clone(),
                name,
                category: String::new(),
                unit: Unit::Each.code().to_owned(),
                tax_code: store.default_tax_code.clone(),
                rank: 0,
            },
        };
        products.push(MasterRow::Product(product));
        barcodes.push(MasterRow::Barcode(BarcodeRow { sku: gtin.clone(), gtin }));
        report.taken += 1;
    }
    products.append(&mut barcodes);
    Ok(products)
}
