//! `POST /api/admin/import/{kind}`: a CSV of products, barcodes or customers.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};

use super::guard::Session;
use super::json::Json;
use super::store::the_store;
use crate::address::AddressParts;
use crate::app::App;
use crate::error::{AdminError, ApiError};
use crate::import::{ImportError, ImportKind, ImportReport};
use crate::request_body::{FILE_ARRIVES_WITHIN, drain, read_body};

/// Largest file that comes over HTTP, bytes; the command line takes larger ones.
const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Imports a file in one transaction; tells what was refused and why.
pub async fn import(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    address: AddressParts<String>,
    body: Body,
) -> Result<Json<ImportReport>, AdminError> {
    let Path(kind) = address?;
    let kind = ImportKind::from_name(&kind).ok_or(ApiError::NotFound)?;
    let _turn = match app.admission().import().await {
        Ok(turn) => turn,
        Err(wait) => {
            // A browser that is cut off while it sends shows a broken connection instead of what to do.
            drain(body).await;
            return Err(ApiError::Busy(wait).into());
        }
    };
    let store = the_store(&app).await?;
    let bytes = read_body(body, FILE_BYTES_MAX, FILE_ARRIVES_WITHIN).await?;
    let (by, now_ms) = (session.administrator.as_str(), app.now_ms());
    Ok(Json(crate::import::import(app.database(), &store, kind, bytes.as_slice(), by, now_ms).await?))
}

impl From<ImportError> for ApiError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::NotThatKindOfFile(what) => ApiError::NotThatKindOfFile(what),
            ImportError::Database(error) => error.into(),
        }
    }
}
