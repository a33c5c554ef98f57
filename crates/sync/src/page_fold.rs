//! The rows of a table from the pages that a register keeps of it: its snapshot's, with the deltas folded in.
//!
//! Of each key the change with the highest version counts. No key stands in two pages of a snapshot, so that one page
//! of it at a time is open, beside all deltas. Rows are borrowed from their pages.

use std::collections::BTreeMap;

use holdfast_protocol::TableDigest;
use holdfast_protocol::borrowed_rows::BorrowedChange;
use holdfast_protocol::page::{self, OpenPage, PageError};

/// A page that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("page {page_no}: {error}")]
pub struct DamagedPage {
    /// Place among all pages of the generation, from 0.
    pub page_no: u32,
    /// What is wrong with it.
    pub error: PageError,
}

/// What is to be folded into the pages of a snapshot: of each key the newest change of all deltas.
#[derive(Debug, Default)]
pub struct Deltas<'d> {
    newest: BTreeMap<&'d str, BorrowedChange<'d>>,
}

impl<'d> Deltas<'d> {
    /// Adds those of a page, which comes after those that were added before it.
    pub fn add(&mut self, page: &'d OpenPage<'_>) {
        for change in page.rows() {
            let before = self.newest.entry(change.key).or_insert(change);
            if before.version <= change.version {
                *before = change;
            }
        }
    }

    /// The live rows of a page of the snapshot as they are now. What was folded in is not in the rest any more.
    pub fn fold_into<'p>(&mut self, page: &'p OpenPage<'_>) -> Vec<BorrowedChange<'p>>
    where
        'd: 'p,
    {
        let mut rows = page.rows();
        if !self.newest.is_empty() {
            for row in &mut rows {
                if let Some(change) = self.newest.remove(row.key)
                    && change.version >= row.version
                {
                    *row = change;
                }
            }
        }
        rows.retain(|row| row.body.is_some());
        rows
    }

    /// The live rows of keys that stand in no page of the snapshot, by key.
    pub fn rest(self) -> Vec<BorrowedChange<'d>> {
        self.newest.into_values().filter(|row| row.body.is_some()).collect()
    }
}

/// Adds live rows to a table's digest.
pub fn add_to_digest(digest: &mut TableDigest, rows: &[BorrowedChange<'_>]) {
    for row in rows {
        if let Some(body) = row.body {
            digest.add(row.key, row.version, body);
        }
    }
}

/// Opens a page of a generation.
///
/// # Errors
/// [`DamagedPage`] when it can't be read.
pub fn open_page(page_no: u32, bytes: &[u8]) -> Result<OpenPage<'_>, DamagedPage> {
    page::open(bytes).map_err(|error| DamagedPage { page_no, error })
}

#[cfg(test)]
mod tests {
    use holdfast_protocol::messages::RowChange;

    use super::*;

    fn row(key: &str, version: u64) -> RowChange {
        RowChange { key: key.into(), version, body: Some(version.to_be_bytes().to_vec().into()) }
    }

    fn deleted(key: &str, version: u64) -> RowChange {
        RowChange { key: key.into(), version, body: None }
    }

    /// Page by page, and the rest.
    fn folded(snapshot: &[Vec<u8>], deltas: &[Vec<u8>]) -> Result<Vec<Vec<RowChange>>, DamagedPage> {
        let owned = |rows: Vec<BorrowedChange<'_>>| rows.into_iter().map(RowChange::from).collect();
        let numbered = (0..).zip(snapshot.iter().chain(deltas));
        let pages: Result<Vec<_>, _> = numbered.map(|(page_no, bytes)| open_page(page_no, bytes)).collect();
        let pages = pages?;
        let (snapshot, later) = pages.split_at(snapshot.len());
        let mut deltas = Deltas::default();
        later.iter().for_each(|page| deltas.add(page));
        let mut parts: Vec<_> = snapshot.iter().map(|page| owned(deltas.fold_into(page))).collect();
        parts.push(owned(deltas.rest()));
        Ok(parts)
    }

    #[test]
    fn of_each_key_the_highest_version_counts() {
        let snapshot = [page::pack(&[row("a", 1), row("b", 2)]), page::pack(&[row("c", 3), row("d", 9)])];
        let deltas = [
            page::pack(&[row("g", 11), row("a", 5), deleted("c", 6), row("e", 7), row("f", 8)]),
            page::pack(&[row("a", 4), row("d", 4), deleted("f", 10)]),
        ];
        let expected =
            vec![vec![row("a", 5), row("b", 2)], vec![row("d", 9)], vec![row("e", 7), row("g", 11)]];
        assert_eq!(folded(&snapshot, &deltas), Ok(expected));
        assert_eq!(folded(&[], &[]), Ok(vec![Vec::new()]));
    }

    #[test]
    fn a_digest_is_that_of_the_rows_however_they_lie_in_pages() {
        let rows = [row("a", 1), row("b", 2), row("c", 3)];
        let bytes = page::pack(&rows);
        let mut digest = TableDigest::EMPTY;
        add_to_digest(&mut digest, &Deltas::default().fold_into(&page::open(&bytes).unwrap()));
        assert_eq!(digest, TableDigest::of(&rows));
        let delta = page::pack(&[deleted("z", 9), rows[2].clone()]);
        let cut = page::pack_columns(&rows[..2]);
        let mut digest = TableDigest::EMPTY;
        let (delta, cut) = (page::open(&delta).unwrap(), page::open(&cut).unwrap());
        let mut deltas = Deltas::default();
        deltas.add(&delta);
        add_to_digest(&mut digest, &deltas.fold_into(&cut));
        add_to_digest(&mut digest, &deltas.rest());
        assert_eq!(digest, TableDigest::of(&rows));
    }

    #[test]
    fn a_damaged_page_is_named() {
        let mut damaged = page::pack(&[row("b", 2)]);
        damaged[9] ^= 1;
        let whole = [page::pack(&[row("a", 1)])];
        let damaged = [damaged];
        assert_eq!(folded(&whole, &damaged).unwrap_err().page_no, 1);
        assert_eq!(folded(&damaged, &whole).unwrap_err().page_no, 0);
    }
}
