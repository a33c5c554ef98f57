//! Pictures of products: versions that commit in order, since whoever writes holds the feed; bytes by their hash.

use std::collections::BTreeSet;

use holdfast_protocol::pictures::PictureRef;
use sqlx::QueryBuilder;

use super::values::{fixed, narrow, wide};
use super::write::SqlWriteTransaction;
use super::{Backend, Db};
use crate::database::{DatabaseError, NewPicture, PictureChanges, StoredPicture};

/// A change: sku, version, hash, media type, bytes.
type ChangeRow = (String, i64, Option<Vec<u8>>, String, i64);

/// Pictures of one statement.
const STATEMENT_ROWS_MAX: usize = 100;

impl Backend {
    pub(in crate::database) async fn pictures_head(&self, store_id: &str) -> Result<u64, DatabaseError> {
        let head: Option<i64> = sqlx::query_scalar("SELECT MAX(version) FROM pictures WHERE store_id = $1")
            .bind(store_id)
            .fetch_one(&self.readers)
            .await?;
        narrow(head.unwrap_or(0), "pictures version")
    }

    pub(in crate::database) async fn pictures_bytes(&self, store_id: &str) -> Result<u64, DatabaseError> {
        let bytes: i64 = sqlx::query_scalar(
            "SELECT CAST(COALESCE(SUM(bytes_count), 0) AS BIGINT) FROM pictures \
             WHERE store_id = $1 AND hash IS NOT NULL",
        )
        .bind(store_id)
        .fetch_one(&self.readers)
        .await?;
        narrow(bytes, "bytes of pictures")
    }

    pub(in crate::database) async fn picture_changes(
        &self,
        store_id: &str,
        since: u64,
        pictures_max: u32,
    ) -> Result<PictureChanges, DatabaseError> {
        let rows: Vec<ChangeRow> = sqlx::query_as(
            "SELECT sku, version, hash, media_type, bytes_count FROM pictures \
             WHERE store_id = $1 AND version > $2 ORDER BY version LIMIT $3",
        )
        .bind(store_id)
        .bind(wide(since))
        .bind(i64::from(pictures_max) + 1)
        .fetch_all(&self.readers)
        .await?;
        let more = rows.len() > pictures_max as usize;
        let mut changes = PictureChanges { pictures: Vec::with_capacity(rows.len()), up_to: since, more };
        for (sku, version, hash, media_type, bytes) in rows.into_iter().take(pictures_max as usize) {
            let hash = hash.map(|hash| fixed::<32>(hash, "picture hash")).transpose()?;
            changes.up_to = narrow(version, "picture version")?;
            changes.pictures.push(PictureRef {
                sku,
                hash: hash.map(Into::into),
                bytes: narrow(bytes, "picture bytes")?,
                media_type,
            });
        }
        Ok(changes)
    }

    pub(in crate::database) async fn picture(
        &self,
        store_id: &str,
        hash: [u8; 32],
    ) -> Result<Option<StoredPicture>, DatabaseError> {
        let row: Option<(String, Vec<u8>)> = sqlx::query_as(
            "SELECT p.media_type, b.bytes FROM picture_bytes b \
             JOIN pictures p ON p.store_id = b.store_id AND p.hash = b.hash \
             WHERE b.store_id = $1 AND b.hash = $2 LIMIT 1",
        )
        .bind(store_id)
        .bind(hash.as_slice())
        .fetch_optional(&self.readers)
        .await?;
        Ok(row.map(|(media_type, bytes)| StoredPicture { media_type, bytes }))
    }
}

