//! What a restored backup needs before registers meet it.

use super::Backend;
use super::profile_changes::{REVISIONS_KEPT, lock_profiles};
use crate::database::DatabaseError;

/// More changes than are made between a backup and its restoration.
const VERSIONS_SKIPPED: i64 = 1_000_000_000;
/// More versions of profiles than are published, and profiles than are made, in that time. People read these numbers.
const PROFILES_SKIPPED: i64 = 100_000;
/// More drafts of one profile than are saved in that time, and few enough for earlier ones to be kept beside them: a page
/// that was opened before the backup is merged with what it was opened on.
const REVISIONS_SKIPPED: i64 = REVISIONS_KEPT / 2;

impl Backend {
    pub(in crate::database) async fn begin_feed_anew(&self, store_id: &str) -> Result<(), DatabaseError> {
        let mut writing = self.begin().await?;
        // Versions that were given out after the backup must not be given out again for other changes.
        let version: i64 = sqlx::query_scalar(
            "UPDATE feed_counters SET version = version + $2 WHERE store_id = $1 RETURNING version",
        )
        .bind(store_id)
        .bind(VERSIONS_SKIPPED)
        .fetch_one(&mut *writing)
        .await?;
        // And every register is older than the oldest cursor: it takes a snapshot.
        sqlx::query("UPDATE feed_tables SET head = $2, oldest_cursor = $2 WHERE store_id = $1")
            .bind(store_id)
            .bind(version)
            .execute(&mut *writing)
            .await?;
        // A register that has a version of which the backup knows nothing must not take another for it, nor a page that
        // shows a profile of those another profile.
        lock_profiles(&mut writing, store_id).await?;
        sqlx::query(
            "UPDATE profile_counters SET last_version = last_version + $2, \
             last_profile_id = last_profile_id + $2 WHERE store_id = $1",
        )
        .bind(store_id)
        .bind(PROFILES_SKIPPED)
        .execute(&mut *writing)
        .await?;
        // Nor must a page that was opened on a draft of which the backup knows nothing take another for it.
        for revised in [
            "INSERT INTO profile_revisions (store_id, profile_id, revision, body, saved_at_ms, saved_by) \
             SELECT r.store_id, r.profile_id, r.revision + $2, r.body, r.saved_at_ms, r.saved_by \
             FROM profiles p JOIN profile_revisions r ON r.store_id = p.store_id \
             AND r.profile_id = p.profile_id AND r.revision = p.revision WHERE p.store_id = $1",
            "UPDATE profiles SET revision = revision + $2 WHERE store_id = $1",
        ] {
            sqlx::query(revised).bind(store_id).bind(REVISIONS_SKIPPED).execute(&mut *writing).await?;
        }
        Ok(writing.commit().await?)
    }
}
