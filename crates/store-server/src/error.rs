//! What the server answers instead of what was asked for: one enum for both APIs, its words and status in one
//! place.

use std::sync::atomic::{AtomicU32, Ordering};

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use holdfast_protocol::problem::{PROBLEM_CONTENT_TYPE, Problem, code};
use holdfast_protocol::{CodecError, Versions};

use crate::attempts::Wait;
use crate::database::DatabaseError;
use crate::dates::day_and_month;
use crate::look_up::NotLookedFor;
use crate::passwords::PasswordError;
use crate::profiles::ProfileRefusal;
use crate::secrets::NoRandomness;
use crate::upload::UploadRefusal;

/// Content type of a problem for administrators (RFC 9457).
pub const JSON_PROBLEM_CONTENT_TYPE: &str = "application/problem+json";

/// Why a request is not answered with what it asked for.
#[derive(Debug)]
pub enum ApiError {
    /// The body or the address is not what it should be.
    Malformed(String),
    /// The body is too large, or holds too much.
    TooLarge(String),
    /// The body did not arrive in time.
    TooSlow,
    /// The peer speaks another version of the protocol.
    VersionUnknown {
        /// Its version.
        asked: u16,
        /// What this server speaks.
        versions: Versions,
    },
    /// No token, or one that is not or no longer a register's.
    RegisterUnknown,
    /// No such activation code.
    ActivationCodeUnknown,
    /// The activation code has run out.
    ActivationCodeExpired,
    /// Another device used the activation code.
    ActivationCodeUsed {
        /// When.
        at_ms: i64,
        /// By which device.
        device_name: String,
    },
    /// Too many wrong tries.
    TooManyAttempts(Wait),
    /// The upload is not what follows.
    Upload(UploadRefusal),
    /// The table is not in the register's profile, or not downloaded.
    TableNotInProfile(String),
    /// Nothing is here.
    NotFound,
    /// The address is right, the method is not.
    WrongMethod,
    /// Nobody is signed in.
    SignInNeeded,
    /// The name or the password is wrong; nobody is told which.
    PasswordWrong,
    /// The request may come from another site.
    ForeignSite,
    /// A field can't be taken.
    Field {
        /// Which.
        field: &'static str,
        /// Why, a whole sentence.
        reason: String,
    },
    /// An order about profiles is not carried out.
    Profile(Box<ProfileProblem>),
    /// A rejected entry can't be mended so.
    NotMended {
        /// The problem's code.
        code: &'static str,
        /// Why, whole sentences.
        detail: String,
    },
    /// The file is not a CSV of that kind.
    NotThatKindOfFile(String),
    /// Others are being served; with when to come again.
    Busy(Wait),
    /// The server failed; the log says how.
    Internal,
}

/// Why an order about profiles is not carried out.
#[derive(Debug)]
pub struct ProfileProblem {
    /// Why.
    pub refusal: ProfileRefusal,
    /// The profile as the store server has it now, for a refusal that needs it.
    pub theirs: Option<serde_json::Value>,
}

impl ApiError {
    /// The problem as people and programs read it.
    pub fn problem(&self) -> Problem {
        let (status, code, title, detail) = self.words();
        Problem { status: status.as_u16(), code: code.to_owned(), title: title.to_owned(), detail }
    }

