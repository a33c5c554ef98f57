//! Where the pages of a snapshot end: after keys that are marked by their hash.
//!
//! So a page's end depends on the keys near it and not on how many rows come before: a row more or less changes the
//! page that it is in, at times the one behind it, and all others keep their bytes and so their addresses.

use holdfast_protocol::messages::RowChange;
use holdfast_protocol::page::PAGE_ROWS_MAX;
use sha2::{Digest, Sha256};

use crate::database::row_bytes;

/// Bytes of rows after which a page takes no further one.
pub const PAGE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// A page has so many rows, unless they are large or the last.
const PAGE_ROWS_MIN: usize = 5_000;
/// Bytes of rows after which a page may end with fewer.
const PAGE_BYTES_MIN: usize = PAGE_BYTES_MAX / 4;
/// One key in so many is marked. With the bounds above that makes pages of some 9,000 rows.
const MARKED_ONE_IN: u64 = 5_000;

/// How many of these rows, which begin a page, are the page; none where more rows are needed to tell. `is_all` says
/// that there are no more.
pub fn rows_of_page(rows: &[RowChange], is_all: bool) -> Option<usize> {
    let mut bytes = 0;
    // Where no key is marked, the one with the smallest hash ends the page: most often the same one after a change.
    let mut smallest: Option<(u64, usize)> = None;
    for (before, row) in rows.iter().enumerate() {
        bytes += row_bytes(row);
        let is_full = before >= PAGE_ROWS_MAX || (bytes > PAGE_BYTES_MAX && before > 0);
        if is_full {
            return Some(smallest.map_or(before, |(_, count)| count));
        }
        let count = before + 1;
        if count >= PAGE_ROWS_MIN || bytes >= PAGE_BYTES_MIN {
            let hash = hash_of(&row.key);
            if hash < u64::MAX / MARKED_ONE_IN {
                return Some(count);
            }
            if smallest.is_none_or(|(least, _)| hash < least) {
                smallest = Some((hash, count));
            }
        }
    }
    is_all.then_some(rows.len())
}

/// Keys that somebody chose by their hash, such as a sample of barcodes, are not marked more often than others: the
/// hash is one of ours alone.
fn hash_of(key: &str) -> u64 {
    let hash: [u8; 32] = Sha256::new().chain_update(b"page end ").chain_update(key).finalize().into();
    let [a, b, c, d, e, f, g, h, ..] = hash;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn row(key: u64, body_bytes: usize) -> RowChange {
        RowChange { key: format!("{key:09}"), version: 1, body: Some(vec![0; body_bytes].into()) }
    }

    /// First and last key of each page, and its rows.
    fn pages(rows: &[RowChange]) -> Vec<(String, String, usize)> {
        let mut pages = Vec::new();
        let mut rest = rows;
        while !rest.is_empty() {
            let (page, behind) = rest.split_at(rows_of_page(rest, true).unwrap());
            pages.push((page[0].key.clone(), page[page.len() - 1].key.clone(), page.len()));
            rest = behind;
        }
        pages
    }

    fn hundred_thousand() -> Vec<RowChange> {
        (0..100_000).map(|number| row(number * 10, 60)).collect()
    }

    #[test]
    fn pages_are_large_and_within_their_bounds() {
        let pages = pages(&hundred_thousand());
        let mean = 100_000 / pages.len();
        assert!((7_500..=11_000).contains(&mean), "{mean} rows a page");
        let whole = &pages[..pages.len() - 1];
        assert!(whole.iter().all(|(_, _, rows)| (PAGE_ROWS_MIN..=PAGE_ROWS_MAX).contains(rows)), "{pages:?}");
    }

    #[test]
    fn a_new_row_changes_its_page_and_seldom_another() {
        let rows = hundred_thousand();
        let before: BTreeSet<_> = pages(&rows).into_iter().collect();
        let (mut changed_count, mut most) = (0, 0);
        let tries = 40;
        for number in 0..tries {
            let mut rows = rows.clone();
            let at = number * 2_477;
            rows.insert(at + 1, row(at as u64 * 10 + 1, 60));
            let changed = pages(&rows).iter().filter(|page| !before.contains(*page)).count();
            changed_count += changed;
            most = most.max(changed);
        }
        assert!(changed_count <= tries * 3 / 2, "{changed_count} pages changed by {tries} rows");
        assert!(most <= 4, "{most} pages changed by one row");
    }

    #[test]
    fn large_rows_make_pages_of_few() {
        let rows: Vec<RowChange> = (0..500).map(|number| row(number, 10_000)).collect();
        let pages = pages(&rows);
        let whole = &pages[..pages.len() - 1];
        assert!(whole.iter().all(|(_, _, rows)| (52..=208).contains(rows)), "{pages:?}");
        // Larger than a page: alone in one.
        let huge: Vec<RowChange> = (0..3).map(|number| row(number, PAGE_BYTES_MAX + 1)).collect();
        assert_eq!(rows_of_page(&huge, true), Some(1));
    }

    #[test]
    fn what_can_not_be_told_yet_is_not_guessed() {
        let rows = hundred_thousand();
        let first = rows_of_page(&rows, false).unwrap();
        assert_eq!(rows_of_page(&rows[..first], false), Some(first));
        assert_eq!(rows_of_page(&rows[..first - 1], false), None);
        assert_eq!(rows_of_page(&[], false), None);
        assert_eq!(rows_of_page(&[], true), Some(0));
        assert!(
            rows_of_page(&rows[..=PAGE_ROWS_MAX], false).is_some(),
            "more rows than a page holds are enough"
        );
    }
}
