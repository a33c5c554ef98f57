//! The device configuration: when a register goes offline, what it looks for, sends and exports.

use minicbor::{Decode, Encode};

use crate::decode_known_or_default;
use crate::known::is_default;

/// Shortest offline timeout, seconds.
pub const OFFLINE_TIMEOUT_S_MIN: u32 = 1;
/// Longest offline timeout, seconds.
pub const OFFLINE_TIMEOUT_S_MAX: u32 = 3600;
/// Shortest reconnect attempt interval, minutes.
pub const RECONNECT_INTERVAL_MIN_MIN: u32 = 1;
/// Longest reconnect attempt interval, minutes (a day).
pub const RECONNECT_INTERVAL_MIN_MAX: u32 = 1440;
/// Smallest cap of the image folder, MB.
pub const IMAGE_CAP_MB_MIN: u32 = 1;
/// Largest cap of the image folder, MB.
pub const IMAGE_CAP_MB_MAX: u32 = 4096;
/// Bytes of a megabyte of the image folder.
const BYTES_OF_MB: u64 = 1_000_000;
/// Most hours between two exports of the database (a week).
pub const EXPORT_EVERY_HOURS_MAX: u32 = 168;
/// Lowest latency that counts as slow, milliseconds.
pub const SLOW_LATENCY_MS_MIN: u32 = 100;
/// Highest latency that counts as slow, milliseconds.
pub const SLOW_LATENCY_MS_MAX: u32 = 60_000;
/// Longest time that slowness must last, seconds.
pub const SLOW_FOR_S_MAX: u32 = 3600;
/// Fewest entries of an upload batch.
pub const UPLOAD_BATCH_ENTRIES_MIN: u32 = 1;
/// Most entries of an upload batch: more no store server takes in one request.
pub const UPLOAD_BATCH_ENTRIES_MAX: u32 = 500;
/// Shortest health-check interval, seconds.
pub const HEALTH_CHECK_S_MIN: u32 = 1;
/// Longest health-check interval, seconds.
pub const HEALTH_CHECK_S_MAX: u32 = 300;
/// A register is believed to be online for so long after it spoke, however often it asks, milliseconds.
const HEARD_FOR_MS_MIN: i64 = 20_000;
/// What a register may be late with the second of two health checks, milliseconds.
const HEALTH_CHECK_LATE_MS: i64 = 10_000;

/// When a register looks for a newer version of its profile.
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

/// Whether a register keeps product pictures for offline.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ImageFolder {
    /// No pictures are kept.
    #[n(0)]
    #[default]
    Off,
    /// Pictures are kept; those of products that the register sold longest ago, or never, make room for others.
    #[n(1)]
    On {
        /// Most that pictures may take, MB.
        #[n(0)]
        size_cap_mb: u32,
    },
}

impl ImageFolder {
    /// Most that pictures may take, bytes; none where none are kept.
    pub fn bytes_max(self) -> u64 {
        match self {
            ImageFolder::Off => 0,
            ImageFolder::On { size_cap_mb } => u64::from(size_cap_mb) * BYTES_OF_MB,
        }
    }
}

/// Where a register puts an export of its journal and offline database.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum DataExportFolder {
    /// Nowhere: nothing is exported.
    #[n(0)]
    #[default]
    Off,
    /// A folder that the user grants; as a download where the browser can't.
    #[n(1)]
    GrantedFolder,
    /// The browser's downloads.
    #[n(2)]
    Download,
    /// The store server.
    #[n(3)]
    StoreServer,
}

/// When a register exports its journal and offline database by itself.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DatabaseExportSchedule {
    /// Only when somebody asks for it.
    #[n(0)]
    #[default]
    Never,
    /// When a shift is closed.
    #[n(1)]
    AtShiftClose,
    /// Once a day.
    #[n(2)]
    DailyAt {
        /// Minute of the store's day, 0–1439.
        #[n(0)]
        minute_of_day: u16,
    },
    /// Once in this many hours.
    #[n(3)]
    EveryHours {
        /// Hours between two exports, at least 1.
        #[n(0)]
        hours: u32,
    },
}

