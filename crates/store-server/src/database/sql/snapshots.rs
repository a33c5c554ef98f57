//! Snapshots: the reading of a table page by page, and the pages once they are made.

use holdfast_protocol::messages::{PageRef, RowChange};
use sqlx::{QueryBuilder, Transaction};

use super::feed::{head_of, row_change};
use super::values::{fixed, narrow, wide};
use super::{Backend, Connection, Db};
use crate::database::{DatabaseError, FeedHead, FeedId, NewPage, Snapshot, StoredPage, row_bytes};

/// Pages named by one statement.
const MANIFEST_ROWS_MAX: usize = 500;

/// Reads a table in the order of its keys, as it stood when the reading began.
#[derive(Debug)]
pub struct SqlSnapshotReader {
    reading: Transaction<'static, Db>,
    store_id: String,
    feed: FeedId,
    head: FeedHead,
    // The last key given; `None` before the first.
    last_key: Option<String>,
}

impl SqlSnapshotReader {
    pub(in crate::database) fn head(&self) -> FeedHead {
        self.head
    }

    pub(in crate::database) async fn next_rows(
        &mut self,
        rows_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<RowChange>, DatabaseError> {
        // No key is empty, so that this begins before all of them.
        let after = self.last_key.as_deref().unwrap_or_default();
        let rows: Vec<(String, i64, Option<Vec<u8>>)> = sqlx::query_as(
            "SELECT key, version, body FROM feed \
             WHERE store_id = $1 AND table_no = $2 AND key > $3 AND body IS NOT NULL ORDER BY key LIMIT $4",
        )
        .bind(&self.store_id)
        .bind(self.feed.number())
        .bind(after)
        .bind(wide(rows_max as u64))
        .fetch_all(&mut *self.reading)
        .await?;
        let mut taken = Vec::with_capacity(rows.len());
        let mut bytes = 0;
        for (key, version, body) in rows {
            let row = row_change(key, version, body)?;
            bytes += row_bytes(&row);
            if bytes > bytes_max && !taken.is_empty() {
                break;
            }
            taken.push(row);
        }
        if let Some(last) = taken.last() {
            self.last_key = Some(last.key.clone());
        }
        Ok(taken)
    }
}

impl Backend {
    pub(in crate::database) async fn begin_snapshot(
        &self,
        store_id: &str,
        feed: FeedId,
    ) -> Result<SqlSnapshotReader, DatabaseError> {
        let mut reading = self.begin_read().await?;
        let head = head_of(&mut reading, store_id, feed).await?;
        Ok(SqlSnapshotReader { reading, store_id: store_id.to_owned(), feed, head, last_key: None })
    }

    pub(in crate::database) async fn snapshot(
        &self,
        store_id: &str,
        feed: FeedId,
    ) -> Result<Option<Snapshot>, DatabaseError> {
        let mut reading = self.begin_read().await?;
        let head: Option<i64> = sqlx::query_scalar(
            "SELECT head FROM snapshots WHERE store_id = $1 AND table_no = $2 AND superseded_at_ms IS NULL \
             ORDER BY head DESC LIMIT 1",
        )
        .bind(store_id)
        .bind(feed.number())
        .fetch_optional(&mut *reading)
        .await?;
        let Some(head) = head else { return Ok(None) };
        let pages: Vec<(Vec<u8>, i64, i64)> = sqlx::query_as(
            "SELECT p.hash, p.rows_count, p.bytes_count FROM snapshot_manifests m \
             JOIN snapshot_pages p ON p.store_id = m.store_id AND p.table_no = m.table_no AND p.hash = m.hash \
             WHERE m.store_id = $1 AND m.table_no = $2 AND m.head = $3 ORDER BY m.page_no",
        )
        .bind(store_id)
        .bind(feed.number())
        .bind(head)
        .fetch_all(&mut *reading)
        .await?;
        let pages = pages.into_iter().map(|(hash, rows, bytes)| {
            Ok(PageRef {
                hash: fixed::<32>(hash, "page hash")?.into(),
                rows: narrow(rows, "page rows")?,
                bytes: narrow(bytes, "page bytes")?,
            })
        });
        Ok(Some(Snapshot {
            head: narrow(head, "snapshot head")?,
            pages: pages.collect::<Result<_, DatabaseError>>()?,
        }))
    }

    pub(in crate::database) async fn add_page(
        &self,
        store_id: &str,
        feed: FeedId,
        page: &NewPage,
        now_ms: i64,
    ) -> Result<(), DatabaseError> {
        let mut writing = self.begin().await?;
        // A page that is here already is used again, and so counts as new for those who drop old ones.
        sqlx::query(
            "INSERT INTO snapshot_pages \
             (store_id, table_no, hash, rows_count, bytes_count, brotli, stored_at_ms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (store_id, table_no, hash) DO UPDATE SET stored_at_ms = excluded.stored_at_ms",
        )
        .bind(store_id)
        .bind(feed.number())
        .bind(page.page.hash.as_slice())
        .bind(i64::from(page.page.rows))
        .bind(i64::from(page.page.bytes))
        .bind(page.brotli.as_slice())
        .bind(now_ms)
        .execute(&mut *writing)
        .await?;
        Ok(writing.commit().await?)
    }

