//! The outcomes of one register's rejected entries, numbered in their order: at the rejection, and again whenever an
//! administrator mends the entry, sets it aside or takes that back.

use std::collections::BTreeSet;

use holdfast_protocol::messages::EntryOutcome;

/// An outcome that an entry got.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) number: u64,
    pub(super) seq: u64,
    /// The one before; none where it was rejected at its upload.
    pub(super) before: Option<EntryOutcome>,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Outcomes {
    changes: Vec<Change>,
}

impl Outcomes {
    /// Numbers follow the clock, so that those of a server that was set back are other ones.
    pub(super) fn add(&mut self, seq: u64, before: Option<EntryOutcome>, now_ms: i64) {
        let last = self.changes.last().map_or(0, |change| change.number);
        let number = u64::try_from(now_ms).unwrap_or(0).max(last + 1);
        self.changes.push(Change { number, seq, before });
    }

    /// Takes the newest back, but not a rejection.
    pub(super) fn take_back_newest(&mut self) -> Option<Change> {
        self.changes.pop_if(|change| change.before.is_some())
    }

    /// Forgets those of entries that are gone.
    pub(super) fn keep(&mut self, is_kept: impl Fn(u64) -> bool) {
        self.changes.retain(|change| is_kept(change.seq));
    }

    /// Those after a number; all where the number was never given.
    pub(super) fn after(&self, seen: u64, mistrust: bool) -> &[Change] {
        let known = seen == 0 || self.changes.iter().any(|change| change.number == seen);
        if !known && mistrust {
            return &self.changes;
        }
        let told = self.changes.partition_point(|change| change.number <= seen);
        &self.changes[told..]
    }

    /// Of those the newest of each entry. A change whose entry has a later one has no outcome to tell: the entry's
    /// outcome of today has the later number.
    pub(super) fn newest_after(&self, seen: u64, mistrust: bool) -> Vec<&Change> {
        let mut seqs = BTreeSet::new();
        let mut newest: Vec<&Change> =
            self.after(seen, mistrust).iter().rev().filter(|change| seqs.insert(change.seq)).collect();
        newest.reverse();
        newest
    }

    pub(super) fn last_number(&self) -> u64 {
        self.changes.last().map_or(0, |change| change.number)
    }
}
