//! Forgetting deletions that every register which is still of use has seen.

use super::write::lock_feed;
use super::{Backend, Connection};
use crate::database::DatabaseError;

impl Backend {
    pub(in crate::database) async fn compact_tombstones(
        &self,
        store_id: &str,
        before_ms: i64,
    ) -> Result<u64, DatabaseError> {
        let mut writing = self.begin().await?;
        lock_feed(&mut writing, store_id).await?;
        let newest: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT table_no, MAX(version) FROM feed \
             WHERE store_id = $1 AND body IS NULL AND changed_at_ms < $2 GROUP BY table_no ORDER BY table_no",
        )
        .bind(store_id)
        .bind(before_ms)
        .fetch_all(&mut *writing)
        .await?;
        let mut forgotten = 0;
        for (table_no, version) in newest {
            forgotten += forget_up_to(&mut writing, store_id, table_no, version).await?;
        }
        writing.commit().await?;
        Ok(forgotten)
    }
}

/// Forgets a table's tombstones up to a version, the newer ones among them too: no cursor could tell them apart.
async fn forget_up_to(
    writing: &mut Connection,
    store_id: &str,
    table_no: i64,
    version: i64,
) -> Result<u64, DatabaseError> {
    sqlx::query(
        "UPDATE feed_tables SET oldest_cursor = $3 WHERE store_id = $1 AND table_no = $2 AND oldest_cursor < $3",
    )
    .bind(store_id)
    .bind(table_no)
    .bind(version)
    .execute(&mut *writing)
    .await?;
    let gone = sqlx::query(
        "DELETE FROM feed WHERE store_id = $1 AND table_no = $2 AND body IS NULL AND version <= $3",
    )
    .bind(store_id)
    .bind(table_no)
    .bind(version)
    .execute(&mut *writing)
    .await?;
    Ok(gone.rows_affected())
}
