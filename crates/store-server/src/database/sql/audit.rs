//! Counts all sales anew from their rows, without the sums that were kept when they arrived.

use std::collections::BTreeMap;

use super::Backend;
use super::values::{narrow, narrow_option};
use crate::database::{DatabaseError, RegisterAudit};

/// Register, receipts, lowest and highest counter, duplicates, repeated references, total.
type SalesCount = (i64, i64, Option<i64>, Option<i64>, i64, i64, i64);

impl Backend {
    pub(in crate::database) async fn audit(
        &self,
        store_id: &str,
    ) -> Result<Vec<RegisterAudit>, DatabaseError> {
        let mut reading = self.begin_read().await?;
        let sales: Vec<SalesCount> = sqlx::query_as(
            "SELECT r.number, COUNT(s.sale_no), MIN(s.receipt_counter), MAX(s.receipt_counter), \
             (COUNT(s.receipt_counter) - COUNT(DISTINCT s.receipt_counter)) \
             + (COUNT(s.sale_id) - COUNT(DISTINCT s.sale_id)), \
             COUNT(s.external_ref) - COUNT(DISTINCT s.external_ref), \
             CAST(COALESCE(SUM(s.total_minor), 0) AS BIGINT) FROM registers r \
             LEFT JOIN sales s ON s.store_id = r.store_id AND s.register_number = r.number \
             WHERE r.store_id = $1 GROUP BY r.number ORDER BY r.number",
        )
        .bind(store_id)
        .fetch_all(&mut *reading)
        .await?;
        // Quantities are thousandths; halves are rounded away from zero, as the till does.
        let lines: Vec<(i64, i64, i64)> = sqlx::query_as(
            "SELECT s.register_number, COUNT(*), CAST(SUM(CASE \
             WHEN l.quantity_milli * l.unit_price_minor >= 0 \
             THEN (l.quantity_milli * l.unit_price_minor + 500) / 1000 \
             ELSE -((-l.quantity_milli * l.unit_price_minor + 500) / 1000) END) AS BIGINT) \
             FROM sales s JOIN sale_lines l ON l.sale_no = s.sale_no \
             WHERE s.store_id = $1 GROUP BY s.register_number",
        )
        .bind(store_id)
        .fetch_all(&mut *reading)
        .await?;
        let added_tax: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT s.register_number, CAST(SUM(t.tax_minor) AS BIGINT) FROM sales s JOIN sale_tax t ON t.sale_no = s.sale_no \
             WHERE s.store_id = $1 AND NOT s.tax_inclusive GROUP BY s.register_number",
        )
        .bind(store_id)
        .fetch_all(&mut *reading)
        .await?;
        let rejected: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT register_number, COUNT(*) FROM journal \
             WHERE store_id = $1 AND rejected_reason IS NOT NULL GROUP BY register_number",
        )
        .bind(store_id)
        .fetch_all(&mut *reading)
        .await?;
        let lines: BTreeMap<i64, (i64, i64)> =
            lines.into_iter().map(|(number, count, total)| (number, (count, total))).collect();
        let added_tax: BTreeMap<i64, i64> = added_tax.into_iter().collect();
        let rejected: BTreeMap<i64, i64> = rejected.into_iter().collect();
        let read = |(number, receipts, min, max, duplicates, repeats, sales_total_minor)| {
            let (lines_count, goods_minor) = lines.get(&number).copied().unwrap_or_default();
            Ok(RegisterAudit {
                number: narrow(number, "register number")?,
                receipts_count: narrow(receipts, "receipts")?,
                receipt_min: narrow_option(min, "receipt counter")?,
                receipt_max: narrow_option(max, "receipt counter")?,
                duplicates: narrow(duplicates, "duplicates")?,
                external_ref_repeats: narrow(repeats, "repeats")?,
                lines_count: narrow(lines_count, "lines")?,
                total_minor: goods_minor + added_tax.get(&number).copied().unwrap_or_default(),
                sales_total_minor,
                rejected_count: narrow(rejected.get(&number).copied().unwrap_or_default(), "rejected")?,
            })
        };
        sales.into_iter().map(read).collect()
    }
}
