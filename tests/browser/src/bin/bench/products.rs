//! Products for a bench: real names and barcodes, repeated with new keys until there are enough.
//!
//! Read from the data folder (`HOLDFAST_DATA`, else the workspace's `../shared/data`) and only ever written to
//! a temporary folder.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::store_server::workspace;
use holdfast_domain::Gtin;
use holdfast_domain::barcode::check_digit;
use serde_json::{Value, json};

/// The first number, less its check digit, of the in-store codes that repeated products get; demo shop and
/// data have none there.
const OWN_CODES_FROM: u64 = 299_000_000_000;
/// Longest name that the import takes, characters.
const NAME_CHARS_MAX: usize = 200;

/// A product as the import's files and the peers have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its key.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The code of its category.
    pub category: String,
    /// Its price, minor units.
    pub price_minor: u64,
    /// Its barcode, 13 digits.
    pub barcode: String,
}

impl Product {
    /// As a page would keep it: an object with everything.
    pub fn to_json(&self) -> Value {
        json!({
            "sku": self.sku,
            "name": self.name,
            "category": self.category,
            "unit": "ea",
            "tax_code": "standard",
            "rank": 0,
            "price_minor": self.price_minor,
            "barcode": self.barcode,
        })
    }
}

/// So many products.
///
/// # Errors
/// When the data can't be read.
pub fn make(count: usize) -> Outcome<Vec<Product>> {
    let items = items()?;
    let mut taken = HashSet::new();
    let mut products = Vec::with_capacity(count);
    for at in 0..count {
        let (name, barcode) = &items[at % items.len()];
        let own = |number: u64| format!("{number}{}", check_digit(number));
        let barcode = match barcode {
            Some(barcode) if at < items.len() && taken.insert(barcode.clone()) => barcode.clone(),
            Some(_) | None => own(OWN_CODES_FROM + at as u64),
        };
        products.push(Product {
            sku: format!("P{at:06}"),
            name: name.clone(),
            category: format!("C{:02}", at % 40),
            price_minor: 50 + (at as u64 * 7_919) % 9_950,
            barcode,
        });
    }
    Ok(products)
}

/// Writes the files that the import takes: products with their prices, and barcodes; gives their paths.
///
/// # Errors
/// When the disk fails.
pub fn write_files(products: &[Product], folder: &Path) -> Outcome<[PathBuf; 2]> {
    let paths = [folder.join("products.csv"), folder.join("barcodes.csv")];
    let [for_products, for_barcodes] = &paths;
    let mut writer = csv::Writer::from_path(for_products)?;
    writer.write_record(["sku", "name", "category", "unit", "tax_code", "price"])?;
    for product in products {
        let price = format!("{}.{:02}", product.price_minor / 100, product.price_minor % 100);
        writer.write_record([&product.sku, &product.name, &product.category, "ea", "standard", &price])?;
    }
    writer.flush()?;
    let mut writer = csv::Writer::from_path(for_barcodes)?;
    writer.write_record(["barcode", "sku"])?;
    for product in products {
        writer.write_record([&product.barcode, &product.sku])?;
    }
    writer.flush()?;
    Ok(paths)
}

/// Names with their barcodes, those of a catalogue without barcodes last.
fn items() -> Outcome<Vec<(String, Option<String>)>> {
    let folder =
        std::env::var_os("HOLDFAST_DATA").map_or_else(|| workspace().join("../shared/data"), PathBuf::from);
    let sources = [
        ("gtin/openfoodfacts.csv", "name", Some("barcode")),
        ("gtin/datakick.csv", "Name", Some("GTIN-14")),
        ("online-retail/products.csv", "name", None),
    ];
    let mut items = Vec::new();
    for (file, name, barcode) in sources {
        let path = folder.join(file);
        let mut reader =
            csv::Reader::from_path(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let heading = reader.headers()?.clone();
        let place = |wanted: &str| heading.iter().position(|heading| heading == wanted);
        let name_at = place(name).ok_or_else(|| format!("{file} has no column {name}"))?;
        let barcode_at = barcode.and_then(place);
        for record in reader.records() {
            let record = record?;
            let name = record.get(name_at).unwrap_or_default();
            let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
            if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control)
            {
                continue;
            }
            let barcode = barcode_at.and_then(|at| Gtin::parse(record.get(at)?).ok());
            let number = barcode.map(Gtin::number).filter(|number| (8..=13).contains(&digits(*number)));
            items.push((name, number.map(|number| format!("{number:013}"))));
        }
    }
    Ok(items)
}

fn digits(number: u64) -> usize {
    number.to_string().len()
}
