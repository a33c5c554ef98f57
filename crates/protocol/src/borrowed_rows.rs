//! Rows of the large tables, borrowed from the bytes of their page: a till reads a hundred thousand of them
//! without an allocation for each text. Fields and numbers are those of [`crate::rows`].

use minicbor::Decode;
use minicbor::bytes::ByteSlice;

use crate::messages::RowChange;

/// [`crate::messages::RowChange`], borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Decode)]
pub struct BorrowedChange<'b> {
    /// The row's key in its table.
    #[b(0)]
    pub key: &'b str,
    /// The change's version.
    #[n(1)]
    pub version: u64,
    /// The row in CBOR; `None` is a tombstone.
    #[b(2)]
    pub body: Option<&'b ByteSlice>,
}

impl From<BorrowedChange<'_>> for RowChange {
    fn from(change: BorrowedChange<'_>) -> RowChange {
        RowChange {
            key: change.key.to_owned(),
            version: change.version,
            body: change.body.map(|body| body.to_vec().into()),
        }
    }
}

/// [`crate::rows::ProductRow`], borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Decode)]
#[cbor(map)]
pub struct BorrowedProduct<'b> {
    /// Stock keeping unit.
    #[b(0)]
    pub sku: &'b str,
    /// Name on screen and receipt.
    #[b(1)]
    pub name: &'b str,
    /// Category code; empty for none.
    #[b(2)]
    pub category: &'b str,
    /// Unit code: `ea`, `kg`, `l`, `m`.
    #[b(3)]
    pub unit: &'b str,
    /// Tax code.
    #[b(4)]
    pub tax_code: &'b str,
    /// Place among the best sellers, from 1; 0 for none.
    #[n(5)]
    pub rank: u32,
}

/// [`crate::rows::BarcodeRow`], borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Decode)]
#[cbor(map)]
pub struct BorrowedBarcode<'b> {
    /// GTIN, zero-padded to 14 digits.
    #[b(0)]
    pub gtin: &'b str,
    /// Product it stands for.
    #[b(1)]
    pub sku: &'b str,
}

/// [`crate::rows::PriceRow`], borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Decode)]
#[cbor(map)]
pub struct BorrowedPrice<'b> {
    /// Product.
    #[b(0)]
    pub sku: &'b str,
    /// Price of one unit, minor units.
    #[n(1)]
    pub price_minor: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{BarcodeRow, PriceRow, ProductRow};
    use crate::{decode, encode};

    #[test]
    fn a_borrowed_row_is_what_was_encoded() {
        let product = ProductRow {
            sku: "1".into(),
            name: "Käse".into(),
            category: "c".into(),
            unit: "kg".into(),
            tax_code: "t".into(),
            rank: 7,
        };
        let ProductRow { sku, name, category, unit, tax_code, rank } = &product;
        let borrowed = BorrowedProduct { sku, name, category, unit, tax_code, rank: *rank };
        assert_eq!(decode(&encode(&product)), Ok(borrowed));
        let barcode = BarcodeRow { gtin: "00000096385074".into(), sku: "1".into() };
        let borrowed = BorrowedBarcode { gtin: &barcode.gtin, sku: &barcode.sku };
        assert_eq!(decode(&encode(&barcode)), Ok(borrowed));
        let price = PriceRow { sku: "1".into(), price_minor: -5 };
        assert_eq!(decode(&encode(&price)), Ok(BorrowedPrice { sku: &price.sku, price_minor: -5 }));
    }

    #[test]
    fn a_borrowed_change_is_what_was_encoded() {
        for body in [None, Some(vec![1, 2, 3])] {
            let change = RowChange { key: "k".into(), version: 9, body: body.map(Into::into) };
            let borrowed = BorrowedChange {
                key: &change.key,
                version: 9,
                body: change.body.as_ref().map(|body| <&ByteSlice>::from(body.as_slice())),
            };
            assert_eq!(decode(&encode(&change)), Ok(borrowed));
            assert_eq!(RowChange::from(borrowed), change);
        }
    }
}
