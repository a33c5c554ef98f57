//! What administrators do with rejected entries: the one transaction that applies a mended entry and those that
//! waited for it.

use holdfast_protocol::outbox::EntryKind;
use sqlx::Row;

use super::entry_outcomes::add_outcomes;
use super::kept_entries::{KeptEntry, kind_of_entry, load_entry, newest_rejected_shifts, rejected_after};
use super::mend_log::{
    Mended, NOBODY, action_of_request, also_applied_by, load_mends, note_mend, reason_before_set_aside,
};
use super::registers::hold_register;
use super::row_edits::{load_edits, write_edits};
use super::sale_rows::{ArrivedSale, insert_sales};
use super::shifts::put_shift;
use super::values::{narrow, wide};
use super::write::SqlWriteTransaction;
use super::{Backend, Connection};
use crate::admin_change::{ChangeAction, NewChange};
use crate::database::{DatabaseError, MendOrder, MendOutcome, RegisterKey, RejectedDetail, RejectedState};
use crate::upload::mend::{Corrections, Mend, MendEffect, MendState, Objection};
use crate::upload::{Content, ReadEntry, mend};

impl Backend {
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
        let Some(kind) = kind_of_entry(&self.readers, key, seq).await? else {
            return Ok(MendOutcome::NoSuchEntry);
        };
        let mut writing = if kind == EntryKind::RowEdit.number() {
            // The feed before the register, as everywhere. What waits for an edit are edits.
            self.begin_write(&key.store_id, order.at_ms).await?
        } else {
            SqlWriteTransaction::without_feed(self.begin().await?, &key.store_id, order.at_ms)
        };
        hold_register(writing.connection(), key).await?;
        let Some(kept) = load_entry(writing.connection(), key, seq).await? else {
            return Ok(MendOutcome::NoSuchEntry);
        };
        if let Some(action) = action_of_request(writing.connection(), key, seq, &order.request_id).await? {
            if action != order.mend.name() {
                return Ok(MendOutcome::OtherRequest);
            }
            let also_applied = also_applied_by(writing.connection(), key, &order.request_id).await?;
            return Ok(MendOutcome::Done { also_applied });
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
                note_mend(writing.connection(), key, &mended).await?;
                vec![]
            }
            (Mend::TakeBack, RejectedState::SetAside) => {
                let before = reason_before_set_aside(writing.connection(), key, seq).await?;
                set_outcome(writing.connection(), key, seq, Some(before.as_ref().unwrap_or(&reason)), false)
                    .await?;
                note_mend(writing.connection(), key, &mended).await?;
                vec![]
            }
            (Mend::Apply { although, corrections }, RejectedState::Open) => {
                if let Err(objections) =
                    apply(&mut writing, key, &kept.read, *although, corrections, order.at_ms).await?
                {
                    return Ok(MendOutcome::Refused(objections));
                }
                note_mend(writing.connection(), key, &mended).await?;
                apply_dependents(&mut writing, key, kept.read, order).await?
            }
        };
        let changed = [seq].into_iter().chain(also_applied.iter().copied()).collect();
        add_outcomes(writing.connection(), key, changed, order.at_ms).await?;
        writing.note_change(&change_of(key, seq, order, &also_applied)).await?;
        writing.commit().await?;
        Ok(MendOutcome::Done { also_applied })
    }
}

/// What the trail says of a mend.
fn change_of(key: &RegisterKey, seq: u64, order: &MendOrder, also_applied: &[u64]) -> NewChange {
    let done = match &order.mend {
        Mend::Apply { although: false, .. } => "It was applied.",
        Mend::Apply { although: true, .. } => "It was applied although something is wrong with it.",
        Mend::SetAside => "It was set aside.",
        Mend::TakeBack => "That it was set aside was taken back.",
    };
    let mut words = vec![done.to_owned()];
    if !also_applied.is_empty() {
        let entries: Vec<String> = also_applied.iter().map(u64::to_string).collect();
        words.push(format!("Applied with it: {}.", entries.join(", ")));
    }
    let note = order.note.trim();
    if !note.is_empty() {
        words.push(format!("Note: {note}"));
    }
    let subject = format!("Entry {seq} of register {}", key.number);
    NewChange::new(order.at_ms, &order.administrator, ChangeAction::EntryMended, subject, words.join(" "))
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
            let rejected = newest_rejected_shifts(reading, key).await?;
            state.opening_rejected = mend::opening_of(read, rejected.iter().map(|kept| &kept.read));
        }
        Content::Edit(_) => {
            state.edits = load_edits(reading, key, std::slice::from_ref(read), now_ms).await?;
        }
        Content::Unusable(_) => {}
    }
    Ok(state)
}

/// Applies an entry, or says what is wrong with it.
async fn apply(
    writing: &mut SqlWriteTransaction,
    key: &RegisterKey,
    read: &ReadEntry,
    although: bool,
    corrections: &Corrections,
    now_ms: i64,
) -> Result<Result<(), Vec<Objection>>, DatabaseError> {
    let state = load_state(writing.connection(), key, read, now_ms).await?;
    let effect = match mend::apply(&state, read, although, corrections) {
        Ok(effect) => effect,
        Err(objections) => return Ok(Err(objections)),
    };
    let seq = read.entry.seq;
    match effect {
        MendEffect::Sale { record, difference_minor } => {
            let sale = ArrivedSale { seq, record: &record, difference_minor };
            insert_sales(writing.connection(), key, &[sale], now_ms).await?;
        }
        MendEffect::Shift(record) => put_shift(writing.connection(), key, &record, seq).await?,
        MendEffect::Edit(effect) => {
            write_edits(writing, key, &[(seq, &effect)], now_ms).await?;
        }
    }
    set_outcome(writing.connection(), key, seq, None, false).await?;
    Ok(Ok(()))
}

/// Applies what was held back only until this entry is applied, and what waited for that in turn. An entry waits for
/// one of its own kind.
async fn apply_dependents(
    writing: &mut SqlWriteTransaction,
    key: &RegisterKey,
    applied: ReadEntry,
    order: &MendOrder,
) -> Result<Vec<u64>, DatabaseError> {
    let kind = match EntryKind::from_number(applied.entry.kind) {
        Some(kind @ (EntryKind::Shift | EntryKind::RowEdit)) => kind,
        // Nothing waits for a sale.
        Some(EntryKind::Sale) | None => return Ok(Vec::new()),
    };
    let waited = MendOrder {
        administrator: NOBODY.to_owned(),
        mend: Mend::Apply { although: false, corrections: Corrections::default() },
        note: String::new(),
        ..order.clone()
    };
    let mut also_applied = Vec::new();
    let mut after_seq = applied.entry.seq;
    let mut done = vec![applied];
    loop {
        let page = rejected_after(writing.connection(), key, kind, after_seq).await?;
        let Some(last) = page.last() else { return Ok(also_applied) };
        after_seq = last.read.entry.seq;
        for kept in page {
            let is_open = kept.state() == RejectedState::Open;
            let KeptEntry { read, rejected_reason, .. } = kept;
            if !is_open || !done.iter().any(|applied| mend::waits_for(&read, applied)) {
                continue;
            }
            let nothing = Corrections::default();
            if apply(writing, key, &read, false, &nothing, order.at_ms).await?.is_ok() {
                let reason = rejected_reason.unwrap_or_default();
                let mended = Mended { seq: read.entry.seq, order: &waited, reason: &reason };
                note_mend(writing.connection(), key, &mended).await?;
                also_applied.push(read.entry.seq);
                done.push(read);
            }
        }
    }
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
