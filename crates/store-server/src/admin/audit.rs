//! `GET /api/admin/audit`: all sales and all tables counted anew.

use axum::extract::State;
use serde::Serialize;

use super::json::Json;
use super::store::the_store;
use crate::app::App;
use crate::database::RegisterAudit;
use crate::error::AdminError;

/// The count of each register and of each table that registers download.
#[derive(Serialize)]
pub struct Audit {
    registers: Vec<RegisterAudit>,
    tables: Vec<TableAudit>,
}

/// A table counted anew.
#[derive(Serialize)]
struct TableAudit {
    table: String,
    /// Whose copy of it; 0 is the table itself.
    view_no: u32,
    rows: u64,
    /// Whether the digest that registers compare with is that of the rows; none where none is kept yet.
    digest_agrees: Option<bool>,
}

/// Counts receipts, lines and totals from their rows, and sums up the digests of all tables.
pub async fn audit(State(app): State<App>) -> Result<Json<Audit>, AdminError> {
    let store = the_store(&app).await?;
    let registers = app.database().audit(&store.row.id).await?;
    let tables = app.database().audit_digests(&store.row.id).await?.into_iter().map(|audit| TableAudit {
        table: audit.feed.table.to_string(),
        view_no: audit.feed.view_no,
        rows: audit.counted.rows,
        digest_agrees: audit.kept.map(|kept| kept == audit.counted),
    });
    Ok(Json(Audit { registers, tables: tables.collect() }))
}