    fn words(&self) -> (StatusCode, &'static str, &'static str, String) {
        let text = str::to_owned;
        match self {
            ApiError::Malformed(what) => {
                (StatusCode::BAD_REQUEST, code::MALFORMED, "The request can't be read.", what.clone())
            }
            ApiError::TooLarge(what) => (
                StatusCode::PAYLOAD_TOO_LARGE,
                code::TOO_LARGE,
                "The request is too large.",
                format!("{what} Nothing was changed."),
            ),
            ApiError::TooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "too_slow",
                "The request did not arrive in time.",
                text("Nothing was changed. Try again, or check the network."),
            ),
            ApiError::VersionUnknown { asked, versions } => (
                StatusCode::BAD_REQUEST,
                code::VERSION_UNKNOWN,
                "This store server does not speak the till's version of the protocol.",
                version_words(*asked, *versions),
            ),
            ApiError::RegisterUnknown => (
                StatusCode::UNAUTHORIZED,
                code::REGISTER_UNKNOWN,
                "The store server does not know this till.",
                text(
                    "It was locked, or its place was given to another device. What waits on it is safe. Ask for \
                     an activation code in the back office under Registers.",
                ),
            ),
            ApiError::ActivationCodeUnknown => (
                StatusCode::NOT_FOUND,
                code::ACTIVATION_CODE_UNKNOWN,
                "There is no such activation code.",
                text("Check the letters, or ask for a new one in the back office under Registers."),
            ),
            ApiError::ActivationCodeExpired => (
                StatusCode::GONE,
                code::ACTIVATION_CODE_UNKNOWN,
                "This activation code has run out.",
                text("A code is valid for 60 minutes. Ask for a new one in the back office under Registers."),
            ),
            ApiError::ActivationCodeUsed { at_ms, device_name } => (
                StatusCode::CONFLICT,
                code::ACTIVATION_CODE_USED,
                "This activation code was used.",
                format!(
                    "This code was used on {} by {}. Ask for a new one in the back office under Registers.",
                    day_and_month(*at_ms),
                    if device_name.is_empty() { "another device" } else { device_name }
                ),
            ),
            ApiError::TooManyAttempts(wait) => (
                StatusCode::TOO_MANY_REQUESTS,
                code::TOO_MANY_ATTEMPTS,
                "There were too many wrong tries.",
                format!("Try again in {}:{:02}.", wait.seconds / 60, wait.seconds % 60),
            ),
            ApiError::Upload(refusal) => refusal_words(refusal),
            ApiError::TableNotInProfile(table) => (
                StatusCode::FORBIDDEN,
                code::TABLE_NOT_IN_PROFILE,
                "The till's profile does not download this table.",
                format!("Table {table} is not in the profile, or does not come down."),
            ),
            ApiError::NotFound => {
                (StatusCode::NOT_FOUND, code::NOT_FOUND, "There is nothing here.", text("Check the address."))
            }
            ApiError::WrongMethod => (
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "This address does not take such a request.",
                text("Check the method."),
            ),
            ApiError::SignInNeeded => (
                StatusCode::UNAUTHORIZED,
                "sign_in_needed",
                "Sign in first.",
                text("The session has ended, or there was none."),
            ),
            ApiError::PasswordWrong => (
                StatusCode::FORBIDDEN,
                "password_wrong",
                "The name or the password is wrong.",
                text(
                    "A password was shown when the store server was started for the first time, and when an \
                     administrator was added.",
                ),
            ),
            ApiError::ForeignSite => (
                StatusCode::FORBIDDEN,
                "foreign_site",
                "The request did not come from the back office.",
                text("Changes need the header X-Holdfast and this server's own origin. Nothing was changed."),
            ),
            ApiError::Field { reason, .. } => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "field_invalid",
                "Something that was entered can't be taken.",
                reason.clone(),
            ),
            ApiError::Profile(problem) => profile_words(&problem.refusal),
            ApiError::NotMended { code, detail } => (
                StatusCode::CONFLICT,
                *code,
                "The entry can't be mended so.",
                format!("{detail} Nothing was changed."),
            ),
            ApiError::NotThatKindOfFile(what) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "not_that_kind_of_file",
                "The file can't be imported.",
                format!("{what} Nothing was changed."),
            ),
            ApiError::Busy(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                code::BUSY,
                "The store server is busy.",
                text("Nothing was changed. Try again in some seconds."),
            ),
            ApiError::Internal => (
                StatusCode::INTERNAL_SERVER_ERROR,
                code::INTERNAL,
                "The store server failed.",
                text("Nothing was changed. Its log says why."),
            ),
        }
    }

    fn retry_after_s(&self) -> Option<u32> {
        match self {
            ApiError::TooManyAttempts(wait) | ApiError::Busy(wait) => Some(wait.seconds),
            ApiError::Malformed(_)
            | ApiError::TooLarge(_)
            | ApiError::TooSlow
            | ApiError::VersionUnknown { .. }
            | ApiError::RegisterUnknown
            | ApiError::ActivationCodeUnknown
            | ApiError::ActivationCodeExpired
            | ApiError::ActivationCodeUsed { .. }
            | ApiError::Upload(_)
            | ApiError::TableNotInProfile(_)
            | ApiError::NotFound
            | ApiError::WrongMethod
            | ApiError::SignInNeeded
            | ApiError::PasswordWrong
            | ApiError::ForeignSite
            | ApiError::Field { .. }
            | ApiError::Profile(_)
            | ApiError::NotMended { .. }
            | ApiError::NotThatKindOfFile(_)
            | ApiError::Internal => None,
        }
    }

    /// The answer to a register.
    pub fn to_register(&self) -> Response {
        let problem = self.problem();
        self.answer(problem.status, PROBLEM_CONTENT_TYPE, problem.encode())
    }

    /// The answer to an administrator.
    pub fn to_administrator(&self) -> Response {
        let Problem { status, code, title, detail } = self.problem();
        let mut body = serde_json::json!({
            "type": "about:blank", "title": title, "status": status, "detail": detail, "code": code,
        });
        if let ApiError::Field { field, .. } = self {
            body["field"] = (*field).into();
        }
        if let ApiError::Profile(problem) = self {
            add_profile_members(&mut body, problem);
        }
        self.answer(status, JSON_PROBLEM_CONTENT_TYPE, body.to_string().into_bytes())
    }

    fn answer(&self, status: u16, content_type: &'static str, body: Vec<u8>) -> Response {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "no-store")];
        let mut response = (status, headers, body).into_response();
        if let Some(seconds) = self.retry_after_s() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Three to ten seconds, in turn: those who found the database busy together do not come again together.
fn when_others_are_done() -> Wait {
    static TURN: AtomicU32 = AtomicU32::new(0);
    Wait { seconds: 3 + TURN.fetch_add(1, Ordering::Relaxed) % 8 }
}

fn version_words(asked: u16, versions: Versions) -> String {
    let Versions { protocol_min: oldest, protocol: newest, .. } = versions;
    let spoken =
        if oldest == newest { format!("version {newest}") } else { format!("versions {oldest} to {newest}") };
    let mend = if versions.is_too_old(asked) {
        "What waits on the till is safe and is still taken. Close all tabs of the till and open it again."
    } else {
        "What waits on the till is safe. Update the store server."
    };
    format!("The till speaks version {asked}, the store server {spoken}. {mend}")
}

/// Findings of one answer that are named; beyond, they are only counted.
const FINDINGS_NAMED_MAX: usize = 200;

fn add_profile_members(body: &mut serde_json::Value, problem: &ProfileProblem) {
    // The type is the code as an address of this server.
    let name = body["code"].as_str().unwrap_or_default().replace('_', "-");
    body["type"] = format!("/problems/{name}").into();
    match &problem.refusal {
        ProfileRefusal::Invalid { findings, after_merge } => {
            body["findings"] =
                serde_json::json!(findings.iter().take(FINDINGS_NAMED_MAX).collect::<Vec<_>>());
            body["findings_count"] = findings.len().into();
            body["after_merge"] = (*after_merge).into();
        }
        ProfileRefusal::Conflicts { conflicts } => {
            body["conflicts"] = serde_json::json!(conflicts);
            body["theirs"] = problem.theirs.clone().unwrap_or_default();
        }
        ProfileRefusal::Field { field, .. } => body["field"] = (*field).into(),
        ProfileRefusal::ChangesOthers { others } => body["others"] = serde_json::json!(others),
        ProfileRefusal::LosesDraft { draft } => body["draft"] = serde_json::json!(draft),
        ProfileRefusal::NoRoom { finding } => body["findings"] = serde_json::json!([finding]),
        ProfileRefusal::Changed { revision } => body["revision"] = (*revision).into(),
        ProfileRefusal::Unchanged { version } => body["version"] = (*version).into(),
        ProfileRefusal::NotFound | ProfileRefusal::Used { .. } | ProfileRefusal::ScopeUsed { .. } => {}
    }
}

fn profile_words(refusal: &ProfileRefusal) -> (StatusCode, &'static str, &'static str, String) {
    let (status, code, title) = match refusal {
        ProfileRefusal::NotFound => {
            return (
                StatusCode::NOT_FOUND,
                code::NOT_FOUND,
                "There is nothing here.",
                "Check the address.".to_owned(),
            );
        }
        ProfileRefusal::Field { .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, "field_invalid", "Something that was entered can't be taken.")
        }
        ProfileRefusal::Invalid { .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, "profile_invalid", "The profile breaks a rule.")
        }
        ProfileRefusal::Conflicts { .. } => (
            StatusCode::CONFLICT,
            "profile_conflicts",
            "Somebody else changed the same fields of the profile in the meantime.",
        ),
        ProfileRefusal::Used { .. } => (StatusCode::CONFLICT, "profile_used", "The profile is in use."),
        ProfileRefusal::ScopeUsed { .. } => (StatusCode::CONFLICT, "scope_used", "The scope is in use."),
        ProfileRefusal::ChangesOthers { .. } => {
            (StatusCode::CONFLICT, "profile_changes_others", "That would change other profiles too.")
        }
        ProfileRefusal::LosesDraft { .. } => (
            StatusCode::CONFLICT,
            "profile_loses_draft",
            "That would lose changes of the draft that were never published.",
        ),
        ProfileRefusal::NoRoom { .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, "profile_no_room", "There is no room for it.")
        }
        ProfileRefusal::Changed { .. } => {
            (StatusCode::CONFLICT, "profile_changed", "The profile was changed in the meantime.")
        }
        ProfileRefusal::Unchanged { .. } => {
            (StatusCode::CONFLICT, "profile_unchanged", "Registers have this profile already.")
        }
    };
    let detail = match refusal {
        ProfileRefusal::Invalid { findings, .. } => findings.first().map_or_else(String::new, |first| {
            let more = match findings.len() {
                1 => String::new(),
                2 => " There is one more.".to_owned(),
                count => format!(" There are {} more.", count - 1),
            };
            format!("{} {}{more}", first.reason, first.mend)
        }),
        ProfileRefusal::NotFound
        | ProfileRefusal::Field { .. }
        | ProfileRefusal::Conflicts { .. }
        | ProfileRefusal::Used { .. }
        | ProfileRefusal::ScopeUsed { .. }
        | ProfileRefusal::ChangesOthers { .. }
        | ProfileRefusal::LosesDraft { .. }
        | ProfileRefusal::NoRoom { .. }
        | ProfileRefusal::Changed { .. }
        | ProfileRefusal::Unchanged { .. } => refusal.to_string(),
    };
    (status, code, title, format!("{detail} Nothing was changed."))
}

