//! The working copy of a profile: what an administrator has, the draft of the store server that it began with, and
//! what was typed that is no number yet. Everything that an editor does to a profile is done here; nothing of the
//! page is known.

use std::collections::BTreeMap;

use holdfast_profile::{
    Finding, Profile, Scope, ScopeTable, Side, TableId, three_way_merge, three_way_merge_choosing,
    time_of_day, validate,
};
use holdfast_ui::messages::quotes_apart;
use serde::{Deserialize, Serialize};

use super::reorder::{is_at_or_below, move_item, paths_after_move, paths_after_removal, paths_outside};
use super::typed::{Typed, Wanted, read_count, read_time};
use crate::api::RenamedScope;

/// A line of the profile, beside its scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Stays the same wherever the line goes and whatever its scope is named.
    pub key: u32,
    /// What the store server knows the scope by; none where it is new.
    pub known_as: Option<String>,
}

/// A profile that is being edited.
///
/// Invariant: there is a line for each scope, in the same order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingCopy {
    /// Revision of the draft that it began with.
    pub base_revision: u64,
    /// That draft.
    pub base: Profile,
    /// What it is now.
    pub profile: Profile,
    /// What was typed where that is not simply what the profile holds, by the field's path.
    #[serde(default)]
    pub typed: BTreeMap<String, Typed>,
    /// The lines.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// When it was changed last, by this browser's clock.
    #[serde(default)]
    pub changed_at_ms: i64,
}

impl WorkingCopy {
    /// The store server's draft, unchanged.
    pub fn of(revision: u64, draft: Profile) -> WorkingCopy {
        let mut copy = WorkingCopy {
            base_revision: revision,
            base: draft.clone(),
            profile: draft,
            typed: BTreeMap::new(),
            lines: Vec::new(),
            changed_at_ms: 0,
        };
        copy.number_lines(&[]);
        copy
    }

    /// The same with its invariant, where it comes from outside.
    pub fn mended(mut self) -> WorkingCopy {
        if self.lines.len() != self.profile.scopes.len() {
            self.number_lines(&[]);
        }
        self
    }

    /// Whether it differs from what it began with.
    pub fn is_changed(&self) -> bool {
        self.holds_more_than(&self.base)
    }

    /// Whether it holds anything that a draft does not.
    pub fn holds_more_than(&self, draft: &Profile) -> bool {
        self.profile != *draft || self.typed.values().any(|typed| typed.wrong.is_some())
    }

    /// Whether it becomes what the store server has: that is newer than what it began with, and nothing is lost.
    pub fn follows(&self, revision: u64, draft: &Profile) -> bool {
        revision > self.base_revision && (!self.is_changed() || !self.holds_more_than(draft))
    }

    /// Everything that keeps it from being saved.
    pub fn findings(&self) -> Vec<Finding> {
        let wrong = |path: &str| self.typed.get(path).is_some_and(|typed| typed.wrong.is_some());
        let mut findings: Vec<Finding> = self
            .typed
            .iter()
            .filter_map(|(path, typed)| {
                let wanted = typed.wrong?;
                let (reason, mend) = (wanted.reason(&typed.text), wanted.mend().to_owned());
                Some(Finding { field: path.clone(), reason, mend })
            })
            .collect();
        // Where the text is no number, the number before it says nothing.
        findings.extend(validate(&self.profile).into_iter().filter(|finding| !wrong(&finding.field)));
        findings
    }

    /// Scopes that have another name than the store server knows them by.
    pub fn renamed_scopes(&self) -> Vec<RenamedScope> {
        let pairs = self.lines.iter().zip(&self.profile.scopes);
        pairs
            .filter_map(|(line, scope)| {
                let from = line.known_as.clone()?;
                (from != scope.name).then(|| RenamedScope { from, to: scope.name.clone() })
            })
            .collect()
    }

