//! `GET /api/admin/profiles/{id}/rollout`: how far registers have come with what is published.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use holdfast_profile::{Profile, TableId};
use serde::Serialize;

use super::the_shelf_with_rows;
use crate::address::AddressParts;
use crate::admin::json::Json;
use crate::admin::store::the_store;
use crate::app::App;
use crate::error::{AdminError, ApiError};
use crate::profiles::preview::versions_of;
use crate::profiles::rollout::{RolloutRegister, rollout};
use crate::views::Feeds;

/// The rollout.
#[derive(Serialize)]
pub struct Rollout {
    /// What is published; none where nothing is.
    version: Option<u64>,
    registers: Vec<RolloutRegister>,
}

/// Tells of each register that uses the profile whether it has the published version.
pub async fn look(State(app): State<App>, address: AddressParts<u64>) -> Result<Json<Rollout>, AdminError> {
    let Path(id) = address?;
    let shelf = the_shelf_with_rows(&app).await?;
    let kept = shelf.profile(id).ok_or(ApiError::NotFound)?;
    let Some(published) = &kept.published else {
        return Ok(Json(Rollout { version: None, registers: Vec::new() }));
    };
    let store = the_store(&app).await?;
    let rows = rows_of(&app, &store.row.id, &published.profile).await?;
    let bodies =
        app.database().published_bodies(&store.row.id, &versions_of(shelf.registers_with(id))).await?;
    let registers = rollout(&shelf, id, published, &rows, &bodies, app.now_ms());
    Ok(Json(Rollout { version: Some(published.number), registers }))
}

/// Rows of each table that registers with a published profile download. This is asked for again and again: where a
/// view is, its copies are counted already, and where it is not, the tables are as good as what is known.
async fn rows_of(app: &App, store_id: &str, profile: &Profile) -> Result<BTreeMap<TableId, u64>, AdminError> {
    let feeds = Feeds::as_they_are(app.database(), store_id, profile).await?;
    let heads = app.database().feed_heads(store_id).await?;
    let rows = |table: TableId| feeds.head(&heads, table).rows_count;
    Ok(profile.download_tables().into_iter().map(|table| (table, rows(table))).collect())
}
