//! `GET /api/admin/registers/{number}/shifts`: the last shifts of a register, and whether all of their sales are here.

use axum::extract::{Path, State};
use serde::Serialize;

use super::json::Json;
use super::registers::register_of;
use crate::address::AddressParts;
use crate::app::App;
use crate::database::ShiftOverview;
use crate::error::AdminError;

/// Most shifts of an answer.
const SHIFTS_MAX: u32 = 20;

/// The last shifts of a register.
#[derive(Serialize)]
pub struct Shifts {
    shifts: Vec<ShiftOverview>,
}

/// Lists them, newest first.
pub async fn list(State(app): State<App>, address: AddressParts<u16>) -> Result<Json<Shifts>, AdminError> {
    let Path(number) = address?;
    let key = register_of(&app, number).await?;
    Ok(Json(Shifts { shifts: app.database().last_shifts(&key, SHIFTS_MAX).await? }))
}