    /// The place of a line.
    pub fn place_of(&self, key: u32) -> Option<usize> {
        self.lines.iter().position(|line| line.key == key)
    }

    /// The scope of a line.
    pub fn scope(&self, key: u32) -> Option<&Scope> {
        self.profile.scopes.get(self.place_of(key)?)
    }

    /// The scope of a line, to be changed.
    pub fn scope_mut(&mut self, key: u32) -> Option<&mut Scope> {
        let place = self.place_of(key)?;
        self.profile.scopes.get_mut(place)
    }

    /// A table of a line's scope, to be changed.
    pub fn table_mut(&mut self, key: u32, place: usize) -> Option<&mut ScopeTable> {
        self.scope_mut(key)?.tables.get_mut(place)
    }

    /// Adds a scope behind the others and gives its line.
    pub fn add_scope(&mut self, scope: Scope, known: bool) -> u32 {
        let key = self.next_key();
        self.lines.push(Line { key, known_as: known.then(|| scope.name.clone()) });
        self.profile.scopes.push(scope);
        key
    }

    /// Removes a line.
    pub fn remove_line(&mut self, key: u32) {
        if let Some(place) = self.place_of(key) {
            self.lines.remove(place);
            self.profile.scopes.remove(place);
            self.change_paths(|texts| paths_after_removal(texts, "scopes", place));
        }
    }

    /// Moves a line to another place.
    pub fn move_line(&mut self, key: u32, to: usize) {
        let to = to.min(self.lines.len().saturating_sub(1));
        if let Some(from) = self.place_of(key) {
            move_item(&mut self.lines, from, to);
            move_item(&mut self.profile.scopes, from, to);
            self.change_paths(|texts| paths_after_move(texts, "scopes", from, to));
        }
    }

    /// Adds a table behind the others of a scope.
    pub fn add_table(&mut self, key: u32, table: TableId) {
        if let Some(scope) = self.scope_mut(key) {
            scope.tables.push(ScopeTable::whole(table));
        }
    }

    /// Removes a table from a scope.
    pub fn remove_table(&mut self, key: u32, place: usize) {
        let Some(list) = self.tables_path(key) else { return };
        if let Some(scope) = self.scope_mut(key)
            && place < scope.tables.len()
        {
            scope.tables.remove(place);
            self.change_paths(|texts| paths_after_removal(texts, &list, place));
        }
    }

    /// Moves a table to another place of its scope.
    pub fn move_table(&mut self, key: u32, from: usize, to: usize) {
        let Some(list) = self.tables_path(key) else { return };
        if let Some(scope) = self.scope_mut(key)
            && to < scope.tables.len()
        {
            move_item(&mut scope.tables, from, to);
            self.change_paths(|texts| paths_after_move(texts, &list, from, to));
        }
    }

    /// What a field for a number, an amount or a time shows: what was typed, else what the profile holds.
    pub fn shown(&self, path: &str, held: impl FnOnce() -> String) -> String {
        self.typed.get(path).map_or_else(held, |typed| typed.text.clone())
    }

    /// Takes a count where it is one; keeps what was typed anyway.
    pub fn type_count(&mut self, path: &str, text: String, set: impl FnOnce(&mut Profile, u32)) {
        let read = read_count(&text);
        if let Some(count) = read {
            set(&mut self.profile, count);
        }
        self.note(path, text, read.map(|count| count.to_string()), Wanted::Count);
    }

    /// Takes a time of day where it is one; keeps what was typed anyway.
    pub fn type_time(&mut self, path: &str, text: String, set: impl FnOnce(&mut Profile, u16)) {
        let read = read_time(&text);
        if let Some(minute) = read {
            set(&mut self.profile, minute);
        }
        self.note(path, text, read.map(time_of_day), Wanted::TimeOfDay);
    }

