//! What the store database gives and takes, in the words of the design.

use std::collections::BTreeMap;

use axum::body::Bytes;
use holdfast_profile::{Profile, View};
use holdfast_protocol::TableDigest;
use holdfast_protocol::messages::{ContactRequest, PageRef, RowChange};
use holdfast_protocol::rows::StoreRow;

use super::FeedId;

/// A store with what registers don't get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// The row that registers get.
    pub row: StoreRow,
    /// Tax code of products that come without one.
    pub default_tax_code: String,
}

/// Which register of which store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegisterKey {
    /// The store.
    pub store_id: String,
    /// The register's number in it.
    pub number: u16,
}

/// A register as its requests need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// Which one.
    pub key: RegisterKey,
    /// Its name.
    pub name: String,
    /// Highest outbox sequence that is settled; 0 for none.
    pub last_seq: u64,
    /// Hash of that entry; zeros for none.
    pub last_hash: [u8; 32],
    /// Highest receipt counter that came up.
    pub last_receipt_counter: u32,
    /// Version of its profile, as it last said.
    pub profile_version: Option<u64>,
    /// When an administrator asked that it synchronise all, where it has not heeded that yet, ms since 1970.
    pub retry_asked_at_ms: Option<i64>,
}

/// A device that asks to become a register.
#[derive(Debug, Clone, Copy)]
pub struct ActivationAttempt<'a> {
    /// Hash of the code.
    pub code_hash: [u8; 32],
    /// Hash of the attempt's id.
    pub attempt_hash: [u8; 32],
    /// Hash of the token the register will have.
    pub token_hash: [u8; 32],
    /// What the device calls itself.
    pub device_name: &'a str,
    /// Version of its app.
    pub app_version: &'a str,
    /// Now.
    pub now_ms: i64,
}

/// What became of an [`ActivationAttempt`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Activation {
    /// The device is the register now, or already was by the same attempt.
    Activated(Register),
    /// No such code.
    UnknownCode,
    /// The code has run out.
    ExpiredCode,
    /// Another attempt used the code.
    UsedCode {
        /// When.
        at_ms: i64,
        /// By which device.
        device_name: String,
    },
}

/// An administrator, with what their password is checked against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Administrator {
    /// As the trail names them.
    pub name: String,
    /// The hash of their password.
    pub password_hash: String,
}

/// A session of the back office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminSession {
    /// Whose.
    pub administrator: String,
    /// When it ends, ms since 1970.
    pub expires_at_ms: i64,
}

/// A profile as registers get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedProfile {
    /// Its number.
    pub version: u64,
    /// The profile.
    pub profile: Profile,
}

/// Where a table of the feed stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedHead {
    /// Highest version.
    pub head: u64,
    /// Cursors below this have missed tombstones.
    pub oldest_cursor: u64,
    /// Rows that are not deleted.
    pub rows_count: u64,
    /// Their digest; none where it was not summed up yet.
    pub digest: Option<TableDigest>,
}

impl Default for FeedHead {
    /// A table that never had a row.
    fn default() -> FeedHead {
        FeedHead { head: 0, oldest_cursor: 0, rows_count: 0, digest: Some(TableDigest::EMPTY) }
    }
}

/// A table's digest as it is kept, and counted anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigestAudit {
    /// Which table, or whose copy of it.
    pub feed: FeedId,
    /// As each write left it; none where it was not summed up yet.
    pub kept: Option<TableDigest>,
    /// Of the rows that are there.
    pub counted: TableDigest,
}

/// The feeds that ever had a row, those of views too.
pub type FeedHeads = BTreeMap<FeedId, FeedHead>;

/// A run of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The changes, by version.
    pub rows: Vec<RowChange>,
    /// Whether more wait behind them.
    pub more: bool,
    /// Where the table stood.
    pub head: FeedHead,
}

/// A row that was looked up, as it is in its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowHit {
    /// Its version in the feed.
    pub version: u64,
    /// The row in CBOR.
    pub body: Vec<u8>,
}

/// A product that was looked up, with what it takes to sell it; rows in CBOR.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductHit {
    /// The product.
    pub product: Vec<u8>,
    /// Its price, where it has one.
    pub price: Option<Vec<u8>>,
    /// The rate of its tax code, where there is one.
    pub tax_rate: Option<Vec<u8>>,
}

/// What a code stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeHits {
    /// The product with this sku or barcode.
    pub product: Option<ProductHit>,
    /// The customer with this number.
    pub customer: Option<RowHit>,
}

/// What was found, in the order in which it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hits<T> {
    /// At most as many as were asked for.
    pub found: Vec<T>,
    /// Whether there are more.
    pub more: bool,
}

/// A contact as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// What the register said.
    pub request: ContactRequest,
    /// When.
    pub at_ms: i64,
    /// Last entry that had come up by then: those that came since wait no longer.
    pub last_seq: u64,
    /// Whether its profile's version is another than the database had: that counts, whatever the clocks of the
    /// processes say of which contact was the last.
    pub has_moved: bool,
    /// Whether its app is too old for anything but uploads.
    pub app_is_too_old: bool,
}

/// Bytes that a row takes on the wire beside its key and body.
const ROW_OVERHEAD_BYTES: usize = 16;

/// About how many bytes a row takes on the wire.
pub fn row_bytes(row: &RowChange) -> usize {
    ROW_OVERHEAD_BYTES + row.key.len() + row.body.as_ref().map_or(0, |body| body.len())
}

/// A snapshot that can be downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Version at which it was taken.
    pub head: u64,
    /// Its pages in order.
    pub pages: Vec<PageRef>,
}

/// A snapshot's page to be kept.
#[derive(Debug, Clone)]
pub struct NewPage {
    /// Its address and size.
    pub page: PageRef,
    /// Its bytes, compressed.
    pub brotli: Vec<u8>,
}

/// A view and its copies of tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewRecord {
    /// Its number in the store's feeds.
    pub view_no: u32,
    /// Its number as registers know it.
    pub number: u64,
    /// What it keeps.
    pub view: View,
    /// How often the copies were written: what was compared at another count is out of date.
    pub writes_count: u64,
    /// Newest version of the tables when they were copied; none where the copies never were complete.
    pub base_head: Option<u64>,
    /// Days since 1970 when they were copied.
    pub day: i64,
    /// When they were last copied or that was tried, ms since 1970; 0 when never.
    pub refreshed_at_ms: i64,
    /// How long that took, milliseconds.
    pub took_ms: i64,
    /// When a register last used it, to about an hour, ms since 1970.
    pub used_at_ms: i64,
}

/// The end of a refresh: what the copies of a view are as of now.
#[derive(Debug, Clone, Copy)]
pub struct Refreshed {
    /// Newest version of the tables.
    pub base_head: u64,
    /// Days since 1970.
    pub day: i64,
    /// When it began, ms since 1970.
    pub at_ms: i64,
    /// How long it took, milliseconds.
    pub took_ms: i64,
}

/// A row of a table beside its copy in a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedRow {
    /// Its key.
    pub key: String,
    /// Its body.
    pub base: Vec<u8>,
    /// The copy's body, if there is a copy.
    pub copy: Option<Vec<u8>>,
}

/// A snapshot's page.
#[derive(Debug, Clone)]
pub struct StoredPage {
    /// A feed that has it; others may have the same page.
    pub feed: FeedId,
    /// Its bytes, compressed; shared by all that send them.
    pub brotli: Bytes,
    /// Length before compression.
    pub bytes_count: u32,
}
