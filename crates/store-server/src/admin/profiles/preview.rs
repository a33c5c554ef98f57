//! `POST /api/admin/profiles/{id}/preview`: what publishing a profile would do, whether or not it is valid or saved;
//! `GET …/versions/{version}/preview`: what going back to a version would do.

use axum::extract::{Path, State};
use holdfast_profile::{CONDITIONS_MAX, OFFLINE_CATEGORIES_MAX, OfflineProducts, Profile};
use serde::Deserialize;

use super::the_shelf_with_rows;
use crate::address::AddressParts;
use crate::admin::json::Json;
use crate::admin::large_json::LargeJson;
use crate::admin::store::the_store;
use crate::app::App;
use crate::error::{AdminError, ApiError};
use crate::profiles::preview::{Counted, Leaving, Moving, Preview, preview};
use crate::profiles::{ProfileRefusal, ProfileShelf};

/// A profile to be looked at.
#[derive(Deserialize)]
pub struct Asked {
    profile: Profile,
}

/// Counts what registers would keep and do. One at a time; what has not changed is not counted again.
pub async fn look(
    State(app): State<App>,
    address: AddressParts<u64>,
    LargeJson(asked): LargeJson<Asked>,
) -> Result<Json<Preview>, AdminError> {
    let Path(id) = address?;
    let _turn = app.admission().preview().await.map_err(ApiError::Busy)?;
    let shelf = the_shelf_with_rows(&app).await?;
    Ok(Json(preview_moving(&app, &moving_of(&shelf, id, &asked.profile)?).await?))
}

/// Counts the same of an earlier version.
pub async fn look_back(
    State(app): State<App>,
    address: AddressParts<(u64, u64)>,
) -> Result<Json<Preview>, AdminError> {
    let Path((id, version)) = address?;
    let profile = version_of(&app, id, version).await?;
    let _turn = app.admission().preview().await.map_err(ApiError::Busy)?;
    let shelf = the_shelf_with_rows(&app).await?;
    Ok(Json(preview_moving(&app, &moving_of(&shelf, id, &profile)?).await?))
}

/// What was published of a profile under a number.
pub async fn version_of(app: &App, id: u64, version: u64) -> Result<Profile, AdminError> {
    let store = the_store(app).await?;
    let (database, store_id) = (app.database(), store.row.id.as_str());
    let versions = database.profile_versions(store_id, id).await?;
    if !versions.iter().any(|record| record.version == version) {
        return Err(ApiError::NotFound.into());
    }
    let mut bodies = database.published_bodies(store_id, &[version]).await?;
    Ok(bodies.remove(&version).ok_or(ApiError::NotFound)?)
}

/// The registers that publishing a profile under this id would move.
pub fn moving_of<'a>(
    shelf: &'a ProfileShelf,
    id: u64,
    profile: &'a Profile,
) -> Result<Moving<'a>, AdminError> {
    let kept = shelf.profile(id).ok_or(ApiError::NotFound)?;
    check_size(profile)?;
    let before = kept.published.as_ref().map(|version| &version.profile);
    Ok(Moving { before, after: profile, registers: shelf.registers_with(id).collect() })
}

/// What registers would do that go by another profile; for whoever has the turn to count, of a shelf with rows.
pub async fn preview_moving(app: &App, moving: &Moving<'_>) -> Result<Preview, AdminError> {
    let (store, now_ms) = (the_store(app).await?, app.now_ms());
    let (database, store_id) = (app.database(), store.row.id.as_str());
    let sizes = app.sizes().of(database, store_id, moving.after, now_ms).await?;
    let before = match moving.before {
        Some(before) => app.sizes().of(database, store_id, before, now_ms).await?,
        None => Vec::new(),
    };
    let bodies = database.published_bodies(store_id, &moving.versions()).await?;
    let mut leaving = Leaving::new();
    for (version, here) in &bodies {
        let of_version = app.sizes().leaving(database, store_id, (here, moving.after), now_ms).await?;
        leaving.insert(*version, of_version);
    }
    let pictures_bytes = database.pictures_bytes(store_id).await?;
    Ok(preview(moving, &Counted { sizes, before, bodies, leaving, pictures_bytes }, now_ms))
}

/// What is too large to be valid is not counted either: each row is compared with each condition.
fn check_size(profile: &Profile) -> Result<(), ProfileRefusal> {
    let filters =
        profile.scopes.iter().flat_map(|scope| &scope.tables).filter_map(|entry| entry.filter.as_ref());
    let conditions = filters.map(|filter| filter.conditions().count().max(filter.parts.len())).max();
    let codes = match &profile.offline_products {
        OfflineProducts::Categories { codes } => codes.len(),
        OfflineProducts::All
        | OfflineProducts::SoldInLastDays { .. }
        | OfflineProducts::TopBySales { .. } => 0,
    };
    if conditions.unwrap_or(0) <= CONDITIONS_MAX && codes <= OFFLINE_CATEGORIES_MAX {
        return Ok(());
    }
    Err(ProfileRefusal::Invalid { findings: holdfast_profile::validate(profile), after_merge: false })
}
