//! What a running server puts in order now and then. Each of several processes may do it; doing it twice changes nothing.

use std::time::Duration;

use tokio::time::{Instant, interval_at};

use crate::clock::Clock;
use crate::database::{Database, DatabaseError};

/// How often.
const EVERY: Duration = Duration::from_hours(1);

/// Puts things in order every hour, for ever. Not at the start: registers must have had the time to ask again, or a server
/// that was off for long would drop what they use.
pub async fn keep_house(database: Database, clock: Clock, keep_deletions: Duration) {
    let mut hours = interval_at(Instant::now() + EVERY, EVERY);
    loop {
        hours.tick().await;
        put_in_order(&database, clock.now_ms(), keep_deletions).await;
    }
}

/// Forgets deletions that are older than `keep_deletions`, and drops views that no register has used for as long: one
/// that comes back sooner goes on where it was.
pub async fn put_in_order(database: &Database, now_ms: i64, keep_deletions: Duration) {
    let keep_ms = i64::try_from(keep_deletions.as_millis()).unwrap_or(i64::MAX);
    let before_ms = now_ms.saturating_sub(keep_ms);
    match forget_deletions(database, before_ms).await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "old deletions were forgotten"),
        Err(error) => tracing::warn!(%error, "old deletions stay for another hour"),
    }
    match drop_views(database, before_ms).await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "views that no register uses were dropped"),
        Err(error) => tracing::warn!(%error, "unused views stay for another hour"),
    }
}

async fn drop_views(database: &Database, unused_since_ms: i64) -> Result<u64, DatabaseError> {
    let Some(store) = database.store().await? else { return Ok(0) };
    database.drop_views(&store.row.id, unused_since_ms).await
}

async fn forget_deletions(database: &Database, before_ms: i64) -> Result<u64, DatabaseError> {
    let Some(store) = database.store().await? else { return Ok(0) };
    database.compact_tombstones(&store.row.id, before_ms).await
}
