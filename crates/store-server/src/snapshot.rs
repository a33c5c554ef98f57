//! Snapshots of tables: made when a register asks for one, kept for all registers.
//!
//! Owns when a new one is due and how rows become pages. Page by page, so that the memory taken does not
//! depend on the table's size; other writers are not stopped.

mod page_ends;

use std::time::Duration;

use holdfast_protocol::messages::PageRef;
use holdfast_protocol::page;

use crate::database::{Database, DatabaseError, FeedId, NewPage, Snapshot};
use crate::long_work::LongWork;
use crate::page_encoding;
use page_ends::{PAGE_BYTES_MAX, rows_of_page};

/// A snapshot stays good until so many rows have changed: registers pull them as deltas.
const CHANGES_MAX: u32 = 1_000;
/// Rows that are read at once: what is read beyond a page's bytes is read again.
const ROWS_AT_ONCE: usize = 2_000;
/// How long the pages of an older snapshot are kept for downloads that have begun.
const KEEP_MS: i64 = 60 * 60 * 1000;
/// How long whoever begins a snapshot waits for it: less than its register does, its turn included.
const OWN_WAIT: Duration = Duration::from_secs(15);
/// How long others wait for one that is made: they come again, and take no place until then.
const OTHERS_WAIT: Duration = Duration::from_millis(500);

/// Makes snapshots, one at a time. One that was begun is made, whoever waits for it.
#[derive(Debug, Default)]
pub struct Snapshots {
    work: LongWork,
}

impl Snapshots {
    /// A snapshot from which a register can go on with deltas.
    ///
    /// # Errors
    /// [`DatabaseError`] when it can neither be found nor made; [`DatabaseError::Busy`] while it is made.
    pub async fn current(
        &self,
        database: &Database,
        store_id: &str,
        feed: FeedId,
        now_ms: i64,
    ) -> Result<Snapshot, DatabaseError> {
        if let Some(snapshot) = usable(database, store_id, feed).await? {
            return Ok(snapshot);
        }
        let Some(turn) = self.work.turn(OTHERS_WAIT).await else { return Err(DatabaseError::Busy) };
        // Somebody else may have made it meanwhile.
        if let Some(snapshot) = usable(database, store_id, feed).await? {
            return Ok(snapshot);
        }
        let (database, store_id) = (database.clone(), store_id.to_owned());
        let what = format!("a snapshot of {} in view {}", feed.table, feed.view_no);
        let making = async move { build(&database, &store_id, feed, now_ms).await };
        turn.work(what, OWN_WAIT, making).await?.ok_or(DatabaseError::Busy)
    }
}

async fn usable(
    database: &Database,
    store_id: &str,
    feed: FeedId,
) -> Result<Option<Snapshot>, DatabaseError> {
    let Some(snapshot) = database.snapshot(store_id, feed).await? else { return Ok(None) };
    let heads = database.feed_heads(store_id).await?;
    // A table that never had a row stands at the beginning, as its snapshot does.
    let now = heads.get(&feed).copied().unwrap_or_default();
    if snapshot.head > now.head || snapshot.head < now.oldest_cursor {
        return Ok(None);
    }
    let changed = database.changes_count(store_id, feed, snapshot.head, CHANGES_MAX).await?;
    Ok((changed < CHANGES_MAX).then_some(snapshot))
}

async fn build(
    database: &Database,
    store_id: &str,
    feed: FeedId,
    now_ms: i64,
) -> Result<Snapshot, DatabaseError> {
    let mut reader = database.begin_snapshot(store_id, feed).await?;
    let mut snapshot = Snapshot { head: reader.head().head, pages: Vec::new() };
    // Never more than two pages of them.
    let mut rows = Vec::new();
    let mut is_all = false;
    loop {
        let Some(count) = rows_of_page(&rows, is_all) else {
            let more = reader.next_rows(ROWS_AT_ONCE, PAGE_BYTES_MAX).await?;
            is_all = more.is_empty();
            rows.extend(more);
            continue;
        };
        if count == 0 {
            break;
        }
        let behind = rows.split_off(count);
        let rows = std::mem::replace(&mut rows, behind);
        let packed = tokio::task::spawn_blocking(move || pack(&rows)).await;
        let page =
            packed.map_err(|error| DatabaseError::Damaged(format!("a page can't be made: {error}")))??;
        database.add_page(store_id, feed, &page, now_ms).await?;
        snapshot.pages.push(page.page);
    }
    drop(reader);
    database.add_snapshot(store_id, feed, &snapshot, now_ms, now_ms - KEEP_MS).await?;
    tracing::debug!(table = %feed.table, view = feed.view_no, head = snapshot.head, pages = snapshot.pages.len(), "a snapshot was made");
    Ok(snapshot)
}

fn pack(rows: &[holdfast_protocol::messages::RowChange]) -> Result<NewPage, DatabaseError> {
    let unfit = |what: &str| DatabaseError::Damaged(format!("a page can't be made: {what}"));
    let bytes = page::pack_columns(rows);
    let brotli = page_encoding::brotli(&bytes).map_err(|error| unfit(&error.to_string()))?;
    let page = PageRef {
        hash: page::address(&bytes).into(),
        rows: u32::try_from(rows.len()).map_err(|_| unfit("too many rows"))?,
        bytes: u32::try_from(bytes.len()).map_err(|_| unfit("too many bytes"))?,
    };
    Ok(NewPage { page, brotli })
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_profile::TableId;

    #[tokio::test]
    async fn a_table_that_never_had_a_row_needs_one_snapshot_for_all() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open_folder(folder.path()).await.unwrap();
        let feed = FeedId::from(TableId::Customer);
        let made = build(&database, "S1", feed, 0).await.unwrap();
        assert_eq!(usable(&database, "S1", feed).await.unwrap(), Some(made));
    }
}
