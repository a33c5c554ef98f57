//! What the scope database keeps beside the pages, and the keys of it all.
//!
//! Each table has two slots for pages: the visible generation is in one, the next is built in the other. A switch
//! only changes which slot the table's record names.

use holdfast_profile::TableId;
use holdfast_protocol::decode;
use holdfast_sync::store::TableRecord;
use rexie::KeyRange;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use crate::error::{BrowserStoreError, Outcome};
use crate::values::as_bytes;

/// Key of the profile.
pub(super) const PROFILE: &str = "profile";
/// Key of the version of the profile that the register moves to.
pub(super) const NEXT_PROFILE: &str = "next_profile";
/// Key of the connectivity machine's state.
pub(super) const CONNECTIVITY: &str = "connectivity";

/// Key of the upload's schedule.
pub(super) const UPLOADS: &str = "uploads";

/// A table with a visible generation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptTable {
    /// [`TableId::number`].
    pub table: u8,
    /// Where its pages are.
    pub slot: u8,
    /// Pages of the snapshot.
    pub snapshot_pages: u32,
    /// All pages, the deltas' too.
    pub pages: u32,
    /// Whether a page was found damaged: the table counts as absent, but its whole pages are still of use.
    #[serde(default)]
    pub damaged: bool,
    /// The engine's record, in CBOR.
    #[serde(with = "as_bytes")]
    pub record: Vec<u8>,
}

impl KeptTable {
    /// The visible generation; 0 where the record can't be read.
    pub fn generation(&self) -> u64 {
        decode::<TableRecord>(&self.record).map_or(0, |record| record.generation)
    }
}

/// A generation that nobody sees yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Build {
    /// Where its pages are.
    pub slot: u8,
    /// How many it will have.
    pub pages: u32,
    /// Generation and addresses of its pages: what differs in it is another build.
    #[serde(with = "as_bytes")]
    pub identity: Vec<u8>,
}

/// Bytes at the start of [`Build::identity`] that are its generation.
const GENERATION_BYTES: usize = 8;

impl Build {
    /// What tells this build from others.
    pub fn identity_of(generation: u64, pages: &[[u8; 32]]) -> Vec<u8> {
        let mut identity = generation.to_be_bytes().to_vec();
        pages.iter().for_each(|address| identity.extend_from_slice(address));
        identity
    }

    /// Whether this build is of that generation.
    pub fn is_of(&self, generation: u64) -> bool {
        self.identity.get(..GENERATION_BYTES) == Some(&generation.to_be_bytes()[..])
    }
}

/// The profile as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptProfile {
    /// Its published version.
    pub version: u64,
    /// The profile in CBOR.
    #[serde(with = "as_bytes")]
    pub profile: Vec<u8>,
}

/// The slot that is not this one.
pub(super) fn other_slot(slot: u8) -> u8 {
    1 - slot.min(1)
}

/// Key of a table's record and of its build.
pub(super) fn table_key(table: TableId) -> JsValue {
    JsValue::from(table.number())
}

/// Key of a page; keys sort by place.
pub(super) fn page_key(table: TableId, slot: u8, page_no: u32) -> JsValue {
    JsValue::from_str(&format!("{:03}/{slot}/{page_no:08}", table.number()))
}

/// The place of a page by its key.
pub(super) fn page_no_of(key: &JsValue) -> Option<u32> {
    key.as_string()?.rsplit('/').next()?.parse().ok()
}

/// The keys of a slot's pages.
pub(super) fn slot_range(table: TableId, slot: u8) -> Outcome<KeyRange> {
    range(&page_key(table, slot, 0), &page_key(table, slot, 99_999_999))
}

/// The keys of all pages of a table.
pub(super) fn table_range(table: TableId) -> Outcome<KeyRange> {
    range(&page_key(table, 0, 0), &page_key(table, 1, 99_999_999))
}

fn range(from: &JsValue, to: &JsValue) -> Outcome<KeyRange> {
    KeyRange::bound(from, to, None, None).map_err(|error| BrowserStoreError::Failed {
        doing: "making a range of keys",
        reason: error.to_string(),
    })
}
