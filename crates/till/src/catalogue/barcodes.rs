//! Barcodes, sorted by number: a scan is a binary search.

use holdfast_protocol::rows::BarcodeRow;

use super::products::{ProductNo, Products};

/// Every barcode and the product it stands for.
#[derive(Debug, Clone, Default)]
pub struct Barcodes {
    // By number, each once.
    sorted: Vec<(u64, ProductNo)>,
}

impl Barcodes {
    /// The barcodes of these products; rows of others, or that are no number, are passed over.
    pub fn new(products: &Products, rows: impl IntoIterator<Item = BarcodeRow>) -> Barcodes {
        let pairs =
            rows.into_iter().filter_map(|row| Some((row.gtin.parse().ok()?, products.by_sku(&row.sku)?)));
        let mut sorted: Vec<(u64, ProductNo)> = pairs.collect();
        sorted.sort_unstable();
        sorted.dedup_by_key(|(number, _)| *number);
        Barcodes { sorted }
    }

    /// The product that a code of 8, 12, 13 or 14 digits stands for.
    pub fn find(&self, code: &str) -> Option<ProductNo> {
        let number = gtin_number(code)?;
        let at = self.sorted.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        self.sorted.get(at).map(|(_, product)| *product)
    }
}

/// The number of a text that has a GTIN's length: the same article's, however many zeros lead.
fn gtin_number(code: &str) -> Option<u64> {
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    (digits && matches!(code.len(), 8 | 12 | 13 | 14)).then(|| code.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::super::products::tests::products;
    use super::*;

    #[test]
    fn a_code_is_found_in_any_of_its_lengths() {
        let products = products(&[("1", "loaf", 0)]);
        let row = |gtin: &str, sku: &str| BarcodeRow { gtin: gtin.into(), sku: sku.into() };
        let rows = [row("05012345678900", "1"), row("00000096385074", "1"), row("00000000000017", "gone")];
        let barcodes = Barcodes::new(&products, rows);
        for code in ["5012345678900", "05012345678900", "96385074"] {
            assert!(barcodes.find(code).is_some(), "{code}");
        }
        for code in ["", "1", "501234567890", "5012345678901", "0000000000017", "５０１２３４５６"] {
            assert_eq!(barcodes.find(code), None, "{code}");
        }
    }
}
