//! The journal in memory: receipt counter, hash chain, entries and what became of each.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_domain::ReceiptNumber;
use holdfast_protocol::messages::{EntryOutcome, EntryResult};
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::sale::SaleRecord;
use holdfast_protocol::{decode, encode};

use super::bounded;
use crate::overlay::KeptEdit;
use crate::store::JournalCounts;

/// Where an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Custody {
    /// Only on the register.
    Waiting,
    /// The store server has it.
    Accepted {
        /// When it said so, ms since 1970.
        at_ms: i64,
    },
    /// The store server keeps it for the administrator.
    Rejected {
        /// Why.
        reason: String,
    },
}

/// An entry and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEntry {
    /// The entry.
    pub entry: OutboxEntry,
    /// Where it is.
    pub custody: Custody,
    /// Version of the row that the store server merged it into, of an accepted edit.
    pub version: Option<u64>,
}

/// A finished sale and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSale {
    /// Its entry's sequence.
    pub seq: u64,
    /// The sale.
    pub record: SaleRecord,
    /// Where it is.
    pub custody: Custody,
}

/// Who a register is and where its series go on, from the reply to its activation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalIdentity {
    /// First part of each receipt number.
    pub register_number: u16,
    /// The last receipt counter that was given.
    pub last_receipt_counter: u32,
    /// The last entry's sequence; 0 for none.
    pub last_seq: u64,
    /// The last entry's hash; zeros for none.
    pub last_hash: [u8; 32],
}

/// Why the journal took nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// No identity yet.
    #[error("this register is not activated")]
    NotActivated,
    /// Another identity would lose what waits.
    #[error("{waiting} entries of this register still wait for the store server")]
    EntriesWait {
        /// How many.
        waiting: u64,
    },
    /// The counter is at its end.
    #[error("this register has given all its receipt numbers")]
    NumbersUsedUp,
}

#[derive(Debug, Default)]
pub(super) struct MemoryJournal {
    identity: Option<JournalIdentity>,
    entries: BTreeMap<u64, KeptEntry>,
    /// Sequences whose custody is waiting, and only those.
    waiting: BTreeSet<u64>,
    /// Sequences of closed shifts.
    shifts: BTreeSet<u64>,
    /// How many are rejected.
    rejected: u64,
    acknowledged_seq: u64,
    outcomes_seen: u64,
}

impl MemoryJournal {
    pub(super) fn activate(&mut self, identity: JournalIdentity) -> Result<(), JournalError> {
        let waiting = self.counts().waiting;
        if waiting > 0 {
            return Err(JournalError::EntriesWait { waiting });
        }
        self.acknowledged_seq = identity.last_seq;
        self.outcomes_seen = 0;
        self.identity = Some(identity);
        Ok(())
    }

    pub(super) fn identity(&self) -> Option<&JournalIdentity> {
        self.identity.as_ref()
    }

    pub(super) fn acknowledged_seq(&self) -> u64 {
        self.acknowledged_seq
    }

    pub(super) fn outcomes_seen(&self) -> u64 {
        self.outcomes_seen
    }

    pub(super) fn finish_sale<E: From<JournalError>>(
        &mut self,
        make: impl FnOnce(ReceiptNumber) -> Result<SaleRecord, E>,
    ) -> Result<KeptSale, E> {
        let identity = self.identity.as_ref().ok_or(JournalError::NotActivated)?;
        let counter = identity.last_receipt_counter.checked_add(1).ok_or(JournalError::NumbersUsedUp)?;
        let record = make(ReceiptNumber { register: identity.register_number, counter })?;
        let seq = self.append(EntryKind::Sale, record.finished_at_ms, encode(&record))?;
        if let Some(identity) = &mut self.identity {
            identity.last_receipt_counter = counter;
        }
        Ok(KeptSale { seq, record, custody: Custody::Waiting })
    }

