//! Reading a table: its pages checked, its deltas folded in.

use std::collections::HashMap;

use holdfast_profile::TableId;
use holdfast_protocol::TableDigest;
use holdfast_protocol::borrowed_rows::BorrowedChange;
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::page::{self, PageError};
use holdfast_sync::page_digest::digest_of_pages;

use crate::error::{BrowserStoreError, Outcome};
use crate::schema::{PAGES, TABLES};
use crate::transaction::Writes;
use crate::values::{from_record, to_bytes};

use super::ScopeDatabase;
use super::generations::kept;
use super::records::{KeptTable, slot_range, table_key};

/// The pages of a table's visible generation, in order, as they are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TablePages {
    /// Those of the snapshot: each key stands once in all of them.
    pub snapshot: Vec<Vec<u8>>,
    /// Those that came after it, oldest first.
    pub deltas: Vec<Vec<u8>>,
}

impl ScopeDatabase {
    /// The live rows of a table: of each key the change with the highest version, without the deleted ones. None
    /// where the table is not here.
    ///
    /// # Errors
    /// As [`Self::read_rows`].
    pub async fn rows(&self, table: TableId) -> Outcome<Vec<RowChange>> {
        let mut rows = Vec::new();
        let owned = |row: &BorrowedChange<'_>| RowChange {
            key: row.key.to_owned(),
            version: row.version,
            body: row.body.map(|body| body.to_vec().into()),
        };
        self.read_rows(table, async |part| rows.extend(part.iter().map(owned))).await?;
        Ok(rows)
    }

    /// Gives the live rows of a table part by part, a page's worth each, so that whoever takes them can let others
    /// have a turn between two parts.
    ///
    /// # Errors
    /// [`BrowserStoreError::DamagedPage`] names a page that is not what was written; the whole table is then
    /// marked to be fetched again, and the parts that were given are of no use.
    pub async fn read_rows(&self, table: TableId, take: impl AsyncFnMut(&[BorrowedChange<'_>])) -> Outcome {
        let pages = self.pages(table).await?;
        match give_live_rows(&pages, take).await {
            Ok(()) => Ok(()),
            Err((page_no, error)) => {
                self.forget(table).await?;
                Err(BrowserStoreError::DamagedPage { table, page_no, reason: error.to_string() })
            }
        }
    }

    /// The pages of a table, unchecked. None where the table is not here.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when they can't be read.
    pub async fn pages(&self, table: TableId) -> Outcome<TablePages> {
        Ok(self.visible_pages(table).await?.unwrap_or_default())
    }

    /// The digest of a table's live rows, or why they can't be read.
    pub(crate) async fn digest(&self, table: TableId) -> Outcome<Result<TableDigest, String>> {
        let pages = match self.visible_pages(table).await {
            Ok(pages) => pages,
            Err(error @ BrowserStoreError::Damaged { .. }) => return Ok(Err(error.to_string())),
            Err(error) => return Err(error),
        };
        let Some(pages) = pages else { return Ok(Err("the table is not here".to_owned())) };
        Ok(digest_of_pages(&pages.snapshot, &pages.deltas).map_err(|error| error.to_string()))
    }

    async fn visible_pages(&self, table: TableId) -> Outcome<Option<TablePages>> {
        self.database
            .read(&[TABLES, PAGES], async |reads| {
                let Some(kept) = kept(reads, table).await? else { return Ok(None) };
                let mut snapshot = Vec::with_capacity(kept.pages as usize);
                for value in reads.get_all(PAGES, Some(slot_range(table, kept.slot)?), None).await? {
                    snapshot.push(to_bytes("a page", &value)?);
                }
                let deltas = snapshot.split_off(snapshot.len().min(kept.snapshot_pages as usize));
                Ok(Some(TablePages { snapshot, deltas }))
            })
            .await
    }

    /// Forgets that a table is here, so that the next synchronisation builds it anew. Its pages stay until then:
    /// those that are whole need not be fetched.
    pub async fn forget(&self, table: TableId) -> Outcome {
        self.database
            .write(&[TABLES], async |reads| {
                let mut writes = Writes::default();
                if let Some(kept) = kept(reads, table).await? {
                    let damaged = KeptTable { damaged: true, ..kept };
                    writes.put(TABLES, table_key(table), from_record(&damaged)?);
                }
                Ok(((), writes))
            })
            .await
    }
}

/// Folds deltas into the snapshot; an error names the page.
async fn give_live_rows(
    pages: &TablePages,
    mut take: impl AsyncFnMut(&[BorrowedChange<'_>]),
) -> Result<(), (u32, PageError)> {
    let mut changes: HashMap<&str, BorrowedChange<'_>> = HashMap::new();
    let deltas_from = u32::try_from(pages.snapshot.len()).unwrap_or(u32::MAX);
    for (page_no, bytes) in (deltas_from..).zip(&pages.deltas) {
        for change in page::unpack_borrowed(bytes).map_err(|error| (page_no, error))? {
            let newest = changes.entry(change.key).or_insert(change);
            if newest.version <= change.version {
                *newest = change;
            }
        }
    }
    for (page_no, bytes) in (0..).zip(&pages.snapshot) {
        let mut rows = page::unpack_borrowed(bytes).map_err(|error| (page_no, error))?;
        if !changes.is_empty() {
            for row in &mut rows {
                if let Some(change) = changes.remove(row.key)
                    && change.version >= row.version
                {
                    *row = change;
                }
            }
        }
        rows.retain(|row| row.body.is_some());
        take(&rows).await;
    }
    let mut rows: Vec<_> = changes.into_values().filter(|row| row.body.is_some()).collect();
    // A hash map's order is none.
    rows.sort_unstable_by_key(|row| row.key);
    take(&rows).await;
    Ok(())
}
