//! Entries of the journal, read again: one, or the rejected ones of a kind.

use std::collections::BTreeMap;

use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use sqlx::{Pool, Row};

use super::values::{fixed, narrow, narrow_option, wide};
use super::{Connection, Db, DbRow};
use crate::database::{DatabaseError, RegisterKey, RejectedState};
use crate::upload::{Content, ReadEntry, read_entry};

/// Rejected entries that are read at once.
const PAGE_ENTRIES: i64 = 1_000;

/// The columns of an entry, of those entries of a register for which the rest holds.
macro_rules! entries_where {
    ($rest:literal) => {
        concat!(
            "SELECT seq, kind, created_at_ms, previous_hash, hash, payload, rejected_reason, is_set_aside \
             FROM journal WHERE store_id = $1 AND register_number = $2 AND ",
            $rest
        )
    };
}

/// An entry of the journal.
pub struct KeptEntry {
    /// As it came.
    pub read: ReadEntry,
    /// Why it was not applied; none where it was.
    pub rejected_reason: Option<String>,
    is_set_aside: bool,
}

impl KeptEntry {
    /// Where it stands for the administrator.
    pub fn state(&self) -> RejectedState {
        match (&self.rejected_reason, self.is_set_aside) {
            (None, _) => RejectedState::Applied,
            (Some(_), true) => RejectedState::SetAside,
            (Some(_), false) => RejectedState::Open,
        }
    }
}

/// The entry with a sequence.
pub async fn load_entry(
    reading: &mut Connection,
    key: &RegisterKey,
    seq: u64,
) -> Result<Option<KeptEntry>, DatabaseError> {
    let row = sqlx::query(entries_where!("seq = $3"))
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .bind(wide(seq))
        .fetch_optional(&mut *reading)
        .await?;
    row.as_ref().map(read_row).transpose()
}

/// The kind of the entry with a sequence, which never changes.
pub async fn kind_of_entry(
    reading: &Pool<Db>,
    key: &RegisterKey,
    seq: u64,
) -> Result<Option<u8>, DatabaseError> {
    let kind: Option<i64> = sqlx::query_scalar(
        "SELECT kind FROM journal WHERE store_id = $1 AND register_number = $2 AND seq = $3",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(wide(seq))
    .fetch_optional(reading)
    .await?;
    narrow_option(kind, "entry kind")
}

/// The next of the register's rejected entries of a kind behind a sequence, in order; none at the end.
pub async fn rejected_after(
    reading: &mut Connection,
    key: &RegisterKey,
    kind: EntryKind,
    after_seq: u64,
) -> Result<Vec<KeptEntry>, DatabaseError> {
    let rows = sqlx::query(entries_where!(
        "rejected_reason IS NOT NULL AND kind = $3 AND seq > $4 ORDER BY seq LIMIT $5"
    ))
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(i64::from(kind.number()))
    .bind(wide(after_seq))
    .bind(PAGE_ENTRIES)
    .fetch_all(&mut *reading)
    .await?;
    rows.iter().map(read_row).collect()
}

/// The register's newest rejected shifts, in order: a closing follows its opening by a day, not by a thousand shifts.
pub async fn newest_rejected_shifts(
    reading: &mut Connection,
    key: &RegisterKey,
) -> Result<Vec<KeptEntry>, DatabaseError> {
    let rows =
        sqlx::query(entries_where!("rejected_reason IS NOT NULL AND kind = $3 ORDER BY seq DESC LIMIT $4"))
            .bind(&key.store_id)
            .bind(i64::from(key.number))
            .bind(i64::from(EntryKind::Shift.number()))
            .bind(PAGE_ENTRIES)
            .fetch_all(&mut *reading)
            .await?;
    rows.iter().rev().map(read_row).collect()
}

/// Shifts of the register whose opening was rejected, where the upload closes any shift.
pub async fn rejected_openings(
    writing: &mut Connection,
    key: &RegisterKey,
    entries: &[ReadEntry],
) -> Result<BTreeMap<[u8; 16], u64>, DatabaseError> {
    let closes =
        |read: &ReadEntry| matches!(&read.content, Content::Shift(record) if record.closed_at_ms.is_some());
    if !entries.iter().any(closes) {
        return Ok(BTreeMap::new());
    }
    let rejected = newest_rejected_shifts(writing, key).await?;
    let opening = |kept: &KeptEntry| match &kept.read.content {
        Content::Shift(record) if record.closed_at_ms.is_none() => Some((*record.id, kept.read.entry.seq)),
        Content::Shift(_) | Content::Sale { .. } | Content::Edit(_) | Content::Unusable(_) => None,
    };
    Ok(rejected.iter().filter_map(opening).collect())
}

fn read_row(row: &DbRow) -> Result<KeptEntry, DatabaseError> {
    let entry = OutboxEntry {
        seq: narrow(row.try_get("seq")?, "journal sequence")?,
        kind: narrow(row.try_get("kind")?, "entry kind")?,
        created_at_ms: row.try_get("created_at_ms")?,
        previous_hash: fixed(row.try_get("previous_hash")?, "journal hash")?.into(),
        payload: row.try_get::<Vec<u8>, _>("payload")?.into(),
        hash: fixed(row.try_get("hash")?, "journal hash")?.into(),
    };
    Ok(KeptEntry {
        read: read_entry(entry),
        rejected_reason: row.try_get("rejected_reason")?,
        is_set_aside: row.try_get("is_set_aside")?,
    })
}