impl SqlWriteTransaction {
    pub(in crate::database) async fn put_pictures(
        &mut self,
        pictures: &[NewPicture],
    ) -> Result<u64, DatabaseError> {
        let store_id = self.store_id().to_owned();
        let mut changed = 0;
        for chunk in pictures.chunks(STATEMENT_ROWS_MAX) {
            let mut query = QueryBuilder::<Db>::new("SELECT sku, hash FROM pictures WHERE store_id = ");
            query.push_bind(&store_id).push(" AND hash IS NOT NULL AND sku IN (");
            let mut skus = query.separated(", ");
            chunk.iter().for_each(|picture| {
                skus.push_bind(&picture.sku);
            });
            query.push(")");
            let here: Vec<(String, Vec<u8>)> =
                query.build_query_as().persistent(false).fetch_all(self.connection()).await?;
            let is_here = |new: &NewPicture| {
                here.iter().any(|(sku, hash)| *sku == new.sku && hash.as_slice() == new.hash.as_slice())
            };
            let new: Vec<&NewPicture> = chunk.iter().filter(|picture| !is_here(picture)).collect();
            if new.is_empty() {
                continue;
            }
            let mut bytes = QueryBuilder::<Db>::new("INSERT INTO picture_bytes (store_id, hash, bytes) ");
            bytes.push_values(&new, |mut tuple, picture| {
                tuple.push_bind(&store_id).push_bind(picture.hash.as_slice()).push_bind(&picture.bytes);
            });
            bytes.push(" ON CONFLICT (store_id, hash) DO NOTHING");
            bytes.build().persistent(false).execute(self.connection()).await?;
            let first = self.next_picture_version().await?;
            let mut rows = QueryBuilder::<Db>::new(
                "INSERT INTO pictures (store_id, sku, version, hash, media_type, bytes_count) ",
            );
            rows.push_values(new.iter().zip(first..), |mut tuple, (picture, version)| {
                tuple
                    .push_bind(&store_id)
                    .push_bind(&picture.sku)
                    .push_bind(version)
                    .push_bind(picture.hash.as_slice())
                    .push_bind(&picture.media_type)
                    .push_bind(wide(picture.bytes.len() as u64));
            });
            rows.push(
                " ON CONFLICT (store_id, sku) DO UPDATE SET version = excluded.version, hash = excluded.hash, \
                 media_type = excluded.media_type, bytes_count = excluded.bytes_count",
            );
            rows.build().persistent(false).execute(self.connection()).await?;
            changed += new.len() as u64;
        }
        self.has_changed_pictures |= changed > 0;
        Ok(changed)
    }

    pub(in crate::database) async fn remove_pictures_but(
        &mut self,
        kept_skus: &[String],
    ) -> Result<u64, DatabaseError> {
        let store_id = self.store_id().to_owned();
        let here: Vec<String> =
            sqlx::query_scalar("SELECT sku FROM pictures WHERE store_id = $1 AND hash IS NOT NULL")
                .bind(&store_id)
                .fetch_all(self.connection())
                .await?;
        let kept: BTreeSet<&String> = kept_skus.iter().collect();
        let gone: Vec<String> = here.into_iter().filter(|sku| !kept.contains(sku)).collect();
        let first = self.next_picture_version().await?;
        for (sku, version) in gone.iter().zip(first..) {
            sqlx::query(
                "UPDATE pictures SET version = $3, hash = NULL, media_type = '', bytes_count = 0 \
                 WHERE store_id = $1 AND sku = $2",
            )
            .bind(&store_id)
            .bind(sku)
            .bind(version)
            .execute(self.connection())
            .await?;
        }
        self.has_changed_pictures |= !gone.is_empty();
        Ok(gone.len() as u64)
    }

    async fn next_picture_version(&mut self) -> Result<i64, DatabaseError> {
        let (store_id, now_ms) = (self.store_id().to_owned(), self.now_ms());
        let head: Option<i64> = sqlx::query_scalar("SELECT MAX(version) FROM pictures WHERE store_id = $1")
            .bind(store_id)
            .fetch_one(self.connection())
            .await?;
        Ok(head.unwrap_or(0).saturating_add(1).max(now_ms))
    }

    /// Once before the commit, however many pictures were written: it reads them all.
    pub(super) async fn drop_unused_picture_bytes(&mut self) -> Result<(), DatabaseError> {
        let store_id = self.store_id().to_owned();
        sqlx::query(
            "DELETE FROM picture_bytes WHERE store_id = $1 AND NOT EXISTS \
             (SELECT 1 FROM pictures p WHERE p.store_id = picture_bytes.store_id AND p.hash = picture_bytes.hash)",
        )
        .bind(store_id)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