    pub(super) fn append(
        &mut self,
        kind: EntryKind,
        created_at_ms: i64,
        payload: Vec<u8>,
    ) -> Result<u64, JournalError> {
        let identity = self.identity.as_mut().ok_or(JournalError::NotActivated)?;
        let seq = identity.last_seq + 1;
        let entry = OutboxEntry::seal(seq, kind, created_at_ms, identity.last_hash, payload);
        identity.last_seq = seq;
        identity.last_hash = *entry.hash;
        self.entries.insert(seq, KeptEntry { entry, custody: Custody::Waiting, version: None });
        self.waiting.insert(seq);
        if kind == EntryKind::Shift {
            self.shifts.insert(seq);
        }
        Ok(seq)
    }

    pub(super) fn read_outbox(&self, entries_max: usize, bytes_max: usize) -> Vec<OutboxEntry> {
        let waiting = self.waiting.iter().filter_map(|seq| self.entries.get(seq)).map(|kept| &kept.entry);
        bounded(waiting, entries_max, bytes_max)
    }

    pub(super) fn settle(&mut self, acknowledged_seq: u64, results: &[EntryResult], at_ms: i64) {
        self.acknowledged_seq = self.acknowledged_seq.max(acknowledged_seq);
        for result in results {
            let custody = match &result.outcome {
                EntryOutcome::Accepted => Custody::Accepted { at_ms },
                EntryOutcome::Rejected { reason } => Custody::Rejected { reason: reason.clone() },
            };
            // A store server that does not say the version again has not merged it again.
            let before = self.entries.get(&result.seq).and_then(|kept| kept.version);
            self.set_custody(result.seq, custody, result.version.or(before));
        }
    }

    pub(super) fn settle_later(&mut self, up_to: u64, results: &[EntryResult], at_ms: i64) {
        self.outcomes_seen = up_to;
        let settled: Vec<EntryResult> =
            results.iter().filter(|result| !self.waiting.contains(&result.seq)).cloned().collect();
        self.settle(self.acknowledged_seq, &settled, at_ms);
    }

    pub(super) fn reopen(&mut self, after_seq: u64) {
        self.acknowledged_seq = after_seq;
        let lost: Vec<u64> = self.entries.range(after_seq.saturating_add(1)..).map(|(&seq, _)| seq).collect();
        for seq in lost {
            self.set_custody(seq, Custody::Waiting, None);
        }
    }

    fn set_custody(&mut self, seq: u64, custody: Custody, version: Option<u64>) {
        let Some(kept) = self.entries.get_mut(&seq) else { return };
        if matches!(kept.custody, Custody::Rejected { .. }) {
            self.rejected -= 1;
        }
        match custody {
            Custody::Waiting => {
                self.waiting.insert(seq);
            }
            Custody::Accepted { .. } => {
                self.waiting.remove(&seq);
            }
            Custody::Rejected { .. } => {
                self.waiting.remove(&seq);
                self.rejected += 1;
            }
        }
        kept.custody = custody;
        kept.version = version;
    }

    pub(super) fn entries(&self) -> Vec<KeptEntry> {
        self.entries.values().cloned().collect()
    }

    pub(super) fn edits(&self) -> Vec<KeptEdit> {
        let edits = self.entries.values().filter_map(|kept| {
            let is_edit = EntryKind::from_number(kept.entry.kind) == Some(EntryKind::RowEdit);
            is_edit
                .then(|| KeptEdit::read(kept.entry.seq, &kept.entry.payload, &kept.custody, kept.version))
                .flatten()
        });
        edits.collect()
    }

    pub(super) fn sales(&self, newest: usize) -> Vec<KeptSale> {
        let sales = self.entries.values().rev().filter_map(|kept| {
            let is_sale = EntryKind::from_number(kept.entry.kind) == Some(EntryKind::Sale);
            // This journal encoded it, so it can be read; what can't is not a sale to show.
            let record = is_sale.then(|| decode(&kept.entry.payload).ok()).flatten()?;
            Some(KeptSale { seq: kept.entry.seq, record, custody: kept.custody.clone() })
        });
        sales.take(newest).collect()
    }

    pub(super) fn counts(&self) -> JournalCounts {
        let shift_waits = self.shifts.iter().rev().any(|seq| self.waiting.contains(seq));
        JournalCounts { waiting: self.waiting.len() as u64, rejected: self.rejected, shift_waits }
    }
}
