//! Outcomes that entries got after their upload, numbered, so that registers are told each of them.

use holdfast_protocol::messages::{EntryOutcome, EntryResult, LATER_OUTCOMES_MAX, LaterOutcomes};
use sqlx::QueryBuilder;

use super::values::{narrow, wide};
use super::{Backend, Connection, Db};
use crate::database::{DatabaseError, RegisterKey};

/// Rows of one statement.
const STATEMENT_ROWS_MAX: usize = 500;

impl Backend {
    pub(in crate::database) async fn later_outcomes(
        &self,
        key: &RegisterKey,
        seen: u64,
    ) -> Result<Option<LaterOutcomes>, DatabaseError> {
        let mut reading = self.begin_read().await?;
        let is_known = seen == 0 || was_given(&mut reading, key, seen).await?;
        let rows: Vec<(i64, i64, Option<String>, Option<i64>)> = sqlx::query_as(
            // Of each entry the newest number alone: the outcome of today under an older one would be believed of a
            // backup that has the older number and lacks the newer.
            "SELECT o.outcome_no, o.seq, j.rejected_reason, e.version FROM \
             (SELECT store_id, register_number, seq, MAX(outcome_no) AS outcome_no FROM entry_outcomes \
             WHERE store_id = $1 AND register_number = $2 AND outcome_no > $3 \
             GROUP BY store_id, register_number, seq ORDER BY MAX(outcome_no) LIMIT $4) o \
             JOIN journal j ON j.store_id = o.store_id AND j.register_number = o.register_number AND j.seq = o.seq \
             LEFT JOIN row_edits e \
             ON e.store_id = o.store_id AND e.register_number = o.register_number AND e.seq = o.seq \
             ORDER BY o.outcome_no",
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
        let result = |(_, seq, reason, version): &(i64, i64, Option<String>, Option<i64>)| {
            let outcome = match reason {
                None => EntryOutcome::Accepted,
                Some(reason) => EntryOutcome::Rejected { reason: reason.clone() },
            };
            let version = version.map(|version| narrow(version, "row version")).transpose()?;
            Ok(EntryResult { seq: narrow(*seq, "journal sequence")?, outcome, version })
        };
        let up_to = told.last().map_or(Ok(0), |(number, ..)| narrow(*number, "outcome number"))?;
        let results = told.iter().map(result).collect::<Result<_, DatabaseError>>()?;
        Ok(Some(LaterOutcomes { since: seen, up_to, results, more }))
    }
}

/// Whether an outcome of the register has this number.
async fn was_given(reading: &mut Connection, key: &RegisterKey, number: u64) -> Result<bool, DatabaseError> {
    let given: Option<i64> = sqlx::query_scalar(
        "SELECT seq FROM entry_outcomes WHERE store_id = $1 AND register_number = $2 AND outcome_no = $3",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(wide(number))
    .fetch_optional(&mut *reading)
    .await?;
    Ok(given.is_some())
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
    let numbered: Vec<(i64, u64)> = (first..).zip(seqs).collect();
    for chunk in numbered.chunks(STATEMENT_ROWS_MAX) {
        let mut insert = QueryBuilder::<Db>::new(
            "INSERT INTO entry_outcomes (store_id, register_number, outcome_no, seq) ",
        );
        insert.push_values(chunk, |mut tuple, (number, seq)| {
            tuple
                .push_bind(&key.store_id)
                .push_bind(i64::from(key.number))
                .push_bind(*number)
                .push_bind(wide(*seq));
        });
        insert.build().persistent(false).execute(&mut *writing).await?;
    }
    Ok(())
}
