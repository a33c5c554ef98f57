//! `GET /api/admin/profiles`: the published profiles.

use axum::extract::State;
use holdfast_profile::{DeviceConfiguration, Scope};
use serde::Serialize;

use super::json::Json;
use super::store::the_store;
use crate::app::App;
use crate::error::AdminError;

/// All profiles.
#[derive(Serialize)]
pub struct Profiles {
    profiles: Vec<ProfileView>,
}

/// A published profile.
#[derive(Serialize)]
struct ProfileView {
    name: String,
    version: u64,
    description: String,
    scopes: Vec<Scope>,
    device: DeviceConfiguration,
    published_at_ms: i64,
}

/// Lists the published version of each profile.
pub async fn profiles(State(app): State<App>) -> Result<Json<Profiles>, AdminError> {
    let store = the_store(&app).await?;
    let published = app.database().profiles(&store.row.id).await?;
    let profiles = published.into_iter().map(|published| ProfileView {
        name: published.profile.name,
        version: published.version,
        description: published.profile.description,
        scopes: published.profile.scopes,
        device: published.profile.device,
        published_at_ms: published.published_at_ms,
    });
    Ok(Json(Profiles { profiles: profiles.collect() }))
}
