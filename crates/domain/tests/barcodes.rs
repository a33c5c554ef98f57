//! Check digits on GS1's own examples and on real barcodes.

use std::path::PathBuf;

use holdfast_domain::Gtin;
use holdfast_domain::barcode::{GtinError, check_digit};
use proptest::prelude::*;

#[test]
fn numbers_of_gs1_s_manual_are_read() {
    for (text, canonical) in [
        ("6291041500213", "06291041500213"),
        ("96385074", "00000096385074"),
        ("73513537", "00000073513537"),
        ("614141000036", "00614141000036"),
        ("036000291452", "00036000291452"),
        ("4006381333931", "04006381333931"),
        ("10614141000415", "10614141000415"),
    ] {
        assert_eq!(Gtin::parse(text).expect(text).to_string(), canonical);
    }
}

#[test]
fn the_same_item_is_equal_in_all_its_lengths() {
    let upc = Gtin::parse("036000291452");
    assert!(upc.is_ok());
    assert_eq!(upc, Gtin::parse("0036000291452"));
    assert_eq!(upc, Gtin::parse("00036000291452"));
}

#[test]
fn what_is_not_a_barcode_is_refused_by_name() {
    assert_eq!(Gtin::parse(""), Err(GtinError::Length { digits: 0 }));
    assert_eq!(Gtin::parse("1234567"), Err(GtinError::Length { digits: 7 }));
    assert_eq!(Gtin::parse("123456789012345"), Err(GtinError::Length { digits: 15 }));
    assert_eq!(Gtin::parse("00o27000382493"), Err(GtinError::NotDigits("00o27000382493".into())));
    assert_eq!(Gtin::parse("٩٦٣٨٥٠٧٤"), Err(GtinError::NotDigits("٩٦٣٨٥٠٧٤".into())));
    assert_eq!(Gtin::parse("96385075"), Err(GtinError::CheckDigit { stated: 5, computed: 4 }));
}

#[test]
fn real_barcodes_are_right_as_often_as_their_readme_counts() {
    let Some(folder) = real_data("gtin") else { return };
    assert_eq!(count_right(&folder.join("openfoodfacts.csv"), "barcode"), (29_402, 405));
    assert_eq!(count_right(&folder.join("datakick.csv"), "GTIN-14"), (6_560, 1));
}

fn count_right(file: &std::path::Path, column: &str) -> (usize, usize) {
    let mut reader = csv::Reader::from_path(file).expect("the file opens");
    let place =
        reader.headers().expect("a header").iter().position(|name| name == column).expect("the column");
    let (right, wrong): (Vec<bool>, Vec<bool>) = reader
        .records()
        .map(|record| Gtin::parse(&record.expect("a record")[place]).is_ok())
        .partition(|is_right| *is_right);
    (right.len(), wrong.len())
}

/// Real data lies outside the project; only under CI is its absence a failure.
fn real_data(name: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("HOLDFAST_DATA").map_or_else(beside, PathBuf::from).join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", folder.display());
    println!("skipped, no real data");
    None
}

proptest! {
    #[test]
    fn a_computed_check_digit_is_accepted_and_no_other(body in 0u64..10_000_000_000_000, digit in 0u8..10) {
        let right = check_digit(body);
        let read = Gtin::parse(&format!("{body:013}{digit}"));
        prop_assert_eq!(read.is_ok(), digit == right);
    }

    #[test]
    fn one_wrong_digit_is_always_noticed(body in 0u64..10_000_000_000_000, place in 0usize..14, step in 1u8..10) {
        let right = format!("{body:013}{}", check_digit(body));
        let mut wrong: Vec<u8> = right.into_bytes();
        wrong[place] = b'0' + (wrong[place] - b'0' + step) % 10;
        let wrong = String::from_utf8(wrong).expect("digits");
        prop_assert!(Gtin::parse(&wrong).is_err());
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,20}") {
        if let Ok(gtin) = Gtin::parse(&text) {
            prop_assert_eq!(Gtin::parse(&gtin.to_string()), Ok(gtin));
        }
    }
}
