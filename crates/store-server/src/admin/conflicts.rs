//! `GET /api/admin/conflicts`: fields that a register and the store changed both, with both values.

use axum::extract::State;
use serde::Serialize;

use super::json::Json;
use super::store::the_store;
use crate::app::App;
use crate::database::EditConflict;
use crate::error::AdminError;

/// Most conflicts that are listed, the newest.
const LIMIT: u32 = 500;

/// The conflicts.
#[derive(Serialize)]
pub struct Conflicts {
    conflicts: Vec<EditConflict>,
}

/// Lists conflicts, newest first.
pub async fn conflicts(State(app): State<App>) -> Result<Json<Conflicts>, AdminError> {
    let store = the_store(&app).await?;
    Ok(Json(Conflicts { conflicts: app.database().edit_conflicts(&store.row.id, LIMIT).await? }))
}
