//! Shifts: what a register says of each, and what has arrived of its sales.

use holdfast_protocol::outbox::EntryKind;
use holdfast_protocol::sale::{ShiftRecord, TenderRecord};
use sqlx::Row;

use super::values::{narrow, narrow_option, wide};
use super::{Backend, Connection, DbRow};
use crate::database::{ArrivedOfShift, DatabaseError, RegisterKey, ShiftOverview};

impl Backend {
    pub(in crate::database) async fn last_shifts(
        &self,
        key: &RegisterKey,
        limit: u32,
    ) -> Result<Vec<ShiftOverview>, DatabaseError> {
        let mut reading = self.begin_read().await?;
        // A shift has the sales since the one before was closed; the first one all.
        let rows = sqlx::query(
            "SELECT s.number, s.opened_at_ms, s.closed_at_ms, s.sales_count, s.total_minor, s.closed_seq, \
             CASE WHEN s.number = 1 THEN 0 ELSE (SELECT MAX(b.closed_seq) FROM shifts b \
             WHERE b.store_id = s.store_id AND b.register_number = s.register_number \
             AND b.number = s.number - 1) END AS after_seq \
             FROM shifts s WHERE s.store_id = $1 AND s.register_number = $2 \
             ORDER BY s.number DESC, s.opened_at_ms DESC LIMIT $3",
        )
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .bind(i64::from(limit))
        .fetch_all(&mut *reading)
        .await?;
        let mut shifts = Vec::with_capacity(rows.len());
        for row in &rows {
            shifts.push(read_shift(&mut reading, key, row).await?);
        }
        Ok(shifts)
    }
}

async fn read_shift(
    reading: &mut Connection,
    key: &RegisterKey,
    row: &DbRow,
) -> Result<ShiftOverview, DatabaseError> {
    let (after_seq, closed_seq): (Option<i64>, Option<i64>) =
        (row.try_get("after_seq")?, row.try_get("closed_seq")?);
    let arrived = match after_seq.zip(closed_seq) {
        Some((after_seq, closed_seq)) => Some(arrived(reading, key, after_seq, closed_seq).await?),
        None => None,
    };
    Ok(ShiftOverview {
        number: narrow(row.try_get("number")?, "shift number")?,
        opened_at_ms: row.try_get("opened_at_ms")?,
        closed_at_ms: row.try_get("closed_at_ms")?,
        sales_count: narrow_option(row.try_get("sales_count")?, "sales of a shift")?,
        total_minor: row.try_get("total_minor")?,
        arrived,
    })
}

/// Sales between two entries of a journal, by what was paid for them less change: as registers sum shifts up.
async fn arrived(
    reading: &mut Connection,
    key: &RegisterKey,
    after_seq: i64,
    before_seq: i64,
) -> Result<ArrivedOfShift, DatabaseError> {
    let (sales, total_minor): (i64, i64) = sqlx::query_as(
        "SELECT COUNT(*), CAST(COALESCE(SUM(taken.minor), 0) AS BIGINT) FROM (\
         SELECT COALESCE((SELECT SUM(t.amount_minor) FROM sale_tenders t WHERE t.sale_no = s.sale_no), 0) \
         - s.change_minor AS minor FROM sales s \
         WHERE s.store_id = $1 AND s.register_number = $2 AND s.seq > $3 AND s.seq < $4) AS taken",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(after_seq)
    .bind(before_seq)
    .fetch_one(&mut *reading)
    .await?;
    let rejected: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM journal j WHERE j.store_id = $1 AND j.register_number = $2 AND j.seq > $3 \
         AND j.seq < $4 AND j.kind = $5 AND NOT EXISTS (SELECT 1 FROM sales s \
         WHERE s.store_id = j.store_id AND s.register_number = j.register_number AND s.seq = j.seq)",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(after_seq)
    .bind(before_seq)
    .bind(i64::from(EntryKind::Sale.number()))
    .fetch_one(&mut *reading)
    .await?;
    Ok(ArrivedOfShift {
        sales_count: narrow(sales, "sales of a shift")?,
        total_minor,
        rejected_count: narrow(rejected, "rejected sales of a shift")?,
    })
}

/// The sum of what a shift took; what no sum can hold is as much as one can.
fn takings_minor(takings: &[TenderRecord]) -> i64 {
    takings.iter().fold(0, |sum: i64, tender| sum.saturating_add(tender.amount_minor))
}

/// Writes a shift as the entry of this sequence says it.
pub async fn put_shift(
    writing: &mut Connection,
    key: &RegisterKey,
    record: &ShiftRecord,
    seq: u64,
) -> Result<(), DatabaseError> {
    // Closing comes as the same shift again, and an opening that is mended later closes nothing. Another register's shift
    // is left alone.
    sqlx::query(
        "INSERT INTO shifts (store_id, shift_id, register_number, number, opened_at_ms, opened_by, float_minor, \
         closed_at_ms, counted_minor, sales_count, total_minor, closed_seq) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (store_id, shift_id) DO UPDATE SET \
         closed_at_ms = COALESCE(excluded.closed_at_ms, shifts.closed_at_ms), \
         counted_minor = COALESCE(excluded.counted_minor, shifts.counted_minor), \
         sales_count = COALESCE(excluded.sales_count, shifts.sales_count), \
         total_minor = COALESCE(excluded.total_minor, shifts.total_minor), \
         closed_seq = COALESCE(excluded.closed_seq, shifts.closed_seq) \
         WHERE shifts.register_number = excluded.register_number",
    )
    .bind(&key.store_id)
    .bind(record.id.as_slice())
    .bind(i64::from(key.number))
    .bind(i64::from(record.number))
    .bind(record.opened_at_ms)
    .bind(&record.opened_by)
    .bind(record.float_minor)
    .bind(record.closed_at_ms)
    .bind(record.counted_minor)
    .bind(record.sales_count.map(i64::from))
    .bind(record.takings.as_ref().map(|takings| takings_minor(takings)))
    .bind(record.closed_at_ms.map(|_| wide(seq)))
    .execute(&mut *writing)
    .await?;
    Ok(())
}
