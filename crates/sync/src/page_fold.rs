//! The rows of a table from the pages that a register keeps of it: its snapshot's, with the deltas folded in.
//!
//! Of each key the change with the highest version counts. No key stands in two pages of a snapshot, so that one page
//! of it at a time is unpacked, beside all deltas. Rows are borrowed from the bytes of their pages.

use std::collections::BTreeMap;

use holdfast_protocol::TableDigest;
use holdfast_protocol::borrowed_rows::BorrowedChange;
use holdfast_protocol::page::{self, PageError};

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
#[derive(Debug)]
pub struct Deltas<'d> {
    newest: BTreeMap<&'d str, BorrowedChange<'d>>,
}

impl<'d> Deltas<'d> {
    /// Unpacks all deltas of a generation; `first_page_no` is the place of the first among all its pages.
    ///
    /// # Errors
    /// [`DamagedPage`] names the first that can't be read.
    pub fn unpack(
        pages: impl IntoIterator<Item = &'d (impl AsRef<[u8]> + ?Sized + 'd)>,
        first_page_no: u32,
    ) -> Result<Deltas<'d>, DamagedPage> {
        let mut newest: BTreeMap<&str, BorrowedChange<'_>> = BTreeMap::new();
        for (page_no, bytes) in (first_page_no..).zip(pages) {
            for change in unpack(page_no, bytes.as_ref())? {
                let before = newest.entry(change.key).or_insert(change);
                if before.version <= change.version {
                    *before = change;
                }
            }
        }
        Ok(Deltas { newest })
    }

    /// The live rows of a page of the snapshot as they are now. What was folded in is not in the rest any more.
    ///
    /// # Errors
    /// [`DamagedPage`] when it can't be read.
    pub fn fold_into<'p>(
        &mut self,
        page_no: u32,
        bytes: &'p [u8],
    ) -> Result<Vec<BorrowedChange<'p>>, DamagedPage>
    where
        'd: 'p,
    {
        let mut rows = unpack(page_no, bytes)?;
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
        Ok(rows)
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

fn unpack(page_no: u32, bytes: &[u8]) -> Result<Vec<BorrowedChange<'_>>, DamagedPage> {
    page::unpack_borrowed(bytes).map_err(|error| DamagedPage { page_no, error })
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
        let mut deltas = Deltas::unpack(deltas, u32::try_from(snapshot.len()).unwrap())?;
        let mut parts = Vec::new();
        for (page_no, bytes) in (0..).zip(snapshot) {
            parts.push(owned(deltas.fold_into(page_no, bytes)?));
        }
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
        let mut no_deltas = Deltas::unpack(&[] as &[Vec<u8>], 1).unwrap();
        add_to_digest(&mut digest, &no_deltas.fold_into(0, &bytes).unwrap());
        assert_eq!(digest, TableDigest::of(&rows));
        let delta = page::pack(&[deleted("z", 9), rows[2].clone()]);
        let cut = page::pack(&rows[..2]);
        let mut digest = TableDigest::EMPTY;
        let mut deltas = Deltas::unpack([&delta], 1).unwrap();
        add_to_digest(&mut digest, &deltas.fold_into(0, &cut).unwrap());
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
