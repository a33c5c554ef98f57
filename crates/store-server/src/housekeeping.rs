//! What a running server puts in order now and then. Each of several processes may do it; doing it twice changes nothing.

use std::time::Duration;

use crate::clock::Clock;
use crate::database::{Database, DatabaseError};

/// How often.
const EVERY: Duration = Duration::from_hours(1);

/// Forgets deletions that are older than `keep_deletions`, now and every hour, for ever.
pub async fn keep_house(database: Database, clock: Clock, keep_deletions: Duration) {
    let mut hours = tokio::time::interval(EVERY);
    loop {
        hours.tick().await;
        match forget_deletions(&database, clock.now_ms(), keep_deletions).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "old deletions were forgotten"),
            Err(error) => tracing::warn!(%error, "old deletions stay for another hour"),
        }
    }
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
