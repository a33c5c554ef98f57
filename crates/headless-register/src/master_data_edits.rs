//! Customers and products as an administrator edits them while registers sell: small files for the store server's import.

use csv::StringRecord;

use crate::import_files::ImportFiles;
use crate::random::Random;

/// Most rows of one file.
const ROWS_MAX: u64 = 12;
/// Categories that products get.
const CATEGORIES: u64 = 5;
/// Highest price, minor units.
const PRICE_MINOR_MAX: u64 = 5_000;

/// What the store has that can be edited.
#[derive(Debug, Clone, Default)]
pub struct MasterDataEdits {
    /// Skus and names of products that can be sold.
    products: Vec<(String, String)>,
    customers: Vec<String>,
    added_count: u64,
}

impl MasterDataEdits {
    /// Of a shop that took these files.
    ///
    /// # Errors
    /// [`csv::Error`] when they can't be read.
    pub fn of(files: &ImportFiles) -> Result<MasterDataEdits, csv::Error> {
        let products = columns(&files.products, &["sku", "name"])?;
        let products = products.into_iter().filter_map(|row| {
            let [sku, name] = <[String; 2]>::try_from(row).ok()?;
            // One without a name was refused.
            (!sku.is_empty() && !name.is_empty()).then_some((sku, name))
        });
        let customers = columns(&files.customers, &["customer_id"])?.into_iter().flatten();
        Ok(MasterDataEdits {
            products: products.collect(),
            customers: customers.filter(|id| !id.is_empty()).collect(),
            added_count: 0,
        })
    }

    /// A file of customers, some of them new.
    pub fn customers(&mut self, random: &mut Random) -> Vec<u8> {
        let mut lines = vec!["customer_id,name,phone".to_owned()];
        for _ in 0..random.between(1, ROWS_MAX) {
            let id = match pick(&self.customers, random) {
                Some(id) if random.between(0, 4) > 0 => id.clone(),
                Some(_) | None => self.fresh("C"),
            };
            let number = random.between(0, 1_000_000);
            lines.push(format!("{id},Customer {number},020 {number}"));
        }
        file(lines)
    }

    /// A file of products with prices and categories, some of them new.
    pub fn products(&mut self, random: &mut Random) -> Vec<u8> {
        let mut lines = vec!["sku,name,unit_price,category".to_owned()];
        for _ in 0..random.between(1, ROWS_MAX) {
            let (sku, name) = match pick(&self.products, random) {
                Some(product) if random.between(0, 4) > 0 => product.clone(),
                Some(_) | None => (self.fresh("P"), "NEW".to_owned()),
            };
            let price_minor = random.between(1, PRICE_MINOR_MAX);
            let category = random.between(0, CATEGORIES);
            let name = name.replace('"', "\"\"");
            let (pounds, pence) = (price_minor / 100, price_minor % 100);
            lines.push(format!("{sku},\"{name}\",{pounds}.{pence:02},Category {category}"));
        }
        file(lines)
    }

    /// A key that no row has.
    fn fresh(&mut self, kind: &str) -> String {
        self.added_count += 1;
        format!("ADDED-{kind}{}", self.added_count)
    }
}

fn pick<'t, T>(choices: &'t [T], random: &mut Random) -> Option<&'t T> {
    let at = random.between(0, choices.len() as u64);
    choices.get(usize::try_from(at).unwrap_or(0))
}

/// One file, each key in its first line only: the import takes none twice.
fn file(lines: Vec<String>) -> Vec<u8> {
    let mut seen = std::collections::BTreeSet::new();
    let key = |line: &str| line.split(',').next().unwrap_or_default().to_lowercase();
    let kept: Vec<String> = lines.into_iter().filter(|line| seen.insert(key(line))).collect();
    (kept.join("\n") + "\n").into_bytes()
}

/// These columns of a file.
fn columns(csv_text: &[u8], names: &[&str]) -> Result<Vec<Vec<String>>, csv::Error> {
    let mut reader = csv::Reader::from_reader(csv_text);
    let header = reader.headers()?.clone();
    let places: Vec<Option<usize>> =
        names.iter().map(|name| header.iter().position(|column| column == *name)).collect();
    let cell = |record: &StringRecord, place: &Option<usize>| {
        place.and_then(|place| record.get(place)).unwrap_or_default().trim().to_owned()
    };
    let row = |record: &StringRecord| places.iter().map(|place| cell(record, place)).collect();
    reader.records().map(|record| Ok(row(&record?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_edits_the_same_rows_and_no_key_stands_twice() {
        let files = ImportFiles {
            products: b"sku,name,unit_price\nA,\"MUG, 3\"\" RED\",2.55\nB,,1.00\n".to_vec(),
            customers: b"customer_id,country\n17850,UK\n".to_vec(),
        };
        let make = || {
            let mut edits = MasterDataEdits::of(&files).expect("readable");
            let mut random = Random::new(7);
            (0..50).map(|_| (edits.products(&mut random), edits.customers(&mut random))).collect::<Vec<_>>()
        };
        let made = make();
        assert_eq!(made, make());
        let (mut edited, mut added) = (0, 0);
        for (products, customers) in made {
            for (file, known) in [(products, "A"), (customers, "17850")] {
                let rows = columns(&file, &["sku", "customer_id", "name"]).expect("readable");
                let keys: Vec<String> = rows.iter().map(|row| format!("{}{}", row[0], row[1])).collect();
                assert!(keys.iter().filter(|key| *key == known).count() <= 1, "{keys:?}");
                edited += keys.iter().filter(|key| *key == known).count();
                added += keys.iter().filter(|key| key.starts_with("ADDED-")).count();
                assert!(!keys.is_empty() && keys.iter().all(|key| key != "B"));
            }
        }
        assert!(edited > 20 && added > 20, "{edited} {added}");
    }
}
