//! What the engine wants from a register's databases, as closed calls that any backend can carry out.

use std::collections::BTreeMap;

use holdfast_profile::{Profile, TableId};
use holdfast_protocol::TableDigest;
use holdfast_protocol::messages::{EntryResult, RowChange};
use holdfast_protocol::outbox::OutboxEntry;
use minicbor::{Decode, Encode};

use crate::connectivity::Connectivity;

/// A table as the offline database has it. Backends keep it as it is (it has a codec) and give it back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct TableRecord {
    /// Which generation of its pages is the visible one; 0 for none.
    #[n(0)]
    pub generation: u64,
    /// Version after which changes are pulled. Of a table that is here in part, rows that changed again after it may
    /// be missing ([`TableRecord::whole_up_to`]).
    #[n(1)]
    pub cursor: u64,
    /// Rows in the visible generation (tombstones not counted), as far as known.
    #[n(2)]
    pub rows: u64,
    /// Bytes of its pages.
    #[n(3)]
    pub bytes: u64,
    /// Pages, snapshot and delta, in the visible generation.
    #[n(4)]
    pub pages: u32,
    /// When its rows were last known to equal the server's, ms since 1970.
    #[n(5)]
    pub synced_at_ms: Option<i64>,
    /// How many of the pages came with the snapshot; the others are deltas.
    #[n(6)]
    pub snapshot_pages: u32,
    /// Bytes of the snapshot's pages.
    #[n(7)]
    pub snapshot_bytes: u64,
    /// Version of the rows' schema ([`holdfast_protocol::SCHEMA_VERSION`]) when they were built.
    #[n(8)]
    pub schema_version: u32,
    /// When its rows were last found to have the store server's digest, ms since 1970. Number 10 was a digest with it,
    /// which nobody reads any more.
    #[n(13)]
    pub compared_at_ms: Option<i64>,
    /// Of a table whose changes came in parts and the last has not: version up to which all rows are here.
    #[n(11)]
    pub part_since: Option<u64>,
    /// Which view of the table it is ([`holdfast_protocol::view::number`]), 0 for all rows and columns: rows that a
    /// changed filter lets in are older than the cursor, so another view is another generation.
    ///
    /// The first registers kept a digest of what the profile said of the table under number 9, which nobody reads
    /// any more: they had all rows and columns, whatever the profile said.
    #[n(12)]
    #[cbor(default)]
    pub view: u64,
}

impl TableRecord {
    /// Version up to which all rows are here: a row that changed up to then has come, or a later state of it.
    pub fn whole_up_to(&self) -> u64 {
        self.part_since.unwrap_or(self.cursor)
    }

    /// Whether changes that are here are only a part of those that the store server had.
    pub fn is_part(&self) -> bool {
        self.part_since.is_some()
    }
}

/// All that the engine must know when it starts, read in one call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegisterState {
    /// The profile in force and its version, once one was downloaded.
    pub profile: Option<(u64, Profile)>,
    /// The version that the register is to move to, once all that it needs is here.
    pub next_profile: Option<(u64, Profile)>,
    /// Per table.
    pub tables: BTreeMap<TableId, TableRecord>,
    /// Where the connectivity machine stood.
    pub connectivity: Option<Connectivity>,
    /// Entries in the outbox not yet settled.
    pub waiting: u64,
    /// Entries that the store server rejected.
    pub rejected: u64,
    /// Whether the closing of a shift is among the entries that wait.
    pub shift_waits: bool,
    /// Highest sequence that the store server has settled.
    pub acknowledged_seq: u64,
    /// Number of the last outcome of those that entries got after their upload; 0 for none.
    pub outcomes_seen: u64,
    /// How far the upload's schedule has come, where that was kept.
    pub uploads: Option<UploadTimes>,
}

/// How far the upload's schedule has come: a worker that is started again goes on with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct UploadTimes {
    /// When the outbox was last begun to be emptied, ms since 1970.
    #[n(0)]
    pub began_at_ms: Option<i64>,
    /// Whether it is to be emptied now, whatever made it so.
    #[n(1)]
    pub owed: bool,
}

