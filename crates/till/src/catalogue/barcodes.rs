//! Barcodes, sorted by number: a scan is a binary search.

use holdfast_protocol::borrowed_rows::BorrowedBarcode;

use super::products::{ProductNo, Products};

/// Every barcode and the product it stands for.
#[derive(Debug, Clone, Default)]
pub struct Barcodes {
    // By number, each once.
    sorted: Vec<(u64, ProductNo)>,
}

impl Barcodes {
    /// The product that a code of 8, 12, 13 or 14 digits stands for.
    pub fn find(&self, code: &str) -> Option<ProductNo> {
        let number = gtin_number(code)?;
        let at = self.sorted.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        self.sorted.get(at).map(|(_, product)| *product)
    }
}

/// Barcodes that are being read.
#[derive(Debug)]
pub struct BarcodesBuilder<'products> {
    products: &'products Products,
    pairs: Vec<(u64, ProductNo)>,
    place: usize,
}

impl<'products> BarcodesBuilder<'products> {
    /// The barcodes of these products, none so far.
    pub fn new(products: &'products Products) -> BarcodesBuilder<'products> {
        BarcodesBuilder { products, pairs: Vec::with_capacity(products.len()), place: 0 }
    }

    /// Adds a row; one of another product, or that is no number, is passed over.
    pub fn push(&mut self, row: &BorrowedBarcode<'_>) {
        if let Ok(number) = row.gtin.parse()
            && let Some(product) = self.products.by_sku_after(&mut self.place, row.sku)
        {
            self.pairs.push((number, product));
        }
    }

    /// All rows are there.
    pub fn finish(self) -> Barcodes {
        let mut sorted = self.pairs;
        // Snapshots are in this order already, so only what came later is moved.
        sorted.sort();
        sorted.dedup_by_key(|(number, _)| *number);
        Barcodes { sorted }
    }
}

/// The number of a text that has a GTIN's length: the same article's, however many zeros lead.
fn gtin_number(code: &str) -> Option<u64> {
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    (digits && matches!(code.len(), 8 | 12 | 13 | 14)).then(|| code.parse().ok()).flatten()
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::products::tests::products;
    use super::*;

    /// Barcodes of (gtin, sku).
    pub fn barcodes(products: &Products, rows: &[(&str, &str)]) -> Barcodes {
        let mut builder = BarcodesBuilder::new(products);
        for (gtin, sku) in rows {
            builder.push(&BorrowedBarcode { gtin, sku });
        }
        builder.finish()
    }

    #[test]
    fn a_code_is_found_in_any_of_its_lengths() {
        let products = products(&[("1", "loaf", 0)]);
        let rows = [("05012345678900", "1"), ("00000096385074", "1"), ("00000000000017", "gone")];
        let barcodes = barcodes(&products, &rows);
        for code in ["5012345678900", "05012345678900", "96385074"] {
            assert!(barcodes.find(code).is_some(), "{code}");
        }
        for code in ["", "1", "501234567890", "5012345678901", "0000000000017", "５０１２３４５６"] {
            assert_eq!(barcodes.find(code), None, "{code}");
        }
    }
}
