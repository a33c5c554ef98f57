//! `POST /api/v1/activate`: a device becomes a register.

use axum::extract::State;
use holdfast_protocol::messages::{ActivateReply, ActivateRequest};

use super::message::Message;
use super::versions::check_version;
use crate::app::{App, Peer};
use crate::attempts::Door;
use crate::database::{Activation, ActivationAttempt};
use crate::error::{ApiError, RegisterError};
use crate::secrets;

/// Longest names that are kept, characters; longer ones are cut.
const NAME_CHARS_MAX: usize = 100;
/// Longest code that is looked at, bytes.
const CODE_BYTES_MAX: usize = 64;

/// Turns a code into a register's identity, once; the same attempt again gets the same answer.
pub async fn activate(
    State(app): State<App>,
    peer: Peer,
    Message(request): Message<ActivateRequest>,
) -> Result<Message<ActivateReply>, RegisterError> {
    check_version(&app, request.protocol_version)?;
    app.begin_attempt(Door::Activation, peer).await?;
    if request.code.len() > CODE_BYTES_MAX {
        return Err(ApiError::ActivationCodeUnknown.into());
    }
    let code_hash = secrets::activation_code_hash(&request.code);
    let token = secrets::register_token(app.server_secret(), &code_hash, &request.attempt_id);
    let attempt = ActivationAttempt {
        code_hash,
        attempt_hash: secrets::hash("attempt-id", request.attempt_id.as_slice()),
        token_hash: secrets::register_token_hash(&token),
        device_name: &shortened(&request.device_name),
        app_version: &shortened(&request.app_version),
        now_ms: app.now_ms(),
    };
    let register = match app.database().activate(attempt).await? {
        Activation::Activated(register) => register,
        Activation::UnknownCode => return Err(ApiError::ActivationCodeUnknown.into()),
        Activation::ExpiredCode => return Err(ApiError::ActivationCodeExpired.into()),
        Activation::UsedCode { at_ms, device_name } => {
            return Err(ApiError::ActivationCodeUsed { at_ms, device_name }.into());
        }
    };
    app.attempt_was_right(Door::Activation, peer).await?;
    let store = app.database().store().await?.ok_or(ApiError::Internal)?;
    tracing::info!(register = register.key.number, device = request.device_name, "a register was activated");
    let last_shift_number = app.database().last_shift_number(&register.key).await?;
    Ok(Message(ActivateReply {
        register_number: register.key.number,
        register_name: register.name,
        store_id: register.key.store_id,
        store_name: store.row.name,
        token: token.into(),
        server_time_ms: app.now_ms(),
        last_receipt_counter: register.last_receipt_counter,
        last_seq: register.last_seq,
        last_hash: register.last_hash.into(),
        last_shift_number: Some(last_shift_number),
    }))
}

/// What a device says about itself, fit to be shown.
pub fn shortened(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(NAME_CHARS_MAX).collect()
}
