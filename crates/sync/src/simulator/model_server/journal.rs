//! What the store server has of one register's journal: each entry once, in order.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_protocol::decode;
use holdfast_protocol::messages::{EntryOutcome, EntryResult, LaterOutcomes, UploadReply};
use holdfast_protocol::outbox::OutboxEntry;
use holdfast_protocol::problem::code;
use holdfast_protocol::row_edit::RowEdit;

use super::Habits;
use super::edits::is_edit;
use super::outcomes::{Change, Outcomes};
use super::refusal;
use crate::effect::CallError;
use crate::simulator::mutation::Mutation;

/// An entry as the store server has it.
#[derive(Debug, Clone)]
pub(crate) struct Applied {
    pub(crate) entry: OutboxEntry,
    pub(crate) outcome: EntryOutcome,
    /// Version of the row that an edit was merged into.
    pub(crate) version: Option<u64>,
    /// How often it had its effect.
    pub(crate) effects: u32,
    committed: bool,
}

/// One register's journal.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    pub(crate) entries: BTreeMap<u64, Applied>,
    last_seq: u64,
    last_hash: [u8; 32],
    outcomes: Outcomes,
    /// Highest sequence that was there before the server was set back to a backup.
    pub(crate) set_back_from_seq: u64,
}

impl Journal {
    pub(super) fn last_seq(&self) -> u64 {
        self.last_seq
    }

    pub(super) fn upload(
        &mut self,
        entries: &[OutboxEntry],
        habits: &Habits,
        mutation: Option<Mutation>,
        now_ms: i64,
        mut merge: impl FnMut(&OutboxEntry, &BTreeSet<u64>) -> (EntryOutcome, Option<u64>),
    ) -> Result<UploadReply, CallError> {
        self.check(entries)?;
        self.commit();
        let mut results = Vec::new();
        for entry in entries.iter().take(habits.settled_at_once) {
            let known = self.entries.contains_key(&entry.seq);
            if known && mutation != Some(Mutation::DedupeSkipped) {
                if let Some(applied) = self.entries.get(&entry.seq) {
                    results.push(EntryResult {
                        seq: entry.seq,
                        outcome: applied.outcome.clone(),
                        version: applied.version,
                    });
                }
                continue;
            }
            let (outcome, version) = match outcome_of(entry, habits, now_ms) {
                EntryOutcome::Accepted if is_edit(entry) => merge(entry, &self.rejected()),
                outcome @ (EntryOutcome::Accepted | EntryOutcome::Rejected { .. }) => (outcome, None),
            };
            if matches!(outcome, EntryOutcome::Rejected { .. }) {
                self.outcomes.add(entry.seq, None, now_ms);
            }
            results.push(EntryResult { seq: entry.seq, outcome: outcome.clone(), version });
            self.apply(entry, outcome, version, mutation);
        }
        Ok(UploadReply { acknowledged_seq: self.last_seq, results })
    }

    /// All or nothing: what is wrong anywhere refuses the batch.
    fn check(&self, entries: &[OutboxEntry]) -> Result<(), CallError> {
        let (mut seq, mut hash) = (self.last_seq, self.last_hash);
        for (at, entry) in entries.iter().enumerate() {
            if !entry.is_intact() {
                return Err(refusal(422, code::CHAIN_BROKEN));
            }
            if at > 0 && entry.seq != entries[at - 1].seq + 1 {
                return Err(refusal(400, code::MALFORMED));
            }
            if let Some(applied) = self.entries.get(&entry.seq) {
                if applied.entry.hash != entry.hash {
                    return Err(refusal(422, code::CHAIN_BROKEN));
                }
                continue;
            }
            if entry.seq <= seq {
                continue;
            }
            if entry.seq != seq + 1 {
                return Err(refusal(409, code::SEQUENCE_GAP));
            }
            if *entry.previous_hash != hash {
                return Err(refusal(422, code::CHAIN_BROKEN));
            }
            (seq, hash) = (entry.seq, *entry.hash);
        }
        Ok(())
    }

    fn rejected(&self) -> BTreeSet<u64> {
        let rejected = |applied: &Applied| matches!(applied.outcome, EntryOutcome::Rejected { .. });
        self.entries.iter().filter(|(_, applied)| rejected(applied)).map(|(&seq, _)| seq).collect()
    }

    fn apply(
        &mut self,
        entry: &OutboxEntry,
        outcome: EntryOutcome,
        version: Option<u64>,
        mutation: Option<Mutation>,
    ) {
        let rejected = matches!(outcome, EntryOutcome::Rejected { .. });
        if !(rejected && mutation == Some(Mutation::RejectedForgotten)) {
            let applied = self.entries.entry(entry.seq).or_insert_with(|| Applied {
                entry: entry.clone(),
                outcome,
                version,
                effects: 0,
                committed: mutation != Some(Mutation::AcknowledgedBeforeCommit),
            });
            applied.effects += 1;
        }
        if entry.seq > self.last_seq {
            self.last_seq = entry.seq;
            self.last_hash = *entry.hash;
        }
    }

