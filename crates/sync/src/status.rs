//! What a till shows of the synchronisation.

use holdfast_profile::{Direction, TableId};
use serde::{Deserialize, Serialize};

use crate::connectivity::Mode;

/// The register's state, as the connection pill and the offline database page show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Online, waiting, offline or reconnecting, with its times.
    pub mode: Mode,
    /// Entries in the outbox that the store server has not settled.
    pub waiting: u64,
    /// Entries that it rejected.
    pub rejected: u64,
    /// When an exchange last succeeded, ms since 1970.
    pub last_exchange_at_ms: Option<f64>,
    /// Profile name and version, once there is one.
    pub profile: Option<(String, f64)>,
    /// When what waits is sent by itself.
    pub next_upload: NextUpload,
    /// Whether what waits is being sent, or will be once there is a connection: it does not wait for its schedule.
    pub is_uploading: bool,
    /// Whether the register is offline because answers were too slow.
    pub is_slow: bool,
    /// When it was last looked whether there is a newer profile, since the worker's start, ms since 1970.
    pub looked_for_profile_at_ms: Option<f64>,
    /// Whether a newer profile has come and is taken once what waits has been sent, since it no longer would be then.
    pub profile_waits_for_outbox: bool,
    /// The version of the profile to which the register moves, while it sells on by the one that it has.
    pub moving: Option<MoveStatus>,
    /// Offline timeout, seconds.
    pub offline_timeout_s: u32,
    /// Reconnect attempt interval, minutes.
    pub reconnect_interval_min: u32,
    /// Scopes in profile order.
    pub scopes: Vec<ScopeStatus>,
    /// Progress of a first download: rows here and rows expected.
    pub download_progress: Option<(u64, u64)>,
    /// Whether every downloaded table has a visible generation, so that the till can sell.
    pub ready_to_sell: bool,
    /// The last failure, for the offline database page; a move's is in `moving`.
    pub last_error: Option<String>,
    /// Set when the store server says that this app is too old.
    pub update_required: bool,
    /// Set when the store server no longer knows this register.
    pub deactivated: bool,
}

/// A move to another version of the profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MoveStatus {
    /// To which.
    pub version: f64,
    /// Rows that were built and rows to be built, while it is under way.
    pub progress: Option<(u64, u64)>,
    /// Why it is not there yet; it is tried again.
    pub failure: Option<MoveFailure>,
}

/// Why a register stays on the version of the profile that it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveFailure {
    /// What is to be built does not fit beside what is here.
    NoRoom {
        /// Bytes that are to be built.
        needs_bytes: u64,
        /// Bytes that are free for it, where the browser says.
        free_bytes: Option<u64>,
        /// By table, in the order of the profile.
        tables: Vec<TableNeed>,
    },
    /// A page of a table comes damaged again and again.
    Unreadable {
        /// Which table.
        table: TableId,
        /// Which of its pages, from 0.
        page_no: u32,
    },
    /// Anything else.
    Other {
        /// A sentence.
        reason: String,
    },
}

/// What a table that is built needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableNeed {
    /// Which table.
    pub table: TableId,
    /// Bytes of its pages.
    pub bytes: u64,
}

/// When what waits is sent by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextUpload {
    /// As soon as there is a connection.
    AtOnce,
    /// Not before this time, ms since 1970.
    At {
        /// It.
        at_ms: i64,
    },
    /// When the shift is closed.
    AtShiftClose,
    /// When somebody asks.
    ByHand,
}

/// One scope of the profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScopeStatus {
    /// Name.
    pub name: String,
    /// Direction.
    pub direction: Direction,
    /// Its tables in order.
    pub tables: Vec<TableStatus>,
}

/// One table of a scope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableStatus {
    /// Which table.
    pub table: TableId,
    /// Rows kept (for an uploaded table: entries waiting).
    pub rows: u64,
    /// Bytes kept.
    pub bytes: u64,
    /// When it last equalled the store server, ms since 1970.
    pub synced_at_ms: Option<f64>,
    /// Whether it is complete.
    pub complete: bool,
}
