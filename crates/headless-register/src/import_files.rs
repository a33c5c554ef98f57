//! The catalogue and customers that go with a file of baskets: the files beside it, or what its lines name.

use std::collections::BTreeMap;
use std::path::Path;

use holdfast_domain::money::to_decimal_string;
use holdfast_domain::{Currency, Money};

use crate::baskets::Baskets;

/// Products and customers as CSV, for the store server's import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFiles {
    /// `sku,name,unit_price`, or `products.csv` as it is.
    pub products: Vec<u8>,
    /// `customer_id,country`, or `customers.csv` as it is.
    pub customers: Vec<u8>,
}

/// Takes `products.csv` and `customers.csv` from the folder of `file`; where one is missing, it is made of
/// what the lines name.
///
/// # Errors
/// [`csv::Error`] when a file is there and can't be read.
pub fn beside(file: &Path, baskets: &Baskets, currency: Currency) -> Result<ImportFiles, csv::Error> {
    let read = |name: &str| -> Result<Option<Vec<u8>>, csv::Error> {
        let path = file.with_file_name(name);
        if path.is_file() { Ok(Some(std::fs::read(path)?)) } else { Ok(None) }
    };
    let products = match read("products.csv")? {
        Some(bytes) => bytes,
        None => products_of(baskets, currency)?,
    };
    let customers = match read("customers.csv")? {
        Some(bytes) => bytes,
        None => customers_of(baskets)?,
    };
    Ok(ImportFiles { products, customers })
}

/// The last name and price that a product was sold by.
fn products_of(baskets: &Baskets, currency: Currency) -> Result<Vec<u8>, csv::Error> {
    let mut products: BTreeMap<&str, (&str, Money)> = BTreeMap::new();
    for line in baskets.invoices.iter().flat_map(|invoice| &invoice.lines) {
        let (name, price) = products.entry(&line.sku).or_default();
        if !line.description.is_empty() {
            *name = &line.description;
        }
        if !line.quantity.is_negative() && line.unit_price != Money::ZERO {
            *price = line.unit_price;
        }
    }
    let rows = products.into_iter().map(|(sku, (name, price))| {
        let name = if name.is_empty() { sku } else { name };
        [sku.to_owned(), name.to_owned(), to_decimal_string(price, currency)]
    });
    to_csv(["sku", "name", "unit_price"], rows)
}

fn customers_of(baskets: &Baskets) -> Result<Vec<u8>, csv::Error> {
    let ids: std::collections::BTreeSet<&str> = baskets
        .invoices
        .iter()
        .map(|invoice| invoice.customer_id.as_str())
        .filter(|id| !id.is_empty())
        .collect();
    to_csv(["customer_id", "country"], ids.into_iter().map(|id| [id.to_owned(), String::new()]))
}

fn to_csv<const N: usize>(
    header: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baskets::{Invoice, InvoiceLine};
    use holdfast_domain::Quantity;

    #[test]
    fn what_lines_name_becomes_a_catalogue() {
        let line = |sku: &str, description: &str, units: i64, price_minor: i64| InvoiceLine {
            line_no: "1".into(),
            sku: sku.into(),
            description: description.into(),
            quantity: Quantity::units(units),
            unit_price: Money::from_minor(price_minor),
        };
        let invoice = Invoice {
            invoice_no: "1".into(),
            invoiced_at_ms: None,
            customer_id: "17850".into(),
            lines: vec![line("B", "", -1, 0), line("A", "MUG, RED", 6, 255), line("A", "", -6, 100)],
        };
        let baskets = Baskets { invoices: vec![invoice], ..Baskets::default() };
        let folder = tempfile::tempdir().expect("a folder");
        let files = beside(&folder.path().join("x.csv"), &baskets, Currency::GBP).expect("made");
        let products = String::from_utf8(files.products).expect("text");
        assert_eq!(products, "sku,name,unit_price\nA,\"MUG, RED\",2.55\nB,B,0.00\n");
        assert_eq!(files.customers, b"customer_id,country\n17850,\n");
        std::fs::write(folder.path().join("products.csv"), "sku\n").expect("written");
        let files = beside(&folder.path().join("x.csv"), &baskets, Currency::GBP).expect("read");
        assert_eq!(files.products, b"sku\n");
    }
}
