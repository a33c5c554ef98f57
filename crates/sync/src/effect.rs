//! What goes into the engine and what comes out of it.

use holdfast_profile::TableId;
use holdfast_protocol::look_up::{LookUpReply, LookUpRequest};
use holdfast_protocol::messages::{
    ContactReply, ContactRequest, Manifest, ProfileReply, PullReply, PullRequest, UploadReply, UploadRequest,
};
use holdfast_protocol::problem::Problem;

use crate::messages::LookUpFailure;
use crate::store::{StoreCall, StoreError, StoreReply};

/// Names a request or storage call, so that a late result is told from the awaited one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// A request to the store server.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::large_enum_variant, reason = "only a few are on their way at once")
)]
pub enum Call {
    /// `POST /api/v1/contact`.
    Contact(ContactRequest),
    /// `GET /api/v1/profile`.
    Profile,
    /// `GET /api/v1/manifest/{table}`.
    Manifest(ManifestRequest),
    /// `GET /api/v1/page/{hash}`: bytes of a page.
    Page([u8; 32]),
    /// `POST /api/v1/pull`.
    Pull(PullRequest),
    /// `POST /api/v1/upload`.
    Upload(UploadRequest),
    /// `POST /api/v1/look-up`.
    LookUp(LookUpRequest),
}

/// Which manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManifestRequest {
    /// Of which table.
    pub table: TableId,
    /// By which version of the profile, where that is not the one that the register has.
    pub profile_version: Option<u64>,
}

impl ManifestRequest {
    /// Its path below `/api/v1/`.
    pub fn path(&self) -> String {
        let table = self.table.name();
        self.profile_version.map_or_else(
            || format!("manifest/{table}"),
            |version| format!("manifest/{table}?profile_version={version}"),
        )
    }
}

/// A successful reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallReply {
    /// To [`Call::Contact`].
    Contact(ContactReply),
    /// To [`Call::Profile`].
    Profile(ProfileReply),
    /// To [`Call::Manifest`].
    Manifest(Manifest),
    /// To [`Call::Page`].
    Page(Vec<u8>),
    /// To [`Call::Pull`].
    Pull(PullReply),
    /// To [`Call::Upload`].
    Upload(UploadReply),
    /// To [`Call::LookUp`].
    LookUp(LookUpReply),
}

/// Why a request has no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// No answer, or one that is not the store server's (a captive portal, a proxy's error page, bytes
    /// that can't be read). Counts as a failed exchange.
    #[error("the store server did not answer: {0}")]
    NoAnswer(String),
    /// The store server answered with a problem: it is there, but refuses this request.
    #[error(transparent)]
    Refused(Problem),
    /// The store server asks to be left alone for a while (429, 503 with Retry-After).
    #[error("the store server is busy for {retry_after_ms} ms")]
    Busy {
        /// How long, milliseconds.
        retry_after_ms: i64,
    },
}

/// What happened, as far as the engine is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Time has passed.
    Tick,
    /// A request of [`Effect::Request`] came to an end.
    Answered {
        /// Which one.
        id: RequestId,
        /// How.
        result: Result<CallReply, CallError>,
    },
    /// A storage call of [`Effect::Store`] came to an end.
    Stored {
        /// Which one.
        id: RequestId,
        /// How.
        result: Result<StoreReply, StoreError>,
    },
    /// The till has put an entry into the outbox.
    JournalGrew,
    /// Somebody wants an attempt to reconnect now.
    TryNow,
    /// Somebody wants a synchronisation now, by-hand scopes included.
    SyncNow,
    /// It was measured how full the register's storage is.
    StorageMeasured {
        /// Bytes that are used.
        used_bytes: u64,
        /// Bytes that the browser allows.
        allowed_bytes: u64,
    },
    /// Somebody wants what waits to be sent now, whatever the profile says of when.
    SendNow,
    /// A till's page has started: a profile that is looked for "at start" is looked for. The worker's own starts are
    /// none.
    TillStarted,
    /// Somebody wants a newer profile to be looked for now, whatever the profile says of when.
    LookForNewDatabase,
    /// A till asks for what is not kept here; answered by [`Effect::LookedUp`], once.
    LookUp {
        /// The till's number of it, given back.
        asked: u32,
        /// What is looked for.
        request: LookUpRequest,
    },
    /// A cashier takes the register offline by hand.
    GoOffline,
    /// A cashier ends that.
    GoOnline,
    /// The browser believes that a network came back; a hint, no more.
    BrowserOnline,
}

/// What the driver must do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send a request; give its end back as [`Event::Answered`] within `timeout_ms`, else as
    /// [`CallError::NoAnswer`].
    Request {
        /// To be given back.
        id: RequestId,
        /// What to send.
        call: Call,
        /// How long to wait for the answer, milliseconds.
        timeout_ms: i64,
    },
    /// Carry out a storage call; give its end back as [`Event::Stored`].
    Store {
        /// To be given back.
        id: RequestId,
        /// What to do.
        call: StoreCall,
    },
    /// Show the new [`crate::Status`] to the tills.
    StatusChanged,
    /// Tell the tills that these tables' rows have changed in the offline database.
    TablesChanged(Vec<TableId>),
    /// Tell the till that asked what its look-up came to.
    LookedUp {
        /// The till's number of it.
        asked: u32,
        /// What was found, or why it is not known.
        result: Result<LookUpReply, LookUpFailure>,
    },
}
