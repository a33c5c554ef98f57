//! `/api/admin/registers/{number}/exports`: the exports that a register sent here.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use holdfast_protocol::export::FILE_NAME_END;
use serde::Serialize;

use super::json::Json;
use super::registers::register_of;
use crate::address::AddressParts;
use crate::app::App;
use crate::database::ExportOverview;
use crate::error::{AdminError, ApiError};

/// The exports of a register.
#[derive(Serialize)]
pub struct Exports {
    exports: Vec<ExportOverview>,
}

/// Lists them, newest first.
pub async fn list(State(app): State<App>, address: AddressParts<u16>) -> Result<Json<Exports>, AdminError> {
    let Path(number) = address?;
    let key = register_of(&app, number).await?;
    Ok(Json(Exports { exports: app.database().exports(&key).await? }))
}

/// One of them, as a file.
pub async fn file(State(app): State<App>, address: AddressParts<(u16, u64)>) -> Result<Response, AdminError> {
    let Path((number, export_no)) = address?;
    let key = register_of(&app, number).await?;
    let (made_at_ms, bytes) = app.database().export(&key, export_no).await?.ok_or(ApiError::NotFound)?;
    // Nothing in the name is anybody's text.
    let disposition = format!("attachment; filename=\"register-{number}-{made_at_ms}{FILE_NAME_END}\"");
    let headers = [
        (header::CONTENT_TYPE, "application/gzip".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
