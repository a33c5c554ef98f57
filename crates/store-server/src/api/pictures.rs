//! `GET /api/v1/pictures` and `GET /api/v1/picture/{hash}`: pictures of products.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use holdfast_profile::ImageFolder;
use holdfast_protocol::pictures::{PICTURES_MAX, PicturesReply};

use super::immutable::Immutable;
use super::message::Message;
use super::registered::{Admitted, Registered};
use crate::address::{AddressParts, AddressQuery};
use crate::app::App;
use crate::error::{ApiError, RegisterError};

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
    let Query(Since { since }) = query?;
    check_has_folder(&app, &registered).await?;
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
    let immutable = Immutable::at(address)?;
    check_has_folder(&app, &registered).await?;
    let picture = app.database().picture(&registered.0.key.store_id, immutable.hash).await?;
    let picture = picture.ok_or(ApiError::NotFound)?;
    let own = [(header::CONTENT_TYPE, picture.media_type.as_str())];
    if immutable.is_known(&headers) {
        return Ok((StatusCode::NOT_MODIFIED, immutable.headers(), own).into_response());
    }
    let reply = (immutable.headers(), own, ()).into_response().map(|_| picture.bytes);
    Ok(app.admission().reply(reply).await.map_err(ApiError::Busy)?)
}

/// Without an image folder there are no pictures for a register, as if there were none at all.
async fn check_has_folder(app: &App, registered: &Registered) -> Result<(), ApiError> {
    match registered.profile_in_use(app).await?.device.image_folder {
        ImageFolder::On { .. } => Ok(()),
        ImageFolder::Off => Err(ApiError::NotFound),
    }
}