/// A call to a register's databases. Each is one transaction: wholly done or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreCall {
    /// Read [`RegisterState`]. Reply: [`StoreReply::State`].
    Load,
    /// Keep the connectivity machine's state over a kill. Reply: [`StoreReply::Done`].
    SaveConnectivity(Connectivity),
    /// Keep how far the upload's schedule has come. Reply: [`StoreReply::Done`].
    SaveUploads(UploadTimes),
    /// Keep to which version the register is to move, or that it is to none: then what was built unseen goes, as by
    /// [`StoreCall::DropBuilds`]. Reply: [`StoreReply::Done`].
    SaveNextProfile(Option<(u64, Profile)>),
    /// Put a version of the profile in force, with the tables that change with it: each is switched to as by
    /// [`StoreCall::SwitchGeneration`] where its record names the generation that is being built, and gets its changes
    /// as by [`StoreCall::ApplyDelta`] where that is the visible one. One that can't be refuses all
    /// ([`StoreError::Failed`]). No version is to be moved to then. With tables, what else was built unseen goes; without any it
    /// may be of use to the version that is in force now.
    /// Reply: [`StoreReply::Done`].
    SwitchProfile {
        /// Published version.
        version: u64,
        /// The profile.
        profile: Profile,
        /// Each table once.
        tables: Vec<ShownTable>,
    },
    /// Drop all pages of generations that nobody sees. Reply: [`StoreReply::Done`].
    DropBuilds,
    /// Read the entries that wait, from the lowest sequence. Reply: [`StoreReply::Outbox`].
    ReadOutbox {
        /// At most this many.
        entries_max: usize,
        /// No further entry once the payloads exceed this, but at least one.
        bytes_max: usize,
    },
    /// Note what became of uploaded entries and forget nothing else. Reply: [`StoreReply::Counts`].
    SettleOutbox {
        /// Server's highest settled sequence.
        acknowledged_seq: u64,
        /// Result per entry.
        results: Vec<EntryResult>,
        /// When the server confirmed, ms since 1970.
        at_ms: i64,
    },
    /// Note outcomes that entries got after their upload, and up to which number they go, which may be lower than
    /// before. An entry that waits is left alone: it goes up and gets its outcome then. Reply: [`StoreReply::Counts`].
    SettleLater {
        /// Number of the last outcome; kept as [`RegisterState::outcomes_seen`].
        up_to: u64,
        /// Result per entry, in order.
        results: Vec<EntryResult>,
        /// When the server told them, ms since 1970.
        at_ms: i64,
    },
    /// Entries after this sequence wait again, whatever became of them: the store server has lost them (it
    /// was restored from a backup). What is not kept any more can't come back. Reply: [`StoreReply::Counts`].
    ReopenOutbox {
        /// Highest sequence that the store server has.
        after_seq: u64,
    },
    /// Count the outbox: the till writes it without asking the engine. Reply: [`StoreReply::Counts`].
    CountOutbox,
    /// Which pages of an unfinished generation are already here, so that a download goes on where it was
    /// killed. An unfinished generation that belongs to another snapshot is dropped. What it and the visible
    /// generation hold of the wanted pages, found by its address and therefore whole, is taken over into a
    /// generation that begins. Reply: [`StoreReply::Building`].
    BeginGeneration {
        /// Which table.
        table: TableId,
        /// Generation being built.
        generation: u64,
        /// Addresses of its pages, in order; a build with other pages is another build.
        pages: Vec<[u8; 32]>,
    },
    /// Put one page of a generation that is being built. The backend keeps the bytes as they are. Reply: [`StoreReply::Done`].
    PutPage {
        /// Which table.
        table: TableId,
        /// Generation being built.
        generation: u64,
        /// Place among its pages, from 0.
        page_no: u32,
        /// The page ([`holdfast_protocol::page`]).
        bytes: Vec<u8>,
    },
    /// Make a complete generation the visible one and drop the one before; one that lacks a page is refused
    /// ([`StoreError::Failed`]). Changes since the snapshot become visible with it, stored as one more page as in
    /// [`StoreCall::ApplyDelta`]; none are stored when the list is empty. Reply: [`StoreReply::Done`].
    SwitchGeneration {
        /// Which table.
        table: TableId,
        /// Generation to show.
        generation: u64,
        /// What has changed since its pages were made.
        changes: Vec<RowChange>,
        /// The record to keep with it.
        record: TableRecord,
    },
    /// Store changes and the new cursor together. An empty list only moves cursor and time.
    /// The backend stores the changes as one more page ([`holdfast_protocol::page::pack`]) of the visible
    /// generation; one that is not `record.generation` is refused ([`StoreError::Failed`]). Whoever reads the
    /// table takes of each key the change with the highest version. Reply: [`StoreReply::Done`].
    ApplyDelta {
        /// Which table.
        table: TableId,
        /// The changes.
        changes: Vec<RowChange>,
        /// The record to keep with them; its `pages` and `bytes` already count the new page.
        record: TableRecord,
    },
    /// Read all pages of a table's visible generation and sum up its live rows. Reply: [`StoreReply::Digest`].
    DigestTable {
        /// Which table.
        table: TableId,
    },
    /// Drop the pages and records of tables that no longer belong to the profile. Never touches the outbox. Reply: [`StoreReply::Done`].
    DropTables(Vec<TableId>),
}

