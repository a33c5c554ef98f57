//! Which requests a register of which version may make: one that is too old still uploads.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use holdfast_protocol::PROTOCOL_VERSION_HEADER;
use holdfast_protocol::versions::PROTOCOL_VERSION_UNSTATED;

use crate::app::App;
use crate::error::{ApiError, RegisterError};

/// Whether this server speaks the peer's version of the protocol.
pub fn check_version(app: &App, asked: u16) -> Result<(), ApiError> {
    known(app, asked, app.versions().speaks(asked))
}

/// Whether this server takes uploads of the peer's version.
pub fn check_upload_version(app: &App, asked: u16) -> Result<(), ApiError> {
    known(app, asked, app.versions().takes_uploads_of(asked))
}

fn known(app: &App, asked: u16, is_known: bool) -> Result<(), ApiError> {
    if is_known { Ok(()) } else { Err(ApiError::VersionUnknown { asked, versions: app.versions() }) }
}

/// Lets only registers through that can read what comes down.
pub async fn need_known_version(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, RegisterError> {
    let stated = match request.headers().get(PROTOCOL_VERSION_HEADER) {
        None => PROTOCOL_VERSION_UNSTATED,
        Some(value) => value.to_str().ok().and_then(|text| text.parse().ok()).ok_or_else(|| {
            ApiError::Malformed(format!("The header {PROTOCOL_VERSION_HEADER} is not a version's number."))
        })?,
    };
    check_version(&app, stated)?;
    Ok(next.run(request).await)
}
