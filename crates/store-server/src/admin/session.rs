//! `GET /api/admin/session` and `POST /api/admin/sign-out`.

use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::guard::{COOKIE, Session};
use super::json::Json;
use super::sign_in::SignedIn;
use crate::app::App;
use crate::error::AdminError;

/// Tells whose the session is, and until when it lasts.
pub async fn session(Extension(session): Extension<Session>) -> Json<SignedIn> {
    Json(SignedIn { name: session.administrator, expires_at_ms: session.expires_at_ms })
}

/// Ends the session.
pub async fn sign_out(
    State(app): State<App>,
    Extension(session): Extension<Session>,
) -> Result<Response, AdminError> {
    app.database().end_session(session.token_hash).await?;
    let cookie = format!("{COOKIE}=; HttpOnly; SameSite=Strict; Path=/api/admin; Max-Age=0");
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}
