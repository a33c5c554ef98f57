//! Reading profiles: what registers get, and all of a store for administrators.

use std::collections::BTreeMap;

use holdfast_domain::Currency;
use holdfast_profile::{Profile, ProfileVersion, Scope};
use sqlx::Row;

use super::feed::table_of;
use super::register_overviews::{building, version_kept, waiting};
use super::values::{narrow, narrow_option, wide};
use super::{Backend, Connection, DbRow};
use crate::database::{DatabaseError, PublishedProfile, RegisterKey, VersionRecord};
use crate::profiles::{KeptProfile, ProfileRegister, ProfileShelf};

impl Backend {
    pub(in crate::database) async fn profile_of(
        &self,
        key: &RegisterKey,
    ) -> Result<Option<PublishedProfile>, DatabaseError> {
        let row: Option<(i64, Vec<u8>)> = sqlx::query_as(
            "SELECT v.version, v.body FROM registers r \
             JOIN stores s ON s.store_id = r.store_id \
             JOIN profiles p ON p.store_id = r.store_id AND p.profile_id = COALESCE(r.profile_id, s.profile_id) \
             JOIN profile_versions v ON v.store_id = p.store_id AND v.version = p.published_version \
             WHERE r.store_id = $1 AND r.number = $2",
        )
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .fetch_optional(&self.readers)
        .await?;
        let published = |(version, body): (i64, Vec<u8>)| {
            let (version, profile) = (narrow(version, "profile version")?, read_profile(&body)?);
            Ok(PublishedProfile { version, profile })
        };
        row.map(published).transpose()
    }

    /// A version that a register says it has: one that it had before, or one of the profile that it should have.
    pub(in crate::database) async fn profile_kept(
        &self,
        key: &RegisterKey,
        version: u64,
    ) -> Result<Option<Profile>, DatabaseError> {
        let body: Option<Vec<u8>> = sqlx::query_scalar(
            "SELECT v.body FROM registers r \
             JOIN stores s ON s.store_id = r.store_id \
             JOIN profile_versions v ON v.store_id = r.store_id AND v.version = $3 \
             WHERE r.store_id = $1 AND r.number = $2 \
             AND (r.profile_version = $3 OR v.profile_id = COALESCE(r.profile_id, s.profile_id))",
        )
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .bind(wide(version))
        .fetch_optional(&self.readers)
        .await?;
        body.map(|body| read_profile(&body)).transpose()
    }

    pub(in crate::database) async fn profile_shelf(
        &self,
        store_id: &str,
    ) -> Result<ProfileShelf, DatabaseError> {
        load_shelf(&mut *self.begin_read().await?, store_id).await
    }

    pub(in crate::database) async fn profile_shelf_with_rows(
        &self,
        store_id: &str,
    ) -> Result<ProfileShelf, DatabaseError> {
        let mut reading = self.begin_read().await?;
        let mut shelf = load_shelf(&mut reading, store_id).await?;
        let rows: Vec<(i64, i64, i64)> =
            sqlx::query_as("SELECT number, table_no, rows_count FROM register_tables WHERE store_id = $1")
                .bind(store_id)
                .fetch_all(&mut *reading)
                .await?;
        let mut tables: BTreeMap<i64, BTreeMap<_, _>> = BTreeMap::new();
        for (number, table, rows) in rows {
            tables.entry(number).or_default().insert(table_of(table)?, narrow(rows, "rows")?);
        }
        for register in &mut shelf.registers {
            register.rows = tables.remove(&i64::from(register.number)).unwrap_or_default();
        }
        Ok(shelf)
    }

    pub(in crate::database) async fn profile_versions(
        &self,
        store_id: &str,
        profile_id: u64,
    ) -> Result<Vec<VersionRecord>, DatabaseError> {
        let Ok(profile_id) = i64::try_from(profile_id) else { return Ok(Vec::new()) };
        let rows: Vec<(i64, i64, String, Option<i64>)> = sqlx::query_as(
            "SELECT version, published_at_ms, published_by, restored_from FROM profile_versions \
             WHERE store_id = $1 AND profile_id = $2 ORDER BY version DESC",
        )
        .bind(store_id)
        .bind(profile_id)
        .fetch_all(&self.readers)
        .await?;
        let record = |(version, published_at_ms, published_by, restored_from)| {
            Ok(VersionRecord {
                version: narrow(version, "profile version")?,
                published_at_ms,
                published_by,
                restored_from: narrow_option(restored_from, "profile version")?,
            })
        };
        rows.into_iter().map(record).collect()
    }

