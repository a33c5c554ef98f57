//! The catalogue of a load run: so many products with the names and barcodes of real ones, repeated under new
//! keys until there are enough.

use std::path::{Path, PathBuf};

use csv::StringRecord;

/// Files of real names, and the columns that hold them.
const FILES: [(&str, &str); 3] = [
    ("gtin/openfoodfacts.csv", "name"),
    ("gtin/datakick.csv", "Name"),
    ("online-retail/products.csv", "name"),
];
/// Longest name, characters.
const NAME_CHARS_MAX: usize = 100;

/// Products and barcodes as CSV, for the store server's import.
#[derive(Debug, Clone)]
pub struct Shop {
    /// `sku,name,unit_price`.
    pub products: Vec<u8>,
    /// `gtin,sku`, one for each product.
    pub barcodes: Vec<u8>,
    /// Whether the names are real.
    pub is_real: bool,
    names: Vec<String>,
}

/// Makes a shop of so many products; from the real data where `folder` has it.
///
/// # Errors
/// [`csv::Error`] when a file is there and can't be read.
pub fn shop(folder: &Path, products_count: usize) -> Result<Shop, csv::Error> {
    let mut names = Vec::new();
    for (file, column) in FILES {
        names.extend(names_of(&folder.join(file), column)?);
    }
    let is_real = !names.is_empty();
    if !is_real {
        names = (0..1_000).map(|place| format!("Product of kind {place}")).collect();
    }
    let mut products = csv::Writer::from_writer(Vec::new());
    let mut barcodes = csv::Writer::from_writer(Vec::new());
    products.write_record(["sku", "name", "unit_price"])?;
    barcodes.write_record(["gtin", "sku"])?;
    for (place, name) in names.iter().cycle().take(products_count).enumerate() {
        let sku = sku(place);
        products.write_record([sku.as_str(), name, &price(place, 0)])?;
        barcodes.write_record([gtin(place), sku])?;
    }
    Ok(Shop { products: bytes(products)?, barcodes: bytes(barcodes)?, is_real, names })
}

impl Shop {
    /// A price list that changes so many prices of so many products.
    ///
    /// # Errors
    /// [`csv::Error`], never in memory.
    pub fn changed_prices(&self, products_count: usize, changes_count: usize) -> Result<Vec<u8>, csv::Error> {
        let mut list = csv::Writer::from_writer(Vec::new());
        list.write_record(["sku", "name", "unit_price"])?;
        let step = (products_count / changes_count.max(1)).max(1);
        let places = self.names.iter().cycle().take(products_count).enumerate();
        for (place, name) in places.step_by(step).take(changes_count) {
            list.write_record([sku(place).as_str(), name, &price(place, 1)])?;
        }
        bytes(list)
    }
}

/// The key of the product at this place.
pub fn sku(place: usize) -> String {
    format!("L{place:06}")
}

/// The price of the product at this place, minor units.
pub fn price_minor(place: usize, more_minor: usize) -> usize {
    99 + place * 37 % 4_900 + more_minor
}

fn price(place: usize, more_minor: usize) -> String {
    let minor = price_minor(place, more_minor);
    format!("{}.{:02}", minor / 100, minor % 100)
}

/// An EAN-13 with a right check digit, of a range that shops give out themselves.
fn gtin(place: usize) -> String {
    let digits = format!("24{place:010}");
    let sum: u32 = digits
        .bytes()
        .enumerate()
        .map(|(at, digit)| u32::from(digit - b'0') * if at % 2 == 0 { 1 } else { 3 })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

fn names_of(path: &PathBuf, column: &str) -> Result<Vec<String>, csv::Error> {
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path)?;
    let at = reader.headers()?.iter().position(|header| header == column).unwrap_or(1);
    let mut names = Vec::new();
    let mut record = StringRecord::new();
    while reader.read_record(&mut record)? {
        let plain: String =
            record.get(at).unwrap_or_default().chars().filter(|letter| !letter.is_control()).collect();
        let name: String = plain.trim().chars().take(NAME_CHARS_MAX).collect();
        if !name.is_empty() {
            names.push(name);
        }
    }
    Ok(names)
}

fn bytes(writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, csv::Error> {
    writer.into_inner().map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_has_as_many_products_as_asked_for_each_with_a_barcode_that_can_be_scanned() {
        let nowhere = tempfile::tempdir().expect("a folder");
        let shop = shop(nowhere.path(), 1_500).expect("a shop");
        assert!(!shop.is_real);
        let list = String::from_utf8(shop.changed_prices(1_500, 100).expect("a list")).expect("text");
        assert_eq!(list.lines().count(), 101);
        assert_eq!(list.lines().nth(2), Some("L000015,Product of kind 15,6.55"));
        let products = String::from_utf8(shop.products).expect("text");
        assert_eq!(products.lines().count(), 1_501);
        assert_eq!(products.lines().nth(1), Some("L000000,Product of kind 0,0.99"));
        let barcodes = String::from_utf8(shop.barcodes).expect("text");
        for line in barcodes.lines().skip(1) {
            let (gtin, _) = line.split_once(',').expect("two fields");
            holdfast_domain::Gtin::parse(gtin).expect("a barcode");
        }
    }
}
