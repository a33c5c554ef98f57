//! `PUT /api/admin/store/profile`, `PUT /api/admin/registers/{number}/profile` and `POST …/retry`: who gets which profile.
//!
//! A register is told at its next contact; nothing of it is in the feed.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;

use super::guard::Session;
use super::json::Json;
use super::profiles::carry_out;
use crate::address::AddressParts;
use crate::app::App;
use crate::error::AdminError;
use crate::profiles::ProfileChange;

/// The store's profile.
#[derive(Deserialize)]
pub struct OfStore {
    profile: u64,
}

/// A register's profile; none is the store's.
#[derive(Deserialize)]
pub struct OfRegister {
    profile: Option<u64>,
}

/// Gives the store a profile.
pub async fn set_store_profile(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    Json(OfStore { profile: id }): Json<OfStore>,
) -> Result<StatusCode, AdminError> {
    carry_out(&app, &session, ProfileChange::SetStoreProfile { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a register a profile of its own, or takes that away.
pub async fn set_register_profile(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    address: AddressParts<u16>,
    Json(OfRegister { profile: id }): Json<OfRegister>,
) -> Result<StatusCode, AdminError> {
    let Path(number) = address?;
    carry_out(&app, &session, ProfileChange::SetRegisterProfile { number, id }).await?;
    Ok(StatusCode::NO_CONTENT)
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
