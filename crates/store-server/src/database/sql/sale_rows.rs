//! A sale's rows: head, lines, tax, payments.

use holdfast_protocol::sale::SaleRecord;
use sqlx::QueryBuilder;

use super::values::wide;
use super::{Connection, Db};
use crate::database::{DatabaseError, RegisterKey};

/// Lines of one statement.
const INSERT_LINES_MAX: usize = 500;

/// Writes a sale that was checked.
pub async fn insert_sale(
    writing: &mut Connection,
    key: &RegisterKey,
    seq: u64,
    record: &SaleRecord,
    now_ms: i64,
) -> Result<(), DatabaseError> {
    let sale_no = insert_head(writing, key, seq, record, now_ms).await?;
    for lines in record.lines.chunks(INSERT_LINES_MAX) {
        let mut insert = QueryBuilder::<Db>::new(
            "INSERT INTO sale_lines (sale_no, line_no, sku, name, unit, quantity_milli, unit_price_minor, \
             amount_minor, tax_code, tax_rate_ppm) ",
        );
        insert.push_values(lines, |mut tuple, line| {
            tuple
                .push_bind(sale_no)
                .push_bind(i64::from(line.line_no))
                .push_bind(&line.sku)
                .push_bind(&line.name)
                .push_bind(&line.unit)
                .push_bind(line.quantity_milli)
                .push_bind(line.unit_price_minor)
                .push_bind(line.amount_minor)
                .push_bind(&line.tax_code)
                .push_bind(i64::from(line.tax_rate_ppm));
        });
        insert.build().persistent(lines.len() < 8).execute(&mut *writing).await?;
    }
    if !record.tax.is_empty() {
        let mut insert = QueryBuilder::<Db>::new(
            "INSERT INTO sale_tax (sale_no, code, rate_ppm, net_minor, tax_minor, gross_minor) ",
        );
        insert.push_values(&record.tax, |mut tuple, tax| {
            tuple
                .push_bind(sale_no)
                .push_bind(&tax.code)
                .push_bind(i64::from(tax.rate_ppm))
                .push_bind(tax.net_minor)
                .push_bind(tax.tax_minor)
                .push_bind(tax.gross_minor);
        });
        insert.build().persistent(record.tax.len() < 8).execute(&mut *writing).await?;
    }
    if !record.tenders.is_empty() {
        let mut insert =
            QueryBuilder::<Db>::new("INSERT INTO sale_tenders (sale_no, tender_no, code, amount_minor) ");
        insert.push_values((1_i64..).zip(&record.tenders), |mut tuple, (tender_no, tender)| {
            tuple
                .push_bind(sale_no)
                .push_bind(tender_no)
                .push_bind(&tender.code)
                .push_bind(tender.amount_minor);
        });
        insert.build().persistent(record.tenders.len() < 8).execute(&mut *writing).await?;
    }
    Ok(())
}

async fn insert_head(
    writing: &mut Connection,
    key: &RegisterKey,
    seq: u64,
    record: &SaleRecord,
    now_ms: i64,
) -> Result<i64, DatabaseError> {
    let sale_no = sqlx::query_scalar(
        "INSERT INTO sales (store_id, register_number, receipt_counter, seq, sale_id, cashier_id, cashier_name, \
         customer_id, customer_name, started_at_ms, finished_at_ms, utc_offset_min, currency, tax_inclusive, \
         lines_count, total_minor, rounding_minor, change_minor, external_ref, received_at_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) \
         RETURNING sale_no",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(i64::from(record.receipt_counter))
    .bind(wide(seq))
    .bind(record.id.as_slice())
    .bind(&record.cashier_id)
    .bind(&record.cashier_name)
    .bind(&record.customer_id)
    .bind(&record.customer_name)
    .bind(record.started_at_ms)
    .bind(record.finished_at_ms)
    .bind(i64::from(record.utc_offset_min))
    .bind(&record.currency)
    .bind(record.tax_inclusive)
    .bind(wide(record.lines.len() as u64))
    .bind(record.total_minor)
    .bind(record.rounding_minor)
    .bind(record.change_minor)
    .bind(&record.external_ref)
    .bind(now_ms)
    .fetch_one(&mut *writing)
    .await?;
    Ok(sale_no)
}