    /// Keeps what was typed at a path unless it is simply what the profile holds (`held`); none where it could not
    /// be read.
    pub fn note(&mut self, path: &str, text: String, held: Option<String>, wanted: Wanted) {
        if held.as_deref() == Some(text.as_str()) {
            self.typed.remove(path);
        } else {
            let wrong = held.is_none().then_some(wanted);
            self.typed.insert(path.to_owned(), Typed { text, wrong });
        }
    }

    /// Forgets what was typed at a path and below it: another choice took its place.
    pub fn forget_typed(&mut self, path: &str) {
        self.change_paths(|texts| paths_outside(texts, path));
    }

    /// Drops the texts of one condition or group and moves those behind it up.
    pub fn forget_typed_item(&mut self, list: &str, place: usize) {
        self.change_paths(|texts| paths_after_removal(texts, list, place));
    }

    /// Goes on from what the store server has after a save: `sent` is what was sent to it. What was typed meanwhile
    /// stays, and is compared with the same base as before where both sides changed the same.
    pub fn after_save(&mut self, sent: &Profile, revision: u64, saved: &Profile) {
        // Where both changed the same, the store server is asked again at the next save, with all three in hand.
        if let Ok(merged) = three_way_merge(sent, &self.profile, saved) {
            self.rebase(revision, saved.clone(), merged);
        }
    }

    /// Goes on from what another saved, together with what is here, and says whether it could: nothing changes where
    /// both changed the same and `choices` leave that open.
    pub fn merge_in(&mut self, revision: u64, draft: &Profile, choices: &BTreeMap<String, Side>) -> bool {
        match three_way_merge_choosing(&self.base, &self.profile, draft, choices) {
            Ok(merged) => {
                self.rebase(revision, draft.clone(), merged);
                true
            }
            Err(_) => false,
        }
    }

    /// Begins anew with another draft of the store server and `profile` as what it is now.
    pub fn rebase(&mut self, revision: u64, draft: Profile, profile: Profile) {
        let same_places = same_places(&profile, &self.profile);
        let before: Vec<(String, Line)> = self
            .profile
            .scopes
            .iter()
            .zip(&self.lines)
            .map(|(scope, line)| (scope.name.clone(), line.clone()))
            .collect();
        self.base_revision = revision;
        self.base = draft;
        if self.profile != profile {
            // What was typed and could be read may be another's value now; what could not is still to be mended.
            self.typed.retain(|_, typed| typed.wrong.is_some());
        }
        self.profile = profile;
        self.number_lines(&before);
        if !same_places {
            // The paths of these texts may name other scopes and tables now.
            self.forget_typed("scopes");
        }
    }

    /// The same for another profile, of which the store server has this draft: nothing that was typed is lost, and the
    /// store server knows none of the scopes by an earlier name.
    pub fn for_another(mut self, revision: u64, draft: Profile) -> WorkingCopy {
        for line in &mut self.lines {
            line.known_as = None;
        }
        let profile = self.profile.clone();
        self.rebase(revision, draft, profile);
        self
    }

    // Gives each scope a line: the one that a scope of its name had, else a new one.
    fn number_lines(&mut self, before: &[(String, Line)]) {
        let mut left: Vec<&(String, Line)> = before.iter().collect();
        let mut next = before.iter().map(|(_, line)| line.key + 1).max().unwrap_or(0);
        let known: Vec<&str> = self.base.scopes.iter().map(|scope| scope.name.as_str()).collect();
        self.lines = self
            .profile
            .scopes
            .iter()
            .map(|scope| {
                let known_as = known.contains(&scope.name.as_str()).then(|| scope.name.clone());
                match left.iter().position(|(name, _)| *name == scope.name) {
                    Some(at) => {
                        // Renamed, and not saved yet: the store server knows it by the name from before.
                        let line = &left.remove(at).1;
                        Line { key: line.key, known_as: known_as.or_else(|| line.known_as.clone()) }
                    }
                    None => {
                        next += 1;
                        Line { key: next - 1, known_as }
                    }
                }
            })
            .collect();
    }

