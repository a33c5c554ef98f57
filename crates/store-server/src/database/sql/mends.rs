//! Rejected entries: the outcomes that registers are told, what administrators did with the entries, and the one
//! transaction that applies a mended entry and those that waited for it.

use std::collections::BTreeMap;

use holdfast_protocol::messages::{EntryOutcome, EntryResult, LATER_OUTCOMES_MAX, LaterOutcomes};
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use sqlx::{QueryBuilder, Row};

use super::journal::put_shift;
use super::row_edits::{load_edits, write_edits};
use super::sale_rows::{ArrivedSale, insert_sales};
use super::values::{fixed, narrow, wide};
use super::write::SqlWriteTransaction;
use super::{Backend, Connection, Db, DbRow};
use crate::database::{
    DatabaseError, MendOrder, MendOutcome, MendRecord, RegisterKey, RejectedDetail, RejectedState,
};
use crate::upload::mend::{Corrections, Mend, MendEffect, MendState, Objection};
use crate::upload::{Addition, Content, Effect, Plan, ReadEntry, mend, read_entry};

/// Most entries of a register that may wait for one; far more than there are shifts or edits of one row.
const DEPENDENTS_MAX: i64 = 1_000;
/// Who applies what had waited.
const NOBODY: &str = "";

impl Backend {
    pub(in crate::database) async fn later_outcomes(
        &self,
        key: &RegisterKey,
        seen: u64,
    ) -> Result<Option<LaterOutcomes>, DatabaseError> {
        let mut reading = self.begin_read().await?;
        let is_known: bool = seen == 0
            || {
                let known: Option<i64> = sqlx::query_scalar(
                "SELECT seq FROM entry_outcomes WHERE store_id = $1 AND register_number = $2 AND outcome_no = $3",
            )
            .bind(&key.store_id)
            .bind(i64::from(key.number))
            .bind(wide(seen))
            .fetch_optional(&mut *reading)
            .await?;
                known.is_some()
            };
        let rows: Vec<(i64, i64, Option<String>)> = sqlx::query_as(
            "SELECT o.outcome_no, o.seq, j.rejected_reason FROM entry_outcomes o \
             JOIN journal j ON j.store_id = o.store_id AND j.register_number = o.register_number AND j.seq = o.seq \
             WHERE o.store_id = $1 AND o.register_number = $2 AND o.outcome_no > $3 \
             ORDER BY o.outcome_no LIMIT $4",
        )
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        // A number that was never given here is from before a backup was restored: all is told anew.
        .bind(if is_known { wide(seen) } else { 0 })
        .bind(wide(LATER_OUTCOMES_MAX as u64 + 1))
        .fetch_all(&mut *reading)
        .await?;
        if rows.is_empty() && is_known {
            return Ok(None);
        }
        let more = rows.len() > LATER_OUTCOMES_MAX;
        let told = &rows[..rows.len().min(LATER_OUTCOMES_MAX)];
        let result = |(_, seq, reason): &(i64, i64, Option<String>)| {
            let outcome = match reason {
                None => EntryOutcome::Accepted,
                Some(reason) => EntryOutcome::Rejected { reason: reason.clone() },
            };
            Ok(EntryResult::new(narrow(*seq, "journal sequence")?, outcome))
        };
        let up_to = told.last().map_or(Ok(0), |(number, _, _)| narrow(*number, "outcome number"))?;
        let results = told.iter().map(result).collect::<Result<_, DatabaseError>>()?;
        Ok(Some(LaterOutcomes { since: seen, up_to, results, more }))
    }

    pub(in crate::database) async fn rejected_entry(
        &self,
        key: &RegisterKey,
        seq: u64,
    ) -> Result<Option<RejectedDetail>, DatabaseError> {
        let mut reading = self.begin_read().await?;
        let Some(kept) = load_entry(&mut reading, key, seq).await? else { return Ok(None) };
        let mends = load_mends(&mut reading, key, seq).await?;
        if kept.rejected_reason.is_none() && mends.is_empty() {
            return Ok(None);
        }
        let state = load_state(&mut reading, key, &kept.read, 0).await?;
        let objections = match kept.rejected_reason {
            Some(_) => mend::objections(&state, &kept.read),
            None => Vec::new(),
        };
        Ok(Some(RejectedDetail {
            state: kept.state(),
            reason: kept.rejected_reason,
            read: kept.read,
            objections,
            mends,
        }))
    }

