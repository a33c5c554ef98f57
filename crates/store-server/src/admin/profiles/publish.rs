//! `POST /api/admin/profiles/{id}/publish`, `GET …/versions`, `POST …/rollback`.

use axum::Extension;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};

use super::preview::{moving_of, version_of};
use super::room::check_room;
use super::{carry_out, the_shelf, the_shelf_with_rows};
use crate::address::AddressParts;
use crate::admin::guard::Session;
use crate::admin::json::Json;
use crate::admin::store::the_store;
use crate::app::App;
use crate::error::{AdminError, ApiError};
use crate::profiles::ProfileChange;

/// What is to be published.
#[derive(Deserialize)]
pub struct Asked {
    /// The draft's revision that was looked at.
    revision: u64,
    /// Although no register has room for it.
    #[serde(default)]
    force: bool,
}

/// The number that it was published under.
#[derive(Serialize)]
pub struct Published {
    version: u64,
}

/// Publishes a draft: registers get it at their next contacts.
pub async fn publish(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    address: AddressParts<u64>,
    Json(asked): Json<Asked>,
) -> Result<Json<Published>, AdminError> {
    let Path(id) = address?;
    if !asked.force {
        check_room_for_draft(&app, id, asked.revision).await?;
    }
    let done = carry_out(&app, &session, ProfileChange::Publish { id, revision: asked.revision }).await?;
    Ok(Json(Published { version: done.version.ok_or(ApiError::Internal)? }))
}

/// Refuses a draft that none of its registers could hold.
async fn check_room_for_draft(app: &App, id: u64, revision: u64) -> Result<(), AdminError> {
    let shelf = the_shelf_with_rows(app).await?;
    let kept = shelf.profile(id).ok_or(ApiError::NotFound)?;
    // The order itself tells that another draft was looked at.
    if kept.revision != revision {
        return Ok(());
    }
    let reason = "No register that uses this profile has room for what it would download.".to_owned();
    let mend = "Choose fewer rows or columns, or free storage on the registers; or publish it all the same.";
    check_room(app, &moving_of(&shelf, id, &kept.draft)?, reason, mend).await
}

/// All versions of a profile.
#[derive(Serialize)]
pub struct Versions {
    versions: Vec<Version>,
}

/// A published version.
#[derive(Serialize)]
struct Version {
    version: u64,
    published_at_ms: i64,
    published_by: String,
    restored_from: Option<u64>,
    /// Registers that have it.
    registers_count: usize,
}

/// Lists what was published of a profile, newest first.
pub async fn versions(
    State(app): State<App>,
    address: AddressParts<u64>,
) -> Result<Json<Versions>, AdminError> {
    let Path(id) = address?;
    let shelf = the_shelf(&app).await?;
    shelf.profile(id).ok_or(ApiError::NotFound)?;
    let store = the_store(&app).await?;
    let records = app.database().profile_versions(&store.row.id, id).await?;
    let have = |version| {
        let registers = shelf.registers.iter().filter(|register| register.is_activated);
        registers.filter(|register| register.has(version)).count()
    };
    let versions = records.into_iter().map(|record| Version {
        version: record.version,
        published_at_ms: record.published_at_ms,
        published_by: record.published_by,
        restored_from: record.restored_from,
        registers_count: have(record.version),
    });
    Ok(Json(Versions { versions: versions.collect() }))
}

/// An earlier version.
#[derive(Deserialize)]
pub struct Earlier {
    version: u64,
    /// Although other profiles have scopes of it that change there too.
    #[serde(default)]
    also_changes_others: bool,
    /// The revision of the draft that may be lost with changes that were never published.
    #[serde(default)]
    drops_draft: Option<u64>,
    /// Although no register has room for it.
    #[serde(default)]
    force: bool,
}

/// Publishes an earlier version again, under a new number.
pub async fn roll_back(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    address: AddressParts<u64>,
    Json(earlier): Json<Earlier>,
) -> Result<Json<Published>, AdminError> {
    let Path(id) = address?;
    let Earlier { version, also_changes_others, drops_draft, force } = earlier;
    if !force {
        check_room_for_version(&app, id, version).await?;
    }
    let change = ProfileChange::RollBack { id, version, also_changes_others, drops_draft };
    let done = carry_out(&app, &session, change).await?;
    Ok(Json(Published { version: done.version.ok_or(ApiError::Internal)? }))
}

/// Refuses a version that none of the registers could hold.
async fn check_room_for_version(app: &App, id: u64, version: u64) -> Result<(), AdminError> {
    let profile = version_of(app, id, version).await?;
    let shelf = the_shelf_with_rows(app).await?;
    let reason = "No register that uses this profile has room for what it would download.".to_owned();
    let mend = "Go back to another version, or free storage on the registers; or go back all the same.";
    check_room(app, &moving_of(&shelf, id, &profile)?, reason, mend).await
}
