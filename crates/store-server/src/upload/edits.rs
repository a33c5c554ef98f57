//! Decides what becomes of a register's edits of rows: merged into the row as it is now, or rejected.
//!
//! Directions are enforced here: a table is edited only where the register's profile lets its rows go both ways.
//! Only what really depends waits: an edit of a row whose creation was rejected names the entry that it waits for;
//! edits of other rows, and sales that name such a customer, go on.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_profile::{ConflictRule, Direction, Profile, TableId};
use holdfast_protocol::checked_edit::CheckedEdit;
use holdfast_protocol::row_merge::{FieldConflict, merge};

/// A row by its table and key.
pub type RowKey = (TableId, String);

/// What the store database knows of the rows that an upload's edits are about.
#[derive(Debug, Clone, Default)]
pub struct EditState {
    /// The tables whose rows this register may edit, with the rule for what overlaps.
    pub rules: BTreeMap<TableId, ConflictRule>,
    /// The rows that are edited, as they are; those that never were are missing.
    pub rows: BTreeMap<RowKey, CurrentRow>,
    /// Of the entries that the edits follow, those that were rejected.
    pub rejected: BTreeSet<u64>,
    /// Now, ms since 1970.
    pub now_ms: i64,
}

/// A row as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentRow {
    /// The row in CBOR; `None` where it was deleted.
    pub body: Option<Vec<u8>>,
    /// When each column's value was entered, where that is known, ms since 1970.
    pub changed_at_ms: BTreeMap<u32, i64>,
}

/// An edit that is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditEffect {
    /// The row.
    pub row: RowKey,
    /// The merged row in CBOR.
    pub body: Vec<u8>,
    /// Columns that the edit changed.
    pub changed: Vec<u32>,
    /// When it was made, ms since 1970; never later than now, or a clock that runs ahead would win for ever.
    pub edited_at_ms: i64,
    /// What overlapped.
    pub conflicts: Vec<FieldConflict>,
}

/// The tables that a register may edit by any of these profiles, the first one's rule before the others'.
pub fn rules_of<'p>(profiles: impl IntoIterator<Item = &'p Profile>) -> BTreeMap<TableId, ConflictRule> {
    let mut rules = BTreeMap::new();
    for scope in profiles.into_iter().flat_map(|profile| &profile.scopes) {
        if scope.direction == Direction::Bidirectional {
            for entry in &scope.tables {
                rules.entry(entry.table).or_insert_with(|| entry.rule_for_conflicts());
            }
        }
    }
    rules
}

impl EditState {
    /// Notes that the entry was rejected, for those that follow it.
    pub fn note_rejected(&mut self, seq: u64) {
        self.rejected.insert(seq);
    }

    /// What becomes of an edit; the row is then as the edit leaves it, for the edits behind it.
    ///
    /// # Errors
    /// Why it is rejected, a sentence for the administrator.
    pub fn apply(&mut self, edit: &CheckedEdit) -> Result<EditEffect, String> {
        let table = edit.table;
        let Some(rule) = self.rules.get(&table).copied() else {
            return Err(format!(
                "Rows of table {table} don't go from this register to the store: its profile does not let them."
            ));
        };
        let key = (table, edit.key.clone());
        let here = self.rows.get(&key);
        let body = here.and_then(|row| row.body.as_deref());
        if body.is_none() {
            self.check_creation(edit, here)?;
        }
        let edited_at_ms = edit.edited_at_ms.min(self.now_ms);
        let edit = CheckedEdit { edited_at_ms, ..edit.clone() };
        let unknown_times = BTreeMap::new();
        let times = here.map_or(&unknown_times, |row| &row.changed_at_ms);
        let merged = merge(body, &edit, rule, times)
            .map_err(|error| format!("The store's row can't be merged with: {error}."))?;
        let row = self
            .rows
            .entry(key.clone())
            .or_insert_with(|| CurrentRow { body: None, changed_at_ms: BTreeMap::new() });
        row.body = Some(merged.row.clone());
        row.changed_at_ms.extend(merged.changed.iter().map(|column| (*column, edited_at_ms)));
        Ok(EditEffect {
            row: key,
            body: merged.row,
            changed: merged.changed,
            edited_at_ms,
            conflicts: merged.conflicts,
        })
    }

