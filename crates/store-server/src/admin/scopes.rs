//! `GET /api/admin/scopes` and `DELETE /api/admin/scopes/{name}`: the library that profiles share.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use holdfast_profile::Scope;
use serde::Serialize;

use super::guard::Session;
use super::json::Json;
use super::profiles::{carry_out, the_shelf};
use crate::address::AddressParts;
use crate::app::App;
use crate::error::AdminError;
use crate::profiles::ProfileChange;

/// The library.
#[derive(Serialize)]
pub struct Scopes {
    scopes: Vec<LibraryScope>,
}

/// A scope and the profiles whose drafts hold it.
#[derive(Serialize)]
struct LibraryScope {
    scope: Scope,
    used_by: Vec<User>,
}

/// A profile.
#[derive(Serialize)]
struct User {
    id: u64,
    name: String,
}

/// Lists every scope of the store by its name.
pub async fn list(State(app): State<App>) -> Result<Json<Scopes>, AdminError> {
    let library = the_shelf(&app).await?.library();
    let user =
        |id: u64| User { id, name: library.draft(id).map(|draft| draft.name.clone()).unwrap_or_default() };
    let scopes = library.scopes().into_iter().map(|(scope, users)| LibraryScope {
        scope: scope.clone(),
        used_by: users.into_iter().map(user).collect(),
    });
    Ok(Json(Scopes { scopes: scopes.collect() }))
}

/// Deletes a scope that no profile holds.
pub async fn delete(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    address: AddressParts<String>,
) -> Result<StatusCode, AdminError> {
    let Path(name) = address?;
    carry_out(&app, &session, ProfileChange::DeleteScope { name }).await?;
    Ok(StatusCode::NO_CONTENT)
}
