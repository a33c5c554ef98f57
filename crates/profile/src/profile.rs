//! The profile itself and its device configuration.

use minicbor::{Decode, Encode};

use crate::{Scope, TableId};

/// Shortest offline timeout, seconds.
pub const OFFLINE_TIMEOUT_S_MIN: u32 = 1;
/// Longest offline timeout, seconds.
pub const OFFLINE_TIMEOUT_S_MAX: u32 = 3600;
/// Shortest reconnect attempt interval, minutes.
pub const RECONNECT_INTERVAL_MIN_MIN: u32 = 1;
/// Longest reconnect attempt interval, minutes (a day).
pub const RECONNECT_INTERVAL_MIN_MAX: u32 = 1440;

/// When a register looks for a newer profile or schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum CheckForNewDatabase {
    /// When the till starts.
    #[n(0)]
    AtStart,
    /// At each synchronisation.
    #[n(1)]
    AtEachSync,
    /// Never.
    #[n(2)]
    Never,
}

/// When a register sends its transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum UploadTransactions {
    /// As soon as each is finished.
    #[n(0)]
    AtOnce,
    /// Once in this many minutes.
    #[n(1)]
    EveryMinutes {
        /// Minutes between two uploads, at least 1.
        #[n(0)]
        minutes: u32,
    },
    /// When a shift is closed.
    #[n(2)]
    AtShiftClose,
    /// Only when somebody asks for it.
    #[n(3)]
    ByHand,
}

/// How a register behaves: the original's "SQLite device configuration".
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(map)]
pub struct DeviceConfiguration {
    /// *Offline timeout (sec)*: no exchange has succeeded for this long since the first failed one,
    /// and the register is offline. 1–3600.
    #[n(0)]
    pub offline_timeout_s: u32,
    /// *Reconnect attempt interval (min)*: how long an offline register waits between attempts. 1–1440.
    #[n(1)]
    pub reconnect_interval_min: u32,
    /// *Check for new database*.
    #[n(2)]
    pub check_for_new_database: CheckForNewDatabase,
    /// *Upload transactions*.
    #[n(3)]
    pub upload_transactions: UploadTransactions,
    /// Whether the browser's "online" event may bring a reconnect attempt forward.
    #[n(4)]
    pub browser_online_hint: bool,
}

/// An offline profile: ordered scopes and a device configuration.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(map)]
pub struct Profile {
    /// Unique name.
    #[n(0)]
    pub name: String,
    /// What it is for.
    #[n(1)]
    pub description: String,
    /// The lines, in order: a later scope may refer to rows of an earlier one.
    #[n(2)]
    pub scopes: Vec<Scope>,
    /// Timeouts and schedules.
    #[n(3)]
    pub device: DeviceConfiguration,
}

impl Profile {
    /// Tables that come down, in the order in which they are synchronised.
    pub fn download_tables(&self) -> Vec<TableId> {
        self.tables_where(|scope| scope.direction.downloads())
    }

    /// Tables that go up, in the order in which they are synchronised.
    pub fn upload_tables(&self) -> Vec<TableId> {
        self.tables_where(|scope| scope.direction.uploads())
    }

    fn tables_where(&self, wanted: impl Fn(&Scope) -> bool) -> Vec<TableId> {
        self.scopes
            .iter()
            .filter(|scope| wanted(scope))
            .flat_map(|scope| scope.tables.iter().map(|entry| entry.table))
            .collect()
    }
}
