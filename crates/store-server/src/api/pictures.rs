//! `GET /api/v1/pictures` and `GET /api/v1/picture/{hash}`: pictures of products.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use holdfast_protocol::pictures::{PICTURES_MAX, PicturesReply};

use super::message::Message;
use super::registered::Admitted;
use crate::address::{AddressParts, AddressQuery};
use crate::app::App;
use crate::error::{ApiError, RegisterError};
use crate::secrets;

/// A picture never changes: its address is its content.
const CACHE_CONTROL: &str = "private, max-age=31536000, immutable";

/// After which version.
#[derive(serde::Deserialize)]
pub struct Since {
    #[serde(default)]
    since: u64,
}

/// Tells which pictures changed after a version.
pub async fn changes(
    State(app): State<App>,
    Admitted { registered, permit: _permit }: Admitted,
    query: AddressQuery<Since>,
) -> Result<Response, RegisterError> {
    let Query(Since { since }) = query.map_err(ApiError::from)?;
    let store_id = &registered.0.key.store_id;
    // A version beyond the last is of another life of this database.
    let since = if since > app.database().pictures_head(store_id).await? { 0 } else { since };
    let pictures_max = u32::try_from(PICTURES_MAX).unwrap_or(u32::MAX);
    let changes = app.database().picture_changes(store_id, since, pictures_max).await?;
    let reply = PicturesReply { since, up_to: changes.up_to, more: changes.more, pictures: changes.pictures };
    Ok(app.admission().reply(Message(reply).into_parts()).await.map_err(ApiError::Busy)?)
}

/// Gives a picture.
pub async fn picture(
    State(app): State<App>,
    Admitted { registered, permit: _permit }: Admitted,
    address: AddressParts<String>,
    headers: HeaderMap,
) -> Result<Response, RegisterError> {
    let Path(hash) = address.map_err(ApiError::from)?;
    let hash: [u8; 32] = secrets::from_hex(&hash).ok_or(ApiError::NotFound)?;
    let picture = app.database().picture(&registered.0.key.store_id, hash).await?;
    let picture = picture.ok_or(ApiError::NotFound)?;
    let etag = format!("\"{}\"", secrets::hex(&hash));
    let common = [
        (header::CONTENT_TYPE, picture.media_type.as_str()),
        (header::CACHE_CONTROL, CACHE_CONTROL),
        (header::ETAG, etag.as_str()),
    ];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let reply = (common, ()).into_response().map(|_| picture.bytes);
    Ok(app.admission().reply(reply).await.map_err(ApiError::Busy)?)
}