    pub(in crate::database) async fn add_snapshot(
        &self,
        store_id: &str,
        feed: FeedId,
        snapshot: &Snapshot,
        now_ms: i64,
        keep_since_ms: i64,
    ) -> Result<(), DatabaseError> {
        let mut writing = self.begin().await?;
        let table_no = feed.number();
        let head = wide(snapshot.head);
        sqlx::query(
            "INSERT INTO snapshots (store_id, table_no, head) VALUES ($1, $2, $3) \
             ON CONFLICT (store_id, table_no, head) DO UPDATE SET superseded_at_ms = NULL",
        )
        .bind(store_id)
        .bind(table_no)
        .bind(head)
        .execute(&mut *writing)
        .await?;
        sqlx::query(
            "UPDATE snapshots SET superseded_at_ms = $4 \
             WHERE store_id = $1 AND table_no = $2 AND head <> $3 AND superseded_at_ms IS NULL",
        )
        .bind(store_id)
        .bind(table_no)
        .bind(head)
        .bind(now_ms)
        .execute(&mut *writing)
        .await?;
        sqlx::query("DELETE FROM snapshot_manifests WHERE store_id = $1 AND table_no = $2 AND head = $3")
            .bind(store_id)
            .bind(table_no)
            .bind(head)
            .execute(&mut *writing)
            .await?;
        for (chunk_no, chunk) in snapshot.pages.chunks(MANIFEST_ROWS_MAX).enumerate() {
            let mut insert = QueryBuilder::<Db>::new(
                "INSERT INTO snapshot_manifests (store_id, table_no, head, page_no, hash) ",
            );
            insert.push_values(chunk.iter().enumerate(), |mut tuple, (place, page)| {
                let page_no = chunk_no * MANIFEST_ROWS_MAX + place;
                tuple
                    .push_bind(store_id)
                    .push_bind(table_no)
                    .push_bind(head)
                    .push_bind(wide(page_no as u64))
                    .push_bind(page.hash.as_slice());
            });
            insert.build().execute(&mut *writing).await?;
        }
        drop_old(&mut writing, store_id, table_no, keep_since_ms).await?;
        Ok(writing.commit().await?)
    }

    pub(in crate::database) async fn page_feeds(
        &self,
        store_id: &str,
        hash: [u8; 32],
    ) -> Result<Vec<FeedId>, DatabaseError> {
        let feeds: Vec<i64> =
            sqlx::query_scalar("SELECT table_no FROM snapshot_pages WHERE store_id = $1 AND hash = $2")
                .bind(store_id)
                .bind(hash.as_slice())
                .fetch_all(&self.readers)
                .await?;
        feeds.into_iter().map(FeedId::from_number).collect()
    }

    pub(in crate::database) async fn page(
        &self,
        store_id: &str,
        hash: [u8; 32],
    ) -> Result<Option<StoredPage>, DatabaseError> {
        let row: Option<(i64, Vec<u8>, i64)> = sqlx::query_as(
            "SELECT table_no, brotli, bytes_count FROM snapshot_pages WHERE store_id = $1 AND hash = $2",
        )
        .bind(store_id)
        .bind(hash.as_slice())
        .fetch_optional(&self.readers)
        .await?;
        let read = |(feed, brotli, bytes)| {
            let (feed, bytes_count) = (FeedId::from_number(feed)?, narrow(bytes, "page bytes")?);
            Ok(StoredPage { feed, brotli: Vec::into(brotli), bytes_count })
        };
        row.map(read).transpose()
    }
}

/// Drops snapshots that were superseded before `keep_since_ms`, and the pages that none of the others names.
async fn drop_old(
    writing: &mut Connection,
    store_id: &str,
    table_no: i64,
    keep_since_ms: i64,
) -> Result<(), DatabaseError> {
    sqlx::query("DELETE FROM snapshots WHERE store_id = $1 AND table_no = $2 AND superseded_at_ms < $3")
        .bind(store_id)
        .bind(table_no)
        .bind(keep_since_ms)
        .execute(&mut *writing)
        .await?;
    sqlx::query(
        "DELETE FROM snapshot_manifests WHERE store_id = $1 AND table_no = $2 AND NOT EXISTS \
         (SELECT 1 FROM snapshots s WHERE s.store_id = snapshot_manifests.store_id \
          AND s.table_no = snapshot_manifests.table_no AND s.head = snapshot_manifests.head)",
    )
    .bind(store_id)
    .bind(table_no)
    .execute(&mut *writing)
    .await?;
    sqlx::query(
        "DELETE FROM snapshot_pages WHERE store_id = $1 AND table_no = $2 AND stored_at_ms < $3 \
         AND NOT EXISTS (SELECT 1 FROM snapshot_manifests m WHERE m.store_id = snapshot_pages.store_id \
          AND m.table_no = snapshot_pages.table_no AND m.hash = snapshot_pages.hash)",
    )
    .bind(store_id)
    .bind(table_no)
    .bind(keep_since_ms)
    .execute(&mut *writing)
    .await?;
    Ok(())
}
