//! The digest of a table from the pages that a register keeps of it.

use std::collections::BTreeMap;

use holdfast_protocol::TableDigest;
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::page::{self, PageError};

/// A page that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("page {page_no}: {error}")]
pub struct DamagedPage {
    /// Place among all pages of the generation, from 0.
    pub page_no: usize,
    /// What is wrong with it.
    pub error: PageError,
}

/// Sums up the live rows of a generation: of each key the change with the highest version. No key stands in two
/// pages of a snapshot, so that one page of it at a time is unpacked, beside all deltas.
///
/// # Errors
/// [`DamagedPage`] names the first that can't be read.
pub fn digest_of_pages(
    snapshot: &[impl AsRef<[u8]>],
    deltas: &[impl AsRef<[u8]>],
) -> Result<TableDigest, DamagedPage> {
    let unpack =
        |page_no: usize, bytes: &[u8]| page::unpack(bytes).map_err(|error| DamagedPage { page_no, error });
    let mut changes: BTreeMap<String, RowChange> = BTreeMap::new();
    for (page_no, bytes) in (snapshot.len()..).zip(deltas) {
        for change in unpack(page_no, bytes.as_ref())? {
            if changes.get(&change.key).is_none_or(|before| before.version <= change.version) {
                changes.insert(change.key.clone(), change);
            }
        }
    }
    let mut digest = TableDigest::EMPTY;
    for (page_no, bytes) in snapshot.iter().enumerate() {
        for row in unpack(page_no, bytes.as_ref())? {
            match changes.get(&row.key) {
                Some(change) if change.version >= row.version => {}
                Some(_) | None => {
                    changes.remove(&row.key);
                    add(&mut digest, &row);
                }
            }
        }
    }
    changes.values().for_each(|change| add(&mut digest, change));
    Ok(digest)
}

fn add(digest: &mut TableDigest, row: &RowChange) {
    if let Some(body) = &row.body {
        digest.add(&row.key, row.version, body);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: &str, version: u64) -> RowChange {
        RowChange { key: key.into(), version, body: Some(version.to_be_bytes().to_vec().into()) }
    }

    fn deleted(key: &str, version: u64) -> RowChange {
        RowChange { key: key.into(), version, body: None }
    }

    #[test]
    fn of_each_key_the_highest_version_counts() {
        let snapshot = [page::pack(&[row("a", 1), row("b", 2)]), page::pack(&[row("c", 3), row("d", 9)])];
        let deltas = [
            page::pack(&[row("a", 5), deleted("c", 6), row("e", 7), row("f", 8)]),
            page::pack(&[row("a", 4), row("d", 4), deleted("f", 10)]),
        ];
        let expected = TableDigest::of(&[row("a", 5), row("b", 2), row("d", 9), row("e", 7)]);
        assert_eq!(digest_of_pages(&snapshot, &deltas), Ok(expected));
    }

    #[test]
    fn pages_cut_elsewhere_are_the_same_rows() {
        let rows = [row("a", 1), row("b", 2), row("c", 3)];
        let none: [Vec<u8>; 0] = [];
        let cut = [page::pack(&rows[..1]), page::pack(&rows[1..])];
        assert_eq!(digest_of_pages(&cut, &none), digest_of_pages(&[page::pack(&rows)], &none));
        assert_eq!(digest_of_pages(&none, &none), Ok(TableDigest::EMPTY));
    }

    #[test]
    fn a_damaged_page_is_named() {
        let mut damaged = page::pack(&[row("b", 2)]);
        damaged[9] ^= 1;
        let snapshot = [page::pack(&[row("a", 1)])];
        let found = digest_of_pages(&snapshot, std::slice::from_ref(&damaged)).unwrap_err();
        assert_eq!(found.page_no, 1);
        let found = digest_of_pages(&[damaged], &snapshot).unwrap_err();
        assert_eq!(found.page_no, 0);
    }
}
