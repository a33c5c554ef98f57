//! `GET /api/admin/categories`: the categories of products, for choosing some.

use axum::extract::State;
use serde::Serialize;

use super::json::Json;
use super::store::the_store;
use crate::app::App;
use crate::database::CategoryCount;
use crate::error::AdminError;

/// The categories.
#[derive(Serialize)]
pub struct Categories {
    categories: Vec<CategoryCount>,
}

/// Lists categories in the order of the till, with how many products each has.
pub async fn list(State(app): State<App>) -> Result<Json<Categories>, AdminError> {
    let store = the_store(&app).await?;
    Ok(Json(Categories { categories: app.database().categories(&store.row.id).await? }))
}
