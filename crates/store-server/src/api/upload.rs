//! `POST /api/v1/upload`: a run of outbox entries.

use axum::extract::{FromRequest, Request, State};
use holdfast_protocol::messages::{REQUEST_BYTES_MAX, UPLOAD_ENTRIES_MAX, UploadReply, UploadRequest};

use super::message::Message;
use super::registered::Registered;
use super::versions::check_upload_version;
use crate::app::App;
use crate::error::{ApiError, RegisterError};
use crate::request_body::drain;
use crate::upload::{UploadOutcome, read};

/// Applies entries in order, in one transaction, each once however often it comes. Those of a register that is
/// too old for all else are taken, too.
pub async fn upload(
    State(app): State<App>,
    Registered(register): Registered,
    request: Request,
) -> Result<Message<UploadReply>, RegisterError> {
    let _permit = match app.admission().bulk(&register.key).await {
        Ok(permit) => permit,
        Err(wait) => {
            // A register that is cut off while it sends would take the store server for gone.
            drain(request.into_body()).await;
            return Err(ApiError::Busy(wait).into());
        }
    };
    let Message(request) = Message::<UploadRequest, REQUEST_BYTES_MAX>::from_request(request, &app).await?;
    check_upload_version(&app, request.protocol_version)?;
    if request.entries.len() > UPLOAD_ENTRIES_MAX {
        return Err(ApiError::TooLarge(format!("It may have {UPLOAD_ENTRIES_MAX} entries at most.")).into());
    }
    // Sums and hashes of hundreds of sales: live requests must not wait for that.
    let entries = tokio::task::spawn_blocking(move || read(request)).await.map_err(|error| {
        tracing::error!(%error, "an upload was not read");
        ApiError::Internal
    })?;
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