    /// The newest committed state: all of it, unless the server answers before it commits.
    pub(super) fn lose_uncommitted(&mut self) {
        self.entries.retain(|_, applied| applied.committed);
        self.go_on_after_last();
    }

    /// What was answered before is on the disk by now.
    fn commit(&mut self) {
        for applied in self.entries.values_mut() {
            applied.committed = true;
        }
    }

    /// An administrator mends one of the rejected entries, sets it aside, or takes that back. What of an edit can't be
    /// merged today either stays as it is; edits that waited for one that is merged now are merged with it.
    pub(super) fn mend(
        &mut self,
        chance: u64,
        mutation: Option<Mutation>,
        now_ms: i64,
        mut merge: impl FnMut(&OutboxEntry, &BTreeSet<u64>) -> (EntryOutcome, Option<u64>),
    ) {
        let rejected: Vec<u64> = self.rejected().into_iter().collect();
        let place = usize::try_from(chance >> 2).unwrap_or(0) % rejected.len().max(1);
        let Some(&mended) = rejected.get(place) else { return };
        let mut to_mend = vec![mended];
        while let Some(seq) = to_mend.pop() {
            let rejected = self.rejected();
            let Some(applied) = self.entries.get_mut(&seq) else { continue };
            let (outcome, version) = if seq == mended && chance.is_multiple_of(4) {
                (EntryOutcome::Rejected { reason: format!("set aside at {now_ms}") }, None)
            } else if is_edit(&applied.entry) {
                match merge(&applied.entry, &rejected) {
                    (EntryOutcome::Rejected { .. }, _) => continue,
                    accepted @ (EntryOutcome::Accepted, _) => accepted,
                }
            } else {
                (EntryOutcome::Accepted, None)
            };
            let is_accepted = outcome == EntryOutcome::Accepted;
            applied.version = version;
            let before = std::mem::replace(&mut applied.outcome, outcome);
            if mutation != Some(Mutation::MendNotTold) {
                self.outcomes.add(seq, Some(before), now_ms);
            }
            if is_accepted {
                to_mend.extend(self.rejected().into_iter().rev().filter(|&other| self.follows(other, seq)));
            }
        }
    }

    /// Whether an entry is an edit that was made over that of another entry.
    fn follows(&self, seq: u64, before: u64) -> bool {
        let edits = self.entries.get(&seq).filter(|applied| is_edit(&applied.entry));
        let edit: Option<RowEdit> = edits.and_then(|applied| decode(&applied.entry.payload).ok());
        edit.is_some_and(|edit| edit.follows_seq == Some(before))
    }

    /// The outcomes of rejected entries after a number, as they are now.
    pub(super) fn later_outcomes(
        &self,
        seen: u64,
        outcomes_max: usize,
        mutation: Option<Mutation>,
    ) -> Option<LaterOutcomes> {
        let mistrust = mutation != Some(Mutation::UnknownOutcomeNumberTrusted);
        let untold = self.outcomes.newest_after(seen, mistrust);
        let told = &untold[..untold.len().min(outcomes_max)];
        if told.is_empty() && (seen == self.outcomes.last_number() || !mistrust) {
            return None;
        }
        let result = |change: &&Change| {
            let applied = self.entries.get(&change.seq)?;
            let version = applied.version.filter(|_| mutation != Some(Mutation::MendedVersionUntold));
            Some(EntryResult { seq: change.seq, outcome: applied.outcome.clone(), version })
        };
        Some(LaterOutcomes {
            since: seen,
            up_to: told.last().map_or(0, |change| change.number),
            results: told.iter().filter_map(result).collect(),
            more: untold.len() > told.len(),
        })
    }

    /// Whether a register that knows outcomes up to this number is still to be told of this entry's.
    pub(crate) fn is_untold(&self, seq: u64, seen: u64) -> bool {
        self.outcomes.after(seen, true).iter().any(|change| change.seq == seq)
    }

    /// The server is restored from a backup that lacks the newest entries and mends.
    pub(crate) fn set_back(&mut self, entries_count: usize, mends_count: usize) {
        for _ in 0..mends_count {
            let Some(Change { seq, before: Some(before), .. }) = self.outcomes.take_back_newest() else {
                break;
            };
            if let Some(applied) = self.entries.get_mut(&seq) {
                applied.outcome = before;
            }
        }
        self.set_back_from_seq = self.set_back_from_seq.max(self.last_seq);
        for _ in 0..entries_count {
            self.entries.pop_last();
        }
        self.go_on_after_last();
    }

    fn go_on_after_last(&mut self) {
        let entries = &self.entries;
        self.outcomes.keep(|seq| entries.contains_key(&seq));
        let last = self.entries.last_key_value();
        self.last_seq = last.map_or(0, |(&seq, _)| seq);
        self.last_hash = last.map_or([0; 32], |(_, applied)| *applied.entry.hash);
    }
}

/// Some entries are not to the server's liking, always the same ones.
fn outcome_of(entry: &OutboxEntry, habits: &Habits, now_ms: i64) -> EntryOutcome {
    if entry.hash[0].is_multiple_of(habits.rejected_one_in) {
        EntryOutcome::Rejected { reason: format!("refused at {now_ms}") }
    } else {
        EntryOutcome::Accepted
    }
}
