//! `/api/admin/registers`: list, add, activation code, lock.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use holdfast_protocol::rows::RegisterRow;
use serde::{Deserialize, Serialize};

use super::guard::Session;
use super::json::Json;
use super::register_scopes::compare_with_views;
use super::store::the_store;
use crate::address::AddressParts;
use crate::admin_change::{ChangeAction, NewChange};
use crate::app::App;
use crate::database::{Database, MasterRow, RegisterKey, RegisterOverview};
use crate::error::{AdminError, ApiError};
use crate::profiles::preview::heard_for_ms;
use crate::secrets;

/// How long an activation code is valid.
pub const CODE_VALID_MS: i64 = 60 * 60 * 1000;
/// Receipt numbers have four digits for the register.
const NUMBER_MAX: u16 = 9_999;
const NAME_CHARS_MAX: usize = 60;

/// All registers.
#[derive(Serialize)]
pub struct Registers {
    registers: Vec<ListedRegister>,
}

/// A register in the list.
#[derive(Serialize)]
struct ListedRegister {
    #[serde(flatten)]
    overview: RegisterOverview,
    /// For how long it counts as online after it spoke, milliseconds.
    heard_for_ms: i64,
}

/// Lists the registers with their last contact.
pub async fn list(State(app): State<App>) -> Result<Json<Registers>, AdminError> {
    let store = the_store(&app).await?;
    let mut overviews = app.database().registers(&store.row.id, None).await?;
    let bodies = compare_with_views(&app, &store.row.id, &mut overviews).await?;
    let listed = |overview: RegisterOverview| {
        let here = overview.profile_version.and_then(|version| bodies.get(&version));
        // Offline for slow answers it speaks at its attempts alone.
        let pause_ms = match (overview.slow_since_ms, here) {
            (Some(_), Some(here)) => i64::from(here.device.reconnect_interval_min) * 60_000,
            (Some(_) | None, _) => 0,
        };
        ListedRegister { heard_for_ms: heard_for_ms(here) + pause_ms, overview }
    };
    Ok(Json(Registers { registers: overviews.into_iter().map(listed).collect() }))
}

/// A register of the store.
pub async fn register_of(app: &App, number: u16) -> Result<RegisterKey, AdminError> {
    let key = RegisterKey { store_id: the_store(app).await?.row.id, number };
    if app.database().has_register(&key).await? { Ok(key) } else { Err(ApiError::NotFound.into()) }
}

/// A register to be added.
#[derive(Deserialize)]
pub struct NewRegister {
    number: u16,
    name: String,
}

/// Adds a register.
pub async fn add(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    Json(new): Json<NewRegister>,
) -> Result<(StatusCode, Json<serde_json::Value>), AdminError> {
    let store = the_store(&app).await?;
    let by = Actor { name: &session.administrator, now_ms: app.now_ms() };
    let row = add_register(app.database(), &store.row.id, new.number, &new.name, by).await?;
    let body = serde_json::json!({ "number": row.number, "name": row.name });
    Ok((StatusCode::CREATED, Json(body)))
}

/// Who does something, and when.
#[derive(Debug, Clone, Copy)]
pub struct Actor<'a> {
    /// An administrator's name.
    pub name: &'a str,
    /// Now, ms since 1970.
    pub now_ms: i64,
}

/// Adds a register that is not there yet.
///
/// # Errors
/// [`ApiError::Field`] when its number or name can't be taken.
pub async fn add_register(
    database: &Database,
    store_id: &str,
    number: u16,
    name: &str,
    by: Actor<'_>,
) -> Result<RegisterRow, ApiError> {
    let name = name.trim();
    if !(1..=NUMBER_MAX).contains(&number) {
        let reason = format!("A register's number is 1 to {NUMBER_MAX}.");
        return Err(ApiError::Field { field: "number", reason });
    }
    let chars = name.chars().count();
    if chars == 0 || chars > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        let reason = format!("A register's name has 1 to {NAME_CHARS_MAX} characters, on one line.");
        return Err(ApiError::Field { field: "name", reason });
    }
    let mut writing = database.begin_write(store_id, by.now_ms).await?;
    let row = RegisterRow { number, name: name.to_owned() };
    let key = RegisterKey { store_id: store_id.to_owned(), number };
    if database.has_register(&key).await? {
        let reason = format!("There is a register {number} already.");
        return Err(ApiError::Field { field: "number", reason });
    }
    writing.put(&[MasterRow::Register(row.clone())]).await?;
    writing
        .note_change(&change(by, ChangeAction::RegisterAdded, number, &format!("Its name is “{name}”.")))
        .await?;
    writing.commit().await?;
    Ok(row)
}

/// A fresh code.
#[derive(Serialize)]
pub struct ActivationCode {
    /// As it is shown and typed.
    pub code: String,
    /// When it runs out.
    pub expires_at_ms: i64,
}

/// Makes an activation code for a register; the one before is void.
pub async fn activation_code(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    address: AddressParts<u16>,
) -> Result<Json<ActivationCode>, AdminError> {
    let Path(number) = address?;
    let store = the_store(&app).await?;
    let key = RegisterKey { store_id: store.row.id, number };
    let by = Actor { name: &session.administrator, now_ms: app.now_ms() };
    Ok(Json(make_activation_code(app.database(), &key, by).await?))
}

/// Makes an activation code for a register; the one before is void.
///
/// # Errors
/// [`ApiError::NotFound`] when there is no such register.
pub async fn make_activation_code(
    database: &Database,
    key: &RegisterKey,
    by: Actor<'_>,
) -> Result<ActivationCode, ApiError> {
    if !database.has_register(key).await? {
        return Err(ApiError::NotFound);
    }
    let code = secrets::activation_code()?;
    let expires_at_ms = by.now_ms + CODE_VALID_MS;
    let change =
        change(by, ChangeAction::ActivationCodeMade, key.number, "Codes that were made before are void.");
    database.add_activation_code(key, secrets::activation_code_hash(&code), expires_at_ms, &change).await?;
    Ok(ActivationCode { code, expires_at_ms })
}

/// Locks a register: its token and its unused codes are void.
pub async fn lock(
    State(app): State<App>,
    Extension(session): Extension<Session>,
    address: AddressParts<u16>,
) -> Result<StatusCode, AdminError> {
    let Path(number) = address?;
    let store = the_store(&app).await?;
    let by = Actor { name: &session.administrator, now_ms: app.now_ms() };
    let change = change(by, ChangeAction::RegisterLocked, number, "Its token and its unused codes are void.");
    let key = RegisterKey { store_id: store.row.id, number };
    let locked = app.database().lock_register(&key, &change).await?;
    if locked { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::NotFound.into()) }
}

fn change(by: Actor<'_>, action: ChangeAction, number: u16, words: &str) -> NewChange {
    NewChange::new(by.now_ms, by.name, action, number.to_string(), words)
}
