//! What the journal keeps beside the sealed entries, and the keys of it all.

use holdfast_domain::ReceiptNumber;
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_sync::memory_store::Custody;
use js_sys::Array;
use rexie::KeyRange;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use crate::error::{BrowserStoreError, Outcome};
use crate::values::{as_bytes, from_whole};

/// Key of the only record of an object store.
pub(super) const ONLY: &str = "only";
/// Key of the identity.
pub(super) const IDENTITY: &str = "identity";
/// Key of the activation that is being tried.
pub(super) const ACTIVATION_ATTEMPT: &str = "activation_attempt";

/// Who this register is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterIdentity {
    /// The store's identifier.
    pub store_id: String,
    /// The store's name.
    pub store_name: String,
    /// Number in the store, first part of each receipt number.
    pub register_number: u16,
    /// The register's name.
    pub register_name: String,
    /// Proves the register to the store server at each request.
    #[serde(with = "as_bytes")]
    pub token: [u8; 32],
    /// When it was activated, ms since 1970.
    pub activated_at_ms: i64,
}

/// Where the journal ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    /// Which series of entries; a register that becomes another one begins a new series, and the entries of the
    /// one before stay.
    pub series: u32,
    /// First part of each receipt number.
    pub register_number: u16,
    /// Last counter that was given.
    pub receipt_counter: u32,
    /// Last entry's sequence.
    pub last_seq: u64,
    /// Last entry's hash.
    #[serde(with = "as_bytes")]
    pub last_hash: [u8; 32],
    /// Number of the last shift that was closed; 0 for none.
    #[serde(default)]
    pub shift_number: u32,
    /// The open shift's sales come after this sequence.
    #[serde(default)]
    pub shift_after_seq: u64,
}

impl Head {
    /// The receipt number that a sale would get now.
    pub fn next_receipt(&self) -> Outcome<ReceiptNumber> {
        let used_up = || BrowserStoreError::Refused("this register has given all its receipt numbers".into());
        let counter = self.receipt_counter.checked_add(1).ok_or_else(used_up)?;
        Ok(ReceiptNumber { register: self.register_number, counter })
    }

    /// Seals the next entry and moves the end of the journal behind it.
    pub fn seal(&mut self, kind: EntryKind, created_at_ms: i64, payload: Vec<u8>) -> OutboxEntry {
        let entry = OutboxEntry::seal(self.last_seq + 1, kind, created_at_ms, self.last_hash, payload);
        self.last_seq = entry.seq;
        self.last_hash = *entry.hash;
        entry
    }
}

/// How far a series is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Settled {
    /// Which series.
    pub series: u32,
    /// The series' entries begin after this sequence.
    pub base_seq: u64,
    /// Hash of the entry with that sequence.
    #[serde(with = "as_bytes")]
    pub base_hash: [u8; 32],
    /// Highest sequence that the store server has settled, as it says.
    pub acknowledged_seq: u64,
    /// No entry before this one waits.
    pub first_waiting_seq: u64,
    /// Accepted entries.
    pub accepted: u64,
    /// Rejected entries.
    pub rejected: u64,
    /// Number of the last outcome of those that entries got after their upload.
    #[serde(default)]
    pub outcomes_seen: u64,
}

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CustodyRecord {
    /// Which entry.
    pub seq: u64,
    /// When the store server said so, ms since 1970.
    pub at_ms: i64,
    /// Why it was rejected; `None` where it was accepted.
    pub rejected_because: Option<String>,
    /// Version of the row that the store server merged it into, of an accepted edit.
    #[serde(default)]
    pub version: Option<u64>,
}

impl CustodyRecord {
    /// Where the entry is.
    pub fn into_custody(self) -> Custody {
        match self.rejected_because {
            Some(reason) => Custody::Rejected { reason },
            None => Custody::Accepted { at_ms: self.at_ms },
        }
    }
}

/// An activation that is being tried, kept so that a lost reply does not use the code up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ActivationAttempt {
    /// The code as typed.
    pub code: String,
    /// Names the attempt.
    #[serde(with = "as_bytes")]
    pub attempt_id: [u8; 16],
}

/// Wrong PINs of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PinAttemptsRecord {
    /// In a row.
    pub failed: u32,
    /// When the last one was tried, ms since 1970.
    pub last_failed_at_ms: i64,
}

/// Key of an entry and of what became of it.
pub(super) fn entry_key(series: u32, seq: u64) -> JsValue {
    Array::of2(&JsValue::from(series), &from_whole(seq)).into()
}

/// The keys of a series' entries from one sequence to another, both included.
pub(super) fn entry_range(series: u32, from_seq: u64, to_seq: u64) -> Outcome<KeyRange> {
    KeyRange::bound(&entry_key(series, from_seq), &entry_key(series, to_seq), None, None).map_err(|error| {
        BrowserStoreError::Failed { doing: "making a range of keys", reason: error.to_string() }
    })
}

/// The keys of a series' entries from one sequence on.
pub(super) fn entries_from(series: u32, from_seq: u64) -> Outcome<KeyRange> {
    entry_range(series, from_seq, SEQ_MAX)
}

/// Entries that are read at a time, however many there are.
pub(super) const BATCH: u64 = 200;

/// The largest whole number that JavaScript counts exactly.
const SEQ_MAX: u64 = (1 << 53) - 1;
