//! Who may pass: a signed-in administrator, from the back office's own site.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::database::AdminSession;
use crate::error::{AdminError, ApiError};
use crate::secrets;

/// Name of the session's cookie.
pub const COOKIE: &str = "holdfast_session";
/// Header that a change must carry: another site's page can't send it without being asked first.
const OWN_HEADER: &str = "x-holdfast";

/// The session of a request, as an extension.
#[derive(Debug, Clone)]
pub struct Session {
    /// Whose.
    pub administrator: String,
    /// Hash of its token.
    pub token_hash: [u8; 32],
    /// When it ends.
    pub expires_at_ms: i64,
}

/// Lets nobody pass without a session.
pub async fn need_session(State(app): State<App>, mut request: Request<Body>, next: Next) -> Response {
    match find_session(&app, request.headers()).await {
        Ok(session) => {
            request.extensions_mut().insert(session);
            next.run(request).await
        }
        Err(error) => AdminError(error).into_response(),
    }
}

async fn find_session(app: &App, headers: &HeaderMap) -> Result<Session, ApiError> {
    let token = session_token(headers).ok_or(ApiError::SignInNeeded)?;
    let token_hash = session_hash(&token);
    let session = app.database().session(token_hash, app.now_ms()).await?.ok_or(ApiError::SignInNeeded)?;
    let AdminSession { administrator, expires_at_ms } = session;
    Ok(Session { administrator, token_hash, expires_at_ms })
}

/// Hash under which a session is kept.
pub fn session_hash(token: &[u8; 32]) -> [u8; 32] {
    secrets::hash("admin-session", token)
}

fn session_token(headers: &HeaderMap) -> Option<[u8; 32]> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .and_then(|(_, value)| secrets::from_hex(value))
}

/// Lets no change pass that may come from another site.
pub async fn need_own_site(request: Request<Body>, next: Next) -> Response {
    let is_read = request.method().is_safe();
    if is_read || is_own_site(request.headers()) {
        return next.run(request).await;
    }
    AdminError(ApiError::ForeignSite).into_response()
}

fn is_own_site(headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let has_header = headers.get(OWN_HEADER).is_some_and(|value| value == "1");
    // Browsers send the origin with every change; other programs need not.
    let origin_fits = match (headers.contains_key(header::ORIGIN), text(header::ORIGIN), text(header::HOST)) {
        (false, _, _) => true,
        (true, Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, at)| at.eq_ignore_ascii_case(host))
        }
        (true, _, _) => false,
    };
    has_header && origin_fits
}
