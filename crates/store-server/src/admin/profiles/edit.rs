//! `POST /api/admin/profiles`, `PUT` and `DELETE /api/admin/profiles/{id}`, `POST /api/admin/profiles/default/restore`.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use holdfast_profile::{Profile, ScopeRename, Side};
use serde::{Deserialize, Serialize};

use super::{ProfileDetail, carry_out, detail_after};
use crate::address::AddressParts;
use crate::admin::guard::Session;
use crate::admin::json::{Json, OptionalJson};
use crate::admin::large_json::LargeJson;
use crate::app::App;
use crate::error::{AdminError, ApiError};
use crate::profiles::ProfileChange;

/// A profile to be made.
#[derive(Deserialize)]
pub struct NewProfile {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    copy_of: Option<u64>,
}

/// Makes a profile; nothing is published yet.
pub async fn create(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    Json(new): Json<NewProfile>,
) -> Result<(StatusCode, Json<ProfileDetail>), AdminError> {
    let NewProfile { name, description, copy_of } = new;
    let name = name.trim().to_owned();
    let done = carry_out(&app, &session, ProfileChange::Create { name, description, copy_of }).await?;
    Ok((StatusCode::CREATED, Json(detail_after(&app, &done).await?)))
}

/// A draft to be saved.
#[derive(Deserialize)]
pub struct Draft {
    /// The revision that it was made from.
    base_revision: u64,
    profile: Profile,
    #[serde(default)]
    renamed_scopes: Vec<ScopeRename>,
    /// Whose value fields in conflict get.
    #[serde(default)]
    choices: BTreeMap<String, Side>,
}

/// What became of it.
#[derive(Serialize)]
pub struct Saved {
    detail: ProfileDetail,
    /// Whether it is not what was sent, because another's changes were merged in.
    merged: bool,
}

/// Saves a draft, and merges it with what others saved since it was begun.
pub async fn save(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    address: AddressParts<u64>,
    LargeJson(draft): LargeJson<Draft>,
) -> Result<Json<Saved>, AdminError> {
    let Path(id) = address?;
    let _place = app.admission().live().await.map_err(ApiError::Busy)?;
    let Draft { base_revision, profile, renamed_scopes: renames, choices } = draft;
    let change = ProfileChange::Save { id, base_revision, profile, renames, choices };
    let done = carry_out(&app, &session, change).await?;
    Ok(Json(Saved { detail: detail_after(&app, &done).await?, merged: done.merged }))
}

/// Deletes a profile that nobody uses.
pub async fn delete(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    address: AddressParts<u64>,
) -> Result<StatusCode, AdminError> {
    let Path(id) = address?;
    let _place = app.admission().live().await.map_err(ApiError::Busy)?;
    carry_out(&app, &session, ProfileChange::Delete { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How `Default pr.` is restored.
#[derive(Default, Deserialize)]
pub struct Restoring {
    /// Although other profiles have scopes of it that change there too.
    #[serde(default)]
    also_changes_others: bool,
    /// The revision of the draft that may be lost with changes that were never published.
    #[serde(default)]
    drops_draft: Option<u64>,
}

/// Makes the draft of `Default pr.` what ships.
pub async fn restore_default(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    OptionalJson(restoring): OptionalJson<Restoring>,
) -> Result<Json<ProfileDetail>, AdminError> {
    let Restoring { also_changes_others, drops_draft } = restoring;
    let change = ProfileChange::RestoreDefault { also_changes_others, drops_draft };
    let done = carry_out(&app, &session, change).await?;
    Ok(Json(detail_after(&app, &done).await?))
}