    pub(in crate::database) async fn mend_entry(
        &self,
        key: &RegisterKey,
        seq: u64,
        order: &MendOrder,
    ) -> Result<MendOutcome, DatabaseError> {
        // The feed before the register, as everywhere: the entry may be an edit.
        let mut writing = self.begin_write(&key.store_id, order.at_ms).await?;
        lock_register(writing.connection(), key).await?;
        let Some(kept) = load_entry(writing.connection(), key, seq).await? else {
            return Ok(MendOutcome::NoSuchEntry);
        };
        if is_done(writing.connection(), key, seq, &order.request_id).await? {
            return Ok(MendOutcome::Done { also_applied: Vec::new() });
        }
        let state = kept.state();
        let Some(reason) = kept.rejected_reason else { return Ok(MendOutcome::NotRejected) };
        let mended = Mended { seq, order, reason: &reason };
        let also_applied = match (&order.mend, state) {
            (Mend::Apply { .. }, RejectedState::SetAside) | (Mend::SetAside, RejectedState::SetAside) => {
                return Ok(MendOutcome::IsSetAside);
            }
            (Mend::TakeBack, RejectedState::Open | RejectedState::Applied) => {
                return Ok(MendOutcome::IsNotSetAside);
            }
            (_, RejectedState::Applied) => return Ok(MendOutcome::NotRejected),
            (Mend::SetAside, RejectedState::Open) => {
                let text = format!("Set aside: {}", order.note.trim());
                set_outcome(writing.connection(), key, seq, Some(&text), true).await?;
                note_mend(writing.connection(), key, &mended, None).await?;
                vec![]
            }
            (Mend::TakeBack, RejectedState::SetAside) => {
                let before = reason_before_set_aside(writing.connection(), key, seq).await?;
                set_outcome(writing.connection(), key, seq, Some(before.as_ref().unwrap_or(&reason)), false)
                    .await?;
                note_mend(writing.connection(), key, &mended, None).await?;
                vec![]
            }
            (Mend::Apply { although, corrections }, RejectedState::Open) => {
                let applied =
                    apply(&mut writing, key, &kept.read, *although, corrections, order.at_ms).await?;
                let payload = match applied {
                    Ok(payload) => payload,
                    Err(objections) => return Ok(MendOutcome::Refused(objections)),
                };
                note_mend(writing.connection(), key, &mended, payload).await?;
                apply_dependents(&mut writing, key, kept.read, order).await?
            }
        };
        let changed = [seq].into_iter().chain(also_applied.iter().copied()).collect();
        add_outcomes(writing.connection(), key, changed, order.at_ms).await?;
        writing.commit().await?;
        Ok(MendOutcome::Done { also_applied })
    }
}

/// Numbers new outcomes of these entries.
pub async fn add_outcomes(
    writing: &mut Connection,
    key: &RegisterKey,
    seqs: Vec<u64>,
    now_ms: i64,
) -> Result<(), DatabaseError> {
    if seqs.is_empty() {
        return Ok(());
    }
    let last: i64 = sqlx::query_scalar(
        "SELECT COALESCE(MAX(outcome_no), 0) FROM entry_outcomes WHERE store_id = $1 AND register_number = $2",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .fetch_one(&mut *writing)
    .await?;
    let first = now_ms.max(last + 1);
    let mut insert =
        QueryBuilder::<Db>::new("INSERT INTO entry_outcomes (store_id, register_number, outcome_no, seq) ");
    insert.push_values((first..).zip(seqs), |mut tuple, (number, seq)| {
        tuple
            .push_bind(&key.store_id)
            .push_bind(i64::from(key.number))
            .push_bind(number)
            .push_bind(wide(seq));
    });
    insert.build().persistent(false).execute(&mut *writing).await?;
    Ok(())
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
    let rejected = rejected_after(writing, key, 0).await?;
    let opening = |read: &ReadEntry| match &read.content {
        Content::Shift(record) if record.closed_at_ms.is_none() => Some((*record.id, read.entry.seq)),
        Content::Shift(_) | Content::Sale { .. } | Content::Edit(_) | Content::Unusable(_) => None,
    };
    Ok(rejected.iter().filter_map(opening).collect())
}

/// An entry of the journal.
struct KeptEntry {
    read: ReadEntry,
    rejected_reason: Option<String>,
    is_set_aside: bool,
}

impl KeptEntry {
    fn state(&self) -> RejectedState {
        match (&self.rejected_reason, self.is_set_aside) {
            (None, _) => RejectedState::Applied,
            (Some(_), true) => RejectedState::SetAside,
            (Some(_), false) => RejectedState::Open,
        }
    }
}

/// What was done with which entry.
struct Mended<'a> {
    seq: u64,
    order: &'a MendOrder,
    reason: &'a str,
}

