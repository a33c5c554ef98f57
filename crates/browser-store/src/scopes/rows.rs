//! Reading a table: its pages checked, its deltas folded in.

use holdfast_profile::TableId;
use holdfast_protocol::TableDigest;
use holdfast_protocol::borrowed_rows::BorrowedChange;
use holdfast_protocol::messages::RowChange;
use holdfast_sync::page_fold::{DamagedPage, Deltas, add_to_digest, open_page};

use crate::error::{BrowserStoreError, Outcome};
use crate::schema::{PAGES, TABLES};
use crate::task::{Begun, begun};
use crate::transaction::{Reads, Writes};
use crate::values::{from_record, to_bytes};

use super::ScopeDatabase;
use super::generations::kept;
use super::records::{KeptTable, page_key, slot_range, table_key};

/// The pages of a table's visible generation, in order, as they are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TablePages {
    /// Those of the snapshot: each key stands once in all of them.
    pub snapshot: Vec<Vec<u8>>,
    /// Those that came after it, oldest first.
    pub deltas: Vec<Vec<u8>>,
}

/// A table on its way from the browser's disk.
pub struct AskedRows {
    scopes: ScopeDatabase,
    table: TableId,
    pages: Begun<TablePages>,
}

impl AskedRows {
    /// Which table.
    pub fn table(&self) -> TableId {
        self.table
    }

    /// Gives its live rows.
    ///
    /// # Errors
    /// As [`ScopeDatabase::read_rows`].
    pub async fn read(self, take: impl AsyncFnMut(&[BorrowedChange<'_>])) -> Outcome {
        let AskedRows { scopes, table, pages } = self;
        let pages = match pages.ended().await {
            Err(error @ BrowserStoreError::Damaged { .. }) => {
                scopes.forget(table).await?;
                return Err(error);
            }
            pages => pages?,
        };
        match give_live_rows(&pages, take).await {
            Ok(()) => Ok(()),
            Err(DamagedPage { page_no, error }) => {
                scopes.forget(table).await?;
                Err(BrowserStoreError::DamagedPage { table, page_no, reason: error.to_string() })
            }
        }
    }
}

impl ScopeDatabase {
    /// The live rows of a table: of each key the change with the highest version, without the deleted ones. None
    /// where the table is not here.
    ///
    /// # Errors
    /// As [`Self::read_rows`].
    pub async fn rows(&self, table: TableId) -> Outcome<Vec<RowChange>> {
        let mut rows = Vec::new();
        self.read_rows(table, async |part| rows.extend(part.iter().copied().map(RowChange::from))).await?;
        Ok(rows)
    }

    /// Gives the live rows of a table part by part, a page's worth each, so that whoever takes them can let others
    /// have a turn between two parts. A part is empty where something else took its time.
    ///
    /// # Errors
    /// [`BrowserStoreError::DamagedPage`] names a page that is not what was written, [`BrowserStoreError::Damaged`] says
    /// that one is gone; the whole table is then marked to be fetched again, and the parts that were given are of no use.
    pub async fn read_rows(&self, table: TableId, take: impl AsyncFnMut(&[BorrowedChange<'_>])) -> Outcome {
        self.ask_for_rows(table).read(take).await
    }

    /// Asks for a table now, to be read later: the browser fetches it from its disk meanwhile. Its pages are in memory
    /// from then on.
    pub fn ask_for_rows(&self, table: TableId) -> AskedRows {
        let scopes = self.clone();
        let pages = begun(async move { scopes.pages(table).await });
        AskedRows { scopes: self.clone(), table, pages }
    }

    /// The pages of a table, unchecked. None where the table is not here.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when they can't be read.
    pub async fn pages(&self, table: TableId) -> Outcome<TablePages> {
        self.database
            .read(&[TABLES, PAGES], async |reads| {
                let Some(kept) = kept(reads, table).await? else { return Ok(TablePages::default()) };
                let mut snapshot = Vec::with_capacity(kept.pages as usize);
                for value in reads.get_all(PAGES, Some(slot_range(table, kept.slot)?), None).await? {
                    snapshot.push(to_bytes("a page", &value)?);
                }
                if snapshot.len() != kept.pages as usize {
                    let what = format!("the table {table}");
                    return Err(BrowserStoreError::damaged(what, "a page of it is gone"));
                }
                let deltas = snapshot.split_off(snapshot.len().min(kept.snapshot_pages as usize));
                Ok(TablePages { snapshot, deltas })
            })
            .await
    }

    /// The digest of a table's live rows, or why they can't be read.
    pub(crate) async fn digest(&self, table: TableId) -> Outcome<Result<TableDigest, String>> {
        let read = self.database.read(&[TABLES, PAGES], async |reads| {
            let Some(kept) = kept(reads, table).await? else {
                return Ok(Err("the table is not here".to_owned()));
            };
            let digest = digest_of(reads, table, &kept).await?;
            Ok(digest.map_err(|damaged| damaged.to_string()))
        });
        match read.await {
            Err(error @ BrowserStoreError::Damaged { .. }) => Ok(Err(error.to_string())),
            read => read,
        }
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
) -> Result<(), DamagedPage> {
    let first_delta = u32::try_from(pages.snapshot.len()).unwrap_or(u32::MAX);
    let mut opened = Vec::with_capacity(pages.deltas.len());
    for (page_no, bytes) in (first_delta..).zip(&pages.deltas) {
        opened.push(open_page(page_no, bytes)?);
        take(&[]).await;
    }
    let mut deltas = Deltas::default();
    for page in &opened {
        deltas.add(page);
        take(&[]).await;
    }
    for (page_no, bytes) in (0..).zip(&pages.snapshot) {
        let page = open_page(page_no, bytes)?;
        take(&[]).await;
        take(&deltas.fold_into(&page)).await;
    }
    take(&deltas.rest()).await;
    Ok(())
}

/// The digest of a visible generation's live rows: all deltas in memory, and one page of the snapshot.
async fn digest_of(
    reads: &Reads,
    table: TableId,
    kept: &KeptTable,
) -> Outcome<Result<TableDigest, DamagedPage>> {
    let mut deltas = Vec::new();
    for page_no in kept.snapshot_pages..kept.pages {
        deltas.push(page(reads, table, kept.slot, page_no).await?);
    }
    let numbered = (kept.snapshot_pages..).zip(&deltas);
    let opened: Result<Vec<_>, _> = numbered.map(|(page_no, bytes)| open_page(page_no, bytes)).collect();
    let opened = match opened {
        Ok(opened) => opened,
        Err(damaged) => return Ok(Err(damaged)),
    };
    let mut deltas = Deltas::default();
    opened.iter().for_each(|page| deltas.add(page));
    let mut digest = TableDigest::EMPTY;
    for page_no in 0..kept.snapshot_pages {
        let bytes = page(reads, table, kept.slot, page_no).await?;
        match open_page(page_no, &bytes) {
            Ok(page) => add_to_digest(&mut digest, &deltas.fold_into(&page)),
            Err(damaged) => return Ok(Err(damaged)),
        }
    }
    add_to_digest(&mut digest, &deltas.rest());
    Ok(Ok(digest))
}

async fn page(reads: &Reads, table: TableId, slot: u8, page_no: u32) -> Outcome<Vec<u8>> {
    let what = || format!("page {page_no} of the table {table}");
    match reads.get(PAGES, page_key(table, slot, page_no)).await? {
        Some(value) => to_bytes(&what(), &value),
        None => Err(BrowserStoreError::damaged(what(), "it is gone")),
    }
}
