//! `POST /api/admin/sign-in`: a password for a session.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::guard::{COOKIE, session_hash};
use super::json::Json;
use crate::app::{App, Peer};
use crate::attempts::Door;
use crate::error::{AdminError, ApiError};
use crate::passwords::{self, ADMINISTRATOR};
use crate::secrets;

/// How long a session lasts.
const SESSION_S: i64 = 12 * 60 * 60;
/// Longest password that is looked at.
const PASSWORD_BYTES_MAX: usize = 256;

/// What is needed to sign in.
#[derive(serde::Deserialize)]
pub struct Credentials {
    password: String,
}

/// What a session is told about itself.
#[derive(serde::Serialize)]
pub struct SignedIn {
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
    check(&app, credentials.password).await?;
    app.attempt_was_right(Door::Password, peer).await?;
    let token: [u8; 32] = secrets::random()?;
    let now_ms = app.now_ms();
    let expires_at_ms = now_ms + SESSION_S * 1000;
    app.database().add_session(session_hash(&token), ADMINISTRATOR, expires_at_ms, now_ms).await?;
    let cookie = format!(
        "{COOKIE}={}; HttpOnly; SameSite=Strict; Path=/api/admin; Max-Age={SESSION_S}",
        secrets::hex(&token)
    );
    Ok(([(header::SET_COOKIE, cookie)], Json(SignedIn { expires_at_ms })).into_response())
}

async fn check(app: &App, password: String) -> Result<(), ApiError> {
    let hash = app.database().password_hash(ADMINISTRATOR).await?.ok_or(ApiError::Internal)?;
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(ApiError::PasswordWrong);
    }
    // People copy it with blanks around, and type it without minding the case.
    let typed = password.trim().to_uppercase();
    let is_right = tokio::task::spawn_blocking(move || passwords::is_right(&typed, &hash)).await;
    match is_right {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(ApiError::PasswordWrong),
        Ok(Err(error)) => Err(error.into()),
        Err(error) => {
            tracing::error!(%error, "a password was not checked");
            Err(ApiError::Internal)
        }
    }
}
