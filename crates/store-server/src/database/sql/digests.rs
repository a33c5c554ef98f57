//! Digests of tables: summed up from the feed where none is kept yet, and checked against it.

use holdfast_protocol::TableDigest;
use sqlx::Row;

use super::feed::{read_digest, row_change};
use super::values::narrow;
use super::write::lock_feed;
use super::{Backend, Connection, DbRow};
use crate::database::{DatabaseError, DigestAudit, FeedId};

/// Rows in memory at once.
const ROWS_MAX: i64 = 5_000;

impl Backend {
    pub(in crate::database) async fn sum_up_digests(&self, store_id: &str) -> Result<(), DatabaseError> {
        let mut writing = self.begin().await?;
        // Another process may have done it meanwhile, and nobody writes before this is done.
        lock_feed(&mut writing, store_id).await?;
        let unknown: Vec<i64> =
            sqlx::query_scalar("SELECT table_no FROM feed_tables WHERE store_id = $1 AND digest IS NULL")
                .bind(store_id)
                .fetch_all(&mut *writing)
                .await?;
        for table_no in unknown {
            let digest = digest_of_feed(&mut writing, store_id, table_no).await?;
            sqlx::query("UPDATE feed_tables SET digest = $3 WHERE store_id = $1 AND table_no = $2")
                .bind(store_id)
                .bind(table_no)
                .bind(digest.hash.as_slice())
                .execute(&mut *writing)
                .await?;
        }
        Ok(writing.commit().await?)
    }

    pub(in crate::database) async fn audit_digests(
        &self,
        store_id: &str,
    ) -> Result<Vec<DigestAudit>, DatabaseError> {
        let mut reading = self.begin_read().await?;
        let kept: Vec<(i64, Option<Vec<u8>>, i64)> = sqlx::query_as(
            "SELECT table_no, digest, rows_count FROM feed_tables WHERE store_id = $1 ORDER BY table_no",
        )
        .bind(store_id)
        .fetch_all(&mut *reading)
        .await?;
        let mut audits = Vec::with_capacity(kept.len());
        for (table_no, digest, rows) in kept {
            audits.push(DigestAudit {
                feed: FeedId::from_number(table_no)?,
                kept: read_digest(digest, narrow(rows, "rows")?)?,
                counted: digest_of_feed(&mut reading, store_id, table_no).await?,
            });
        }
        Ok(audits)
    }
}

/// All live rows of a table, some thousands at a time.
async fn digest_of_feed(
    reading: &mut Connection,
    store_id: &str,
    table_no: i64,
) -> Result<TableDigest, DatabaseError> {
    let mut digest = TableDigest::EMPTY;
    // Versions are from 1, and no two rows have the same.
    let mut last_version: i64 = 0;
    loop {
        let rows: Vec<DbRow> = sqlx::query(
            "SELECT key, version, body FROM feed WHERE store_id = $1 AND table_no = $2 AND version > $3 \
             ORDER BY version LIMIT $4",
        )
        .bind(store_id)
        .bind(table_no)
        .bind(last_version)
        .bind(ROWS_MAX)
        .fetch_all(&mut *reading)
        .await?;
        let Some(last) = rows.last() else { return Ok(digest) };
        last_version = last.try_get(1)?;
        for row in rows {
            let row = row_change(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)?;
            if let Some(body) = &row.body {
                digest.add(&row.key, row.version, body);
            }
        }
    }
}
