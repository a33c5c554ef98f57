//! Picking a value out of three, and the conflicts where that can't be done.

use std::collections::BTreeMap;

use crate::FieldValue;

/// Whose value a conflict is settled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The value of the one who merges.
    Mine,
    /// The value of the other one.
    Theirs,
}

/// A field that both changed, each in another way.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MergeConflict {
    /// Which field: `device.offline_timeout_s`, `scopes["Staff"].direction`, `tables.product.filter`. Unique in a
    /// merge, and the same whoever merges.
    pub field: String,
    /// Value before either change; `None` where there was nothing.
    pub base: Option<FieldValue>,
    /// The value of the one who merges; `None` where it was removed.
    pub mine: Option<FieldValue>,
    /// The value of the other one; `None` where it was removed.
    pub theirs: Option<FieldValue>,
}

/// One thing of each of the three versions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Three<T> {
    pub(super) base: T,
    pub(super) mine: T,
    pub(super) theirs: T,
}

impl<T> Three<T> {
    /// The same part of each.
    pub(super) fn map<U>(self, part: impl Fn(T) -> U) -> Three<U> {
        Three { base: part(self.base), mine: part(self.mine), theirs: part(self.theirs) }
    }
}

/// Picks values and gathers conflicts.
pub(super) struct Picker<'a> {
    choices: &'a BTreeMap<String, Side>,
    conflicts: Vec<MergeConflict>,
}

impl<'a> Picker<'a> {
    pub(super) fn new(choices: &'a BTreeMap<String, Side>) -> Picker<'a> {
        Picker { choices, conflicts: Vec::new() }
    }

    /// The value that holds after both changes. In a conflict without a choice mine, and the conflict is kept.
    /// The base is `None` where it has no such thing.
    pub(super) fn pick<T: PartialEq>(
        &mut self,
        field: &str,
        base: Option<T>,
        mine: T,
        theirs: T,
        shown: impl Fn(&T) -> Option<FieldValue>,
    ) -> T {
        if mine == theirs || base.as_ref() == Some(&theirs) {
            return mine;
        }
        if base.as_ref() == Some(&mine) {
            return theirs;
        }
        match self.choose(field, || Three {
            base: base.as_ref().and_then(&shown),
            mine: shown(&mine),
            theirs: shown(&theirs),
        }) {
            Side::Mine => mine,
            Side::Theirs => theirs,
        }
    }

    /// Whose value it is to be, for a conflict that the caller found.
    pub(super) fn choose(&mut self, field: &str, values: impl FnOnce() -> Three<Option<FieldValue>>) -> Side {
        if let Some(side) = self.choices.get(field) {
            return *side;
        }
        let Three { base, mine, theirs } = values();
        self.conflicts.push(MergeConflict { field: field.to_owned(), base, mine, theirs });
        Side::Mine
    }

    /// How many conflicts have no choice so far.
    pub(super) fn conflicts_count(&self) -> usize {
        self.conflicts.len()
    }

    /// The merged thing, unless a conflict has no choice.
    pub(super) fn finish<T>(self, merged: T) -> Result<T, Vec<MergeConflict>> {
        if self.conflicts.is_empty() { Ok(merged) } else { Err(self.conflicts) }
    }
}
