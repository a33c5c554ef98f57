//! Messages between a till's page and the service worker.
//!
//! Small values only, so that they can cross as JavaScript objects. Times are `f64` milliseconds,
//! because a JavaScript number holds no 64-bit integer.

use holdfast_protocol::look_up::{LookUpReply, Wanted};
use holdfast_protocol::{CodecError, decode, encode};
use serde::{Deserialize, Serialize};

use crate::Status;

/// From a page to the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToWorker {
    /// A page is open; also the tick that lets time pass.
    Wake,
    /// An entry was put into the outbox.
    JournalGrew,
    /// Attempt to reconnect now.
    TryNow,
    /// Synchronise now, by-hand scopes included.
    SyncNow,
    /// Send what waits now, whatever the profile says of when.
    SendNow,
    /// This page has started; said again until [`Status::looked_for_profile_at_ms`] is later than that, since the worker
    /// may be killed before it could look.
    TillStarted,
    /// Look for a newer profile now, whatever the profile says of when.
    LookForNewDatabase,
    /// Ask the store server for what is not kept here; answered by [`ToPage::LookedUp`].
    LookUp {
        /// The page's number of it, given back.
        asked: u32,
        /// What.
        #[serde(with = "WantedAcross")]
        wanted: Wanted,
        /// A code, or what somebody types.
        text: String,
    },
    /// Go offline by hand.
    GoOffline,
    /// End that.
    GoOnline,
    /// The browser fired "online".
    BrowserOnline,
    /// The page found the offline database damaged: read it again and fetch what is missing.
    ReadAgain,
    /// Export journal and offline database to the store server; answered by [`ToPage::Exported`].
    Export {
        /// When, by the page's clock, ms since 1970.
        at_ms: f64,
    },
    /// Turn an activation code into an identity; answered by [`ToPage::Activated`] or [`ToPage::ActivationFailed`].
    Activate {
        /// As typed.
        code: String,
        /// What the device calls itself.
        device_name: String,
    },
}

/// From the worker to all pages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "nobody keeps them; most are a status")]
pub enum ToPage {
    /// The register's state.
    Status {
        /// It.
        status: Status,
    },
    /// Rows of these tables (by number) have changed in the offline database.
    TablesChanged {
        /// [`holdfast_profile::TableId::number`].
        tables: Vec<u8>,
    },
    /// What a look-up came to.
    LookedUp {
        /// The page's number of it. Other pages know no such number.
        asked: u32,
        /// It.
        answer: LookUpAnswer,
    },
    /// Other pictures of products are kept than before.
    PicturesChanged,
    /// An export to the store server was made or failed; the journal says which.
    Exported,
    /// The worker found the offline database damaged: a page asks it to read all again ([`ToWorker::ReadAgain`]), not more
    /// often than it may still be at it.
    FoundDamage,
    /// This register has an identity now; it is in the journal database.
    Activated,
    /// It was not activated.
    ActivationFailed {
        /// [`holdfast_protocol::problem::code`], or `no_answer`.
        code: String,
        /// What happened and what to do, for the person who typed the code.
        message: String,
    },
    /// The worker itself failed; the till's sales are not concerned.
    WorkerFailed {
        /// What happened.
        message: String,
    },
}

/// [`Wanted`] as it crosses between page and worker.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Wanted", rename_all = "snake_case")]
enum WantedAcross {
    Code,
    Products,
    Customers,
}

/// What a look-up came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LookUpAnswer {
    /// The store server has answered.
    Answered {
        /// The [`LookUpReply`] in CBOR.
        reply: Vec<u8>,
    },
    /// It is not known.
    Failed {
        /// Why.
        why: LookUpFailure,
    },
}

impl LookUpAnswer {
    /// The reply, or why there is none.
    ///
    /// # Errors
    /// [`CodecError`] for bytes of another version that this one can't read.
    pub fn read(&self) -> Result<Result<LookUpReply, LookUpFailure>, CodecError> {
        match self {
            LookUpAnswer::Answered { reply } => decode(reply).map(Ok),
            LookUpAnswer::Failed { why } => Ok(Err(*why)),
        }
    }
}

impl From<Result<LookUpReply, LookUpFailure>> for LookUpAnswer {
    fn from(result: Result<LookUpReply, LookUpFailure>) -> LookUpAnswer {
        match result {
            Ok(reply) => LookUpAnswer::Answered { reply: encode(&reply) },
            Err(why) => LookUpAnswer::Failed { why },
        }
    }
}

/// Why it is not known what a look-up would find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookUpFailure {
    /// The register is offline, or went offline meanwhile.
    Offline,
    /// The store server did not answer in time, or the register's databases could not be read in time to ask it.
    NoAnswer,
    /// The store server has too much to do; asked again in some seconds it may answer.
    Busy,
    /// The store server refuses, such as one of before that knows no look-ups.
    Refused,
}
