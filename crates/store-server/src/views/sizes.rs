//! What registers with a profile would keep: rows and bytes of each table, for whoever drafts the profile.
//!
//! Live counts are asked for as somebody types, and reading a large catalogue takes a second: what was counted is kept
//! in memory until the tables change. A view that a change of the profile does not touch is not counted again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use holdfast_profile::{Members, Profile, TableId, View};
use holdfast_protocol::view;

use super::day_of;
use super::refresh::{damaged, decide};
use crate::database::{Database, DatabaseError, FeedHeads, ViewReader};

/// Rows read at once.
pub const READ_ROWS_MAX: u32 = 2_000;
/// Counts that are kept; beyond, all are forgotten.
const KEPT_MAX: usize = 512;

/// How much a register keeps of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct TableSize {
    /// The table.
    pub table: TableId,
    /// Rows that a register keeps.
    pub rows: u64,
    /// Bytes of these rows, before compression.
    pub bytes: u64,
    /// Rows that the store server has.
    pub all_rows: u64,
    /// Bytes of those, before compression.
    pub all_bytes: u64,
    /// Of the rows that a register keeps, those that it keeps only because others refer to them.
    pub related_rows: u64,
}

/// Rows, bytes, and rows that only come along.
type Count = (u64, u64, u64);

/// What was counted, as of which state of the tables.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CountKey {
    pub store_id: String,
    // The view's number; none is the table itself.
    pub view: Option<u64>,
    // Where rows of another view are counted that this one lacks, that one's number.
    pub besides: Option<u64>,
    pub table: TableId,
    // Newest version of the table, or of any table that decides what the view keeps.
    pub head: u64,
    // Of views that sales and the passing of days change.
    pub day: i64,
}

/// Counts, and keeps what was counted.
#[derive(Debug, Default)]
pub struct Sizes {
    kept: Mutex<HashMap<CountKey, Count>>,
}

impl Sizes {
    /// How much registers with a profile would keep of each table that they download, in profile order. Nothing is
    /// written; the profile needs not be valid. Whoever stops waiting stops the counting.
    ///
    /// # Errors
    /// [`DatabaseError`] when the tables can't be read.
    pub async fn of(
        &self,
        database: &Database,
        store_id: &str,
        profile: &Profile,
        now_ms: i64,
    ) -> Result<Vec<TableSize>, DatabaseError> {
        let heads = database.feed_heads(store_id).await?;
        let mut counting = Counting { sizes: self, database, store_id, heads, now_ms, reader: None };
        let mut views = Vec::new();
        for view in View::all_of(profile) {
            views.push((counting.view(&view).await?, view));
        }
        let mut sizes: Vec<TableSize> = Vec::new();
        for table in profile.download_tables() {
            // A draft may hold a table twice.
            if sizes.iter().any(|size| size.table == table) {
                continue;
            }
            let (all_rows, all_bytes, _) = counting.whole(table).await?;
            let of_view = views.iter().find_map(|(counts, view)| {
                let place = view.tables().position(|of_view| of_view == table)?;
                counts.get(place).copied()
            });
            let (rows, bytes, related_rows) = of_view.unwrap_or((all_rows, all_bytes, 0));
            sizes.push(TableSize { table, rows, bytes, all_rows, all_bytes, related_rows });
        }
        Ok(sizes)
    }

    pub(super) fn kept(&self, key: &CountKey) -> Option<Count> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(key).copied()
    }

    pub(super) fn keep(&self, key: CountKey, count: Count) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(key, count);
    }
}

/// One profile that is counted; the reader is opened when something is to be read.
pub struct Counting<'a> {
    pub sizes: &'a Sizes,
    pub database: &'a Database,
    pub store_id: &'a str,
    pub heads: FeedHeads,
    pub now_ms: i64,
    pub reader: Option<ViewReader>,
}

impl Counting<'_> {
    /// A table as the store server has it.
    pub async fn whole(&mut self, table: TableId) -> Result<Count, DatabaseError> {
        let head = self.head(table);
        let key =
            CountKey { store_id: self.store_id.to_owned(), view: None, besides: None, table, head, day: 0 };
        if let Some(count) = self.sizes.kept(&key) {
            return Ok(count);
        }
        let (rows, bytes) = self.reader().await?.table_size(table).await?;
        self.sizes.keep(key, (rows, bytes, 0));
        Ok((rows, bytes, 0))
    }

    /// The tables of a view, in its order.
    pub async fn view(&mut self, view: &View) -> Result<Vec<Count>, DatabaseError> {
        let keys: Vec<CountKey> = view.tables().map(|table| self.key(view, table)).collect();
        let kept: Option<Vec<Count>> = keys.iter().map(|key| self.sizes.kept(key)).collect();
        if let Some(counts) = kept {
            return Ok(counts);
        }
        let now_ms = self.now_ms;
        let reader = self.reader().await?;
        let members = decide(reader, view, now_ms).await?;
        let mut counts = Vec::new();
        for table in view.tables() {
            counts.push(count(reader, &members, table).await?);
        }
        for (key, count) in keys.into_iter().zip(&counts) {
            self.sizes.keep(key, *count);
        }
        Ok(counts)
    }

    /// What a count of a view's table is kept under.
    pub fn key(&self, view: &View, table: TableId) -> CountKey {
        CountKey {
            store_id: self.store_id.to_owned(),
            view: Some(view::number(view)),
            besides: None,
            table,
            head: view.read_tables().into_iter().map(|table| self.head(table)).max().unwrap_or(0),
            day: if view.changes_with_sales() { day_of(self.now_ms) } else { 0 },
        }
    }

    fn head(&self, table: TableId) -> u64 {
        self.heads.get(&table.into()).map_or(0, |head| head.head)
    }

    pub async fn reader(&mut self) -> Result<&mut ViewReader, DatabaseError> {
        let reader = match self.reader.take() {
            Some(reader) => reader,
            None => self.database.begin_view(self.store_id, 0).await?,
        };
        Ok(self.reader.insert(reader))
    }
}

async fn count(
    reader: &mut ViewReader,
    members: &Members<'_>,
    table: TableId,
) -> Result<Count, DatabaseError> {
    let (mut rows_count, mut bytes_count, mut related_count, mut after) = (0, 0, 0, String::new());
    loop {
        let rows = reader.base_rows(table, &after, READ_ROWS_MAX).await?;
        let Some((last, _)) = rows.last() else { break };
        after.clone_from(last);
        for (key, body) in &rows {
            if let Some(kept) = members.keep(table, key, body).map_err(damaged)? {
                rows_count += 1;
                bytes_count += kept.len() as u64;
                related_count += u64::from(members.only_comes_along(table, key, body).map_err(damaged)?);
            }
        }
    }
    Ok((rows_count, bytes_count, related_count))
}
