//! Administrators' passwords and sessions; hashes only.

use super::Backend;
use crate::database::{AdminSession, DatabaseError};

impl Backend {
    pub(in crate::database) async fn password_hash(
        &self,
        name: &str,
    ) -> Result<Option<String>, DatabaseError> {
        let hash = sqlx::query_scalar("SELECT password_hash FROM administrators WHERE name = $1").bind(name);
        Ok(hash.fetch_optional(&self.readers).await?)
    }

    pub(in crate::database) async fn set_password_hash(
        &self,
        name: &str,
        password_hash: &str,
    ) -> Result<(), DatabaseError> {
        let mut writing = self.begin().await?;
        sqlx::query(
            "INSERT INTO administrators (name, password_hash) VALUES ($1, $2) \
             ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash",
        )
        .bind(name)
        .bind(password_hash)
        .execute(&mut *writing)
        .await?;
        sqlx::query("DELETE FROM admin_sessions WHERE administrator = $1")
            .bind(name)
            .execute(&mut *writing)
            .await?;
        Ok(writing.commit().await?)
    }

    pub(in crate::database) async fn add_session(
        &self,
        token_hash: [u8; 32],
        administrator: &str,
        expires_at_ms: i64,
        now_ms: i64,
    ) -> Result<(), DatabaseError> {
        let mut writing = self.begin().await?;
        sqlx::query("DELETE FROM admin_sessions WHERE expires_at_ms <= $1")
            .bind(now_ms)
            .execute(&mut *writing)
            .await?;
        sqlx::query(
            "INSERT INTO admin_sessions (token_hash, administrator, expires_at_ms) VALUES ($1, $2, $3)",
        )
        .bind(token_hash.as_slice())
        .bind(administrator)
        .bind(expires_at_ms)
        .execute(&mut *writing)
        .await?;
        Ok(writing.commit().await?)
    }

    pub(in crate::database) async fn session(
        &self,
        token_hash: [u8; 32],
        now_ms: i64,
    ) -> Result<Option<AdminSession>, DatabaseError> {
        let row: Option<(String, i64)> = sqlx::query_as(
            "SELECT administrator, expires_at_ms FROM admin_sessions WHERE token_hash = $1 AND expires_at_ms > $2",
        )
        .bind(token_hash.as_slice())
        .bind(now_ms)
        .fetch_optional(&self.readers)
        .await?;
        Ok(row.map(|(administrator, expires_at_ms)| AdminSession { administrator, expires_at_ms }))
    }

    pub(in crate::database) async fn end_session(&self, token_hash: [u8; 32]) -> Result<(), DatabaseError> {
        let mut writing = self.begin().await?;
        sqlx::query("DELETE FROM admin_sessions WHERE token_hash = $1")
            .bind(token_hash.as_slice())
            .execute(&mut *writing)
            .await?;
        Ok(writing.commit().await?)
    }
}
