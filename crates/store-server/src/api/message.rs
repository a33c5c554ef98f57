//! Messages as bodies of requests and replies.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use holdfast_protocol::CONTENT_TYPE;

use crate::error::RegisterError;
use crate::request_body::{ARRIVES_WITHIN, SMALL_BODY_BYTES_MAX, read_body};

/// A message in CBOR, as a request of so many bytes at most.
#[derive(Debug)]
pub struct Message<T, const BYTES_MAX: usize = SMALL_BODY_BYTES_MAX>(pub T);

impl<S, T, const BYTES_MAX: usize> FromRequest<S> for Message<T, BYTES_MAX>
where
    S: Send + Sync,
    T: for<'b> minicbor::Decode<'b, ()>,
{
    type Rejection = RegisterError;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Self::Rejection> {
        let bytes = read_body(request.into_body(), BYTES_MAX, ARRIVES_WITHIN).await?;
        Ok(Message(holdfast_protocol::decode(&bytes)?))
    }
}

impl<T: minicbor::Encode<()>> IntoResponse for Message<T> {
    fn into_response(self) -> Response {
        self.into_parts().map(Body::from)
    }
}

impl<T: minicbor::Encode<()>> Message<T> {
    /// The reply with its bytes.
    pub fn into_parts(self) -> Response<Vec<u8>> {
        let mut response = Response::new(holdfast_protocol::encode(&self.0));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