    /// Whether an edit may make a row where there is none.
    fn check_creation(&self, edit: &CheckedEdit, here: Option<&CurrentRow>) -> Result<(), String> {
        if let Some(seq) = edit.follows_seq.filter(|seq| self.rejected.contains(seq)) {
            return Err(format!("It waits for entry {seq}, which was to make the row and was rejected."));
        }
        let is_of_a_row = edit.base_version > 0 || edit.follows_seq.is_some();
        match here {
            Some(_) if is_of_a_row => Err("The row was deleted in the store meanwhile.".to_owned()),
            None if is_of_a_row => Err("The store never had the row that it changes.".to_owned()),
            Some(_) | None => edit.check_new_row().map_err(|fault| fault.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use holdfast_profile::default_profile;
    use holdfast_protocol::encode;
    use holdfast_protocol::row_edit::{FieldEdit, RowEdit};
    use holdfast_protocol::row_merge::Winner;
    use holdfast_protocol::rows::CustomerRow;

    use super::*;

    const NOW_MS: i64 = 1_000;
    const NAME: u32 = 1;
    const PHONE: u32 = 3;

    fn edit(fields: &[(u32, Option<&str>, &str)], change: impl FnOnce(&mut RowEdit)) -> CheckedEdit {
        let field = |&(column, before, after): &(u32, Option<&str>, &str)| FieldEdit {
            column,
            before: before.map(|text| encode(&text).into()),
            after: encode(&after).into(),
        };
        let mut edit = RowEdit {
            table: TableId::Customer.number(),
            key: "7".into(),
            base_version: 3,
            edited_at_ms: 500,
            fields: fields.iter().map(field).collect(),
            follows_seq: None,
        };
        change(&mut edit);
        CheckedEdit::check(&edit).expect("a valid edit")
    }

    fn state(rule: ConflictRule, phone: &str) -> EditState {
        let row = CustomerRow {
            id: "7".into(),
            name: "Ito".into(),
            country: String::new(),
            phone: phone.into(),
            email: String::new(),
        };
        let current = CurrentRow { body: Some(encode(&row)), changed_at_ms: BTreeMap::from([(PHONE, 700)]) };
        EditState {
            rules: BTreeMap::from([(TableId::Customer, rule)]),
            rows: BTreeMap::from([((TableId::Customer, "7".into()), current)]),
            rejected: BTreeSet::new(),
            now_ms: NOW_MS,
        }
    }

    #[test]
    fn later_edits_meet_the_row_as_earlier_ones_left_it() {
        let mut state = state(ConflictRule::ServerWins, "1");
        let first = state.apply(&edit(&[(PHONE, Some("1"), "2")], |_| {})).expect("applied");
        assert_eq!((first.changed.as_slice(), first.conflicts.len()), ([PHONE].as_slice(), 0));
        let second = state.apply(&edit(&[(PHONE, Some("2"), "3")], |edit| edit.follows_seq = Some(1)));
        assert_eq!(second.expect("applied").conflicts, []);
    }

    #[test]
    fn a_clock_that_runs_ahead_does_not_win_for_ever() {
        let mut state = state(ConflictRule::Latest, "5");
        let ahead = edit(&[(PHONE, Some("1"), "2")], |edit| edit.edited_at_ms = i64::MAX);
        let applied = state.apply(&ahead).expect("applied");
        assert_eq!((applied.edited_at_ms, applied.conflicts[0].won), (NOW_MS, Winner::Register));
        state.now_ms = NOW_MS + 2;
        let later = edit(&[(PHONE, Some("1"), "9")], |edit| edit.edited_at_ms = NOW_MS + 1);
        assert_eq!(state.apply(&later).expect("applied").conflicts[0].won, Winner::Register);
        let earlier = edit(&[(PHONE, Some("1"), "0")], |edit| edit.edited_at_ms = 100);
        assert_eq!(state.apply(&earlier).expect("applied").conflicts[0].won, Winner::Server);
    }

    #[test]
    fn only_an_edit_of_the_row_whose_creation_was_rejected_waits() {
        let mut state = state(ConflictRule::Latest, "1");
        state.note_rejected(4);
        let dependent = edit(&[(PHONE, Some(""), "2")], |edit| {
            (edit.key, edit.base_version, edit.follows_seq) = ("new".into(), 0, Some(4));
        });
        let reason = state.apply(&dependent).unwrap_err();
        assert_eq!(reason, "It waits for entry 4, which was to make the row and was rejected.");
        // A rejected change of a row that is there keeps nobody from changing it.
        let other = edit(&[(PHONE, Some("1"), "2")], |edit| edit.follows_seq = Some(4));
        assert!(state.apply(&other).is_ok());
    }

    #[test]
    fn a_row_that_is_gone_is_not_made_again_out_of_a_few_fields() {
        let mut state = state(ConflictRule::RegisterWins, "1");
        let unknown = edit(&[(PHONE, Some("1"), "2")], |edit| edit.key = "8".into());
        assert!(state.apply(&unknown).unwrap_err().contains("never had"));
        for row in state.rows.values_mut() {
            row.body = None;
        }
        let gone = edit(&[(PHONE, Some("1"), "2")], |_| {});
        assert!(state.apply(&gone).unwrap_err().contains("deleted"));
        let nameless = edit(&[(PHONE, None, "2")], |edit| edit.base_version = 0);
        assert_eq!(state.apply(&nameless).unwrap_err(), "Column name can't be empty.");
        let anew = edit(&[(NAME, None, "Ada")], |edit| edit.base_version = 0);
        assert!(state.apply(&anew).is_ok());
    }

    #[test]
    fn a_table_is_edited_only_where_a_profile_lets_it() {
        let mut downloads = default_profile();
        downloads.scopes[5].direction = Direction::Download;
        let mut both = default_profile();
        both.scopes[5].direction = Direction::Bidirectional;
        both.scopes[5].tables[0].conflict_rule = Some(ConflictRule::RegisterWins);
        assert_eq!(rules_of([&downloads]), BTreeMap::new());
        let expected = BTreeMap::from([(TableId::Customer, ConflictRule::RegisterWins)]);
        assert_eq!(rules_of([&downloads, &both]), expected);
        let mut state = EditState { rules: rules_of([&downloads]), ..state(ConflictRule::Latest, "1") };
        let refused = state.apply(&edit(&[(PHONE, Some("1"), "2")], |_| {})).unwrap_err();
        assert!(refused.contains("does not let"), "{refused}");
    }
}
