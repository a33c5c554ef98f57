//! Published profile versions.

use sqlx::Row;

use super::values::narrow;
use super::{Backend, DbRow};
use crate::database::{DatabaseError, PublishedProfile, RegisterKey};

impl Backend {
    pub(in crate::database) async fn profile_of(
        &self,
        key: &RegisterKey,
    ) -> Result<Option<PublishedProfile>, DatabaseError> {
        let row = sqlx::query(
            "SELECT v.version, v.body, v.published_at_ms FROM registers r \
             JOIN stores s ON s.store_id = r.store_id \
             JOIN profiles p ON p.store_id = r.store_id AND p.name = COALESCE(r.profile_name, s.profile_name) \
             JOIN profile_versions v ON v.store_id = p.store_id AND v.version = p.published_version \
             WHERE r.store_id = $1 AND r.number = $2",
        )
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(read_profile).transpose()
    }

    pub(in crate::database) async fn profiles(
        &self,
        store_id: &str,
    ) -> Result<Vec<PublishedProfile>, DatabaseError> {
        let rows = sqlx::query(
            "SELECT v.version, v.body, v.published_at_ms FROM profiles p \
             JOIN profile_versions v ON v.store_id = p.store_id AND v.version = p.published_version \
             WHERE p.store_id = $1 ORDER BY p.name",
        )
        .bind(store_id)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(read_profile).collect()
    }
}

fn read_profile(row: &DbRow) -> Result<PublishedProfile, DatabaseError> {
    let body: Vec<u8> = row.try_get("body")?;
    Ok(PublishedProfile {
        version: narrow(row.try_get("version")?, "profile version")?,
        published_at_ms: row.try_get("published_at_ms")?,
        profile: holdfast_protocol::decode(&body)
            .map_err(|error| DatabaseError::Damaged(format!("a profile: {error}")))?,
    })
}
