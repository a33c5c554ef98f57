//! Requests and replies of the register API, one pair an endpoint.

mod mode;

use holdfast_profile::{Profile, TableId, decode_known};
use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use crate::digest::TableDigest;
use crate::outbox::OutboxEntry;

pub use mode::{ContactMode, ToldMode};

/// Largest body of a request, bytes; the server refuses more.
pub const REQUEST_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most outbox entries in one upload.
pub const UPLOAD_ENTRIES_MAX: usize = 500;
// What a profile may say, a store server takes.
const _: () = assert!(holdfast_profile::UPLOAD_BATCH_ENTRIES_MAX as usize == UPLOAD_ENTRIES_MAX);
/// Bytes of payload after which an upload takes no further entry.
pub const UPLOAD_BYTES_MAX: usize = 1024 * 1024;
/// Most outcomes in one reply to a contact.
pub const LATER_OUTCOMES_MAX: usize = 200;
/// Most rows in one reply to a pull.
pub const PULL_ROWS_MAX: u32 = 5_000;

/// `POST /api/v1/activate`: turns a code from the back office into a register's identity, once.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ActivateRequest {
    /// The code as typed; case, blanks and dashes do not matter.
    #[n(0)]
    pub code: String,
    /// Version of the wire protocol.
    #[n(1)]
    pub protocol_version: u16,
    /// Version of the app.
    #[n(2)]
    pub app_version: String,
    /// What the device calls itself, for the administrator.
    #[n(3)]
    pub device_name: String,
    /// 16 random bytes that stay the same when the same activation is tried again, so that a lost
    /// reply does not use the code up.
    #[n(4)]
    pub attempt_id: ByteArray<16>,
}

/// Reply to [`ActivateRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ActivateReply {
    /// The register's number in the store; part of each receipt number.
    #[n(0)]
    pub register_number: u16,
    /// The register's name.
    #[n(1)]
    pub register_name: String,
    /// The store's identifier.
    #[n(2)]
    pub store_id: String,
    /// The store's name.
    #[n(3)]
    pub store_name: String,
    /// Secret that proves the register at each request; 32 random bytes.
    #[n(4)]
    pub token: ByteArray<32>,
    /// The server's clock, ms since 1970.
    #[n(5)]
    pub server_time_ms: i64,
    /// Last receipt counter the store server knows of this register (0 for a new one): the series
    /// goes on after it when a tablet is replaced.
    #[n(6)]
    pub last_receipt_counter: u32,
    /// Last outbox sequence the store server has of this register, with its hash.
    #[n(7)]
    pub last_seq: u64,
    /// Hash of that entry; zeros where there is none.
    #[n(8)]
    pub last_hash: ByteArray<32>,
    /// Highest number of a shift that the store server knows of this register; none of a store server of before.
    #[n(9)]
    pub last_shift_number: Option<u32>,
}

/// How far a register has come with one table.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TableState {
    /// Which table.
    #[n(0)]
    pub table: TableId,
    /// Version up to which the register has all rows; 0 when it has none.
    #[n(1)]
    pub cursor: u64,
    /// Rows kept.
    #[n(2)]
    pub rows: u64,
    /// When the rows were last known to equal the store server's, ms since 1970.
    #[n(3)]
    pub synced_at_ms: Option<i64>,
}

/// Most faults in a contact.
pub const FAULTS_MAX: usize = 8;
/// Longest text of a fault, characters.
pub const FAULT_CHARS_MAX: usize = 300;

/// Something that does not work at a register now.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RegisterFault {
    /// Which part, as [`FaultPart::number`]; one that the reader does not know is shown all the same.
    #[n(0)]
    pub part: u8,
    /// Since when, ms since 1970.
    #[n(1)]
    pub since_ms: i64,
    /// What happened, at most [`FAULT_CHARS_MAX`] characters.
    #[n(2)]
    pub text: String,
    /// Of a version of the profile whose data has no room at the register.
    #[n(3)]
    pub no_room: Option<NoRoom>,
}

/// Why a register can't move to a version of its profile: what is to be built for it does not fit beside what it has.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NoRoom {
    /// The version that it can't move to.
    #[n(0)]
    pub version: u64,
    /// Bytes that are to be built.
    #[n(1)]
    pub needs_bytes: u64,
    /// Bytes that are free for it, where the register knows.
    #[n(2)]
    pub free_bytes: Option<u64>,
    /// What is to be built, in the order of the profile; tables that the reader does not know are passed over.
    #[n(3)]
    #[cbor(decode_with = "decode_known")]
    pub tables: Vec<TableRoom>,
}

