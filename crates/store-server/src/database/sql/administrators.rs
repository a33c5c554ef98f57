//! Administrators, their passwords and sessions; hashes only.

use super::admin_changes::note_change;
use super::{Backend, Connection};
use crate::admin_change::NewChange;
use crate::administrators::{
    AdministratorChange, AdministratorName, AdministratorOrder, AdministratorRefusal,
};
use crate::database::{AdminSession, Administrator, DatabaseError};

impl Backend {
    pub(in crate::database) async fn administrators(&self) -> Result<Vec<String>, DatabaseError> {
        let names = sqlx::query_scalar("SELECT name FROM administrators ORDER BY name_key");
        Ok(names.fetch_all(&self.readers).await?)
    }

    pub(in crate::database) async fn administrator(
        &self,
        name: &AdministratorName,
    ) -> Result<Option<Administrator>, DatabaseError> {
        let row: Option<(String, String)> =
            sqlx::query_as("SELECT name, password_hash FROM administrators WHERE name_key = $1")
                .bind(name.key())
                .fetch_optional(&self.readers)
                .await?;
        Ok(row.map(|(name, password_hash)| Administrator { name, password_hash }))
    }

    pub(in crate::database) async fn change_administrators(
        &self,
        store_id: &str,
        order: &AdministratorOrder,
    ) -> Result<Result<String, AdministratorRefusal>, DatabaseError> {
        let mut writing = self.begin().await?;
        // All of them are locked: of the last two one stays, whoever removes both at once.
        let all: Vec<(String, String)> =
            sqlx::query_as(for_update!("SELECT name, name_key FROM administrators ORDER BY name_key"))
                .fetch_all(&mut *writing)
                .await?;
        let found = all.iter().find(|(_, key)| key == order.name.key()).map(|(name, _)| name.clone());
        let name = match (&order.change, found) {
            (AdministratorChange::Add { .. }, Some(name)) => {
                return Ok(Err(AdministratorRefusal::Taken { name }));
            }
            (AdministratorChange::Add { password_hash }, None) => {
                insert_administrator(&mut writing, &order.name, password_hash).await?;
                order.name.as_str().to_owned()
            }
            (AdministratorChange::SetPassword { .. } | AdministratorChange::Remove, None) => {
                let known = all.into_iter().map(|(name, _)| name).collect();
                return Ok(Err(AdministratorRefusal::Unknown { name: order.name.to_string(), known }));
            }
            (AdministratorChange::SetPassword { password_hash }, Some(name)) => {
                set_password(&mut writing, &name, password_hash).await?;
                name
            }
            (AdministratorChange::Remove, Some(name)) => {
                if all.len() == 1 {
                    return Ok(Err(AdministratorRefusal::Last { name }));
                }
                remove(&mut writing, &name).await?;
                name
            }
        };
        let (action, detail) = order.change.in_words();
        let change = NewChange::new(order.at_ms, &order.by, action, name.as_str(), detail);
        note_change(&mut writing, store_id, &change).await?;
        writing.commit().await?;
        Ok(Ok(name))
    }

    pub(in crate::database) async fn add_session(
        &self,
        token_hash: [u8; 32],
        administrator: &Administrator,
        expires_at_ms: i64,
        now_ms: i64,
    ) -> Result<bool, DatabaseError> {
        let mut writing = self.begin().await?;
        // Locked: whoever sets the password at the same moment finds the session, or has ended it already.
        let current: Option<String> = sqlx::query_scalar(for_update!(
            "SELECT name FROM administrators WHERE name = $1 AND password_hash = $2"
        ))
        .bind(&administrator.name)
        .bind(&administrator.password_hash)
        .fetch_optional(&mut *writing)
        .await?;
        if current.is_none() {
            return Ok(false);
        }
        sqlx::query("DELETE FROM admin_sessions WHERE expires_at_ms <= $1")
            .bind(now_ms)
            .execute(&mut *writing)
            .await?;
        sqlx::query(
            "INSERT INTO admin_sessions (token_hash, administrator, expires_at_ms) VALUES ($1, $2, $3)",
        )
        .bind(token_hash.as_slice())
        .bind(&administrator.name)
        .bind(expires_at_ms)
        .execute(&mut *writing)
        .await?;
        writing.commit().await?;
        Ok(true)
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

/// Inserts an administrator; nobody has that name.
pub async fn insert_administrator(
    writing: &mut Connection,
    name: &AdministratorName,
    password_hash: &str,
) -> Result<(), DatabaseError> {
    sqlx::query("INSERT INTO administrators (name, name_key, password_hash) VALUES ($1, $2, $3)")
        .bind(name.as_str())
        .bind(name.key())
        .bind(password_hash)
        .execute(&mut *writing)
        .await?;
    Ok(())
}

async fn set_password(
    writing: &mut Connection,
    name: &str,
    password_hash: &str,
) -> Result<(), DatabaseError> {
    sqlx::query("UPDATE administrators SET password_hash = $2 WHERE name = $1")
        .bind(name)
        .bind(password_hash)
        .execute(&mut *writing)
        .await?;
    sqlx::query("DELETE FROM admin_sessions WHERE administrator = $1")
        .bind(name)
        .execute(&mut *writing)
        .await?;
    Ok(())
}

/// The schema removes their sessions with them.
async fn remove(writing: &mut Connection, name: &str) -> Result<(), DatabaseError> {
    sqlx::query("DELETE FROM administrators WHERE name = $1").bind(name).execute(&mut *writing).await?;
    Ok(())
}