/// A table's new state, of [`StoreCall::SwitchProfile`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownTable {
    /// Which table.
    pub table: TableId,
    /// What has changed: since its pages were made, or since the visible state.
    pub changes: Vec<RowChange>,
    /// The record to keep with it.
    pub record: TableRecord,
}

/// Entries that are not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JournalCounts {
    /// Not settled yet.
    pub waiting: u64,
    /// Rejected.
    pub rejected: u64,
    /// Whether the closing of a shift is among those that are not settled.
    pub shift_waits: bool,
}

/// The reply to a [`StoreCall`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreReply {
    /// Done.
    Done,
    /// To [`StoreCall::Load`].
    State(Box<RegisterState>),
    /// To [`StoreCall::ReadOutbox`].
    Outbox(Vec<OutboxEntry>),
    /// To [`StoreCall::SettleOutbox`], [`StoreCall::SettleLater`], [`StoreCall::ReopenOutbox`] and [`StoreCall::CountOutbox`]: what still waits and what is rejected.
    Counts(JournalCounts),
    /// To [`StoreCall::BeginGeneration`]: numbers of the pages that are here already.
    Building {
        /// From 0.
        present: Vec<u32>,
    },
    /// To [`StoreCall::DigestTable`]: the digest, or why the rows can't be read (a damaged page, no such table).
    Digest(Result<TableDigest, String>),
}

/// Why a storage call did nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The disk or the browser's quota is full.
    #[error("the register's storage is full; nothing was written")]
    Full,
    /// The connection to the database was lost; opening it again may help.
    #[error("the connection to the register's database was lost: {0}")]
    ConnectionLost(String),
    /// The database holds something that can't be read.
    #[error("the register's database holds something unreadable: {0}")]
    Damaged(String),
    /// Anything else; nothing was written.
    #[error("the register's database failed: {0}")]
    Failed(String),
}

/// A register's databases: journal and scope database behind one door.
///
/// Calls are carried out in the order in which they are given, also where the engine gives one up that has no
/// end and goes on: a late call never runs after a later one.
///
/// The one suite that each backend passes is [`crate::store_suite`].
#[allow(async_fn_in_trait, reason = "drivers are single-threaded or await one call at a time")]
pub trait RegisterStore {
    /// Carries out one call as one transaction.
    ///
    /// # Errors
    /// [`StoreError`] when nothing was done.
    async fn execute(&self, call: StoreCall) -> Result<StoreReply, StoreError>;
}
