//! Making the copies of a view what they should be: the tables are read beside the copies, and what differs is written.
//!
//! Short transactions write, while one reads: sales are taken meanwhile. A row is written after what it refers to and
//! goes before it, so that registers that read in between find nothing that refers to what is missing. Each write
//! claims the view; where another process has written since the reading began, this one stops. In memory are the keys
//! of [`Members`] and of rows that leave, and what filters ask of related rows ([`RelatedValues`]).

use std::time::Instant;

use holdfast_profile::{Members, RelatedValues, RowError, TableId};

use super::day_of;
use crate::database::{ComparedRow, Database, DatabaseError, FeedId, Refreshed, ViewReader, ViewRecord};

/// Rows read at once.
const READ_ROWS_MAX: u32 = 2_000;
/// Rows written by one transaction.
const WRITE_ROWS_MAX: usize = 2_000;

type Copies = Vec<(String, Option<Vec<u8>>)>;

/// A refresh on its way.
struct Refresh<'a> {
    database: &'a Database,
    store_id: &'a str,
    record: ViewRecord,
    now_ms: i64,
    /// Of the view's writes, those that were seen or are this refresh's own.
    writes_count: u64,
    /// Whether somebody else has written.
    overtaken: bool,
}

/// Refreshes a view, unless it is up to date or somebody else does so. Where that fails for what will not pass, the view
/// rests as after a refresh that took as long.
pub async fn refresh(
    database: &Database,
    store_id: &str,
    view_no: u32,
    now_ms: i64,
) -> Result<(), DatabaseError> {
    let began = Instant::now();
    let refreshed = try_refresh(database, store_id, view_no, now_ms).await;
    if let Err(failure) = &refreshed {
        let took_ms = match failure {
            // Most of the time was waiting for whoever writes.
            DatabaseError::Busy | DatabaseError::Collided(_) | DatabaseError::Unreachable(_) => 0,
            DatabaseError::Damaged(_)
            | DatabaseError::CannotOpen(_)
            | DatabaseError::NewerSchema { .. }
            | DatabaseError::Failed(_) => i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX),
        };
        if let Err(error) = database.view_not_refreshed(store_id, view_no, now_ms, took_ms).await {
            tracing::warn!(%error, view_no, "a view that was not refreshed does not rest");
        }
    }
    refreshed
}

async fn try_refresh(
    database: &Database,
    store_id: &str,
    view_no: u32,
    now_ms: i64,
) -> Result<(), DatabaseError> {
    let began = Instant::now();
    let mut reader = database.begin_view(store_id, view_no).await?;
    // It may have been dropped meanwhile.
    let Some(record) = reader.record().await? else { return Ok(()) };
    let base_head = reader.base_head(&record.view).await?;
    if record.base_head == Some(base_head)
        && (record.day == day_of(now_ms) || !record.view.changes_with_sales())
    {
        return Ok(());
    }
    let writes_count = record.writes_count;
    let mut refresh = Refresh { database, store_id, record, now_ms, writes_count, overtaken: false };
    let written = refresh.compare_and_write(&mut reader).await?;
    drop(reader);
    if refresh.overtaken {
        return Ok(());
    }
    let took_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
    // The first copies are written from nothing; later refreshes take less.
    let rest_for_ms = if refresh.record.base_head.is_some() { took_ms } else { 0 };
    let refreshed = Refreshed { base_head, day: day_of(now_ms), at_ms: now_ms, took_ms: rest_for_ms };
    refresh.end(refreshed).await?;
    tracing::debug!(view_no, written, took_ms, "a view was refreshed");
    Ok(())
}

/// Decides which rows are of a view.
pub async fn decide<'a>(
    reader: &mut ViewReader,
    view: &'a holdfast_profile::View,
    now_ms: i64,
) -> Result<Members<'a>, DatabaseError> {
    let mut related = RelatedValues::new(view);
    for table in related.tables() {
        take_all(reader, table, |key, body| related.take(table, key, body)).await?;
    }
    let mut members = Members::new(related, reader.chosen_by_sales(view, now_ms).await?);
    for table in members.deciding_tables() {
        take_all(reader, table, |key, body| members.take(table, key, body)).await?;
    }
    Ok(members)
}

