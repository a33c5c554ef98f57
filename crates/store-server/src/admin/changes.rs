//! `GET /api/admin/changes`: who changed what.

use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};

use super::json::Json;
use super::store::the_store;
use crate::address::AddressQuery;
use crate::app::App;
use crate::database::ChangeRecord;
use crate::error::AdminError;

const LIMIT: u32 = 50;
const LIMIT_MAX: u32 = 500;

/// What is asked for.
#[derive(Deserialize)]
pub struct Asked {
    limit: Option<u32>,
    before: Option<u64>,
}

/// A page of the trail.
#[derive(Serialize)]
pub struct Changes {
    changes: Vec<ChangeRecord>,
}

/// Lists changes, newest first.
pub async fn list(State(app): State<App>, query: AddressQuery<Asked>) -> Result<Json<Changes>, AdminError> {
    let Query(asked) = query?;
    let store = the_store(&app).await?;
    let limit = asked.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX);
    Ok(Json(Changes { changes: app.database().admin_changes(&store.row.id, asked.before, limit).await? }))
}
