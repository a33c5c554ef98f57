//! `PUT /api/admin/store/profile`, `PUT /api/admin/registers/{number}/profile` and `POST …/retry`: who gets which profile.
//! `GET …/profile/preview` tells what that would do.
//!
//! A register is told at its next contact; nothing of it is in the feed.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::guard::Session;
use super::json::Json;
use super::profiles::preview::preview_moving;
use super::profiles::room::check_room;
use super::profiles::{carry_out, the_shelf_with_rows};
use crate::address::{AddressParts, AddressQuery};
use crate::app::App;
use crate::error::{AdminError, ApiError};
use crate::profiles::preview::Preview;
use crate::profiles::{Assignment, Giving, KeptProfile, ProfileChange};

/// The store's profile.
#[derive(Deserialize)]
pub struct OfStore {
    profile: u64,
    /// Although no register has room for it.
    #[serde(default)]
    force: bool,
}

/// A register's profile; none is the store's.
#[derive(Deserialize)]
pub struct OfRegister {
    profile: Option<u64>,
    /// Although it has no room for it.
    #[serde(default)]
    force: bool,
}

/// Gives the store a profile.
pub async fn set_store_profile(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    Json(OfStore { profile: id, force }): Json<OfStore>,
) -> Result<StatusCode, AdminError> {
    give(&app, &session, Giving::ToStore { id }, force).await
}

/// Gives a register a profile of its own, or takes that away.
pub async fn set_register_profile(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    address: AddressParts<u16>,
    Json(OfRegister { profile: id, force }): Json<OfRegister>,
) -> Result<StatusCode, AdminError> {
    let Path(number) = address?;
    give(&app, &session, Giving::ToRegister { number, id }, force).await
}

async fn give(app: &App, session: &Session, giving: Giving, force: bool) -> Result<StatusCode, AdminError> {
    if !force {
        check_room_for_whom(app, giving).await?;
    }
    carry_out(app, session, giving.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn check_room_for_whom(app: &App, giving: Giving) -> Result<(), AdminError> {
    let shelf = the_shelf_with_rows(app).await?;
    // The order itself tells what is wrong with it.
    let Ok(assignment) = shelf.assignment(giving) else { return Ok(()) };
    let moving = assignment.moving();
    let reason = match moving.registers.as_slice() {
        [one] => format!("“{}” has no room for what it would download.", one.name),
        _ => "No register that would get this profile has room for what it would download.".to_owned(),
    };
    let mend = "Choose a profile with fewer rows or columns, or free storage there; or give it all the same.";
    check_room(app, &moving, reason, mend).await
}

/// What giving a profile to somebody would do.
#[derive(Serialize)]
pub struct AssignmentPreview {
    /// The profile that it is instead of.
    from: Option<GivenProfile>,
    to: GivenProfile,
    #[serde(flatten)]
    preview: Preview,
}

/// A profile and what registers get of it.
#[derive(Serialize)]
struct GivenProfile {
    id: u64,
    name: String,
    version: Option<u64>,
}

impl GivenProfile {
    fn of(kept: &KeptProfile) -> GivenProfile {
        let version = kept.published.as_ref().map(|version| version.number);
        GivenProfile { id: kept.id, name: kept.draft.name.clone(), version }
    }
}

/// The profile that the store would get.
#[derive(Deserialize)]
pub struct AskedOfStore {
    profile: u64,
}

/// The profile that a register would get; none is the store's.
#[derive(Deserialize)]
pub struct AskedOfRegister {
    profile: Option<u64>,
}

/// What giving the store a profile would do.
pub async fn look_at_store(
    State(app): State<App>,
    query: AddressQuery<AskedOfStore>,
) -> Result<Json<AssignmentPreview>, AdminError> {
    let Query(AskedOfStore { profile: id }) = query?;
    look(&app, Giving::ToStore { id }).await
}

/// What giving a register a profile of its own would do, or taking that away.
pub async fn look_at_register(
    State(app): State<App>,
    address: AddressParts<u16>,
    query: AddressQuery<AskedOfRegister>,
) -> Result<Json<AssignmentPreview>, AdminError> {
    let (Path(number), Query(AskedOfRegister { profile: id })) = (address?, query?);
    look(&app, Giving::ToRegister { number, id }).await
}

async fn look(app: &App, giving: Giving) -> Result<Json<AssignmentPreview>, AdminError> {
    let _turn = app.admission().preview().await.map_err(ApiError::Busy)?;
    let shelf = the_shelf_with_rows(app).await?;
    let assignment = shelf.assignment(giving)?;
    let mut preview = preview_moving(app, &assignment.moving()).await?;
    // Two profiles are not one that is renamed.
    preview.plan.settings.retain(|change| !["name", "description"].contains(&change.field.as_str()));
    let Assignment { from, to, .. } = assignment;
    Ok(Json(AssignmentPreview { from: from.map(GivenProfile::of), to: GivenProfile::of(to), preview }))
}

/// Has a register synchronise everything at its next contact.
pub async fn ask_retry(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    address: AddressParts<u16>,
) -> Result<StatusCode, AdminError> {
    let Path(number) = address?;
    carry_out(&app, &session, ProfileChange::AskRetry { number }).await?;
    Ok(StatusCode::NO_CONTENT)
}
