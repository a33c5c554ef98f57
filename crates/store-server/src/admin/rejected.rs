//! `GET /api/admin/rejected`: entries that registers sent and that were not applied.

use axum::extract::State;
use serde::Serialize;

use super::json::Json;
use super::store::the_store;
use crate::app::App;
use crate::database::RejectedEntry;
use crate::error::AdminError;

/// Most entries that are listed, the newest.
const LIMIT: u32 = 500;

/// The rejected entries.
#[derive(Serialize)]
pub struct Rejected {
    rejected: Vec<RejectedEntry>,
}

/// Lists rejected entries with their reasons, newest first.
pub async fn rejected(State(app): State<App>) -> Result<Json<Rejected>, AdminError> {
    let store = the_store(&app).await?;
    Ok(Json(Rejected { rejected: app.database().rejected(&store.row.id, LIMIT).await? }))
}