/// How slow answers must be, and for how long, to count as an outage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(map)]
pub struct SlowIsOffline {
    /// Answers that take longer than this are slow, milliseconds.
    #[n(0)]
    pub latency_ms: u32,
    /// How long all answers must be slow before the register goes offline, seconds.
    #[n(1)]
    pub for_s: u32,
}

/// *Upload batch size*: how much a register sends in one request. Bytes are bounded besides, by the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct UploadBatch {
    /// Most entries, 1–500.
    #[n(0)]
    pub entries: u32,
}

/// As many as fit, which is what registers did before there was a choice.
impl Default for UploadBatch {
    fn default() -> UploadBatch {
        UploadBatch { entries: UPLOAD_BATCH_ENTRIES_MAX }
    }
}

impl UploadBatch {
    /// Most entries, within what is allowed whatever the profile says.
    pub fn entries_max(self) -> usize {
        let entries = self.entries.clamp(UPLOAD_BATCH_ENTRIES_MIN, UPLOAD_BATCH_ENTRIES_MAX);
        usize::try_from(entries).unwrap_or(1)
    }
}

/// *Health-check interval*: how often an online register that has nothing else to do asks the store server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct HealthCheck {
    /// Seconds between two questions, 1–300.
    #[n(0)]
    pub seconds: u32,
}

/// What registers did before there was a choice.
impl Default for HealthCheck {
    fn default() -> HealthCheck {
        HealthCheck { seconds: 5 }
    }
}

impl HealthCheck {
    /// Milliseconds between two questions, within what is allowed whatever the profile says.
    pub fn interval_ms(self) -> i64 {
        i64::from(self.seconds.clamp(HEALTH_CHECK_S_MIN, HEALTH_CHECK_S_MAX)) * 1_000
    }

    /// A register that has not spoken for longer is offline, milliseconds: of two questions that were due at least one
    /// would have come.
    pub fn heard_for_ms(self) -> i64 {
        (2 * self.interval_ms() + HEALTH_CHECK_LATE_MS).max(HEARD_FOR_MS_MIN)
    }
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
    /// *Image folder*.
    #[n(5)]
    #[cbor(skip_if = "is_default", decode_with = "decode_known_or_default")]
    #[serde(default)]
    pub image_folder: ImageFolder,
    /// *Data export folder*.
    #[n(6)]
    #[cbor(skip_if = "is_default", decode_with = "decode_known_or_default")]
    #[serde(default)]
    pub data_export_folder: DataExportFolder,
    /// *Database export schedule*.
    #[n(7)]
    #[cbor(skip_if = "is_default", decode_with = "decode_known_or_default")]
    #[serde(default)]
    pub database_export_schedule: DatabaseExportSchedule,
    /// When slow counts as offline; `None` is never.
    #[n(8)]
    #[serde(default)]
    pub slow_is_offline: Option<SlowIsOffline>,
    /// *Upload batch size*. 1–500 entries.
    #[n(9)]
    #[cbor(skip_if = "is_default", decode_with = "decode_known_or_default")]
    #[serde(default)]
    pub upload_batch_entries: UploadBatch,
    /// *Health-check interval*. 1–300 s.
    #[n(10)]
    #[cbor(skip_if = "is_default", decode_with = "decode_known_or_default")]
    #[serde(default)]
    pub health_check_s: HealthCheck,
}

#[cfg(test)]
mod tests {
    use super::{HealthCheck, UploadBatch};

    #[test]
    fn what_a_peer_sends_stays_within_what_is_allowed() {
        let entries_max = |entries| UploadBatch { entries }.entries_max();
        assert_eq!([0, 1, 500, u32::MAX].map(entries_max), [1, 1, 500, 500]);
        let interval_ms = |seconds| HealthCheck { seconds }.interval_ms();
        assert_eq!([0, 1, 300, u32::MAX].map(interval_ms), [1_000, 1_000, 300_000, 300_000]);
    }

    #[test]
    fn a_register_may_miss_a_health_check_and_is_still_online() {
        let heard_for_ms = |seconds| HealthCheck { seconds }.heard_for_ms();
        assert_eq!([1, 5, 6, 300].map(heard_for_ms), [20_000, 20_000, 22_000, 610_000]);
    }
}
