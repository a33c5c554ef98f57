//! What a running server puts in order now and then. Each of several processes may do it; doing it twice changes nothing.

use std::time::Duration;

use crate::clock::Clock;
use crate::database::{Database, DatabaseError};

/// How often.
const EVERY: Duration = Duration::from_hours(1);
/// How long copies are kept that no register asks for, milliseconds: a week.
const VIEW_UNUSED_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// Forgets deletions that are older than `keep_deletions` and drops views that no register uses, now and every hour, for ever.
pub async fn keep_house(database: Database, clock: Clock, keep_deletions: Duration) {
    let mut hours = tokio::time::interval(EVERY);
    loop {
        hours.tick().await;
        match forget_deletions(&database, clock.now_ms(), keep_deletions).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "old deletions were forgotten"),
            Err(error) => tracing::warn!(%error, "old deletions stay for another hour"),
        }
        match drop_views(&database, clock.now_ms()).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "views that no register uses were dropped"),
            Err(error) => tracing::warn!(%error, "unused views stay for another hour"),
        }
    }
}

async fn drop_views(database: &Database, now_ms: i64) -> Result<u64, DatabaseError> {
    let Some(store) = database.store().await? else { return Ok(0) };
    database.drop_views(&store.row.id, now_ms - VIEW_UNUSED_MS).await
}

async fn forget_deletions(
    database: &Database,
    now_ms: i64,
    keep_deletions: Duration,
) -> Result<u64, DatabaseError> {
    let Some(store) = database.store().await? else { return Ok(0) };
    let keep_ms = i64::try_from(keep_deletions.as_millis()).unwrap_or(i64::MAX);
    database.compact_tombstones(&store.row.id, now_ms.saturating_sub(keep_ms)).await
}
