//! `POST /api/admin/sign-in`: a name and a password for a session.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::guard::{COOKIE, session_hash};
use super::json::Json;
use crate::administrators::AdministratorName;
use crate::app::{App, Peer};
use crate::attempts::Door;
use crate::database::Administrator;
use crate::error::{AdminError, ApiError};
use crate::passwords::{self, NOBODYS_HASH};
use crate::secrets;

/// How long a session lasts.
const SESSION_S: i64 = 12 * 60 * 60;
/// Longest password that is looked at.
const PASSWORD_BYTES_MAX: usize = 256;

/// What is needed to sign in.
#[derive(serde::Deserialize)]
pub struct Credentials {
    /// Whose password; of the first administrator where none is said, as by back offices that know no other.
    name: Option<String>,
    password: String,
}

/// What a session is told about itself.
#[derive(serde::Serialize)]
pub struct SignedIn {
    /// Whose it is.
    pub name: String,
    /// When it ends.
    pub expires_at_ms: i64,
}

/// Begins a session; the cookie is for this server's pages only.
pub async fn sign_in(
    State(app): State<App>,
    peer: Peer,
    Json(credentials): Json<Credentials>,
) -> Result<Response, AdminError> {
    // One at a time, and the next attempt is counted only when this one is judged.
    let _turn = app.password_turn().lock().await;
    app.begin_attempt(Door::Password, peer).await?;
    let administrator = check(&app, credentials).await?;
    app.attempt_was_right(Door::Password, peer).await?;
    let token: [u8; 32] = secrets::random()?;
    let now_ms = app.now_ms();
    let expires_at_ms = now_ms + SESSION_S * 1000;
    let hash = session_hash(&token);
    if !app.database().add_session(hash, &administrator, expires_at_ms, now_ms).await? {
        // Another password was set since it was checked, or the administrator was removed.
        return Err(ApiError::PasswordWrong.into());
    }
    let cookie = format!(
        "{COOKIE}={}; HttpOnly; SameSite=Strict; Path=/api/admin; Max-Age={SESSION_S}",
        secrets::hex(&token)
    );
    Ok(([(header::SET_COOKIE, cookie)], Json(SignedIn { name: administrator.name, expires_at_ms }))
        .into_response())
}

/// Whose name and password these are. A name that nobody has is answered like a wrong password, as soon and in the same
/// words: nobody learns names here.
async fn check(app: &App, Credentials { name, password }: Credentials) -> Result<Administrator, ApiError> {
    let name = name.map_or_else(|| Ok(AdministratorName::first()), |typed| AdministratorName::parse(&typed));
    let administrator = match name {
        Ok(name) => app.database().administrator(&name).await?,
        Err(_) => None,
    };
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(ApiError::PasswordWrong);
    }
    // People copy it with blanks around, and type it without minding the case.
    let typed = password.trim().to_uppercase();
    let hash = administrator.as_ref().map_or(NOBODYS_HASH, |one| one.password_hash.as_str()).to_owned();
    let is_right = tokio::task::spawn_blocking(move || passwords::is_right(&typed, &hash)).await;
    match is_right {
        Ok(Ok(true)) => administrator.ok_or(ApiError::PasswordWrong),
        Ok(Ok(false)) => Err(ApiError::PasswordWrong),
        Ok(Err(error)) => Err(error.into()),
        Err(error) => {
            tracing::error!(%error, "a password was not checked");
            Err(ApiError::Internal)
        }
    }
}
