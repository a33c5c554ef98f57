//! `GET /api/v1/page/{hash}`: one page of a snapshot.

use std::io::Read;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::registered::Admitted;
use crate::address::AddressParts;
use crate::app::App;
use crate::error::{ApiError, RegisterError};
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
    if accepts(&headers, "gzip") {
        return Ok((common, [(header::CONTENT_ENCODING, "gzip")], page.gzip).into_response());
    }
    let reply = (common, ()).into_response().map(|_| unpacked(&page.gzip, page.bytes_count));
    let (parts, unpacked) = reply.into_parts();
    Ok(app.admission().reply(Response::from_parts(parts, unpacked?)).await.map_err(ApiError::Busy)?)
}

fn unpacked(gzip: &[u8], bytes_count: u32) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::with_capacity(bytes_count as usize);
    flate2::read::GzDecoder::new(gzip).read_to_end(&mut bytes).map_err(|error| {
        tracing::error!(%error, "a stored page can't be unpacked");
        ApiError::Internal
    })?;
    Ok(bytes)
}
