//! `GET /api/admin/audit`: all sales counted anew.

use axum::extract::State;
use serde::Serialize;

use super::json::Json;
use super::store::the_store;
use crate::app::App;
use crate::database::RegisterAudit;
use crate::error::AdminError;

/// The count of each register.
#[derive(Serialize)]
pub struct Audit {
    registers: Vec<RegisterAudit>,
}

/// Counts receipts, lines and totals from their rows.
pub async fn audit(State(app): State<App>) -> Result<Json<Audit>, AdminError> {
    let store = the_store(&app).await?;
    Ok(Json(Audit { registers: app.database().audit(&store.row.id).await? }))
}
