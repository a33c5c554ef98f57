//! Uploaded entries: what is known of a register's journal, and the one transaction that goes on with it.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_protocol::messages::EntryOutcome;
use sqlx::{QueryBuilder, Row};

use super::entry_outcomes::add_outcomes;
use super::kept_entries::rejected_openings;
use super::row_edits::{has_edits, load_edits, write_edits};
use super::sale_rows::{ArrivedSale, STATEMENT_ROWS_MAX, insert_sales, is_full};
use super::shifts::put_shift;
use super::values::{fixed, narrow, narrow_option, wide};
use super::write::SqlWriteTransaction;
use super::{Backend, Connection, Db};
use crate::database::{DatabaseError, RegisterKey};
use crate::upload::{
    Addition, Content, EditEffect, Effect, JournalState, KnownEntry, Plan, ReadEntry, UploadOutcome, plan,
};

impl Backend {
    pub(in crate::database) async fn apply_upload(
        &self,
        key: &RegisterKey,
        entries: &[ReadEntry],
        now_ms: i64,
    ) -> Result<UploadOutcome, DatabaseError> {
        let _turn = self.bulk_turn().await?;
        let mut writing = if has_edits(entries) {
            // The feed before the register, as everywhere: whoever locks both never waits for another who does.
            self.begin_write(&key.store_id, now_ms).await?
        } else {
            SqlWriteTransaction::without_feed(self.begin().await?, &key.store_id, now_ms)
        };
        let state = load_state(writing.connection(), key, entries, now_ms).await?;
        let mut plan = match plan(&state, entries) {
            Ok(plan) => plan,
            // Dropping the transaction takes nothing.
            Err(refusal) => return Ok(UploadOutcome::Refused(refusal)),
        };
        if !plan.additions.is_empty() {
            write_plan(writing.connection(), key, &plan, now_ms).await?;
            let edits: Vec<(u64, &EditEffect)> = plan.additions.iter().filter_map(edit_of).collect();
            let versions = write_edits(&mut writing, key, &edits, now_ms).await?;
            for result in &mut plan.results {
                result.version = versions.get(&result.seq).copied().or(result.version);
            }
            writing.commit().await?;
            let is_sale = |addition: &&Addition<'_>| matches!(addition.effect, Effect::Sale(_));
            self.sales_added(plan.additions.iter().filter(is_sale).count() as u64);
        }
        Ok(UploadOutcome::Settled { results: plan.results, acknowledged_seq: plan.last_seq })
    }
}

fn edit_of<'p>(addition: &'p Addition<'_>) -> Option<(u64, &'p EditEffect)> {
    match &addition.effect {
        Effect::Edit(edit) => Some((addition.entry.seq, edit)),
        Effect::Sale(_) | Effect::Shift(_) | Effect::Nothing => None,
    }
}

async fn load_state(
    writing: &mut Connection,
    key: &RegisterKey,
    entries: &[ReadEntry],
    now_ms: i64,
) -> Result<JournalState, DatabaseError> {
    let register = sqlx::query(for_update!(
        "SELECT last_seq, last_hash, last_receipt_counter FROM registers WHERE store_id = $1 AND number = $2"
    ))
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .fetch_one(&mut *writing)
    .await?;
    let currency = sqlx::query_scalar("SELECT currency FROM stores WHERE store_id = $1")
        .bind(&key.store_id)
        .fetch_one(&mut *writing)
        .await?;
    let last_seq = register.try_get::<i64, _>("last_seq")?;
    Ok(JournalState {
        store_id: key.store_id.clone(),
        currency,
        register_number: key.number,
        last_seq: narrow(last_seq, "journal sequence")?,
        last_hash: fixed(register.try_get("last_hash")?, "journal hash")?,
        last_receipt_counter: narrow(register.try_get("last_receipt_counter")?, "receipt counter")?,
        known: known_entries(writing, key, entries, last_seq).await?,
        known_sale_ids: known_sale_ids(writing, key, entries).await?,
        rejected_openings: rejected_openings(writing, key, entries).await?,
        edits: load_edits(writing, key, entries, now_ms).await?,
    })
}

/// Sequence, hash, reason of the rejection, version that an edit was merged as.
type KnownRow = (i64, Vec<u8>, Option<String>, Option<i64>);

