//! The export of a register: its journal and its offline database as one file. `docs/EXPORT.md` is for those who read
//! the file without this code.
//!
//! A CBOR sequence (RFC 8742), packed by gzip outside of here. Each item is an array of a kind and a map with numbered
//! fields; a kind that a reader does not know is passed over. The first item is the header, the last one has counts and
//! the SHA-256 of all bytes before it. No secret is in it: neither the register's token nor PINs.

mod item_end;
mod read;
mod write;

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use crate::messages::RowChange;

pub use read::{ExportError, ExportReader, ExportSummary};
pub use write::ExportWriter;

/// What an export calls itself.
pub const FORMAT: &str = "holdfast-export";
/// Version of the format; raised only when a reader of the version before could not read it any more.
pub const FORMAT_VERSION: u16 = 1;
/// Largest export that a store server takes, bytes as packed.
pub const EXPORT_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Largest item, bytes.
pub const ITEM_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The end of an export's file name.
pub const FILE_NAME_END: &str = ".holdfast.cbor.gz";

const HEADER: u32 = 0;
const JOURNAL: u32 = 1;
const ENTRY: u32 = 2;
const ROWS: u32 = 3;
const TABLE: u32 = 4;
const END: u32 = 5;

/// Kind 0, the first item: whose export this is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ExportHeader {
    /// [`FORMAT`].
    #[n(0)]
    pub format: String,
    /// [`FORMAT_VERSION`].
    #[n(1)]
    pub version: u16,
    /// The store's identifier.
    #[n(2)]
    pub store_id: String,
    /// The store's name.
    #[n(3)]
    pub store_name: String,
    /// The register's number, first part of each receipt number.
    #[n(4)]
    pub register_number: u16,
    /// The register's name.
    #[n(5)]
    pub register_name: String,
    /// Version of the app that wrote the file.
    #[n(6)]
    pub app_version: String,
    /// When it was made, by the register's clock, ms since 1970.
    #[n(7)]
    pub made_at_ms: i64,
    /// The register's profile, once it has one.
    #[n(8)]
    pub profile_name: Option<String>,
    /// Its published version.
    #[n(9)]
    pub profile_version: Option<u64>,
}

/// Kind 1: where the journal stands. The entries follow.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ExportedJournal {
    /// The series that goes on; entries of earlier ones are of registers that this device was before.
    #[n(0)]
    pub series: u32,
    /// The series begins after this sequence.
    #[n(1)]
    pub base_seq: u64,
    /// Hash of the entry with that sequence; zeros for none.
    #[n(2)]
    pub base_hash: ByteArray<32>,
    /// Sequence of the last entry.
    #[n(3)]
    pub last_seq: u64,
    /// Its hash.
    #[n(4)]
    pub last_hash: ByteArray<32>,
    /// The last receipt counter that was given.
    #[n(5)]
    pub receipt_counter: u32,
    /// Highest sequence that the store server has settled, as it said.
    #[n(6)]
    pub acknowledged_seq: u64,
    /// The open basket ([`crate::basket::BasketRecord`]), if there is one.
    #[n(7)]
    pub basket: Option<ByteVec>,
}

/// What became of an entry, in [`ExportedEntry`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ExportedOutcome {
    /// When the store server said so, ms since 1970.
    #[n(0)]
    pub at_ms: i64,
    /// Why it was rejected; `None` where it was accepted.
    #[n(1)]
    pub rejected_because: Option<String>,
}

/// Kind 2: an entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ExportedEntry {
    /// Its series.
    #[n(0)]
    pub series: u32,
    /// The entry as it was sealed: [`crate::outbox::OutboxEntry`] in its frozen form, to the byte.
    #[n(1)]
    pub envelope: ByteVec,
    /// What became of it; `None` while it waits.
    #[n(2)]
    pub outcome: Option<ExportedOutcome>,
}

/// Kind 3: some live rows of a table.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ExportedRows {
    /// [`holdfast_profile::TableId::number`].
    #[n(0)]
    pub table: u8,
    /// The rows, by key.
    #[n(1)]
    pub rows: Vec<RowChange>,
}

/// Kind 4: the end of a table.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ExportedTable {
    /// [`holdfast_profile::TableId::number`].
    #[n(0)]
    pub table: u8,
    /// Rows of it in this file.
    #[n(1)]
    pub rows: u64,
    /// Version up to which the register had all changes.
    #[n(2)]
    pub cursor: u64,
    /// When it last equalled the store server, ms since 1970.
    #[n(3)]
    pub synced_at_ms: Option<i64>,
    /// Why rows are missing: the register could not read them.
    #[n(4)]
    pub unreadable: Option<String>,
}

/// Kind 5, the last item.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ExportEnd {
    /// Entries in the file.
    #[n(0)]
    pub entries: u64,
    /// Rows in the file.
    #[n(1)]
    pub rows: u64,
    /// Tables in the file.
    #[n(2)]
    pub tables: u64,
    /// SHA-256 of all bytes before this item.
    #[n(3)]
    pub sha256: ByteArray<32>,
}

/// Reply to `POST /api/v1/export`, whose body is the packed file: it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct KeptExport {
    /// Its number, of this register.
    #[n(0)]
    pub number: u64,
}

/// An item of a kind that this build knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportItem {
    /// Kind 0.
    Header(ExportHeader),
    /// Kind 1.
    Journal(ExportedJournal),
    /// Kind 2.
    Entry(ExportedEntry),
    /// Kind 3.
    Rows(ExportedRows),
    /// Kind 4.
    Table(ExportedTable),
    /// Kind 5.
    End(ExportEnd),
}