    fn next_key(&self) -> u32 {
        self.lines.iter().map(|line| line.key + 1).max().unwrap_or(0)
    }

    fn tables_path(&self, key: u32) -> Option<String> {
        self.place_of(key).map(|place| format!("scopes[{place}].tables"))
    }

    fn change_paths(&mut self, change: impl FnOnce(BTreeMap<String, Typed>) -> BTreeMap<String, Typed>) {
        self.typed = change(std::mem::take(&mut self.typed));
    }
}

/// Whether two profiles have the same scopes and tables at the same places, so that a path names the same in both.
pub fn same_places(one: &Profile, other: &Profile) -> bool {
    let tables = |scope: &Scope| scope.tables.iter().map(|entry| entry.table).collect::<Vec<_>>();
    one.scopes.len() == other.scopes.len()
        && one
            .scopes
            .iter()
            .zip(&other.scopes)
            .all(|(one, other)| one.name == other.name && tables(one) == tables(other))
}

/// What is wrong at a path, in one text; what is wrong below it too where `below`.
pub fn error_at(findings: &[Finding], path: &str, below: bool) -> Option<String> {
    let about = |finding: &&Finding| finding.field == path || (below && is_at_or_below(&finding.field, path));
    let said: Vec<String> = findings.iter().filter(about).map(finding_words).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// What is wrong and how to mend it.
pub fn finding_words(finding: &Finding) -> String {
    quotes_apart(&format!("{} {}", finding.reason, finding.mend))
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_profile::{Frequency, default_profile};

    fn copy() -> WorkingCopy {
        WorkingCopy::of(3, default_profile())
    }

    #[test]
    fn a_copy_differs_as_soon_as_something_is_typed_and_no_longer_when_it_is_taken_back() {
        let mut copy = copy();
        let path = "device.offline_timeout_s";
        let set = |profile: &mut Profile, seconds| profile.device.offline_timeout_s = seconds;
        assert!(!copy.is_changed());
        copy.type_count(path, "x".to_owned(), set);
        assert!(copy.is_changed());
        assert_eq!(copy.shown(path, String::new), "x");
        assert_eq!(copy.findings().len(), 1);
        copy.type_count(path, "5".to_owned(), set);
        assert!(!copy.is_changed());
        assert!(copy.typed.is_empty() && copy.findings().is_empty());
    }

    #[test]
    fn what_is_no_number_is_said_once_and_kept() {
        let mut copy = copy();
        let path = "device.reconnect_interval_min";
        let set = |profile: &mut Profile, minutes| profile.device.reconnect_interval_min = minutes;
        copy.type_count(path, "0".to_owned(), set);
        assert!(error_at(&copy.findings(), path, false).unwrap().contains("at least 1"));
        copy.type_count(path, "ten".to_owned(), set);
        let said = error_at(&copy.findings(), path, false).unwrap();
        assert!(said.contains("ten") && !said.contains("at least 1"), "{said}");
    }

    #[test]
    fn lines_keep_their_keys_and_take_what_was_typed_along() {
        let mut copy = copy();
        let (first, last) = (copy.lines[0].key, copy.lines[6].key);
        copy.profile.scopes[6].frequency = Frequency::EveryMinutes { minutes: 15 };
        copy.type_count("scopes[6].frequency", "soon".to_owned(), |_, _| ());
        copy.move_line(last, 0);
        assert_eq!(copy.place_of(last), Some(0));
        assert_eq!(copy.place_of(first), Some(1));
        assert!(error_at(&copy.findings(), "scopes[0].frequency", false).is_some());
        copy.remove_line(first);
        assert_eq!((copy.place_of(first), copy.lines.len()), (None, copy.profile.scopes.len()));
        copy.move_line(last, 99);
        assert_eq!(copy.place_of(last), Some(5));
    }

    #[test]
    fn a_scope_of_another_name_is_renamed_and_a_new_one_is_not() {
        let mut copy = copy();
        let staff = copy.lines[2].key;
        copy.scope_mut(staff).unwrap().name = "People".to_owned();
        let scope = Scope { name: "New".to_owned(), ..copy.profile.scopes[0].clone() };
        let added = copy.add_scope(scope, false);
        copy.scope_mut(added).unwrap().name = "Newer".to_owned();
        assert_eq!(
            copy.renamed_scopes(),
            [RenamedScope { from: "Staff".to_owned(), to: "People".to_owned() }]
        );
    }

    #[test]
    fn what_is_typed_while_a_save_is_under_way_stays_typed() {
        let mut copy = copy();
        copy.profile.description = "Sent.".to_owned();
        let sent = copy.profile.clone();
        copy.profile.device.offline_timeout_s = 9;
        let mut saved = sent.clone();
        saved.device.reconnect_interval_min = 2;
        copy.after_save(&sent, 4, &saved);
        assert_eq!(copy.base_revision, 4);
        assert_eq!(copy.base, saved);
        assert_eq!(
            copy.profile,
            Profile {
                device: holdfast_profile::DeviceConfiguration {
                    offline_timeout_s: 9,
                    ..saved.device.clone()
                },
                ..saved
            }
        );
    }

    #[test]
    fn what_both_changed_while_a_save_was_under_way_is_left_to_the_next_save() {
        let mut copy = copy();
        let sent = copy.profile.clone();
        copy.profile.description = "Mine.".to_owned();
        let mut saved = sent.clone();
        saved.description = "Theirs.".to_owned();
        copy.after_save(&sent, 4, &saved);
        assert_eq!((copy.base_revision, copy.profile.description.as_str()), (3, "Mine."));
    }

    #[test]
    fn what_is_typed_while_another_is_merged_in_stays_and_the_newest_draft_is_what_it_goes_on_from() {
        let mut copy = copy();
        copy.profile.device.offline_timeout_s = 9;
        let mut theirs = copy.base.clone();
        theirs.description = "Theirs.".to_owned();
        theirs.device.reconnect_interval_min = 2;
        // Typed after the save was sent.
        copy.profile.name = "Mine".to_owned();
        assert!(copy.merge_in(5, &theirs, &BTreeMap::new()));
        assert_eq!((copy.base_revision, &copy.base), (5, &theirs));
        assert_eq!((copy.profile.name.as_str(), copy.profile.description.as_str()), ("Mine", "Theirs."));
        assert_eq!(copy.profile.device.offline_timeout_s, 9);
        assert_eq!(copy.profile.device.reconnect_interval_min, 2);
    }

    #[test]
    fn merging_in_needs_a_choice_where_both_changed_the_same() {
        let mut copy = copy();
        copy.profile.description = "Mine.".to_owned();
        let mut theirs = copy.base.clone();
        theirs.description = "Theirs.".to_owned();
        let before = copy.clone();
        assert!(!copy.merge_in(5, &theirs, &BTreeMap::new()));
        assert_eq!(copy, before);
        assert!(copy.merge_in(5, &theirs, &[("description".to_owned(), Side::Mine)].into()));
        assert_eq!((copy.base_revision, copy.profile.description.as_str()), (5, "Mine."));
    }

    #[test]
    fn a_scope_that_is_renamed_while_a_save_is_under_way_is_still_renamed_afterwards() {
        let mut copy = copy();
        copy.profile.description = "Sent.".to_owned();
        let sent = copy.profile.clone();
        let staff = copy.lines[2].key;
        copy.scope_mut(staff).unwrap().name = "People".to_owned();
        copy.after_save(&sent, 4, &sent);
        let renamed = [RenamedScope { from: "Staff".to_owned(), to: "People".to_owned() }];
        assert_eq!(copy.renamed_scopes(), renamed);
        assert_eq!(copy.place_of(staff), Some(2));
        let sent = copy.profile.clone();
        copy.after_save(&sent, 5, &sent);
        assert_eq!(copy.renamed_scopes(), []);
    }

    #[test]
    fn what_was_typed_and_read_gives_way_to_anothers_value_and_what_is_wrong_stays() {
        let mut copy = copy();
        copy.type_count("device.offline_timeout_s", " 5 ".to_owned(), |profile, seconds| {
            profile.device.offline_timeout_s = seconds;
        });
        copy.type_count("device.reconnect_interval_min", "soon".to_owned(), |_, _| ());
        let draft = copy.base.clone();
        copy.rebase(4, draft.clone(), copy.profile.clone());
        assert_eq!(copy.shown("device.offline_timeout_s", String::new), " 5 ");
        let mut theirs = draft;
        theirs.device.offline_timeout_s = 11;
        copy.rebase(5, theirs.clone(), theirs);
        assert_eq!(copy.shown("device.offline_timeout_s", || "11".to_owned()), "11");
        assert_eq!(copy.shown("device.reconnect_interval_min", String::new), "soon");
    }

    #[test]
    fn a_copy_follows_newer_drafts_only_and_never_loses_anything_by_it() {
        let mut copy = copy();
        let mut newer = copy.base.clone();
        newer.description = "Newer.".to_owned();
        assert!(copy.follows(4, &newer));
        // An answer that was on its way while this was saved.
        assert!(!copy.follows(3, &newer) && !copy.follows(2, &newer));
        copy.profile.description = "Mine.".to_owned();
        assert!(!copy.follows(4, &newer));
        copy.profile.description.clone_from(&newer.description);
        assert!(copy.follows(4, &newer), "another saved the same");
        copy.type_count("device.offline_timeout_s", "soon".to_owned(), |_, _| ());
        assert!(!copy.follows(4, &newer));
    }

    #[test]
    fn what_was_kept_and_is_what_the_store_server_has_holds_nothing_more() {
        let mut kept = copy();
        kept.profile.description = "Mine, and saved by another.".to_owned();
        let draft = kept.profile.clone();
        assert!(kept.is_changed() && !kept.holds_more_than(&draft));
        kept.type_count("device.offline_timeout_s", "soon".to_owned(), |_, _| ());
        assert!(kept.holds_more_than(&draft));
    }

    #[test]
    fn a_copy_that_was_kept_by_another_version_gets_its_lines() {
        let mut kept = copy();
        kept.lines.pop();
        let mended = kept.mended();
        assert_eq!(mended.lines.len(), mended.profile.scopes.len());
    }

    #[test]
    fn what_was_typed_about_a_table_never_comes_to_stand_at_another_one() {
        let mut copy = copy();
        let path = "scopes[3].tables[1].filter.parts[0].test";
        copy.note(path, "x".to_owned(), None, Wanted::WholeNumber);
        let mut theirs = copy.base.clone();
        theirs.scopes[3].tables[1].conflict_rule = None;
        theirs.description = "Theirs.".to_owned();
        copy.rebase(4, theirs.clone(), theirs.clone());
        assert!(copy.typed.contains_key(path));
        theirs.scopes[3].tables.remove(0);
        copy.rebase(5, theirs.clone(), theirs);
        assert!(copy.typed.is_empty());
    }

    #[test]
    fn tables_move_with_what_was_typed_about_them() {
        let mut copy = copy();
        let products = copy.lines[3].key;
        let path = "scopes[3].tables[1].filter.parts[0].test";
        copy.note(path, "x".to_owned(), None, Wanted::WholeNumber);
        copy.move_table(products, 1, 0);
        assert!(copy.typed.contains_key("scopes[3].tables[0].filter.parts[0].test"));
        copy.remove_table(products, 0);
        assert!(copy.typed.is_empty());
        assert_eq!(copy.scope(products).unwrap().tables[0].table, TableId::Category);
        copy.add_table(products, TableId::Product);
        assert_eq!(copy.scope(products).unwrap().tables.len(), 3);
    }
}
