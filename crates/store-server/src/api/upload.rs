//! `POST /api/v1/upload`: a run of outbox entries.

use axum::extract::State;
use holdfast_protocol::messages::{REQUEST_BYTES_MAX, UPLOAD_ENTRIES_MAX, UploadReply, UploadRequest};

use super::message::{Message, check_version};
use super::registered::Registered;
use crate::app::App;
use crate::error::{ApiError, RegisterError};
use crate::upload::{UploadOutcome, read};

/// Applies entries in order, in one transaction, each once however often it comes.
pub async fn upload(
    State(app): State<App>,
    Registered(register): Registered,
    Message(request): Message<UploadRequest, REQUEST_BYTES_MAX>,
) -> Result<Message<UploadReply>, RegisterError> {
    check_version(request.protocol_version)?;
    if request.entries.len() > UPLOAD_ENTRIES_MAX {
        return Err(ApiError::TooLarge(format!("It may have {UPLOAD_ENTRIES_MAX} entries at most.")).into());
    }
    let entries = read(request);
    match app.database().apply_upload(&register.key, &entries, app.now_ms()).await? {
        UploadOutcome::Settled { results, acknowledged_seq } => {
            Ok(Message(UploadReply { acknowledged_seq, results }))
        }
        UploadOutcome::Refused(refusal) => {
            tracing::warn!(register = register.key.number, ?refusal, "an upload was refused");
            Err(refusal.into())
        }
    }
}
