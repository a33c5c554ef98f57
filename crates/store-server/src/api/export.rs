//! `POST /api/v1/export`: a register's export, to be kept here.

use axum::extract::{Request, State};
use holdfast_protocol::export::{EXPORT_BYTES_MAX, KeptExport};

use super::message::Message;
use super::registered::Registered;
use crate::app::App;
use crate::database::NewExport;
use crate::error::{ApiError, RegisterError};
use crate::exports::{EXPORTS_KEPT, read_packed};
use crate::request_body::{EXPORT_ARRIVES_WITHIN, drain, read_body};

/// Keeps an export that is whole and of this register; the oldest makes room.
pub async fn export(
    State(app): State<App>,
    Registered(register): Registered,
    request: Request,
) -> Result<Message<KeptExport>, RegisterError> {
    let permit = match app.admission().export().await {
        Ok(permit) => permit,
        Err(wait) => {
            drain(request.into_body()).await;
            return Err(ApiError::Busy(wait).into());
        }
    };
    let bytes = read_body(request.into_body(), EXPORT_BYTES_MAX, EXPORT_ARRIVES_WITHIN).await?;
    // Unpacking takes long: live requests must not wait for that. It goes on when the register is gone, and keeps its
    // place until it is done.
    let read = tokio::task::spawn_blocking(move || {
        let summary = read_packed(bytes.as_slice(), &mut |_| {});
        (bytes, summary, permit)
    });
    let (bytes, summary, _permit) = read.await.map_err(|error| {
        tracing::error!(%error, "an export was not read");
        ApiError::Internal
    })?;
    let summary =
        summary.map_err(|error| ApiError::Malformed(format!("The export is not whole: {error}.")))?;
    let (header, key) = (&summary.header, &register.key);
    if header.store_id != key.store_id || header.register_number != key.number {
        return Err(ApiError::Malformed("The export is of another register.".to_owned()).into());
    }
    let export = NewExport {
        made_at_ms: header.made_at_ms,
        received_at_ms: app.now_ms(),
        entries_count: summary.entries,
        rows_count: summary.rows,
        is_chain_whole: summary.broken_at.is_none(),
        bytes,
    };
    let number = app.database().add_export(key, &export, EXPORTS_KEPT).await?;
    tracing::info!(register = key.number, number, entries = summary.entries, "an export was kept");
    Ok(Message(KeptExport { number }))
}
