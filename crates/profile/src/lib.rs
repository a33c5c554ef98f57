//! Offline profiles: which tables a register keeps, in which order and direction they are
//! synchronised, and when it goes offline.
//!
//! Owns the words of the design's section 3 (profile, line, scope, direction, table) and every rule
//! that can be checked without a database: [`validate`] names the field, the reason and the mend.
//! Never reads a clock, a file or a network; a [`Profile`] that came from outside is only
//! trustworthy after [`validate`] found nothing in it.

#![forbid(unsafe_code)]

mod default_profile;
mod direction;
mod known;
mod profile;
mod scope;
mod table;
mod validation;

pub use default_profile::{DEFAULT_PROFILE_NAME, default_profile};
pub use direction::Direction;
pub use known::decode_known;
pub use profile::{
    CheckForNewDatabase, DeviceConfiguration, OFFLINE_TIMEOUT_S_MAX, OFFLINE_TIMEOUT_S_MIN, Profile,
    RECONNECT_INTERVAL_MIN_MAX, RECONNECT_INTERVAL_MIN_MIN, UploadTransactions,
};
pub use scope::{Frequency, Scope, ScopeTable};
pub use table::TableId;
pub use validation::{Finding, validate};
