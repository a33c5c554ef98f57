//! How the model merges registers' edits of customers: by the same [`merge`] as the real store server, never against
//! a direction, and with all that overlaps recorded.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_profile::{Direction, Profile};
use holdfast_protocol::checked_edit::CheckedEdit;
use holdfast_protocol::decode;
use holdfast_protocol::messages::EntryOutcome;
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::row_edit::RowEdit;
use holdfast_protocol::row_merge::{FieldConflict, merge};

use super::feed::{Feed, RowKey};
use crate::simulator::mutation::Mutation;

/// A merge as it was seen from outside, for the rules.
#[derive(Debug, Clone)]
pub(crate) struct SeenMerge {
    pub(crate) register: u16,
    pub(crate) edit: CheckedEdit,
    /// The row before and after it.
    pub(crate) before: Option<Vec<u8>>,
    pub(crate) after: Option<Vec<u8>>,
    /// What the server recorded.
    pub(crate) recorded: Vec<FieldConflict>,
    /// The profiles that the register may go by: the published one, and the one it last said it has.
    pub(crate) profiles: Vec<Profile>,
}

/// What the model knows beside feed and journals.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    changed_at_ms: BTreeMap<RowKey, BTreeMap<u32, i64>>,
    profiles: BTreeMap<u64, Profile>,
    said_versions: BTreeMap<u16, u64>,
    seen: Vec<SeenMerge>,
    /// Registers and sequences of all edits that ever were merged.
    pub(crate) merged: BTreeSet<(u16, u64)>,
}

impl Edits {
    pub(super) fn published(&mut self, version: u64, profile: Profile) {
        self.profiles.insert(version, profile);
    }

    /// A published version.
    pub(crate) fn version(&self, version: u64) -> Option<&Profile> {
        self.profiles.get(&version)
    }

    pub(super) fn said(&mut self, register: u16, profile_version: u64) {
        self.said_versions.insert(register, profile_version);
    }

    /// What was merged since somebody looked.
    pub(crate) fn take_seen(&mut self) -> Vec<SeenMerge> {
        std::mem::take(&mut self.seen)
    }

    /// The shop changes fields of a row.
    pub(crate) fn shop_changed(&mut self, row: &RowKey, columns: &[u32], now_ms: i64) {
        let times = self.changed_at_ms.entry(row.clone()).or_default();
        times.extend(columns.iter().map(|column| (*column, now_ms)));
    }

    /// The profile by which a register goes: the version that it last said it has, else the published one.
    pub(super) fn profile_kept(&self, register: u16, published: &Profile) -> Profile {
        let said = self.said_versions.get(&register).and_then(|version| self.profiles.get(version));
        said.unwrap_or(published).clone()
    }

    fn profiles_of(&self, register: u16) -> Vec<Profile> {
        let said = self.said_versions.get(&register).and_then(|version| self.profiles.get(version));
        self.profiles.last_key_value().map(|(_, profile)| profile).into_iter().chain(said).cloned().collect()
    }

    /// What becomes of an entry that is an edit, and the version of the row then.
    pub(super) fn settle(
        &mut self,
        feed: &mut Feed,
        register: u16,
        entry: &OutboxEntry,
        rejected: &BTreeSet<u64>,
        now_ms: i64,
        mutation: Option<Mutation>,
    ) -> (EntryOutcome, Option<u64>) {
        let refused = |reason: &str| (EntryOutcome::Rejected { reason: reason.to_owned() }, None);
        let edit: Result<RowEdit, _> = decode(&entry.payload);
        let Some(edit) = edit.ok().and_then(|edit| CheckedEdit::check(&edit).ok()) else {
            return refused("not an edit");
        };
        let profiles = self.profiles_of(register);
        let rule =
            profiles.iter().filter_map(|profile| profile.entry(edit.table)).find_map(|(scope, entry)| {
                (scope.direction == Direction::Bidirectional).then(|| entry.rule_for_conflicts())
            });
        let unchecked = mutation == Some(Mutation::DirectionUnchecked);
        let Some(rule) = rule.or_else(|| unchecked.then(|| edit.table.default_conflict_rule())) else {
            return refused("against the direction");
        };
        let row = (edit.table, edit.key.clone());
        let before = feed.body(&row);
        if before.is_none() {
            if edit.follows_seq.is_some_and(|seq| rejected.contains(&seq)) {
                return refused("waits for the entry that was to make the row");
            }
            if edit.base_version > 0 || edit.follows_seq.is_some() || edit.check_new_row().is_err() {
                return refused("no such row");
            }
        }
        let clamped = CheckedEdit { edited_at_ms: edit.edited_at_ms.min(now_ms), ..edit.clone() };
        let times = self.changed_at_ms.entry(row.clone()).or_default();
        let Ok(merged) = merge(before.as_deref(), &clamped, rule, times) else {
            return refused("the row can't be merged with");
        };
        let (body, recorded) = match mutation {
            Some(Mutation::BlindOverwrite) => {
                (edit.lay_over(before.as_deref()).unwrap_or_default(), Vec::new())
            }
            Some(Mutation::ConflictUnrecorded) => (merged.row, Vec::new()),
            Some(_) | None => (merged.row, merged.conflicts),
        };
        times.extend(merged.changed.iter().map(|column| (*column, clamped.edited_at_ms)));
        if before.as_ref() != Some(&body) {
            feed.write_body(row.clone(), Some(body));
        }
        self.merged.insert((register, entry.seq));
        let after = feed.body(&row);
        self.seen.push(SeenMerge { register, edit, before, after, recorded, profiles });
        (EntryOutcome::Accepted, Some(feed.row_version(&row)))
    }
}

/// Whether an entry is an edit of a row.
pub(crate) fn is_edit(entry: &OutboxEntry) -> bool {
    EntryKind::from_number(entry.kind) == Some(EntryKind::RowEdit)
}
