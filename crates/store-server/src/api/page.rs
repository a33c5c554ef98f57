//! `GET /api/v1/page/{hash}`: one page of a snapshot.

use std::io::Error;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::immutable::Immutable;
use super::registered::Admitted;
use crate::address::AddressParts;
use crate::app::App;
use crate::database::StoredPage;
use crate::error::{ApiError, RegisterError};
use crate::page_encoding;
use crate::pages::accepts;

/// Gives a page, compressed where the register takes it.
pub async fn page(
    State(app): State<App>,
    Admitted { registered, permit: _permit }: Admitted,
    address: AddressParts<String>,
    headers: HeaderMap,
) -> Result<Response, RegisterError> {
    let immutable = Immutable::at(address)?;
    let page = app.page_cache().page(app.database(), &registered.0.key.store_id, immutable.hash).await?;
    let page = page.ok_or(ApiError::NotFound)?;
    registered.check_page(&app, page.feed, immutable.hash).await?;
    let own = [(header::CONTENT_TYPE, "application/octet-stream"), (header::VARY, "Accept-Encoding")];
    if immutable.is_known(&headers) {
        return Ok((StatusCode::NOT_MODIFIED, immutable.headers(), own).into_response());
    }
    if accepts(&headers, "br") {
        return Ok(
            (immutable.headers(), own, [(header::CONTENT_ENCODING, "br")], page.brotli).into_response()
        );
    }
    let takes_gzip = accepts(&headers, "gzip");
    let bytes = tokio::task::spawn_blocking(move || packed_otherwise(&page, takes_gzip)).await;
    let bytes = bytes.map_err(Error::other).and_then(|bytes| bytes).map_err(|error| {
        tracing::error!(%error, "a stored page can't be unpacked");
        ApiError::Internal
    })?;
    let mut reply = (immutable.headers(), own, ()).into_response().map(|_| bytes);
    if takes_gzip {
        reply.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Ok(app.admission().reply(reply).await.map_err(ApiError::Busy)?)
}

fn packed_otherwise(page: &StoredPage, takes_gzip: bool) -> Result<Vec<u8>, Error> {
    let bytes = page_encoding::unpacked(&page.brotli, page.bytes_count)?;
    if takes_gzip { page_encoding::gzip(&bytes) } else { Ok(bytes) }
}
