//! `GET /api/v1/page/{hash}`: one page of a snapshot.

use std::io::Error;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::registered::Admitted;
use crate::address::AddressParts;
use crate::app::App;
use crate::database::StoredPage;
use crate::error::{ApiError, RegisterError};
use crate::page_encoding;
use crate::pages::accepts;
use crate::secrets;

/// A page never changes: its address is its content.
const CACHE_CONTROL: &str = "private, max-age=31536000, immutable";

/// Gives a page, compressed where the register takes it.
pub async fn page(
    State(app): State<App>,
    Admitted { registered, permit: _permit }: Admitted,
    address: AddressParts<String>,
    headers: HeaderMap,
) -> Result<Response, RegisterError> {
    let Path(hash) = address?;
    let address = secrets::from_hex(&hash).ok_or(ApiError::NotFound)?;
    let page = app.page_cache().page(app.database(), &registered.0.key.store_id, address).await?;
    let page = page.ok_or(ApiError::NotFound)?;
    registered.check_page(&app, page.feed, address).await?;
    let etag = format!("\"{}\"", secrets::hex(&address));
    let common = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, CACHE_CONTROL),
        (header::VARY, "Accept-Encoding"),
        (header::ETAG, etag.as_str()),
    ];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    if accepts(&headers, "br") {
        return Ok((common, [(header::CONTENT_ENCODING, "br")], page.brotli).into_response());
    }
    let takes_gzip = accepts(&headers, "gzip");
    let bytes = tokio::task::spawn_blocking(move || packed_otherwise(&page, takes_gzip)).await;
    let bytes = bytes.map_err(Error::other).and_then(|bytes| bytes).map_err(|error| {
        tracing::error!(%error, "a stored page can't be unpacked");
        ApiError::Internal
    })?;
    let mut reply = (common, ()).into_response().map(|_| bytes);
    if takes_gzip {
        reply.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Ok(app.admission().reply(reply).await.map_err(ApiError::Busy)?)
}

fn packed_otherwise(page: &StoredPage, takes_gzip: bool) -> Result<Vec<u8>, Error> {
    let bytes = page_encoding::unpacked(&page.brotli, page.bytes_count)?;
    if takes_gzip { page_encoding::gzip(&bytes) } else { Ok(bytes) }
}
