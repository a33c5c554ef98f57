//! Two tabs of one browser that edit the same profile: what both have, together, so that neither drops what was typed
//! in the other.

use std::collections::BTreeMap;

use holdfast_profile::three_way_merge;

use super::reorder::is_at_or_below;
use super::typed::Typed;
use super::working_copy::{WorkingCopy, same_places};

/// What is here with what the other tab kept (`theirs`); `last` is what both had last. None where both changed the
/// same: then each keeps its own.
pub fn together(last: Option<&WorkingCopy>, mine: &WorkingCopy, theirs: &WorkingCopy) -> Option<WorkingCopy> {
    // Where one of the tabs has saved meanwhile, both go on from that.
    let newest =
        [Some(mine), Some(theirs), last].into_iter().flatten().max_by_key(|copy| copy.base_revision)?;
    let (revision, draft) = (newest.base_revision, &newest.base);
    let now = |copy: &WorkingCopy| {
        if copy.base_revision == revision {
            Some(copy.profile.clone())
        } else {
            three_way_merge(&copy.base, &copy.profile, draft).ok()
        }
    };
    let before = last.map_or_else(|| Some(draft.clone()), now)?;
    let merged = three_way_merge(&before, &now(mine)?, &now(theirs)?).ok()?;

    let nothing = BTreeMap::new();
    let typed = texts(last.map_or(&nothing, |last| &last.typed), &mine.typed, &theirs.typed)?;
    let same = same_places(&merged, &mine.profile) && same_places(&merged, &theirs.profile);
    if !same && typed.iter().any(|(path, text)| text.wrong.is_some() && is_at_or_below(path, "scopes")) {
        // The path of this text names another scope or table in one of the two.
        return None;
    }
    let mut copy = mine.clone();
    copy.typed = typed;
    copy.rebase(revision, draft.clone(), merged);
    for (line, scope) in copy.lines.iter_mut().zip(&copy.profile.scopes) {
        if line.known_as.is_none() {
            // Renamed there, and not saved yet.
            let place = theirs.profile.scopes.iter().position(|other| other.name == scope.name);
            line.known_as = place.and_then(|place| theirs.lines.get(place)?.known_as.clone());
        }
    }
    Some(copy)
}

/// Whether two copies hold the same.
pub fn hold_the_same(one: &WorkingCopy, other: &WorkingCopy) -> bool {
    one.base_revision == other.base_revision && one.profile == other.profile && one.typed == other.typed
}

/// What was typed in both; none where different texts at one place are still to be mended.
fn texts(
    last: &BTreeMap<String, Typed>,
    mine: &BTreeMap<String, Typed>,
    theirs: &BTreeMap<String, Typed>,
) -> Option<BTreeMap<String, Typed>> {
    let mut all = BTreeMap::new();
    for path in mine.keys().chain(theirs.keys()) {
        let (before, here, there) = (last.get(path), mine.get(path), theirs.get(path));
        let text = if here == there || there == before {
            here
        } else if here == before {
            there
        } else if [here, there].into_iter().flatten().any(|text| text.wrong.is_some()) {
            return None;
        } else {
            // Both could be read: the profile holds them.
            None
        };
        if let Some(text) = text {
            all.insert(path.clone(), text.clone());
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::RenamedScope;
    use crate::profiles::editor::typed::Wanted;
    use holdfast_profile::default_profile;

    const TIMEOUT: &str = "device.offline_timeout_s";

    fn copy() -> WorkingCopy {
        WorkingCopy::of(3, default_profile())
    }

    fn described(words: &str) -> WorkingCopy {
        let mut copy = copy();
        copy.profile.description = words.to_owned();
        copy
    }

    #[test]
    fn what_was_typed_in_either_tab_is_in_both() {
        let mine = described("Mine.");
        let mut theirs = copy();
        theirs.profile.device.offline_timeout_s = 9;
        theirs.type_count("device.reconnect_interval_min", "soon".to_owned(), |_, _| ());
        let both = together(None, &mine, &theirs).unwrap();
        assert_eq!((both.profile.description.as_str(), both.profile.device.offline_timeout_s), ("Mine.", 9));
        assert!(both.typed.contains_key("device.reconnect_interval_min"));
        // The other tab comes to the same, and neither writes again.
        assert!(hold_the_same(&together(Some(&theirs), &theirs, &both).unwrap(), &both));
        assert!(!hold_the_same(&mine, &both));
    }

    #[test]
    fn what_went_in_one_tab_goes_in_the_other() {
        let mut last = described("Both.");
        last.type_count(TIMEOUT, "soon".to_owned(), |_, _| ());
        let both = together(Some(&last), &last, &described("Both, and more.")).unwrap();
        assert_eq!(both.profile.description, "Both, and more.");
        assert!(both.typed.is_empty());
    }

    #[test]
    fn where_both_changed_the_same_each_keeps_its_own() {
        assert_eq!(together(None, &described("Mine."), &described("Theirs.")), None);
        let (mut mine, mut theirs) = (copy(), copy());
        mine.type_count(TIMEOUT, "soon".to_owned(), |_, _| ());
        theirs.type_count(TIMEOUT, "late".to_owned(), |_, _| ());
        assert_eq!(together(None, &mine, &theirs), None);
    }

    #[test]
    fn what_the_other_tab_has_saved_is_not_taken_back() {
        // This tab has saved; the other one began before that and has not looked since.
        let mut saved = default_profile();
        saved.description = "Saved.".to_owned();
        let mine = WorkingCopy::of(4, saved.clone());
        let mut theirs = copy();
        theirs.profile.device.offline_timeout_s = 9;
        let both = together(None, &mine, &theirs).unwrap();
        assert_eq!((both.base_revision, &both.base), (4, &saved));
        assert_eq!((both.profile.description.as_str(), both.profile.device.offline_timeout_s), ("Saved.", 9));
        assert_eq!(together(None, &mine, &described("Theirs.")), None);
    }

    #[test]
    fn a_scope_that_was_renamed_in_the_other_tab_is_renamed_here() {
        let mut theirs = copy();
        let staff = theirs.lines[2].key;
        theirs.scope_mut(staff).unwrap().name = "People".to_owned();
        let both = together(None, &described("Mine."), &theirs).unwrap();
        assert_eq!(
            both.renamed_scopes(),
            [RenamedScope { from: "Staff".to_owned(), to: "People".to_owned() }]
        );
    }

    #[test]
    fn a_text_of_a_scope_is_not_taken_for_one_of_another_scope() {
        let mut mine = copy();
        let first = mine.lines[0].key;
        mine.remove_line(first);
        let mut theirs = copy();
        theirs.type_count("scopes[6].frequency", "soon".to_owned(), |_, _| ());
        assert_eq!(together(None, &mine, &theirs), None);
    }

    #[test]
    fn a_text_of_a_table_is_not_taken_for_one_of_another_table() {
        let mut mine = copy();
        let products = mine.lines[3].key;
        mine.remove_table(products, 0);
        let mut theirs = copy();
        let path = "scopes[3].tables[1].filter.parts[0].test";
        theirs.note(path, "x".to_owned(), None, Wanted::WholeNumber);
        assert_eq!(together(None, &mine, &theirs), None);
        // Where the tables stay where they are, so does the text.
        let both = together(None, &described("Mine."), &theirs).unwrap();
        assert!(both.typed.contains_key(path));
    }
}