    pub(in crate::database) async fn published_bodies(
        &self,
        store_id: &str,
        versions: &[u64],
    ) -> Result<BTreeMap<u64, Profile>, DatabaseError> {
        let mut reading = self.begin_read().await?;
        let mut bodies = BTreeMap::new();
        for &version in versions {
            if let Some(found) = load_version(&mut reading, store_id, None, version).await? {
                bodies.insert(version, found.profile);
            }
        }
        Ok(bodies)
    }
}

const VERSION_COLUMNS: &str = "SELECT version, body, published_at_ms, published_by, restored_from \
    FROM profile_versions WHERE store_id = $1 AND version = $2 AND ($3 IS NULL OR profile_id = $3)";

/// A published version, of a certain profile where one is named.
pub async fn load_version(
    reading: &mut Connection,
    store_id: &str,
    profile_id: Option<u64>,
    version: u64,
) -> Result<Option<ProfileVersion>, DatabaseError> {
    let Ok(version) = i64::try_from(version) else { return Ok(None) };
    let Ok(profile_id) = profile_id.map(i64::try_from).transpose() else { return Ok(None) };
    let row = sqlx::query(VERSION_COLUMNS)
        .bind(store_id)
        .bind(version)
        .bind(profile_id)
        .fetch_optional(&mut *reading)
        .await?;
    row.as_ref().map(read_version).transpose()
}

/// A version, from the columns that [`VERSION_COLUMNS`] names.
fn read_version(row: &DbRow) -> Result<ProfileVersion, DatabaseError> {
    Ok(ProfileVersion {
        number: narrow(row.try_get("version")?, "profile version")?,
        profile: read_profile(&row.try_get::<Vec<u8>, _>("body")?)?,
        published_at_ms: row.try_get("published_at_ms")?,
        published_by: row.try_get("published_by")?,
        restored_from: narrow_option(row.try_get("restored_from")?, "profile version")?,
    })
}

/// A draft as it was saved.
pub async fn load_revision(
    reading: &mut Connection,
    store_id: &str,
    profile_id: u64,
    revision: u64,
) -> Result<Option<Profile>, DatabaseError> {
    let (Ok(profile_id), Ok(revision)) = (i64::try_from(profile_id), i64::try_from(revision)) else {
        return Ok(None);
    };
    let body: Option<Vec<u8>> = sqlx::query_scalar(
        "SELECT body FROM profile_revisions WHERE store_id = $1 AND profile_id = $2 AND revision = $3",
    )
    .bind(store_id)
    .bind(profile_id)
    .bind(revision)
    .fetch_optional(&mut *reading)
    .await?;
    body.map(|body| read_profile(&body)).transpose()
}

/// The name of a profile as its draft says; empty where there is none.
pub async fn draft_name(reading: &mut Connection, store_id: &str, id: i64) -> Result<String, DatabaseError> {
    let body: Option<Vec<u8>> = sqlx::query_scalar(
        "SELECT r.body FROM profiles p JOIN profile_revisions r ON r.store_id = p.store_id \
         AND r.profile_id = p.profile_id AND r.revision = p.revision \
         WHERE p.store_id = $1 AND p.profile_id = $2",
    )
    .bind(store_id)
    .bind(id)
    .fetch_optional(&mut *reading)
    .await?;
    Ok(body.map(|body| read_profile(&body)).transpose()?.map(|profile| profile.name).unwrap_or_default())
}

