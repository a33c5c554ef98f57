//! `GET /api/v1/profile`: the register's published profile.

use axum::extract::State;
use holdfast_protocol::messages::ProfileReply;

use super::message::Message;
use super::registered::Registered;
use crate::app::App;
use crate::error::RegisterError;

/// Gives the published profile with its number.
pub async fn profile(
    State(app): State<App>,
    registered: Registered,
) -> Result<Message<ProfileReply>, RegisterError> {
    let published = registered.profile(&app).await?;
    Ok(Message(ProfileReply { version: published.version, profile: published.profile }))
}
