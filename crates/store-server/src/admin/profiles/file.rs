//! `GET /api/admin/profiles/{id}/file`, `POST /api/admin/profiles/import` and `…/import/save`: a profile as a file.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use holdfast_profile::{Finding, Profile, validate};
use serde::{Deserialize, Serialize};

use super::{ProfileDetail, carry_out, detail_after, the_shelf};
use crate::address::AddressParts;
use crate::admin::guard::Session;
use crate::admin::json::Json;
use crate::admin::large_json::{LargeJson, LargeText};
use crate::app::App;
use crate::error::{AdminError, ApiError};
use crate::profile_text::{read_file, write_profile};
use crate::profiles::ProfileChange;

/// Longest name of a file, characters, without its ending.
const FILE_NAME_CHARS_MAX: usize = 60;
/// Fields of later versions that are named.
const UNKNOWN_NAMED_MAX: usize = 100;

/// Gives the draft as a file.
pub async fn export(State(app): State<App>, address: AddressParts<u64>) -> Result<Response, AdminError> {
    let Path(id) = address?;
    let shelf = the_shelf(&app).await?;
    let kept = shelf.profile(id).ok_or(ApiError::NotFound)?;
    let text = write_profile(&kept.draft).map_err(|error| {
        tracing::error!(%error, id, "a profile was not exported");
        ApiError::Internal
    })?;
    let file_name = format!("attachment; filename=\"{}.json\"", file_name(&kept.draft.name));
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, file_name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

/// A name that every file system takes: letters, digits and dashes, of a profile whose name may be anything.
fn file_name(name: &str) -> String {
    let mut plain = String::new();
    for letter in name.chars().take(FILE_NAME_CHARS_MAX) {
        if letter.is_ascii_alphanumeric() {
            plain.push(letter.to_ascii_lowercase());
        } else if !plain.is_empty() && !plain.ends_with('-') {
            plain.push('-');
        }
    }
    let plain = plain.trim_end_matches('-');
    // Also keeps it from being a name that means a device.
    if plain.is_empty() { "offline-profile".to_owned() } else { format!("offline-profile-{plain}") }
}

/// A file that was read; nothing is saved.
#[derive(Serialize)]
pub struct Imported {
    profile: Profile,
    /// Fields that this version does not know and did not read.
    unknown_fields: Vec<String>,
    /// What keeps it from being saved.
    findings: Vec<Finding>,
    /// The profile that has its name.
    existing: Option<u64>,
}

/// Reads a file for the editor.
pub async fn import(
    State(app): State<App>,
    LargeText(text): LargeText,
) -> Result<Json<Imported>, AdminError> {
    let _place = app.admission().live().await.map_err(ApiError::Busy)?;
    // Some editors begin a text with a mark of its encoding.
    let text = text.trim_start_matches('\u{feff}');
    let not_taken = |reason| ApiError::Field { field: "file", reason };
    if text.trim().is_empty() {
        return Err(not_taken("The file is empty.".to_owned()).into());
    }
    let read = read_file(text).map_err(|error| not_taken(error.to_string()))?;
    let shelf = the_shelf(&app).await?;
    let mut unknown_fields = read.unknown_fields;
    unknown_fields.truncate(UNKNOWN_NAMED_MAX);
    Ok(Json(Imported {
        findings: validate(&read.profile),
        existing: shelf.by_name(&read.profile.name).map(|kept| kept.id),
        profile: read.profile,
        unknown_fields,
    }))
}

/// A profile that came as a file.
#[derive(Deserialize)]
pub struct ToAdd {
    profile: Profile,
}

/// Adds it.
pub async fn save_import(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    LargeJson(ToAdd { profile }): LargeJson<ToAdd>,
) -> Result<(StatusCode, Json<ProfileDetail>), AdminError> {
    let _place = app.admission().live().await.map_err(ApiError::Busy)?;
    let done = carry_out(&app, &session, ProfileChange::Import { profile }).await?;
    Ok((StatusCode::CREATED, Json(detail_after(&app, &done).await?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_plain_whatever_the_profile_is_named() {
        assert_eq!(file_name("Default pr."), "offline-profile-default-pr");
        assert_eq!(file_name("../../etc/passwd\"; x=1"), "offline-profile-etc-passwd-x-1");
        assert_eq!(file_name("קופה"), "offline-profile");
        assert_eq!(file_name("<b>Böse</b>"), "offline-profile-b-b-se-b");
        assert_eq!(file_name(&"x".repeat(500)).len(), "offline-profile-".len() + FILE_NAME_CHARS_MAX);
    }
}
