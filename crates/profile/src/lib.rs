//! Offline profiles: which tables a register keeps, in which order and direction they are
//! synchronised, and when it goes offline.
//!
//! Owns the words of the design's section 3 (profile, line, scope, direction, table, field list, row filter)
//! and every rule that can be checked without a database: [`validate`] names the field, the reason and the mend.
//! Never reads a clock, a file or a network; a [`Profile`] that came from outside is only
//! trustworthy after [`validate`] found nothing in it.

#![forbid(unsafe_code)]

mod change_plan;
mod columns;
mod conflict_rule;
mod default_profile;
mod device;
mod direction;
mod field_value;
mod field_value_english;
mod filter;
mod journal_room;
mod known;
mod library;
mod matching;
mod merge;
mod offline_data;
mod operations;
mod profile;
mod profile_file;
#[cfg(any(test, feature = "random-changes"))]
mod random_change;
mod row;
mod scope;
mod table;
mod validation;
mod version;
mod view;

pub use change_plan::{
    ChangePlan, OrderChange, ScopeChange, ScopeDifference, SettingChange, StoppedOperation, TableChange,
    TableDifference, TableStep, change_plan,
};
pub use columns::{Column, ColumnKind, FilterColumn, LockReason, Relation};
pub use conflict_rule::ConflictRule;
pub use default_profile::{DEFAULT_PROFILE_NAME, default_profile};
pub use device::{
    CheckForNewDatabase, DataExportFolder, DatabaseExportSchedule, DeviceConfiguration,
    EXPORT_EVERY_HOURS_MAX, HEALTH_CHECK_S_MAX, HEALTH_CHECK_S_MIN, HealthCheck, IMAGE_CAP_MB_MAX,
    IMAGE_CAP_MB_MIN, ImageFolder, OFFLINE_TIMEOUT_S_MAX, OFFLINE_TIMEOUT_S_MIN, RECONNECT_INTERVAL_MIN_MAX,
    RECONNECT_INTERVAL_MIN_MIN, SLOW_FOR_S_MAX, SLOW_LATENCY_MS_MAX, SLOW_LATENCY_MS_MIN, SlowIsOffline,
    UPLOAD_BATCH_ENTRIES_MAX, UPLOAD_BATCH_ENTRIES_MIN, UploadBatch, UploadTransactions,
};
pub use direction::Direction;
pub use field_value::FieldValue;
pub use field_value_english::{setting_english, time_of_day};
pub use filter::{
    CONDITIONS_MAX, ColumnValue, Condition, ConditionGroup, FILTER_BYTES_MAX, FILTER_NUMBER_ABS_MAX,
    FILTER_TEXT_CHARS_MAX, FilterPart, FilterValue, Join, ONE_OF_VALUES_MAX, RowFilter, RowValues,
    SentencePart, ShownValue, Test, TestKind, percent_digits, sentence_of,
};
pub use journal_room::JOURNAL_ROOM_BYTES;
pub use known::{decode_known, decode_known_or_default};
pub use library::{Draft, Library, LibraryChange, PROFILES_MAX, ScopeRename, UNUSED_SCOPES_MAX};
pub use merge::{MergeConflict, Side, three_way_merge, three_way_merge_choosing};
pub use offline_data::{
    LOOK_BACK_DAYS_MAX, OFFLINE_CATEGORIES_MAX, OfflineCustomers, OfflineProducts, TOP_PRODUCTS_MAX,
};
pub use operations::{Need, TillOperation};
pub use profile::Profile;
pub use profile_file::{
    PROFILE_FILE_BYTES_MAX, PROFILE_FILE_FORMAT, PROFILE_FILE_VERSION, ProfileFileError, ReadProfile,
    TextFormat, read_profile_file, write_profile_file,
};
#[cfg(any(test, feature = "random-changes"))]
pub use random_change::{RandomChange, RandomChanges};
pub use row::{EncodedRow, RowError, empty_value, write_row};
pub use scope::{Frequency, Scope, ScopeTable};
pub use table::TableId;
pub use validation::{
    DESCRIPTION_CHARS_MAX, Finding, NAME_CHARS_MAX, is_bidi_control, is_control, name_key, validate,
};
pub use version::{ProfileVersion, Publication, PublishError, publish, restore};
pub use view::{ChosenBySales, Members, RelatedValues, View};