fn refusal_words(refusal: &UploadRefusal) -> (StatusCode, &'static str, &'static str, String) {
    match refusal {
        UploadRefusal::Gap { expected, got } => (
            StatusCode::CONFLICT,
            code::SEQUENCE_GAP,
            "The upload does not go on where the store server's journal of this till ends.",
            format!("Entry {got} came where {expected} was due. Nothing was changed."),
        ),
        UploadRefusal::ChainBroken { seq, reason } => (
            StatusCode::CONFLICT,
            code::CHAIN_BROKEN,
            "An entry of the upload is not what the till sealed.",
            format!("Entry {seq}: {reason}. Nothing was changed."),
        ),
    }
}

impl From<DatabaseError> for ApiError {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Busy => ApiError::Busy(when_others_are_done()),
            DatabaseError::Collided(_) | DatabaseError::Unreachable(_) => {
                tracing::warn!(%error, "a request is to be tried again");
                ApiError::Busy(when_others_are_done())
            }
            DatabaseError::Damaged(_)
            | DatabaseError::CannotOpen(_)
            | DatabaseError::NewerSchema { .. }
            | DatabaseError::Failed(_) => {
                tracing::error!(%error, source = ?std::error::Error::source(&error), "a request failed");
                ApiError::Internal
            }
        }
    }
}

