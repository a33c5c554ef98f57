//! A page by columns: what the rows of a table have at one place stands together, so that it packs to half.
//!
//! A row's body stays what it is, a CBOR map of numbered fields: it is taken apart here and put together again to
//! the same bytes. A body that is no such map, or has other fields than the page's first, stands whole.
//!
//! Layout, all numbers as [`varint`]:
//!
//! | what | how |
//! | --- | --- |
//! | rows | number |
//! | keys | [`texts`] |
//! | versions | differences, zigzag |
//! | what each row is | a byte each: 0 deleted, 1 of fields, 2 whole |
//! | fields | number of them, then for each: its number, its [`Kind`], its values |
//! | whole bodies | for each of them: length, bytes |
//!
//! Only rows of fields have values in the fields' columns.

mod body;
mod read;
mod texts;
mod varint;
mod write;

pub use read::Columns;
pub use write::write;

/// Bytes that a page may be once it is put together: far more than a snapshot's pages have, and little enough
/// that a page which claims more is no danger.
pub const UNPACKED_BYTES_MAX: usize = 32 * 1024 * 1024;

/// What a row of the page is.
const DELETED: u8 = 0;
const OF_FIELDS: u8 = 1;
const WHOLE: u8 = 2;

/// How a field's values stand in their column. The numbers are of the format and never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing: each is the row's key, as text.
    Key = 0,
    /// One CBOR item that all have: length, bytes.
    Constant = 1,
    /// Texts.
    Texts = 2,
    /// Number of different texts, these as texts, then for each row a byte: its place among them.
    Dictionary = 3,
    /// Integers, zigzag.
    Integers = 4,
    /// CBOR items: for each its length, then the bytes of all.
    Items = 5,
}

impl Kind {
    const ALL: [Kind; 6] =
        [Kind::Key, Kind::Constant, Kind::Texts, Kind::Dictionary, Kind::Integers, Kind::Items];

    fn of_number(number: u8) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| *kind as u8 == number)
    }
}

