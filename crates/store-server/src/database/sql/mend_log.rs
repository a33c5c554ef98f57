//! What administrators did with rejected entries: who, when, what and why, never changed once written.

use super::Connection;
use super::values::wide;
use crate::database::{DatabaseError, MendOrder, MendRecord, RegisterKey};
use crate::upload::mend::Mend;

/// What was done with which entry.
pub struct Mended<'a> {
    /// The entry's sequence.
    pub seq: u64,
    /// What was decided.
    pub order: &'a MendOrder,
    /// Why the entry was rejected until then.
    pub reason: &'a str,
}

/// All that was done with an entry, oldest first.
pub async fn load_mends(
    reading: &mut Connection,
    key: &RegisterKey,
    seq: u64,
) -> Result<Vec<MendRecord>, DatabaseError> {
    let rows: Vec<(i64, String, String, String, String)> = sqlx::query_as(
        "SELECT mended_at_ms, administrator, action, note, reason_before FROM entry_mends \
         WHERE store_id = $1 AND register_number = $2 AND seq = $3 ORDER BY mend_no",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(wide(seq))
    .fetch_all(&mut *reading)
    .await?;
    let record = |(at_ms, administrator, action, note, reason_before)| MendRecord {
        at_ms,
        administrator,
        action,
        note,
        reason_before,
    };
    Ok(rows.into_iter().map(record).collect())
}

/// Whether a decision about an entry was carried out already.
pub async fn is_done(
    writing: &mut Connection,
    key: &RegisterKey,
    seq: u64,
    request_id: &[u8; 16],
) -> Result<bool, DatabaseError> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT mend_no FROM entry_mends WHERE store_id = $1 AND register_number = $2 AND seq = $3 \
         AND request_id = $4",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(wide(seq))
    .bind(request_id.as_slice())
    .fetch_optional(&mut *writing)
    .await?;
    Ok(found.is_some())
}

/// Why an entry had been rejected before it was set aside.
pub async fn reason_before_set_aside(
    writing: &mut Connection,
    key: &RegisterKey,
    seq: u64,
) -> Result<Option<String>, DatabaseError> {
    let reason = sqlx::query_scalar(
        "SELECT reason_before FROM entry_mends WHERE store_id = $1 AND register_number = $2 AND seq = $3 \
         AND action = $4 ORDER BY mend_no DESC LIMIT 1",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(wide(seq))
    .bind(Mend::SetAside.name());
    Ok(reason.fetch_optional(&mut *writing).await?)
}

/// Writes down what was done; `payload` is what was applied, where that is not what was sent.
pub async fn note_mend(
    writing: &mut Connection,
    key: &RegisterKey,
    mended: &Mended<'_>,
    payload: Option<Vec<u8>>,
) -> Result<(), DatabaseError> {
    let Mended { seq, order, reason } = mended;
    let last: i64 = sqlx::query_scalar(
        "SELECT COALESCE(MAX(mend_no), 0) FROM entry_mends \
         WHERE store_id = $1 AND register_number = $2 AND seq = $3",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(wide(*seq))
    .fetch_one(&mut *writing)
    .await?;
    sqlx::query(
        "INSERT INTO entry_mends (store_id, register_number, seq, mend_no, request_id, mended_at_ms, \
         administrator, action, note, reason_before, payload) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(wide(*seq))
    .bind(last + 1)
    .bind(order.request_id.as_slice())
    .bind(order.at_ms)
    .bind(&order.administrator)
    .bind(order.mend.name())
    .bind(order.note.trim())
    .bind(*reason)
    .bind(payload)
    .execute(&mut *writing)
    .await?;
    Ok(())
}
