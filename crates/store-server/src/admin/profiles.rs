//! `GET /api/admin/profiles`: the published profiles. `POST /api/admin/profiles/preview`: what registers would keep with
//! a draft.

use axum::extract::State;
use holdfast_profile::{DeviceConfiguration, Profile, Scope};
use serde::Serialize;

use super::json::Json;
use super::store::the_store;
use crate::app::App;
use crate::error::AdminError;
use crate::views::{TableSize, sizes};

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

/// How much registers would keep with a draft.
#[derive(Serialize)]
pub struct Preview {
    tables: Vec<TableSize>,
}

/// Counts rows and bytes of each table that registers with this profile would keep, in profile order. The profile is
/// neither checked nor kept.
pub async fn preview(
    State(app): State<App>,
    Json(profile): Json<Profile>,
) -> Result<Json<Preview>, AdminError> {
    let store = the_store(&app).await?;
    Ok(Json(Preview { tables: sizes(app.database(), &store.row.id, &profile, app.now_ms()).await? }))
}
