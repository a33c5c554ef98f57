//! Reading the feed of changes.

use holdfast_profile::TableId;
use holdfast_protocol::TableDigest;
use holdfast_protocol::messages::RowChange;

use super::values::{fixed, narrow, wide};
use super::{Backend, Connection};
use crate::database::{Changes, DatabaseError, FeedHead, FeedHeads, FeedId, row_bytes};

impl Backend {
    pub(in crate::database) async fn feed_heads(&self, store_id: &str) -> Result<FeedHeads, DatabaseError> {
        let rows: Vec<TableColumns> = sqlx::query_as(
            "SELECT table_no, head, oldest_cursor, rows_count, digest FROM feed_tables WHERE store_id = $1",
        )
        .bind(store_id)
        .fetch_all(&self.readers)
        .await?;
        let read = |(feed, head, oldest, rows, digest)| {
            Ok((FeedId::from_number(feed)?, read_head((head, oldest, rows, digest))?))
        };
        rows.into_iter().map(read).collect()
    }

    pub(in crate::database) async fn changes(
        &self,
        store_id: &str,
        feed: FeedId,
        since: u64,
        rows_max: u32,
        bytes_max: usize,
    ) -> Result<Changes, DatabaseError> {
        // Rows and head from one view of the database.
        let mut reading = self.begin_read().await?;
        let head = head_of(&mut reading, store_id, feed).await?;
        let rows: Vec<(String, i64, Option<Vec<u8>>)> = sqlx::query_as(
            "SELECT key, version, body FROM feed WHERE store_id = $1 AND table_no = $2 AND version > $3 \
             ORDER BY version LIMIT $4",
        )
        .bind(store_id)
        .bind(feed.number())
        .bind(wide(since))
        .bind(i64::from(rows_max) + 1)
        .fetch_all(&mut *reading)
        .await?;
        let fetched = rows.len();
        let mut taken = Vec::with_capacity(fetched);
        let mut bytes_left = bytes_max;
        for (key, version, body) in rows.into_iter().take(rows_max as usize) {
            let row = row_change(key, version, body)?;
            let Some(left) = bytes_left.checked_sub(row_bytes(&row)) else {
                // One row at least, or the register would never get past it.
                if taken.is_empty() {
                    taken.push(row);
                }
                break;
            };
            bytes_left = left;
            taken.push(row);
        }
        Ok(Changes { more: taken.len() < fetched, rows: taken, head })
    }

    pub(in crate::database) async fn changes_count(
        &self,
        store_id: &str,
        feed: FeedId,
        since: u64,
        limit: u32,
    ) -> Result<u32, DatabaseError> {
        let count: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM (SELECT 1 FROM feed WHERE store_id = $1 AND table_no = $2 AND version > $3 \
             LIMIT $4) AS changed",
        )
        .bind(store_id)
        .bind(feed.number())
        .bind(wide(since))
        .bind(i64::from(limit))
        .fetch_one(&self.readers)
        .await?;
        narrow(count, "count")
    }
}

/// Where a table stands; all zeros when it never had a row.
pub async fn head_of(
    reading: &mut Connection,
    store_id: &str,
    feed: FeedId,
) -> Result<FeedHead, DatabaseError> {
    let row: Option<HeadColumns> = sqlx::query_as(
        "SELECT head, oldest_cursor, rows_count, digest FROM feed_tables WHERE store_id = $1 AND table_no = $2",
    )
    .bind(store_id)
    .bind(feed.number())
    .fetch_optional(&mut *reading)
    .await?;
    row.map_or(Ok(FeedHead::default()), read_head)
}

/// The table's number, head, oldest cursor, rows, digest.
type TableColumns = (i64, i64, i64, i64, Option<Vec<u8>>);
/// Head, oldest cursor, rows, digest.
type HeadColumns = (i64, i64, i64, Option<Vec<u8>>);

fn read_head((head, oldest, rows, digest): HeadColumns) -> Result<FeedHead, DatabaseError> {
    let rows_count = narrow(rows, "rows")?;
    Ok(FeedHead {
        head: narrow(head, "feed head")?,
        oldest_cursor: narrow(oldest, "oldest cursor")?,
        rows_count,
        digest: read_digest(digest, rows_count)?,
    })
}

/// The digest of a table as it is kept, if it is.
pub fn read_digest(hash: Option<Vec<u8>>, rows: u64) -> Result<Option<TableDigest>, DatabaseError> {
    hash.map(|hash| Ok(TableDigest { rows, hash: fixed(hash, "digest")? })).transpose()
}

/// The table of a feed's number in the database.
pub fn table_of(number: i64) -> Result<TableId, DatabaseError> {
    Ok(FeedId::from_number(number)?.table)
}

/// A row of the feed as it travels.
pub fn row_change(key: String, version: i64, body: Option<Vec<u8>>) -> Result<RowChange, DatabaseError> {
    Ok(RowChange { key, version: narrow(version, "row version")?, body: body.map(Into::into) })
}
