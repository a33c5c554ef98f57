//! Sales' rows: heads, lines, tax, payments; those of many sales by one statement.

use std::collections::BTreeMap;

use holdfast_protocol::sale::{SaleLineRecord, SaleRecord, TaxRecord, TenderRecord};
use sqlx::QueryBuilder;

use super::values::{narrow, wide};
use super::{Connection, Db};
use crate::database::{DatabaseError, RegisterKey};

/// Rows of one statement. A full one is prepared once and kept.
pub const STATEMENT_ROWS_MAX: usize = 100;

/// A sale that was checked.
#[derive(Debug, Clone, Copy)]
pub struct ArrivedSale<'a> {
    /// Sequence of its entry.
    pub seq: u64,
    /// The sale.
    pub record: &'a SaleRecord,
    /// What was paid beyond what it comes to; only a mended sale has any.
    pub difference_minor: i64,
}

/// Writes sales of a register, in their order, and counts them.
pub async fn insert_sales(
    writing: &mut Connection,
    key: &RegisterKey,
    sales: &[ArrivedSale<'_>],
    now_ms: i64,
) -> Result<(), DatabaseError> {
    if sales.is_empty() {
        return Ok(());
    }
    let mut numbered: Vec<(i64, &SaleRecord)> = Vec::with_capacity(sales.len());
    for chunk in sales.chunks(STATEMENT_ROWS_MAX) {
        let numbers = insert_heads(writing, key, chunk, now_ms).await?;
        for sale in chunk {
            let no = numbers.get(&sale.seq).copied();
            let no = no.ok_or_else(|| DatabaseError::Damaged(format!("sale {} has no number", sale.seq)))?;
            numbered.push((no, sale.record));
        }
    }
    let lines: Vec<(i64, &SaleLineRecord)> =
        numbered.iter().flat_map(|(no, record)| record.lines.iter().map(|line| (*no, line))).collect();
    for chunk in lines.chunks(STATEMENT_ROWS_MAX) {
        insert_lines(writing, chunk).await?;
    }
    let tax: Vec<(i64, &TaxRecord)> =
        numbered.iter().flat_map(|(no, record)| record.tax.iter().map(|tax| (*no, tax))).collect();
    for chunk in tax.chunks(STATEMENT_ROWS_MAX) {
        insert_tax(writing, chunk).await?;
    }
    let tenders: Vec<(i64, i64, &TenderRecord)> = numbered
        .iter()
        .flat_map(|(no, record)| (1_i64..).zip(&record.tenders).map(|(place, tender)| (*no, place, tender)))
        .collect();
    for chunk in tenders.chunks(STATEMENT_ROWS_MAX) {
        insert_tenders(writing, chunk).await?;
    }
    count_sales(writing, key, sales).await
}

/// Adds sales to the sums that are kept of their register.
async fn count_sales(
    writing: &mut Connection,
    key: &RegisterKey,
    sales: &[ArrivedSale<'_>],
) -> Result<(), DatabaseError> {
    let total_minor = sales.iter().fold(0_i64, |sum, sale| sum.saturating_add(sale.record.total_minor));
    sqlx::query(
        "UPDATE registers SET receipts_count = receipts_count + $3, total_minor = total_minor + $4 \
         WHERE store_id = $1 AND number = $2",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(wide(sales.len() as u64))
    .bind(total_minor)
    .execute(&mut *writing)
    .await?;
    Ok(())
}

/// Writes the sales themselves; gives their numbers by sequence.
async fn insert_heads(
    writing: &mut Connection,
    key: &RegisterKey,
    sales: &[ArrivedSale<'_>],
    now_ms: i64,
) -> Result<BTreeMap<u64, i64>, DatabaseError> {
    let mut insert = QueryBuilder::<Db>::new(
        "INSERT INTO sales (store_id, register_number, receipt_counter, seq, sale_id, cashier_id, cashier_name, \
         customer_id, customer_name, started_at_ms, finished_at_ms, utc_offset_min, currency, tax_inclusive, \
         lines_count, total_minor, rounding_minor, change_minor, external_ref, received_at_ms, \
         difference_minor) ",
    );
    insert.push_values(sales, |mut tuple, ArrivedSale { seq, record, difference_minor }| {
        tuple
            .push_bind(&key.store_id)
            .push_bind(i64::from(key.number))
            .push_bind(i64::from(record.receipt_counter))
            .push_bind(wide(*seq))
            .push_bind(record.id.as_slice())
            .push_bind(&record.cashier_id)
            .push_bind(&record.cashier_name)
            .push_bind(&record.customer_id)
            .push_bind(&record.customer_name)
            .push_bind(record.started_at_ms)
            .push_bind(record.finished_at_ms)
            .push_bind(i64::from(record.utc_offset_min))
            .push_bind(&record.currency)
            .push_bind(record.tax_inclusive)
            .push_bind(wide(record.lines.len() as u64))
            .push_bind(record.total_minor)
            .push_bind(record.rounding_minor)
            .push_bind(record.change_minor)
            .push_bind(&record.external_ref)
            .push_bind(now_ms)
            .push_bind(*difference_minor);
    });
    insert.push(" RETURNING seq, sale_no");
    let insert = insert.build_query_as().persistent(is_full(sales.len()));
    let numbers: Vec<(i64, i64)> = insert.fetch_all(&mut *writing).await?;
    numbers.into_iter().map(|(seq, no)| Ok((narrow(seq, "journal sequence")?, no))).collect()
}

async fn insert_lines(
    writing: &mut Connection,
    lines: &[(i64, &SaleLineRecord)],
) -> Result<(), DatabaseError> {
    let mut insert = QueryBuilder::<Db>::new(
        "INSERT INTO sale_lines (sale_no, line_no, sku, name, unit, quantity_milli, unit_price_minor, \
         amount_minor, tax_code, tax_rate_ppm) ",
    );
    insert.push_values(lines, |mut tuple, (sale_no, line)| {
        tuple
            .push_bind(*sale_no)
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
    insert.build().persistent(is_full(lines.len())).execute(&mut *writing).await?;
    Ok(())
}

async fn insert_tax(writing: &mut Connection, tax: &[(i64, &TaxRecord)]) -> Result<(), DatabaseError> {
    let mut insert = QueryBuilder::<Db>::new(
        "INSERT INTO sale_tax (sale_no, code, rate_ppm, net_minor, tax_minor, gross_minor) ",
    );
    insert.push_values(tax, |mut tuple, (sale_no, tax)| {
        tuple
            .push_bind(*sale_no)
            .push_bind(&tax.code)
            .push_bind(i64::from(tax.rate_ppm))
            .push_bind(tax.net_minor)
            .push_bind(tax.tax_minor)
            .push_bind(tax.gross_minor);
    });
    insert.build().persistent(is_full(tax.len())).execute(&mut *writing).await?;
    Ok(())
}

async fn insert_tenders(
    writing: &mut Connection,
    tenders: &[(i64, i64, &TenderRecord)],
) -> Result<(), DatabaseError> {
    let mut insert =
        QueryBuilder::<Db>::new("INSERT INTO sale_tenders (sale_no, tender_no, code, amount_minor) ");
    insert.push_values(tenders, |mut tuple, (sale_no, place, tender)| {
        tuple.push_bind(*sale_no).push_bind(*place).push_bind(&tender.code).push_bind(tender.amount_minor);
    });
    insert.build().persistent(is_full(tenders.len())).execute(&mut *writing).await?;
    Ok(())
}

/// Whether a statement of so many rows is one that comes again: a till's single sale, or a full one.
pub fn is_full(rows: usize) -> bool {
    rows <= 4 || rows == STATEMENT_ROWS_MAX
}
