//! The trail of what administrators changed.

use super::values::{narrow, wide};
use super::{Backend, Connection};
use crate::admin_change::NewChange;
use crate::database::{ChangeRecord, DatabaseError};

impl Backend {
    pub(in crate::database) async fn admin_changes(
        &self,
        store_id: &str,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<ChangeRecord>, DatabaseError> {
        let rows: Vec<(i64, i64, String, String, String, String)> = sqlx::query_as(
            "SELECT change_no, at_ms, administrator, action, subject, detail FROM admin_changes \
             WHERE store_id = $1 AND change_no < $2 ORDER BY change_no DESC LIMIT $3",
        )
        .bind(store_id)
        .bind(before.map_or(i64::MAX, wide))
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        let record = |(id, at_ms, administrator, action, subject, detail)| {
            let id = narrow(id, "change")?;
            Ok(ChangeRecord { id, at_ms, administrator, action, subject, detail })
        };
        rows.into_iter().map(record).collect()
    }
}

/// Writes a change down, in the transaction that makes it.
pub async fn note_change(
    writing: &mut Connection,
    store_id: &str,
    change: &NewChange,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "INSERT INTO admin_changes (store_id, at_ms, administrator, action, subject, detail) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(store_id)
    .bind(change.at_ms)
    .bind(&change.administrator)
    .bind(change.action.name())
    .bind(&change.subject)
    .bind(&change.detail)
    .execute(&mut *writing)
    .await?;
    Ok(())
}
