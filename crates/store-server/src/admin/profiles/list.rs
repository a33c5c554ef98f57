//! `GET /api/admin/profiles` and `GET /api/admin/profiles/{id}`.

use axum::extract::{Path, State};
use serde::Serialize;

use super::{ProfileDetail, Users, detail_of, the_shelf};
use crate::address::AddressParts;
use crate::admin::json::Json;
use crate::app::App;
use crate::error::{AdminError, ApiError};
use crate::profiles::{KeptProfile, ProfileShelf};

/// All profiles.
#[derive(Debug, Serialize)]
pub struct Profiles {
    profiles: Vec<ProfileSummary>,
    /// The profile of registers that have none of their own.
    store_profile: Option<u64>,
}

/// A profile in the list.
#[derive(Debug, Serialize)]
struct ProfileSummary {
    id: u64,
    name: String,
    description: String,
    revision: u64,
    scopes_count: usize,
    updated_at_ms: i64,
    updated_by: String,
    published: Option<PublishedSummary>,
    has_unpublished_changes: bool,
    #[serde(flatten)]
    users: Users,
}

/// What is published.
#[derive(Debug, Serialize)]
struct PublishedSummary {
    version: u64,
    published_at_ms: i64,
    published_by: String,
}

/// Lists the profiles by their names.
pub async fn list(State(app): State<App>) -> Result<Json<Profiles>, AdminError> {
    let shelf = the_shelf(&app).await?;
    let mut profiles: Vec<ProfileSummary> = shelf.profiles.iter().map(|kept| summary(&shelf, kept)).collect();
    profiles.sort_by_cached_key(|summary| (holdfast_profile::name_key(&summary.name), summary.id));
    Ok(Json(Profiles { profiles, store_profile: shelf.store_profile }))
}

fn summary(shelf: &ProfileShelf, kept: &KeptProfile) -> ProfileSummary {
    let published = kept.published.as_ref();
    ProfileSummary {
        id: kept.id,
        name: kept.draft.name.clone(),
        description: kept.draft.description.clone(),
        revision: kept.revision,
        scopes_count: kept.draft.scopes.len(),
        updated_at_ms: kept.updated_at_ms,
        updated_by: kept.updated_by.clone(),
        published: published.map(|version| PublishedSummary {
            version: version.number,
            published_at_ms: version.published_at_ms,
            published_by: version.published_by.clone(),
        }),
        has_unpublished_changes: published.is_none_or(|version| version.profile != kept.draft),
        users: Users::of(shelf, kept),
    }
}

/// Gives a profile whole.
pub async fn one(
    State(app): State<App>,
    address: AddressParts<u64>,
) -> Result<Json<ProfileDetail>, AdminError> {
    let Path(id) = address?;
    let _place = app.admission().live().await.map_err(ApiError::Busy)?;
    Ok(Json(detail_of(&the_shelf(&app).await?, id)?))
}