/// Room that a table's new rows need.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TableRoom {
    /// Which table.
    #[n(0)]
    pub table: TableId,
    /// Bytes of its pages.
    #[n(1)]
    pub bytes: u64,
}

impl NoRoom {
    /// It in a sentence, such as "version 7 does not fit: needs 300 MB, has 120 MB".
    pub fn sentence(&self) -> String {
        let needs = megabytes(self.needs_bytes);
        let has = self.free_bytes.map_or_else(
            || "and the storage is full".to_owned(),
            |free_bytes| format!("has {}", megabytes(free_bytes)),
        );
        format!("version {} does not fit: needs {needs}, {has}", self.version)
    }
}

/// For people; what is there is never nothing.
fn megabytes(bytes: u64) -> String {
    match bytes {
        0 => "0 MB".to_owned(),
        1..1_000_000 => "less than 1 MB".to_owned(),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

/// The parts of a register that can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultPart {
    /// Its databases.
    Storage,
    /// Uploads.
    Upload,
    /// The profile.
    Profile,
    /// Downloads.
    Download,
    /// Tables that are not what the store server has.
    Digest,
    /// Contacts.
    Contact,
    /// The move to another version of the profile.
    Move,
}

impl FaultPart {
    /// All of them.
    const ALL: [FaultPart; 7] = [
        FaultPart::Storage,
        FaultPart::Upload,
        FaultPart::Profile,
        FaultPart::Download,
        FaultPart::Digest,
        FaultPart::Contact,
        FaultPart::Move,
    ];

    /// The number on the wire.
    pub fn number(self) -> u8 {
        match self {
            FaultPart::Storage => 1,
            FaultPart::Upload => 2,
            FaultPart::Profile => 3,
            FaultPart::Download => 4,
            FaultPart::Digest => 5,
            FaultPart::Contact => 6,
            FaultPart::Move => 7,
        }
    }

    /// The part of a number; none where a later version has more of them.
    pub fn of_number(number: u8) -> Option<FaultPart> {
        FaultPart::ALL.into_iter().find(|part| part.number() == number)
    }

    /// Whether it keeps a register from having a version of its profile and the rows of that.
    pub fn concerns_profile(self) -> bool {
        match self {
            FaultPart::Storage
            | FaultPart::Profile
            | FaultPart::Download
            | FaultPart::Digest
            | FaultPart::Move => true,
            FaultPart::Upload | FaultPart::Contact => false,
        }
    }
}

/// What a register builds unseen beside what it sells from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Building {
    /// For which version of the profile.
    #[n(0)]
    pub version: u64,
    /// Rows that are here.
    #[n(1)]
    pub rows_have: u64,
    /// Rows that there will be.
    #[n(2)]
    pub rows_wanted: u64,
}

/// `POST /api/v1/contact`: the heartbeat, which also tells both sides where the other stands.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ContactRequest {
    /// Comes back in the reply, so that a captive portal's or a cache's 200 is not taken for the server.
    #[n(0)]
    pub nonce: u64,
    /// Version of the wire protocol.
    #[n(1)]
    pub protocol_version: u16,
    /// Version of the app.
    #[n(2)]
    pub app_version: String,
    /// Profile version the register has; 0 for none.
    #[n(3)]
    pub profile_version: u64,
    /// Schema version of its offline database.
    #[n(4)]
    pub schema_version: u32,
    /// Entries that wait in the outbox.
    #[n(5)]
    pub waiting: u64,
    /// Rejected entries it keeps.
    #[n(6)]
    pub rejected: u64,
    /// Per downloaded table, how far it has come. Tables that the reader does not know are passed over.
    #[n(7)]
    #[cbor(decode_with = "decode_known")]
    pub tables: Vec<TableState>,
    /// Since when it had been offline before this contact, ms since 1970.
    #[n(8)]
    pub was_offline_since_ms: Option<i64>,
    /// Bytes used and allowed by the browser's storage, if known.
    #[n(9)]
    pub storage_bytes: Option<(u64, u64)>,
    /// Number of the last outcome it knows of those that entries got later ([`LaterOutcomes::up_to`]); 0 for none.
    /// A register that can't be told of them leaves it out.
    #[n(10)]
    pub outcomes_seen: Option<u64>,
    /// What does not work now, what endangers the journal first; at most [`FAULTS_MAX`].
    #[n(11)]
    pub faults: Option<Vec<RegisterFault>>,
    /// What it builds unseen.
    #[n(12)]
    pub building: Option<Building>,
    /// The last [`ContactReply::retry_asked_at_ms`] that it has heeded.
    #[n(13)]
    pub retry_heeded_at_ms: Option<i64>,
    /// Version of the profile that it builds unseen, or would if it could; it has none of that version in force until
    /// all is here.
    #[n(14)]
    pub moving_to: Option<u64>,
    /// Newest schema of rows that its app can read. An app of before did not say so.
    #[n(15)]
    pub app_schema_version: Option<u32>,
    /// Where it stood when it sent this. An app of before did not say so.
    #[n(16)]
    pub mode: Option<ToldMode>,
}

