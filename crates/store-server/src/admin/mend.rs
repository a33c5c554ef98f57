//! `POST /api/admin/rejected/{register}/{seq}/mend`: an administrator applies a rejected entry or sets it aside.

use axum::Extension;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};

use super::guard::Session;
use super::json::Json;
use super::store::the_store;
use crate::address::AddressParts;
use crate::app::App;
use crate::database::{MendOrder, MendOutcome, RegisterKey};
use crate::error::{AdminError, ApiError};
use crate::secrets;
use crate::upload::mend::{Corrections, InvalidMend, Mend, Objection};

/// What is to be done.
#[derive(Deserialize)]
pub struct Asked {
    /// 32 hex digits that stay the same when the same request is sent again.
    request_id: String,
    /// `apply`, `apply_although`, `set_aside` or `take_back`.
    action: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    corrections: AskedCorrections,
}

/// Corrected fields; those that are missing stay as they are.
#[derive(Deserialize, Default)]
struct AskedCorrections {
    customer_id: Option<String>,
    customer_name: Option<String>,
    cashier_id: Option<String>,
    cashier_name: Option<String>,
    external_ref: Option<String>,
}

/// What was done.
#[derive(Serialize)]
pub struct Done {
    /// Entries that had waited for this one and were applied with it.
    also_applied: Vec<u64>,
}

/// Mends an entry; the same request again changes nothing.
pub async fn mend(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    address: AddressParts<(u16, u64)>,
    Json(asked): Json<Asked>,
) -> Result<Json<Done>, AdminError> {
    let Path((register, seq)) = address?;
    let store = the_store(&app).await?;
    let key = RegisterKey { store_id: store.row.id, number: register };
    let order = MendOrder {
        request_id: request_id(&asked.request_id)?,
        administrator: session.administrator,
        at_ms: app.now_ms(),
        mend: wanted(&asked.action, asked.corrections)?,
        note: asked.note,
    };
    order.mend.check(&order.note)?;
    match app.database().mend_entry(&key, seq, &order).await? {
        MendOutcome::Done { also_applied } => {
            tracing::info!(register, seq, action = order.mend.name(), "a rejected entry was mended");
            Ok(Json(Done { also_applied }))
        }
        MendOutcome::NoSuchEntry => Err(ApiError::NotFound.into()),
        MendOutcome::NotRejected => refused("entry_not_rejected", "The entry is applied."),
        MendOutcome::IsSetAside => {
            refused("entry_set_aside", "The entry was set aside; take that back first.")
        }
        MendOutcome::IsNotSetAside => refused("entry_not_set_aside", "The entry was not set aside."),
        MendOutcome::OtherRequest => {
            refused("request_id_used", "The request's id was used for another decision.")
        }
        MendOutcome::Refused(objections) => {
            let reasons: Vec<String> = objections.iter().map(Objection::to_string).collect();
            refused("entry_not_applicable", &reasons.join(" "))
        }
    }
}

fn refused(code: &'static str, detail: &str) -> Result<Json<Done>, AdminError> {
    Err(ApiError::NotMended { code, detail: detail.to_owned() }.into())
}

fn request_id(text: &str) -> Result<[u8; 16], ApiError> {
    secrets::id_from_hex(text).ok_or_else(|| ApiError::Field {
        field: "request_id",
        reason: "A request id is 32 hex digits.".to_owned(),
    })
}

fn wanted(action: &str, asked: AskedCorrections) -> Result<Mend, ApiError> {
    let AskedCorrections { customer_id, customer_name, cashier_id, cashier_name, external_ref } = asked;
    let corrections = Corrections { customer_id, customer_name, cashier_id, cashier_name, external_ref };
    match action {
        "apply" => Ok(Mend::Apply { although: false, corrections }),
        "apply_although" => Ok(Mend::Apply { although: true, corrections }),
        "set_aside" => Ok(Mend::SetAside),
        "take_back" => Ok(Mend::TakeBack),
        other => {
            let reason =
                format!("“{}” is nothing that can be done.", other.chars().take(40).collect::<String>());
            Err(ApiError::Field { field: "action", reason })
        }
    }
}

impl From<InvalidMend> for ApiError {
    fn from(invalid: InvalidMend) -> Self {
        ApiError::Field { field: invalid.field, reason: invalid.reason }
    }
}
