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
        let rows = sqlx::query(
            "SELECT s.number, s.opened_at_ms, s.closed_at_ms, s.sales_count, s.total_minor, \
             s.after_seq IS NOT NULL AND s.closed_seq IS NOT NULL AS is_bounded, \
             COUNT(a.sale_no) AS arrived_count, \
             CAST(COALESCE(SUM((SELECT COALESCE(SUM(t.amount_minor), 0) FROM sale_tenders t \
             WHERE t.sale_no = a.sale_no) - a.change_minor), 0) AS BIGINT) AS arrived_minor, \
             (SELECT COUNT(*) FROM journal j WHERE j.store_id = $1 AND j.register_number = $2 \
             AND j.seq > s.after_seq AND j.seq < s.closed_seq AND j.kind = $4 \
             AND j.rejected_reason IS NOT NULL) AS rejected_count \
             FROM (SELECT * FROM shifts WHERE store_id = $1 AND register_number = $2 \
             ORDER BY number DESC, opened_at_ms DESC LIMIT $3) AS s \
             LEFT JOIN sales a ON a.store_id = $1 AND a.register_number = $2 \
             AND a.seq > s.after_seq AND a.seq < s.closed_seq \
             GROUP BY s.shift_id, s.number, s.opened_at_ms, s.closed_at_ms, s.sales_count, s.total_minor, \
             s.after_seq, s.closed_seq ORDER BY s.number DESC, s.opened_at_ms DESC",
        )
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .bind(i64::from(limit))
        .bind(i64::from(EntryKind::Sale.number()))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(read_shift).collect()
    }

    pub(in crate::database) async fn last_shift_number(
        &self,
        key: &RegisterKey,
    ) -> Result<u32, DatabaseError> {
        let number: i64 = sqlx::query_scalar(
            "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM shifts \
             WHERE store_id = $1 AND register_number = $2",
        )
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .fetch_one(&self.readers)
        .await?;
        narrow(number, "shift number")
    }
}

fn read_shift(row: &DbRow) -> Result<ShiftOverview, DatabaseError> {
    // Sales are summed up by what was paid for them less change, as registers sum shifts up.
    let arrived = ArrivedOfShift {
        sales_count: narrow(row.try_get("arrived_count")?, "sales of a shift")?,
        total_minor: row.try_get("arrived_minor")?,
        rejected_count: narrow(row.try_get("rejected_count")?, "rejected sales of a shift")?,
    };
    let arrived = row.try_get::<bool, _>("is_bounded")?.then_some(arrived);
    Ok(ShiftOverview {
        number: narrow(row.try_get("number")?, "shift number")?,
        opened_at_ms: row.try_get("opened_at_ms")?,
        closed_at_ms: row.try_get("closed_at_ms")?,
        sales_count: narrow_option(row.try_get("sales_count")?, "sales of a shift")?,
        total_minor: row.try_get("total_minor")?,
        arrived,
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
         closed_at_ms, counted_minor, sales_count, total_minor, closed_seq, after_seq) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         ON CONFLICT (store_id, shift_id) DO UPDATE SET \
         closed_at_ms = COALESCE(excluded.closed_at_ms, shifts.closed_at_ms), \
         counted_minor = COALESCE(excluded.counted_minor, shifts.counted_minor), \
         sales_count = COALESCE(excluded.sales_count, shifts.sales_count), \
         total_minor = COALESCE(excluded.total_minor, shifts.total_minor), \
         closed_seq = COALESCE(excluded.closed_seq, shifts.closed_seq), \
         after_seq = COALESCE(excluded.after_seq, shifts.after_seq) \
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
    .bind(record.after_seq.map(wide))
    .execute(&mut *writing)
    .await?;
    Ok(())
}
