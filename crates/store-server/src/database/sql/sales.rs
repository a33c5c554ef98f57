//! The sales that arrived, and the entries that were rejected, as the administrator sees them.

use holdfast_domain::ReceiptNumber;
use sqlx::Row;

use super::values::{narrow, wide};
use super::{Backend, Connection, DbRow};
use crate::database::{
    DatabaseError, RegisterKey, RejectedEntry, SaleDetail, SaleLineDetail, SaleOverview, SaleTaxDetail,
    SaleTenderDetail, SalesQuery, kind_name,
};

impl Backend {
    pub(in crate::database) async fn sales(
        &self,
        store_id: &str,
        query: SalesQuery,
    ) -> Result<Vec<SaleOverview>, DatabaseError> {
        let rows = sqlx::query(
            "SELECT sale_no, register_number, receipt_counter, finished_at_ms, received_at_ms, cashier_name, \
             customer_id, customer_name, lines_count, total_minor, currency, external_ref FROM sales \
             WHERE store_id = $1 AND ($2 IS NULL OR register_number = $2) AND sale_no < $3 \
             ORDER BY sale_no DESC LIMIT $4",
        )
        .bind(store_id)
        .bind(query.register.map(i64::from))
        .bind(query.before_seq.map_or(i64::MAX, wide))
        .bind(i64::from(query.limit))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(read_overview).collect()
    }

    pub(in crate::database) async fn sale(
        &self,
        key: &RegisterKey,
        receipt_counter: u32,
    ) -> Result<Option<SaleDetail>, DatabaseError> {
        let mut reading = self.begin_read().await?;
        let head = sqlx::query(
            "SELECT s.*, j.hash AS journal_hash FROM sales s \
             JOIN journal j ON j.store_id = s.store_id AND j.register_number = s.register_number AND j.seq = s.seq \
             WHERE s.store_id = $1 AND s.register_number = $2 AND s.receipt_counter = $3",
        )
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .bind(i64::from(receipt_counter))
        .fetch_optional(&mut *reading)
        .await?;
        let Some(head) = head else { return Ok(None) };
        let sale_no: i64 = head.try_get("sale_no")?;
        let journal_hash: Vec<u8> = head.try_get("journal_hash")?;
        Ok(Some(SaleDetail {
            overview: read_overview(&head)?,
            cashier_id: head.try_get("cashier_id")?,
            customer_id: head.try_get("customer_id")?,
            started_at_ms: head.try_get("started_at_ms")?,
            utc_offset_min: narrow(head.try_get("utc_offset_min")?, "UTC offset")?,
            tax_inclusive: head.try_get("tax_inclusive")?,
            rounding_minor: head.try_get("rounding_minor")?,
            difference_minor: head.try_get("difference_minor")?,
            change_minor: head.try_get("change_minor")?,
            journal_seq: narrow(head.try_get("seq")?, "journal sequence")?,
            journal_hash: crate::secrets::hex(&journal_hash),
            sale_lines: read_lines(&mut reading, sale_no).await?,
            tax: read_tax(&mut reading, sale_no).await?,
            tenders: read_tenders(&mut reading, sale_no).await?,
        }))
    }

    pub(in crate::database) async fn rejected(
        &self,
        store_id: &str,
        limit: u32,
    ) -> Result<Vec<RejectedEntry>, DatabaseError> {
        let rows: Vec<(i64, i64, i64, String, i64, bool)> = sqlx::query_as(
            "SELECT register_number, seq, kind, rejected_reason, received_at_ms, is_set_aside FROM journal \
             WHERE store_id = $1 AND rejected_reason IS NOT NULL \
             ORDER BY is_set_aside, received_at_ms DESC, register_number, seq DESC LIMIT $2",
        )
        .bind(store_id)
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        let read = |(register, seq, kind, reason, received_at_ms, is_set_aside)| {
            Ok(RejectedEntry {
                register: narrow(register, "register number")?,
                seq: narrow(seq, "journal sequence")?,
                kind: kind_name(narrow(kind, "entry kind")?),
                reason,
                received_at_ms,
                is_set_aside,
            })
        };
        rows.into_iter().map(read).collect()
    }
}

fn read_overview(row: &DbRow) -> Result<SaleOverview, DatabaseError> {
    let register = narrow(row.try_get("register_number")?, "register number")?;
    let counter = narrow(row.try_get("receipt_counter")?, "receipt counter")?;
    let customer_name: Option<String> = row.try_get("customer_name")?;
    let customer_id: Option<String> = row.try_get("customer_id")?;
    Ok(SaleOverview {
        seq: narrow(row.try_get("sale_no")?, "sale number")?,
        register,
        receipt: ReceiptNumber { register, counter }.to_string(),
        counter,
        finished_at_ms: row.try_get("finished_at_ms")?,
        received_at_ms: row.try_get("received_at_ms")?,
        cashier: row.try_get("cashier_name")?,
        customer: customer_name.or(customer_id),
        lines: narrow(row.try_get("lines_count")?, "lines")?,
        total_minor: row.try_get("total_minor")?,
        currency: row.try_get("currency")?,
        external_ref: row.try_get("external_ref")?,
    })
}

async fn read_lines(reading: &mut Connection, sale_no: i64) -> Result<Vec<SaleLineDetail>, DatabaseError> {
    let rows = sqlx::query("SELECT * FROM sale_lines WHERE sale_no = $1 ORDER BY line_no")
        .bind(sale_no)
        .fetch_all(&mut *reading)
        .await?;
    let read = |row: &DbRow| {
        Ok(SaleLineDetail {
            line_no: narrow(row.try_get("line_no")?, "line number")?,
            sku: row.try_get("sku")?,
            name: row.try_get("name")?,
            unit: row.try_get("unit")?,
            quantity_milli: row.try_get("quantity_milli")?,
            unit_price_minor: row.try_get("unit_price_minor")?,
            amount_minor: row.try_get("amount_minor")?,
            tax_code: row.try_get("tax_code")?,
            tax_rate_ppm: narrow(row.try_get("tax_rate_ppm")?, "tax rate")?,
        })
    };
    rows.iter().map(read).collect()
}

async fn read_tax(reading: &mut Connection, sale_no: i64) -> Result<Vec<SaleTaxDetail>, DatabaseError> {
    let rows: Vec<(String, i64, i64, i64, i64)> = sqlx::query_as(
        "SELECT code, rate_ppm, net_minor, tax_minor, gross_minor FROM sale_tax WHERE sale_no = $1 \
         ORDER BY code, rate_ppm",
    )
    .bind(sale_no)
    .fetch_all(&mut *reading)
    .await?;
    let read = |(code, rate, net_minor, tax_minor, gross_minor)| {
        Ok(SaleTaxDetail { code, rate_ppm: narrow(rate, "tax rate")?, net_minor, tax_minor, gross_minor })
    };
    rows.into_iter().map(read).collect()
}

async fn read_tenders(
    reading: &mut Connection,
    sale_no: i64,
) -> Result<Vec<SaleTenderDetail>, DatabaseError> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT code, amount_minor FROM sale_tenders WHERE sale_no = $1 ORDER BY tender_no")
            .bind(sale_no)
            .fetch_all(&mut *reading)
            .await?;
    Ok(rows.into_iter().map(|(code, amount_minor)| SaleTenderDetail { code, amount_minor }).collect())
}