/// All profiles of a store and its registers, without the rows that those keep.
pub async fn load_shelf(reading: &mut Connection, store_id: &str) -> Result<ProfileShelf, DatabaseError> {
    let store = sqlx::query(
        "SELECT s.currency, s.profile_id, c.last_profile_id, c.last_version FROM stores s \
         JOIN profile_counters c ON c.store_id = s.store_id WHERE s.store_id = $1",
    )
    .bind(store_id)
    .fetch_one(&mut *reading)
    .await?;
    let currency: String = store.try_get("currency")?;
    let rows = sqlx::query(
        "SELECT p.profile_id, p.revision, r.body AS draft, r.saved_at_ms, r.saved_by, \
         v.version, v.body, v.published_at_ms, v.published_by, v.restored_from FROM profiles p \
         JOIN profile_revisions r ON r.store_id = p.store_id AND r.profile_id = p.profile_id \
         AND r.revision = p.revision \
         LEFT JOIN profile_versions v ON v.store_id = p.store_id AND v.version = p.published_version \
         WHERE p.store_id = $1 ORDER BY p.profile_id",
    )
    .bind(store_id)
    .fetch_all(&mut *reading)
    .await?;
    let mut profiles = Vec::with_capacity(rows.len());
    for row in &rows {
        let version: Option<i64> = row.try_get("version")?;
        profiles.push(KeptProfile {
            id: narrow(row.try_get("profile_id")?, "profile id")?,
            revision: narrow(row.try_get("revision")?, "revision")?,
            draft: read_profile(&row.try_get::<Vec<u8>, _>("draft")?)?,
            updated_at_ms: row.try_get("saved_at_ms")?,
            updated_by: row.try_get("saved_by")?,
            published: version.map(|_| read_version(row)).transpose()?,
        });
    }
    let unused: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT body FROM unused_scopes WHERE store_id = $1 ORDER BY name_key")
            .bind(store_id)
            .fetch_all(&mut *reading)
            .await?;
    Ok(ProfileShelf {
        profiles,
        unused: unused.iter().map(|body| read_scope(body)).collect::<Result<_, DatabaseError>>()?,
        store_profile: narrow_option(store.try_get("profile_id")?, "profile id")?,
        registers: load_registers(reading, store_id).await?,
        last_id: narrow(store.try_get("last_profile_id")?, "profile id")?,
        last_version: narrow(store.try_get("last_version")?, "profile version")?,
        currency: Currency::from_code(&currency)
            .map_err(|error| DatabaseError::Damaged(format!("the store's currency: {error}")))?,
    })
}

async fn load_registers(
    reading: &mut Connection,
    store_id: &str,
) -> Result<Vec<ProfileRegister>, DatabaseError> {
    let rows = sqlx::query(
        "SELECT number, name, profile_id, token_hash IS NOT NULL AS is_activated, is_locked, profile_version, \
         last_contact_ms, storage_used_bytes, storage_quota_bytes, retry_asked_at_ms, waiting, \
         COALESCE(last_seq - waiting_after_seq, 0) AS arrived_since, \
         profile_error_text, app_is_too_old, building_version, building_rows_have, \
         building_rows_wanted FROM registers WHERE store_id = $1 ORDER BY number",
    )
    .bind(store_id)
    .fetch_all(&mut *reading)
    .await?;
    rows.iter().map(read_register).collect()
}

fn read_register(row: &DbRow) -> Result<ProfileRegister, DatabaseError> {
    let used: Option<u64> = narrow_option(row.try_get("storage_used_bytes")?, "storage used")?;
    let quota: Option<u64> = narrow_option(row.try_get("storage_quota_bytes")?, "storage quota")?;
    Ok(ProfileRegister {
        number: narrow(row.try_get("number")?, "register number")?,
        name: row.try_get("name")?,
        own_profile: narrow_option(row.try_get("profile_id")?, "profile id")?,
        is_activated: row.try_get("is_activated")?,
        is_locked: row.try_get("is_locked")?,
        version: version_kept(row)?,
        building: building(row)?,
        last_contact_ms: row.try_get("last_contact_ms")?,
        storage_bytes: used.zip(quota),
        waiting: waiting(row)?,
        retry_asked_at_ms: row.try_get("retry_asked_at_ms")?,
        profile_error: row.try_get("profile_error_text")?,
        app_is_too_old: row.try_get("app_is_too_old")?,
        rows: BTreeMap::new(),
    })
}

pub fn read_profile(body: &[u8]) -> Result<Profile, DatabaseError> {
    holdfast_protocol::decode(body).map_err(|error| DatabaseError::Damaged(format!("a profile: {error}")))
}

fn read_scope(body: &[u8]) -> Result<Scope, DatabaseError> {
    holdfast_protocol::decode(body).map_err(|error| DatabaseError::Damaged(format!("a scope: {error}")))
}