impl From<CodecError> for ApiError {
    fn from(error: CodecError) -> Self {
        ApiError::Malformed(format!("The body is not the message it should be: {error}."))
    }
}

impl From<NotLookedFor> for ApiError {
    fn from(error: NotLookedFor) -> Self {
        ApiError::Malformed(error.to_string())
    }
}

impl From<NoRandomness> for ApiError {
    fn from(error: NoRandomness) -> Self {
        tracing::error!(%error, "a request failed");
        ApiError::Internal
    }
}

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        tracing::error!(%error, "a request failed");
        ApiError::Internal
    }
}

impl From<Wait> for ApiError {
    fn from(wait: Wait) -> Self {
        ApiError::TooManyAttempts(wait)
    }
}

impl From<ProfileRefusal> for ApiError {
    fn from(refusal: ProfileRefusal) -> Self {
        ApiError::Profile(Box::new(ProfileProblem { refusal, theirs: None }))
    }
}

impl From<UploadRefusal> for ApiError {
    fn from(refusal: UploadRefusal) -> Self {
        ApiError::Upload(refusal)
    }
}

/// An [`ApiError`] on its way to a register: concise problem details in CBOR.
#[derive(Debug)]
pub struct RegisterError(pub ApiError);

/// An [`ApiError`] on its way to an administrator: problem details in JSON.
#[derive(Debug)]
pub struct AdminError(pub ApiError);

impl<E: Into<ApiError>> From<E> for RegisterError {
    fn from(error: E) -> Self {
        RegisterError(error.into())
    }
}

impl<E: Into<ApiError>> From<E> for AdminError {
    fn from(error: E) -> Self {
        AdminError(error.into())
    }
}

impl IntoResponse for RegisterError {
    fn into_response(self) -> Response {
        self.0.to_register()
    }
}

impl IntoResponse for AdminError {
    fn into_response(self) -> Response {
        self.0.to_administrator()
    }
}
