//! The mode in which a register says it is.

use minicbor::{Decode, Encode};

/// Where a register stands towards the store server, as it tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ToldMode {
    /// A [`ContactMode`]'s number; of a later version perhaps one that is not known here.
    #[n(0)]
    pub mode: u8,
    /// Since when, ms since 1970; none where it does not know.
    #[n(1)]
    pub since_ms: Option<i64>,
}

/// The modes in which a register sends contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactMode {
    /// Its exchanges succeed.
    Online,
    /// One failed, which may be only a hiccup.
    Waiting,
    /// It was offline, and tries whether the store server is back.
    Reconnecting,
    /// It stays offline, since answers are slow, and tries whether they still are.
    OfflineForSlowness,
}

impl ContactMode {
    /// The number on the wire.
    pub fn number(self) -> u8 {
        match self {
            ContactMode::Online => 1,
            ContactMode::Waiting => 2,
            ContactMode::Reconnecting => 3,
            ContactMode::OfflineForSlowness => 4,
        }
    }
}
