//! JSON as bodies of requests and replies.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::error::{AdminError, ApiError};
use crate::request_body::{ARRIVES_WITHIN, SMALL_BODY_BYTES_MAX, read_body};

/// A value in JSON; never stored by a cache.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = AdminError;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Self::Rejection> {
        let bytes = read_body(request.into_body(), SMALL_BODY_BYTES_MAX, ARRIVES_WITHIN).await?;
        Ok(Json(read(&bytes)?))
    }
}

/// A value in JSON, or the default of it where the body is empty or `null`.
#[derive(Debug)]
pub struct OptionalJson<T>(pub T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned + Default> FromRequest<S> for OptionalJson<T> {
    type Rejection = AdminError;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Self::Rejection> {
        let bytes = read_body(request.into_body(), SMALL_BODY_BYTES_MAX, ARRIVES_WITHIN).await?;
        if bytes.is_empty() {
            return Ok(OptionalJson(T::default()));
        }
        let value: Option<T> = read(&bytes)?;
        Ok(OptionalJson(value.unwrap_or_default()))
    }
}

fn read<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(bytes)
        .map_err(|error| ApiError::Malformed(format!("The body is not what it should be: {error}.")))
}

impl<T: serde::Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        ([(header::CACHE_CONTROL, "no-store")], axum::Json(self.0)).into_response()
    }
}
