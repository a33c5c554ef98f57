//! The last exports of each register.

use super::Backend;
use super::registers::hold_register;
use super::values::{narrow, wide};
use crate::database::{DatabaseError, ExportOverview, NewExport, RegisterKey};

/// What a list says of an export: number, made, received, entries, rows, bytes, chain.
type OverviewRow = (i64, i64, i64, i64, i64, i64, bool);

impl Backend {
    pub(in crate::database) async fn add_export(
        &self,
        key: &RegisterKey,
        export: &NewExport,
        kept_max: u32,
    ) -> Result<u64, DatabaseError> {
        let _turn = self.bulk_turn().await?;
        let mut writing = self.begin().await?;
        // Exports of one register come one after the other.
        hold_register(&mut writing, key).await?;
        let last: Option<i64> = sqlx::query_scalar(
            "SELECT MAX(export_no) FROM exports WHERE store_id = $1 AND register_number = $2",
        )
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .fetch_one(&mut *writing)
        .await?;
        let export_no = last.unwrap_or(0) + 1;
        sqlx::query(
            "INSERT INTO exports (store_id, register_number, export_no, made_at_ms, received_at_ms, \
             entries_count, rows_count, bytes_count, is_chain_whole, bytes) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .bind(export_no)
        .bind(export.made_at_ms)
        .bind(export.received_at_ms)
        .bind(wide(export.entries_count))
        .bind(wide(export.rows_count))
        .bind(wide(export.bytes.len() as u64))
        .bind(export.is_chain_whole)
        .bind(&export.bytes)
        .execute(&mut *writing)
        .await?;
        sqlx::query("DELETE FROM exports WHERE store_id = $1 AND register_number = $2 AND export_no <= $3")
            .bind(&key.store_id)
            .bind(i64::from(key.number))
            .bind(export_no - i64::from(kept_max))
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        narrow(export_no, "export number")
    }

    pub(in crate::database) async fn exports(
        &self,
        key: &RegisterKey,
    ) -> Result<Vec<ExportOverview>, DatabaseError> {
        let rows: Vec<OverviewRow> = sqlx::query_as(
            "SELECT export_no, made_at_ms, received_at_ms, entries_count, rows_count, bytes_count, \
             is_chain_whole FROM exports WHERE store_id = $1 AND register_number = $2 ORDER BY export_no DESC",
        )
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(overview).collect()
    }

    pub(in crate::database) async fn export(
        &self,
        key: &RegisterKey,
        export_no: u64,
    ) -> Result<Option<(i64, Vec<u8>)>, DatabaseError> {
        let row = sqlx::query_as(
            "SELECT made_at_ms, bytes FROM exports \
             WHERE store_id = $1 AND register_number = $2 AND export_no = $3",
        )
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .bind(wide(export_no))
        .fetch_optional(&self.readers)
        .await?;
        Ok(row)
    }
}

fn overview(
    (export_no, made_at_ms, received_at_ms, entries, rows, bytes, is_chain_whole): OverviewRow,
) -> Result<ExportOverview, DatabaseError> {
    Ok(ExportOverview {
        export: narrow(export_no, "export number")?,
        made_at_ms,
        received_at_ms,
        entries: narrow(entries, "export entries")?,
        rows: narrow(rows, "export rows")?,
        bytes: narrow(bytes, "export bytes")?,
        is_chain_whole,
    })
}