async fn take_all(
    reader: &mut ViewReader,
    table: TableId,
    mut take: impl FnMut(&str, &[u8]) -> Result<(), RowError>,
) -> Result<(), DatabaseError> {
    let mut after = String::new();
    loop {
        let rows = reader.base_rows(table, &after, READ_ROWS_MAX).await?;
        let Some((last, _)) = rows.last() else { return Ok(()) };
        after.clone_from(last);
        for (key, body) in &rows {
            take(key, body).map_err(damaged)?;
        }
    }
}

pub fn damaged(error: RowError) -> DatabaseError {
    DatabaseError::Damaged(error.to_string())
}

impl Refresh<'_> {
    async fn compare_and_write(&mut self, reader: &mut ViewReader) -> Result<u64, DatabaseError> {
        let view = self.record.view.clone();
        let members = decide(reader, &view, self.now_ms).await?;
        let mut written = 0;
        let mut leaving: Vec<(TableId, Vec<String>)> = Vec::new();
        for table in view.tables() {
            let mut leave = Vec::new();
            written += self.write_kept(reader, &members, table, &mut leave).await?;
            leave.extend(reader.copies_without_base(table).await?);
            leaving.push((table, leave));
        }
        for (table, keys) in leaving.into_iter().rev() {
            for chunk in keys.chunks(WRITE_ROWS_MAX) {
                let tombstones = chunk.iter().map(|key| (key.clone(), None)).collect();
                written += self.write(table, tombstones).await?;
            }
        }
        Ok(written)
    }

    /// Writes the rows of a table that the view keeps and that are not so already; notes those that leave it.
    async fn write_kept(
        &mut self,
        reader: &mut ViewReader,
        members: &Members<'_>,
        table: TableId,
        leave: &mut Vec<String>,
    ) -> Result<u64, DatabaseError> {
        let (mut copies, mut written) = (Copies::new(), 0);
        let mut after = String::new();
        loop {
            let rows = reader.compared_rows(table, &after, READ_ROWS_MAX).await?;
            let Some(last) = rows.last() else { break };
            after.clone_from(&last.key);
            for ComparedRow { key, base, copy } in rows {
                match (members.keep(table, &key, &base).map_err(damaged)?, copy) {
                    (Some(kept), Some(copy)) if kept == copy => {}
                    (Some(kept), Some(_) | None) => copies.push((key, Some(kept))),
                    (None, Some(_)) => leave.push(key),
                    (None, None) => {}
                }
                if copies.len() == WRITE_ROWS_MAX {
                    written += self.write(table, std::mem::take(&mut copies)).await?;
                }
            }
        }
        Ok(written + self.write(table, copies).await?)
    }

    async fn write(&mut self, table: TableId, copies: Copies) -> Result<u64, DatabaseError> {
        if copies.is_empty() || self.overtaken {
            return Ok(0);
        }
        let view_no = self.record.view_no;
        let mut writing = self.database.begin_write(self.store_id, self.now_ms).await?;
        if !writing.claim_view(view_no, self.writes_count).await? {
            self.overtaken = true;
            return Ok(0);
        }
        let written = writing.write_copies(FeedId { table, view_no }, copies).await?;
        writing.commit().await?;
        self.writes_count += 1;
        Ok(written)
    }

    async fn end(&self, refreshed: Refreshed) -> Result<(), DatabaseError> {
        let view_no = self.record.view_no;
        let mut writing = self.database.begin_write(self.store_id, self.now_ms).await?;
        if writing.claim_view(view_no, self.writes_count).await? {
            writing.view_refreshed(view_no, refreshed).await?;
            writing.commit().await?;
        }
        Ok(())
    }
}