/// Where the store server stands with one table.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TableHead {
    /// Which table.
    #[n(0)]
    pub table: TableId,
    /// Highest version of its rows and tombstones.
    #[n(1)]
    pub head: u64,
    /// A cursor below this misses tombstones that are gone: start again from a snapshot.
    #[n(2)]
    pub oldest_cursor: u64,
    /// Digest of the live rows of this register's view of the table at `head`, where the store server keeps one.
    #[n(3)]
    pub digest: Option<TableDigest>,
    /// Which view of the table this is, as [`crate::view::number`] has it; `None` and 0 are all its rows and columns.
    /// Of another view than the one that a register has, rows may be older than its cursor: it starts again from a
    /// snapshot.
    #[n(4)]
    pub view: Option<u64>,
}

/// Reply to [`ContactRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ContactReply {
    /// The request's nonce.
    #[n(0)]
    pub nonce: u64,
    /// The server's clock, ms since 1970.
    #[n(1)]
    pub server_time_ms: i64,
    /// Published version of the register's profile.
    #[n(2)]
    pub profile_version: u64,
    /// Schema version of the store server.
    #[n(3)]
    pub schema_version: u32,
    /// Where each table of the profile stands, in profile order. Tables that the reader does not know are passed over.
    #[n(4)]
    #[cbor(decode_with = "decode_known")]
    pub heads: Vec<TableHead>,
    /// Highest outbox sequence applied for this register.
    #[n(5)]
    pub acknowledged_seq: u64,
    /// Set when the register's app is too old for all but uploading.
    #[n(6)]
    pub update_required: bool,
    /// What became later of entries that an upload had rejected; none where the register knows all of it.
    #[n(7)]
    pub later_outcomes: Option<LaterOutcomes>,
    /// When an administrator last asked the register to synchronise all, where it has not heeded that yet, ms since
    /// 1970.
    #[n(8)]
    pub retry_asked_at_ms: Option<i64>,
    /// Version of the store's pictures of products ([`crate::pictures::PicturesReply`]), where the register's profile
    /// has it keep them.
    #[n(10)]
    pub pictures: Option<u64>,
    /// Where the tables of [`ContactRequest::moving_to`] stand; none where the register may not have that version.
    #[n(11)]
    pub next_heads: Option<NextHeads>,
}

/// Where the tables of a version stand that a register moves to.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NextHeads {
    /// The version.
    #[n(0)]
    pub version: u64,
    /// Its tables, in profile order; one whose view is still being made is left out.
    #[n(1)]
    #[cbor(decode_with = "decode_known")]
    pub heads: Vec<TableHead>,
}

/// Outcomes that entries got after their upload, when an administrator mended them. Whatever it knows of an entry
/// that does not wait, the register takes the outcome given here.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LaterOutcomes {
    /// The request's [`ContactRequest::outcomes_seen`].
    #[n(0)]
    pub since: u64,
    /// Number of the last outcome given here: to be asked with the next time. It is lower than `since` where the
    /// store server was restored from a backup and tells all outcomes anew.
    #[n(1)]
    pub up_to: u64,
    /// The outcomes in their order, of each entry the last alone, at most [`LATER_OUTCOMES_MAX`].
    #[n(2)]
    pub results: Vec<EntryResult>,
    /// Whether more wait behind `up_to`.
    #[n(3)]
    pub more: bool,
}

