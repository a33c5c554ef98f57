//! The registers as the administrator sees them.

use std::collections::BTreeMap;

use holdfast_protocol::messages::ContactMode;
use sqlx::Row;

use super::feed::table_of;
use super::values::{narrow, narrow_option};
use super::{Backend, DbRow};
use crate::database::{BuildingOverview, DatabaseError, LastError, RegisterOverview, TableProgress};

impl Backend {
    pub(in crate::database) async fn registers(
        &self,
        store_id: &str,
        only: Option<u16>,
    ) -> Result<Vec<RegisterOverview>, DatabaseError> {
        let only = only.map(i64::from);
        let mut reading = self.begin_read().await?;
        let rows = sqlx::query(
            "SELECT r.number, r.name, r.token_hash IS NOT NULL AS activated, r.is_locked, r.activated_at_ms, \
             r.device_name, r.last_contact_ms, r.app_version, r.profile_version, h.profile_name AS has_name, \
             COALESCE(p.published_version, 0) AS published_version, w.profile_name AS wanted_name, \
             r.profile_id IS NOT NULL AS has_own_profile, r.waiting, \
             COALESCE(r.last_seq - r.waiting_after_seq, 0) AS arrived_since, r.rejected, r.receipts_count, \
             r.total_minor, r.was_offline_since_ms, r.was_offline_until_ms, \
             CASE WHEN r.mode_no = $3 THEN COALESCE(r.mode_since_ms, r.last_contact_ms) END AS slow_since_ms, \
             r.storage_used_bytes, r.storage_quota_bytes, \
             r.last_error_text, r.last_error_at_ms, r.other_errors_text, r.has_error, r.building_version, \
             r.building_rows_have, r.building_rows_wanted, r.retry_asked_at_ms \
             FROM registers r JOIN stores s ON s.store_id = r.store_id \
             LEFT JOIN profiles p ON p.store_id = r.store_id AND p.profile_id = COALESCE(r.profile_id, s.profile_id) \
             LEFT JOIN profile_versions h ON h.store_id = r.store_id AND h.version = r.profile_version \
             LEFT JOIN profile_versions w ON w.store_id = r.store_id AND w.version = p.published_version \
             WHERE r.store_id = $1 AND ($2 IS NULL OR r.number = $2) ORDER BY r.number",
        )
        .bind(store_id)
        .bind(only)
        .bind(i64::from(ContactMode::OfflineForSlowness.number()))
        .fetch_all(&mut *reading)
        .await?;
        let tables: Vec<(i64, i64, i64, i64, i64, Option<i64>)> = sqlx::query_as(
            "SELECT t.number, t.table_no, t.cursor, t.rows_count, COALESCE(f.head, 0), t.synced_at_ms FROM register_tables t \
             LEFT JOIN feed_tables f ON f.store_id = t.store_id AND f.table_no = t.table_no \
             WHERE t.store_id = $1 AND ($2 IS NULL OR t.number = $2) ORDER BY t.number, t.table_no",
        )
        .bind(store_id)
        .bind(only)
        .fetch_all(&mut *reading)
        .await?;
        let mut progress: BTreeMap<i64, Vec<TableProgress>> = BTreeMap::new();
        for (number, table, cursor, rows, head, synced_at_ms) in tables {
            progress.entry(number).or_default().push(TableProgress {
                table: table_of(table)?.name().to_owned(),
                cursor: narrow(cursor, "cursor")?,
                rows: narrow(rows, "rows")?,
                head: narrow(head, "feed head")?,
                synced_at_ms,
            });
        }
        rows.iter().map(|row| read_overview(row, &mut progress)).collect()
    }
}

fn read_overview(
    row: &DbRow,
    progress: &mut BTreeMap<i64, Vec<TableProgress>>,
) -> Result<RegisterOverview, DatabaseError> {
    let number: i64 = row.try_get("number")?;
    Ok(RegisterOverview {
        number: narrow(number, "register number")?,
        name: row.try_get("name")?,
        activated: row.try_get("activated")?,
        locked: row.try_get("is_locked")?,
        activated_at_ms: row.try_get("activated_at_ms")?,
        device_name: row.try_get("device_name")?,
        last_contact_ms: row.try_get("last_contact_ms")?,
        app_version: row.try_get("app_version")?,
        profile_version: version_kept(row)?,
        profile_name: row.try_get("has_name")?,
        published_version: narrow(row.try_get("published_version")?, "published version")?,
        published_name: row.try_get("wanted_name")?,
        has_own_profile: row.try_get("has_own_profile")?,
        waiting: waiting(row)?,
        rejected: narrow_option(row.try_get("rejected")?, "rejected")?,
        receipts_count: narrow(row.try_get("receipts_count")?, "receipts")?,
        total_minor: row.try_get("total_minor")?,
        tables: progress.remove(&number).unwrap_or_default(),
        slow_since_ms: row.try_get("slow_since_ms")?,
        was_offline_since_ms: row.try_get("was_offline_since_ms")?,
        was_offline_until_ms: row.try_get("was_offline_until_ms")?,
        storage_used_bytes: narrow_option(row.try_get("storage_used_bytes")?, "storage used")?,
        storage_quota_bytes: narrow_option(row.try_get("storage_quota_bytes")?, "storage quota")?,
        last_error: last_error(row)?,
        building: building(row)?,
        retry_asked_at_ms: row.try_get("retry_asked_at_ms")?,
    })
}

fn last_error(row: &DbRow) -> Result<Option<LastError>, DatabaseError> {
    let (text, at_ms): (Option<String>, Option<i64>) =
        (row.try_get("last_error_text")?, row.try_get("last_error_at_ms")?);
    let is_now = row.try_get("has_error")?;
    let others: Option<String> = row.try_get("other_errors_text")?;
    let others: Vec<String> = others.iter().flat_map(|others| others.lines()).map(str::to_owned).collect();
    Ok(text.zip(at_ms).map(|(text, at_ms)| LastError { at_ms, text, others, is_now }))
}

/// The version of the profile that a register has; zero is what one says that has none yet.
pub fn version_kept(row: &DbRow) -> Result<Option<u64>, DatabaseError> {
    let version: Option<u64> = narrow_option(row.try_get("profile_version")?, "profile version")?;
    Ok(version.filter(|version| *version > 0))
}

/// Entries that wait on a register, from the columns of what it said and what has come since.
pub fn waiting(row: &DbRow) -> Result<Option<u64>, DatabaseError> {
    let waiting: Option<u64> = narrow_option(row.try_get("waiting")?, "waiting")?;
    // Fewer than none where a contact was on its way while the database was set back to a backup.
    let arrived_since = row.try_get::<i64, _>("arrived_since")?.max(0).unsigned_abs();
    Ok(waiting.map(|waiting| waiting.saturating_sub(arrived_since)))
}

/// What a register builds, from the columns that say so.
pub fn building(row: &DbRow) -> Result<Option<BuildingOverview>, DatabaseError> {
    let Some(version) = narrow_option(row.try_get("building_version")?, "profile version")? else {
        return Ok(None);
    };
    let rows = |column: &str| narrow_option(row.try_get(column)?, "rows");
    let (rows_have, rows_wanted) = (rows("building_rows_have")?, rows("building_rows_wanted")?);
    let (rows_have, rows_wanted) = (rows_have.unwrap_or(0), rows_wanted.unwrap_or(0));
    Ok(Some(BuildingOverview { version, rows_have, rows_wanted }))
}
