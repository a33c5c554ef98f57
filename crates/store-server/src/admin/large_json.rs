//! JSON of up to a megabyte, as a profile may have: its text arrives in a room of its own, and is read only of who is
//! signed in.

use axum::body::Body;
use axum::extract::{FromRequest, Request};

use crate::app::App;
use crate::error::{AdminError, ApiError};
use crate::request_body::{ARRIVES_WITHIN, drain, read_body};

/// Longest text: the largest profile file, and what a save says beside the profile.
const BYTES_MAX: usize = holdfast_profile::PROFILE_FILE_BYTES_MAX + 64 * 1024;

/// A value.
#[derive(Debug)]
pub struct LargeJson<T>(pub T);

/// A text that is no JSON, or not yet.
#[derive(Debug)]
pub struct LargeText(pub String);

impl<T: serde::de::DeserializeOwned> FromRequest<App> for LargeJson<T> {
    type Rejection = AdminError;

    async fn from_request(request: Request<Body>, app: &App) -> Result<Self, Self::Rejection> {
        let bytes = read(request, app).await?;
        let value = serde_json::from_slice(&bytes)
            .map_err(|error| ApiError::Malformed(format!("The body is not what it should be: {error}.")))?;
        Ok(LargeJson(value))
    }
}

impl FromRequest<App> for LargeText {
    type Rejection = AdminError;

    async fn from_request(request: Request<Body>, app: &App) -> Result<Self, Self::Rejection> {
        let text = String::from_utf8(read(request, app).await?).map_err(|error| {
            let at = error.utf8_error().valid_up_to() + 1;
            ApiError::Malformed(format!("The file is no text: byte {at} is of no letter."))
        })?;
        Ok(LargeText(text))
    }
}

async fn read(request: Request<Body>, app: &App) -> Result<Vec<u8>, ApiError> {
    let body = request.into_body();
    match app.admission().draft().await {
        Ok(_place) => read_body(body, BYTES_MAX, ARRIVES_WITHIN).await,
        Err(wait) => {
            // A browser that is cut off while it sends shows a broken connection instead of what to do.
            drain(body).await;
            Err(ApiError::Busy(wait))
        }
    }
}
