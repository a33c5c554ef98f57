//! Refusing what none of the registers that would get it could hold, unless somebody insists.

use holdfast_profile::Finding;

use super::preview::preview_moving;
use crate::app::App;
use crate::error::{AdminError, ApiError};
use crate::profiles::ProfileRefusal;
use crate::profiles::preview::Moving;

/// Refuses a profile that has no room on any register, saying why and what can be done. Where no register has told how much
/// it has, nothing is counted.
pub async fn check_room(
    app: &App,
    moving: &Moving<'_>,
    reason: String,
    mend: &str,
) -> Result<(), AdminError> {
    if !moving.registers.iter().any(|register| register.storage_bytes.is_some()) {
        return Ok(());
    }
    let _turn = app.admission().preview().await.map_err(ApiError::Busy)?;
    if !preview_moving(app, moving).await?.fits_nowhere() {
        return Ok(());
    }
    let finding = Finding { field: "registers".to_owned(), reason, mend: mend.to_owned() };
    Err(ProfileRefusal::NoRoom { finding }.into())
}