fn read_row(row: &DbRow) -> Result<ReadEntry, DatabaseError> {
    let entry = OutboxEntry {
        seq: narrow(row.try_get("seq")?, "journal sequence")?,
        kind: narrow(row.try_get("kind")?, "entry kind")?,
        created_at_ms: row.try_get("created_at_ms")?,
        previous_hash: fixed(row.try_get("previous_hash")?, "journal hash")?.into(),
        payload: row.try_get::<Vec<u8>, _>("payload")?.into(),
        hash: fixed(row.try_get("hash")?, "journal hash")?.into(),
    };
    Ok(read_entry(entry))
}

async fn load_entry(
    reading: &mut Connection,
    key: &RegisterKey,
    seq: u64,
) -> Result<Option<KeptEntry>, DatabaseError> {
    let row = sqlx::query(
        "SELECT seq, kind, created_at_ms, previous_hash, hash, payload, rejected_reason, is_set_aside \
         FROM journal WHERE store_id = $1 AND register_number = $2 AND seq = $3",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(wide(seq))
    .fetch_optional(&mut *reading)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(KeptEntry {
        read: read_row(&row)?,
        rejected_reason: row.try_get("rejected_reason")?,
        is_set_aside: row.try_get("is_set_aside")?,
    }))
}

/// The register's rejected entries behind a sequence that may wait for another, in order: shifts and edits.
async fn rejected_after(
    reading: &mut Connection,
    key: &RegisterKey,
    after_seq: u64,
) -> Result<Vec<ReadEntry>, DatabaseError> {
    let rows = sqlx::query(
        "SELECT seq, kind, created_at_ms, previous_hash, hash, payload FROM journal \
         WHERE store_id = $1 AND register_number = $2 AND rejected_reason IS NOT NULL AND seq > $3 \
         AND kind IN ($4, $5) ORDER BY seq LIMIT $6",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(wide(after_seq))
    .bind(i64::from(EntryKind::Shift.number()))
    .bind(i64::from(EntryKind::RowEdit.number()))
    .bind(DEPENDENTS_MAX)
    .fetch_all(&mut *reading)
    .await?;
    rows.iter().map(read_row).collect()
}

async fn load_mends(
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

async fn lock_register(writing: &mut Connection, key: &RegisterKey) -> Result<(), DatabaseError> {
    sqlx::query(for_update!("SELECT number FROM registers WHERE store_id = $1 AND number = $2"))
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .fetch_optional(&mut *writing)
        .await?;
    Ok(())
}

async fn is_done(
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

async fn load_state(
    reading: &mut Connection,
    key: &RegisterKey,
    read: &ReadEntry,
    now_ms: i64,
) -> Result<MendState, DatabaseError> {
    let row = sqlx::query(
        "SELECT r.last_receipt_counter, s.currency FROM registers r JOIN stores s ON s.store_id = r.store_id \
         WHERE r.store_id = $1 AND r.number = $2",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .fetch_one(&mut *reading)
    .await?;
    let mut state = MendState {
        store_id: key.store_id.clone(),
        currency: row.try_get("currency")?,
        register_number: key.number,
        last_receipt_counter: narrow(row.try_get("last_receipt_counter")?, "receipt counter")?,
        ..MendState::default()
    };
    match &read.content {
        Content::Sale { record, .. } => {
            let counters: Vec<i64> = sqlx::query_scalar(
                "SELECT receipt_counter FROM sales WHERE store_id = $1 AND register_number = $2 \
                 AND receipt_counter IN ($3, $4)",
            )
            .bind(&key.store_id)
            .bind(i64::from(key.number))
            .bind(i64::from(record.receipt_counter))
            .bind(i64::from(record.receipt_counter) - 1)
            .fetch_all(&mut *reading)
            .await?;
            state.number_is_taken = counters.contains(&i64::from(record.receipt_counter));
            state.number_follows =
                record.receipt_counter <= 1 || counters.contains(&(i64::from(record.receipt_counter) - 1));
            let same: Option<i64> =
                sqlx::query_scalar("SELECT sale_no FROM sales WHERE store_id = $1 AND sale_id = $2")
                    .bind(&key.store_id)
                    .bind(record.id.as_slice())
                    .fetch_optional(&mut *reading)
                    .await?;
            state.sale_is_here = same.is_some();
        }
        Content::Shift(_) => {
            let rejected = rejected_after(reading, key, 0).await?;
            state.opening_rejected = mend::opening_of(read, &rejected);
        }
        Content::Edit(_) => {
            state.edits = load_edits(reading, key, std::slice::from_ref(read), now_ms).await?;
        }
        Content::Unusable(_) => {}
    }
    Ok(state)
}

/// Applies an entry; what was applied where it is not what was sent, or what is wrong with it.
async fn apply(
    writing: &mut SqlWriteTransaction,
    key: &RegisterKey,
    read: &ReadEntry,
    although: bool,
    corrections: &Corrections,
    now_ms: i64,
) -> Result<Result<Option<Vec<u8>>, Vec<Objection>>, DatabaseError> {
    let state = load_state(writing.connection(), key, read, now_ms).await?;
    let effect = match mend::apply(&state, read, although, corrections) {
        Ok(effect) => effect,
        Err(objections) => return Ok(Err(objections)),
    };
    let seq = read.entry.seq;
    let mut payload = None;
    match effect {
        MendEffect::Sale { record, difference_minor } => {
            insert_sales(
                writing.connection(),
                key,
                &[ArrivedSale { seq, record: &record, difference_minor }],
                now_ms,
            )
            .await?;
            count_sale(writing.connection(), key, record.total_minor).await?;
            payload = Some(holdfast_protocol::encode(record.as_ref()))
                .filter(|bytes| bytes.as_slice() != read.entry.payload.as_slice());
        }
        MendEffect::Shift(record) => put_shift(writing.connection(), key, &record).await?,
        MendEffect::Edit(effect) => {
            let addition = Addition {
                entry: &read.entry,
                outcome: EntryOutcome::Accepted,
                effect: Effect::Edit(effect),
            };
            let mut plan = Plan {
                results: vec![EntryResult::new(seq, EntryOutcome::Accepted)],
                additions: vec![addition],
                last_seq: seq,
                last_hash: *read.entry.hash,
                last_receipt_counter: state.last_receipt_counter,
            };
            write_edits(writing, key, &mut plan, now_ms).await?;
        }
    }
    set_outcome(writing.connection(), key, seq, None, false).await?;
    Ok(Ok(payload))
}

/// Applies what was held back only until this entry is applied, and what waited for that in turn.
async fn apply_dependents(
    writing: &mut SqlWriteTransaction,
    key: &RegisterKey,
    applied: ReadEntry,
    order: &MendOrder,
) -> Result<Vec<u64>, DatabaseError> {
    let mut also_applied = Vec::new();
    let mut done = vec![applied];
    for read in rejected_after(writing.connection(), key, done[0].entry.seq).await? {
        if !done.iter().any(|applied| mend::waits_for(&read, applied)) {
            continue;
        }
        let Some(kept) = load_entry(writing.connection(), key, read.entry.seq).await? else { continue };
        let (RejectedState::Open, Some(reason)) = (kept.state(), kept.rejected_reason.as_ref()) else {
            continue;
        };
        let nothing = Corrections::default();
        if let Ok(payload) = apply(writing, key, &read, false, &nothing, order.at_ms).await? {
            let waited = MendOrder {
                administrator: NOBODY.to_owned(),
                mend: Mend::Apply { although: false, corrections: nothing },
                note: String::new(),
                ..order.clone()
            };
            let mended = Mended { seq: read.entry.seq, order: &waited, reason };
            note_mend(writing.connection(), key, &mended, payload).await?;
            also_applied.push(read.entry.seq);
            done.push(read);
        }
    }
    Ok(also_applied)
}

async fn count_sale(
    writing: &mut Connection,
    key: &RegisterKey,
    total_minor: i64,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "UPDATE registers SET receipts_count = receipts_count + 1, total_minor = total_minor + $3 \
         WHERE store_id = $1 AND number = $2",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(total_minor)
    .execute(&mut *writing)
    .await?;
    Ok(())
}

async fn set_outcome(
    writing: &mut Connection,
    key: &RegisterKey,
    seq: u64,
    rejected_reason: Option<&String>,
    is_set_aside: bool,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "UPDATE journal SET rejected_reason = $4, is_set_aside = $5 \
         WHERE store_id = $1 AND register_number = $2 AND seq = $3",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(wide(seq))
    .bind(rejected_reason)
    .bind(is_set_aside)
    .execute(&mut *writing)
    .await?;
    Ok(())
}

async fn reason_before_set_aside(
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

async fn note_mend(
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