/// Columns that can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsError {
    /// They end in the middle.
    #[error("they end too early")]
    TooShort,
    /// They go on.
    #[error("something follows them")]
    TrailingBytes,
    /// A number is longer than any can be, or too large for what it counts.
    #[error("a number in them is out of range")]
    Number,
    /// A text is not UTF-8.
    #[error("a text in them is not UTF-8")]
    Text,
    /// A row or a column is of no known kind.
    #[error("they hold a kind that is not known")]
    Kind,
    /// They unpack to more than any page has.
    #[error("they unpack to more than {UNPACKED_BYTES_MAX} bytes")]
    TooLarge,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode;
    use crate::messages::RowChange;
    use crate::rows::{BarcodeRow, CategoryRow, PriceRow, ProductRow, TenderTypeRow};
    use proptest::prelude::*;

    fn whole(rows: &[RowChange]) -> Vec<RowChange> {
        let bytes = write(rows).expect("small enough");
        let columns = Columns::read(&bytes).expect("readable");
        let owned = columns.rows().into_iter().map(|row| RowChange {
            key: row.key.to_owned(),
            version: row.version,
            body: row.body.map(|body| body.to_vec().into()),
        });
        owned.collect()
    }

    fn text() -> impl Strategy<Value = String> {
        prop_oneof!["[a-c]{0,3}", ".{0,8}", Just("a\0b".to_owned()), Just("ä".repeat(300))]
    }

    /// Bodies as tables have them, bodies that only look so, and bytes that are none.
    fn body() -> impl Strategy<Value = Vec<u8>> {
        let product = (text(), text(), "[ab]", any::<u32>()).prop_map(|(sku, name, category, rank)| {
            let (unit, tax_code) = ("ea".to_owned(), "t".to_owned());
            encode(&ProductRow { sku, name, category, unit, tax_code, rank })
        });
        let price =
            (text(), any::<i64>()).prop_map(|(sku, price_minor)| encode(&PriceRow { sku, price_minor }));
        let barcode = (text(), text()).prop_map(|(gtin, sku)| encode(&BarcodeRow { gtin, sku }));
        let category = (text(), any::<u8>()).prop_map(|(code, hue)| {
            encode(&CategoryRow { name: code.clone(), code, position: u32::from(hue) << 20, hue })
        });
        let tender = (text(), any::<Option<i64>>()).prop_map(|(code, offline_limit_minor)| {
            encode(&TenderTypeRow { name: code.clone(), code, offline_limit_minor })
        });
        // A text of length 1 with its length in a byte of its own; the same in 64 bits; a map without an end.
        let odd = prop_oneof![
            Just(vec![0xa1, 0x00, 0x78, 0x01, b'x']),
            Just(vec![0xa1, 0x00, 0x1b, 0, 0, 0, 0, 0, 0, 0, 1]),
            Just(vec![0xa1, 0x00, 0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            Just(vec![0xbf, 0x00, 0x01, 0xff]),
            Just(vec![0xa1, 0x18, 0x00, 0x01]),
            Just(vec![0xa1, 0x00, 0x01, 0x00]),
            Just(Vec::new()),
        ];
        prop_oneof![
            4 => product, 2 => price, 2 => barcode, 2 => category, 2 => tender, 1 => odd,
            1 => proptest::collection::vec(any::<u8>(), 0..40)
        ]
    }

    fn row() -> impl Strategy<Value = RowChange> {
        let body = proptest::option::weighted(0.9, body());
        (text(), any::<u64>(), body).prop_map(|(key, version, body)| RowChange {
            key,
            version,
            body: body.map(Into::into),
        })
    }

    proptest! {
        #[test]
        fn rows_of_any_kind_come_back_to_the_byte(rows in proptest::collection::vec(row(), 0..30)) {
            prop_assert_eq!(whole(&rows), rows);
        }

        #[test]
        fn rows_of_one_table_come_back_to_the_byte(
            rows in proptest::collection::vec(("[a-c]{1,3}", any::<u64>(), ".{0,9}", any::<i64>()), 0..30)
        ) {
            let product = rows.iter().map(|(sku, version, name, _)| {
                let (unit, tax_code) = ("ea".into(), "standard".into());
                let product = ProductRow {
                    sku: sku.clone(), name: name.clone(), category: sku.clone(), unit, tax_code, rank: 0
                };
                RowChange { key: sku.clone(), version: *version, body: Some(encode(&product).into()) }
            });
            let product: Vec<_> = product.collect();
            prop_assert_eq!(whole(&product), product);
            let price = rows.iter().map(|(sku, version, _, price_minor)| {
                let price = PriceRow { sku: sku.clone(), price_minor: *price_minor };
                RowChange { key: sku.clone(), version: *version, body: Some(encode(&price).into()) }
            });
            let price: Vec<_> = price.collect();
            prop_assert_eq!(whole(&price), price);
        }

        #[test]
        fn arbitrary_columns_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(columns) = Columns::read(&bytes) {
                columns.rows();
            }
        }

        #[test]
        fn columns_with_a_wrong_byte_never_panic(
            rows in proptest::collection::vec(row(), 0..12), at in any::<prop::sample::Index>(), byte in any::<u8>()
        ) {
            let mut bytes = write(&rows).expect("small enough");
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if let Ok(columns) = Columns::read(&bytes) {
                columns.rows();
            }
        }
    }

    #[test]
    fn columns_that_end_early_or_go_on_are_refused() {
        let body = encode(&PriceRow { sku: "1".into(), price_minor: 5 });
        let rows = vec![RowChange { key: "1".into(), version: 7, body: Some(body.into()) }];
        let bytes = write(&rows).expect("small enough");
        for length in 0..bytes.len() {
            assert!(Columns::read(&bytes[..length]).is_err(), "{length}");
        }
        let more = [bytes.as_slice(), &[0]].concat();
        assert_eq!(Columns::read(&more).err(), Some(ColumnsError::TrailingBytes));
    }

    #[test]
    fn a_small_page_does_not_become_a_huge_one() {
        // Each key is the one before it and one letter more.
        let long = "k".repeat(20_000);
        let row = |length| RowChange { key: long[..length].to_owned(), version: 1, body: None };
        let rows: Vec<RowChange> = (12_000..20_000).map(row).collect();
        assert_eq!(write(&rows), None, "128 million bytes");
        let mut content = Vec::new();
        varint::put(&mut content, rows.len() as u64);
        texts::write(&mut content, rows.iter().map(|row| row.key.as_str()));
        assert!(content.len() < 100_000);
        assert_eq!(Columns::read(&content).err(), Some(ColumnsError::TooLarge));
        // Nor where each column alone would be small enough.
        let mut columns = Vec::new();
        texts::write(&mut columns, rows[..1_500].iter().map(|row| row.key.as_str()));
        let columns = [columns.as_slice(), &columns].concat();
        let mut reading = varint::Reading::new(&columns);
        assert!(texts::read(&mut reading, 1_500).is_ok());
        assert_eq!(texts::read(&mut reading, 1_500).err(), Some(ColumnsError::TooLarge));
    }

    #[test]
    fn what_repeats_takes_little() {
        let rows: Vec<RowChange> = (0..1_000)
            .map(|number| {
                let sku = format!("P{number:06}");
                let product = ProductRow {
                    name: format!("Product {}", number * 37 % 1_000),
                    category: format!("C{}", number % 7),
                    unit: "ea".into(),
                    tax_code: "standard".into(),
                    rank: 0,
                    sku: sku.clone(),
                };
                RowChange { key: sku, version: 40_000 + number, body: Some(encode(&product).into()) }
            })
            .collect();
        assert!(write(&rows).expect("small enough").len() < 1_000 * 20);
    }
}