/// Reply to `GET /api/v1/profile`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ProfileReply {
    /// Number of the published version.
    #[n(0)]
    pub version: u64,
    /// The profile.
    #[n(1)]
    pub profile: Profile,
}

/// One page of a snapshot, as its manifest names it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PageRef {
    /// SHA-256 of the page's bytes, which is also its address.
    #[n(0)]
    pub hash: ByteArray<32>,
    /// Rows in it.
    #[n(1)]
    pub rows: u32,
    /// Bytes before compression.
    #[n(2)]
    pub bytes: u32,
}

/// Reply to `GET /api/v1/manifest/{table}`: the pages that together are the table at `head`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Manifest {
    /// Which table.
    #[n(0)]
    pub table: TableId,
    /// Version at which the snapshot was taken; the cursor for deltas after it.
    #[n(1)]
    pub head: u64,
    /// The pages, in order.
    #[n(2)]
    pub pages: Vec<PageRef>,
    /// Which view of the table this is, as in [`TableHead`].
    #[n(3)]
    pub view: Option<u64>,
}

/// `POST /api/v1/pull`: what has changed in a table since a cursor.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PullRequest {
    /// Which table.
    #[n(0)]
    pub table: TableId,
    /// All versions up to this one are here already.
    #[n(1)]
    pub since: u64,
    /// Most rows wanted; the server gives at most [`PULL_ROWS_MAX`].
    #[n(2)]
    pub rows_max: u32,
    /// The version of the profile whose view of the table is wanted, where that is not the one that the register has.
    #[n(3)]
    pub profile_version: Option<u64>,
}

/// A row as it changed; without a body it was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RowChange {
    /// The row's key in its table.
    #[n(0)]
    pub key: String,
    /// The change's version.
    #[n(1)]
    pub version: u64,
    /// The row in CBOR; `None` is a tombstone.
    #[n(2)]
    pub body: Option<ByteVec>,
}

/// Reply to [`PullRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PullReply {
    /// Which table.
    #[n(0)]
    pub table: TableId,
    /// The request's cursor.
    #[n(1)]
    pub since: u64,
    /// The new cursor once these changes are stored.
    #[n(2)]
    pub up_to: u64,
    /// Whether more changes wait behind `up_to`.
    #[n(3)]
    pub more: bool,
    /// Set when the cursor is too old: fetch a snapshot instead.
    #[n(4)]
    pub restart: bool,
    /// The changes, by version.
    #[n(5)]
    pub changes: Vec<RowChange>,
    /// Live rows of the table in this register's view, where the store server counted them and nothing more waits.
    #[n(6)]
    pub rows: Option<u64>,
    /// Which view of the table this is, as in [`TableHead`]: the profile may have changed since the contact.
    #[n(7)]
    pub view: Option<u64>,
}

/// `POST /api/v1/upload`: a run of outbox entries in order.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct UploadRequest {
    /// The entries, by sequence, without gaps.
    #[n(0)]
    pub entries: Vec<OutboxEntry>,
    /// Version of the wire protocol.
    #[n(1)]
    pub protocol_version: u16,
}

/// What became of an uploaded entry.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum EntryOutcome {
    /// Applied, now or at an earlier upload of the same entry.
    #[n(0)]
    Accepted,
    /// Kept by the store server for the administrator, with the reason; it is not sent again.
    #[n(1)]
    Rejected {
        /// A sentence for the administrator.
        #[n(0)]
        reason: String,
    },
}

/// One entry's result.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EntryResult {
    /// The entry's sequence.
    #[n(0)]
    pub seq: u64,
    /// What became of it.
    #[n(1)]
    pub outcome: EntryOutcome,
    /// Of an accepted [`crate::outbox::EntryKind::RowEdit`]: version of the merged row in the feed. The register
    /// shows its own edit until its copy of the table has come that far.
    #[n(2)]
    pub version: Option<u64>,
}

impl EntryResult {
    /// The result of an entry that makes no row of the feed.
    pub fn new(seq: u64, outcome: EntryOutcome) -> EntryResult {
        EntryResult { seq, outcome, version: None }
    }
}

/// Reply to [`UploadRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct UploadReply {
    /// Highest sequence for which this entry and all before it are settled.
    #[n(0)]
    pub acknowledged_seq: u64,
    /// One result for each entry of the request, in its order.
    #[n(1)]
    pub results: Vec<EntryResult>,
}
