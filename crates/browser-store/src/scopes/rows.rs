//! Reading a table: its pages checked, its deltas folded in.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use holdfast_profile::TableId;
use holdfast_protocol::TableDigest;
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
    /// [`BrowserStoreError::DamagedPage`] names a page that is not what was written; the whole table is then
    /// marked to be fetched again.
    pub async fn rows(&self, table: TableId) -> Outcome<Vec<RowChange>> {
        let pages = self.pages(table).await?;
        match live_rows(&pages) {
            Ok(rows) => Ok(rows),
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
fn live_rows(pages: &TablePages) -> Result<Vec<RowChange>, (u32, PageError)> {
    let mut page_no = 0;
    let mut unpack = |bytes: &Vec<u8>| {
        let unpacked = page::unpack(bytes).map_err(|error| (page_no, error));
        page_no += 1;
        unpacked
    };
    let mut rows = Vec::new();
    for bytes in &pages.snapshot {
        rows.append(&mut unpack(bytes)?);
    }
    let mut changed: HashMap<String, usize> = HashMap::new();
    let mut changes: Vec<Option<RowChange>> = Vec::new();
    for bytes in &pages.deltas {
        for change in unpack(bytes)? {
            match changed.entry(change.key.clone()) {
                Entry::Vacant(entry) => {
                    entry.insert(changes.len());
                    changes.push(Some(change));
                }
                Entry::Occupied(entry) => {
                    let before = &mut changes[*entry.get()];
                    if before.as_ref().is_none_or(|before| before.version <= change.version) {
                        *before = Some(change);
                    }
                }
            }
        }
    }
    if !changed.is_empty() {
        for row in &mut rows {
            if let Some(change) =
                changed.get(&row.key).and_then(|at| changes[*at].take_if(|c| c.version >= row.version))
            {
                *row = change;
            }
        }
    }
    rows.extend(changes.into_iter().flatten());
    rows.retain(|row| row.body.is_some());
    Ok(rows)
}
