//! What administrators did with rejected entries: who, when, what and why, never changed once written.

use super::Connection;
use super::values::{narrow, wide};
use crate::database::{DatabaseError, MendOrder, MendRecord, RegisterKey};
use crate::upload::mend::Mend;

/// Who applies what had waited.
pub const NOBODY: &str = "";

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

/// What a request has done to an entry already; none where it is new.
pub async fn action_of_request(
    writing: &mut Connection,
    key: &RegisterKey,
    seq: u64,
    request_id: &[u8; 16],
) -> Result<Option<String>, DatabaseError> {
    let action = sqlx::query_scalar(
        "SELECT action FROM entry_mends WHERE store_id = $1 AND register_number = $2 AND seq = $3 \
         AND request_id = $4",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(wide(seq))
    .bind(request_id.as_slice());
    Ok(action.fetch_optional(&mut *writing).await?)
}

/// Entries that a request applied because they waited for the one that it was about.
pub async fn also_applied_by(
    writing: &mut Connection,
    key: &RegisterKey,
    request_id: &[u8; 16],
) -> Result<Vec<u64>, DatabaseError> {
    let seqs: Vec<i64> = sqlx::query_scalar(
        "SELECT seq FROM entry_mends WHERE store_id = $1 AND register_number = $2 AND request_id = $3 \
         AND administrator = $4 ORDER BY seq",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(request_id.as_slice())
    .bind(NOBODY)
    .fetch_all(&mut *writing)
    .await?;
    seqs.into_iter().map(|seq| narrow(seq, "journal sequence")).collect()
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

/// Writes down what was done. What was applied is in the books.
pub async fn note_mend(
    writing: &mut Connection,
    key: &RegisterKey,
    mended: &Mended<'_>,
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
         administrator, action, note, reason_before) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
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
    .execute(&mut *writing)
    .await?;
    Ok(())
}
