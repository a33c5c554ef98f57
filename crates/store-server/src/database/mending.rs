//! What is asked of, and known about, entries that were rejected and may be mended.

use holdfast_protocol::outbox::EntryKind;

use crate::upload::ReadEntry;
use crate::upload::mend::{Mend, Objection};

/// Whether a rejected entry is still to be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RejectedState {
    /// It waits for an administrator, or for another entry.
    Open,
    /// An administrator decided that it is never applied.
    SetAside,
    /// It was applied later.
    Applied,
}

/// A rejected entry with all that a decision needs.
#[derive(Debug, Clone)]
pub struct RejectedDetail {
    /// Whether it is still to be decided.
    pub state: RejectedState,
    /// Why it is rejected, as the register was told; none once it is applied.
    pub reason: Option<String>,
    /// The entry, read again.
    pub read: ReadEntry,
    /// What is wrong with it under today's rules.
    pub objections: Vec<Objection>,
    /// What was done with it, oldest first.
    pub mends: Vec<MendRecord>,
}

/// Something that was done with a rejected entry.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MendRecord {
    /// When, ms since 1970.
    pub at_ms: i64,
    /// Who; empty where it was applied together with the entry that it waited for.
    pub administrator: String,
    /// [`Mend::name`].
    pub action: String,
    /// Why.
    pub note: String,
    /// Why it was rejected until then.
    pub reason_before: String,
}

/// What an administrator orders.
#[derive(Debug, Clone)]
pub struct MendOrder {
    /// Names the request: the same one again changes nothing.
    pub request_id: [u8; 16],
    /// Who.
    pub administrator: String,
    /// When, ms since 1970.
    pub at_ms: i64,
    /// What.
    pub mend: Mend,
    /// Why.
    pub note: String,
}

/// What became of a [`MendOrder`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MendOutcome {
    /// It was done, now or by the same request before.
    Done {
        /// Entries that had waited for it and were applied with it.
        also_applied: Vec<u64>,
    },
    /// The register never sent such an entry.
    NoSuchEntry,
    /// The entry is not, or no longer, rejected.
    NotRejected,
    /// It was set aside: that must be taken back first.
    IsSetAside,
    /// It was not set aside, so there is nothing to take back.
    IsNotSetAside,
    /// The request's id was used for another decision.
    OtherRequest,
    /// It can't be applied so.
    Refused(Vec<Objection>),
}

/// An entry's kind as the admin API names it: its number where this version does not know it.
pub fn kind_name(kind: u8) -> String {
    match EntryKind::from_number(kind) {
        Some(EntryKind::Sale) => "sale".to_owned(),
        Some(EntryKind::Shift) => "shift".to_owned(),
        Some(EntryKind::RowEdit) => "row_edit".to_owned(),
        None => kind.to_string(),
    }
}