async fn known_entries(
    writing: &mut Connection,
    key: &RegisterKey,
    entries: &[ReadEntry],
    last_seq: i64,
) -> Result<BTreeMap<u64, KnownEntry>, DatabaseError> {
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(BTreeMap::new()) };
    let first_seq = wide(first.entry.seq);
    if first_seq > last_seq {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<KnownRow> = sqlx::query_as(
        "SELECT j.seq, j.hash, j.rejected_reason, e.version FROM journal j \
         LEFT JOIN row_edits e ON e.store_id = j.store_id AND e.register_number = j.register_number \
         AND e.seq = j.seq \
         WHERE j.store_id = $1 AND j.register_number = $2 AND j.seq BETWEEN $3 AND $4 LIMIT $5",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(first_seq)
    .bind(wide(last.entry.seq))
    // Sequences that are not what they should be must not load the whole journal.
    .bind(wide(entries.len() as u64))
    .fetch_all(&mut *writing)
    .await?;
    let read = |(seq, hash, reason, version): KnownRow| {
        let outcome = match reason {
            None => EntryOutcome::Accepted,
            Some(reason) => EntryOutcome::Rejected { reason },
        };
        let version = narrow_option(version, "row version")?;
        let known = KnownEntry { hash: fixed(hash, "journal hash")?, outcome, version };
        Ok((narrow(seq, "journal sequence")?, known))
    };
    rows.into_iter().map(read).collect()
}

async fn known_sale_ids(
    writing: &mut Connection,
    key: &RegisterKey,
    entries: &[ReadEntry],
) -> Result<BTreeSet<[u8; 16]>, DatabaseError> {
    let mut query = QueryBuilder::<Db>::new("SELECT sale_id FROM sales WHERE store_id = ");
    query.push_bind(&key.store_id).push(" AND sale_id IN (");
    let mut ids = query.separated(", ");
    let mut asked = 0;
    for read in entries {
        if let Content::Sale { record, .. } = &read.content {
            ids.push_bind(record.id.as_slice());
            asked += 1;
        }
    }
    ids.push_unseparated(")");
    if asked == 0 {
        return Ok(BTreeSet::new());
    }
    let found: Vec<Vec<u8>> =
        query.build_query_scalar().persistent(is_full(asked)).fetch_all(&mut *writing).await?;
    found.into_iter().map(|id| fixed(id, "sale id")).collect()
}

async fn write_plan(
    writing: &mut Connection,
    key: &RegisterKey,
    plan: &Plan<'_>,
    now_ms: i64,
) -> Result<(), DatabaseError> {
    for chunk in plan.additions.chunks(STATEMENT_ROWS_MAX) {
        insert_entries(writing, key, chunk, now_ms).await?;
    }
    let is_rejected = |addition: &&Addition<'_>| matches!(addition.outcome, EntryOutcome::Rejected { .. });
    let rejected = plan.additions.iter().filter(is_rejected).map(|addition| addition.entry.seq).collect();
    add_outcomes(writing, key, rejected, now_ms).await?;
    let mut sales = Vec::new();
    for addition in &plan.additions {
        match &addition.effect {
            Effect::Sale(record) => {
                sales.push(ArrivedSale { seq: addition.entry.seq, record, difference_minor: 0 });
            }
            Effect::Shift(record) => put_shift(writing, key, record, addition.entry.seq).await?,
            // Written behind the entries, with its version.
            Effect::Edit(_) | Effect::Nothing => {}
        }
    }
    insert_sales(writing, key, &sales, now_ms).await?;
    sqlx::query(
        "UPDATE registers SET last_seq = $3, last_hash = $4, last_receipt_counter = $5 \
         WHERE store_id = $1 AND number = $2",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(wide(plan.last_seq))
    .bind(plan.last_hash.as_slice())
    .bind(i64::from(plan.last_receipt_counter))
    .execute(&mut *writing)
    .await?;
    Ok(())
}

async fn insert_entries(
    writing: &mut Connection,
    key: &RegisterKey,
    additions: &[Addition<'_>],
    now_ms: i64,
) -> Result<(), DatabaseError> {
    let mut insert = QueryBuilder::<Db>::new(
        "INSERT INTO journal (store_id, register_number, seq, kind, created_at_ms, previous_hash, hash, payload, \
         rejected_reason, received_at_ms) ",
    );
    insert.push_values(additions, |mut tuple, addition| {
        let entry = addition.entry;
        let rejected_reason = match &addition.outcome {
            EntryOutcome::Accepted => None,
            EntryOutcome::Rejected { reason } => Some(reason.as_str()),
        };
        tuple
            .push_bind(&key.store_id)
            .push_bind(i64::from(key.number))
            .push_bind(wide(entry.seq))
            .push_bind(i64::from(entry.kind))
            .push_bind(entry.created_at_ms)
            .push_bind(entry.previous_hash.as_slice())
            .push_bind(entry.hash.as_slice())
            .push_bind(entry.payload.as_slice())
            .push_bind(rejected_reason)
            .push_bind(now_ms);
    });
    insert.build().persistent(is_full(additions.len())).execute(&mut *writing).await?;
    Ok(())
}
