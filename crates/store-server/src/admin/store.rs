//! `GET /api/admin/store`: the store and how much it holds. Also what all of this API needs of it.

use axum::extract::State;

use super::json::Json;
use crate::app::App;
use crate::database::{Store, StoreOverview};
use crate::error::{AdminError, ApiError};

/// The store of this server.
pub async fn the_store(app: &App) -> Result<Store, ApiError> {
    app.database().store().await?.ok_or_else(|| {
        tracing::error!("the store database has no store");
        ApiError::Internal
    })
}

/// Gives the store and the number of rows of its tables.
pub async fn store(State(app): State<App>) -> Result<Json<StoreOverview>, AdminError> {
    let store = the_store(&app).await?;
    let overview = app.database().store_overview(&store.row.id).await?;
    Ok(Json(overview.ok_or(ApiError::Internal)?))
}
