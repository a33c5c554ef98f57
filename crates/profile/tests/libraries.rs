//! Drafts that share scopes by their names.

use std::collections::BTreeMap;

use holdfast_profile::{
    Direction, Draft, Frequency, Library, LibraryChange, Profile, Scope, ScopeRename, ScopeTable, Side,
    TableId, default_profile, name_key, validate,
};
use proptest::prelude::*;

fn profile(name: &str) -> Profile {
    Profile { name: name.to_owned(), ..default_profile() }
}

fn two() -> Library {
    Library {
        drafts: vec![
            Draft { id: 1, profile: default_profile() },
            Draft { id: 2, profile: profile("Garden") },
        ],
        unused: Vec::new(),
    }
}

/// The library after a change.
fn after(mut library: Library, change: LibraryChange) -> Library {
    for draft in change.drafts {
        library.drafts.retain(|kept| kept.id != draft.id);
        library.drafts.push(draft);
    }
    library.drafts.sort_by_key(|draft| draft.id);
    library.unused = change.unused;
    library
}

fn check(library: &Library) {
    let mut scopes: BTreeMap<String, &Scope> = BTreeMap::new();
    for draft in &library.drafts {
        assert_eq!(validate(&draft.profile), [], "{}", draft.profile.name);
        for scope in &draft.profile.scopes {
            let known = scopes.entry(name_key(&scope.name)).or_insert(scope);
            assert_eq!(*known, scope, "one name, one scope");
        }
    }
    for scope in &library.unused {
        assert!(scopes.insert(name_key(&scope.name), scope).is_none(), "{} is used", scope.name);
    }
}

#[test]
fn a_scope_that_is_changed_in_one_profile_changes_in_the_others() {
    let mut mine = default_profile();
    mine.scopes[2].frequency = Frequency::ByHand;
    let change = two().save(1, mine.clone(), &[]).unwrap();
    assert_eq!(change.shared, BTreeMap::from([(2, vec!["Staff".to_owned()])]));
    let library = after(two(), change);
    check(&library);
    assert_eq!(library.draft(2).unwrap().scopes, mine.scopes);
    assert_eq!(library.draft(2).unwrap().name, "Garden");
}

#[test]
fn a_scope_that_nobody_touched_is_left_alone() {
    let mut library = two();
    // As an earlier version may have left it.
    library.drafts[1].profile.scopes[2].frequency = Frequency::ByHand;
    let mine = Profile { description: "Other words.".to_owned(), ..default_profile() };
    let change = library.save(1, mine, &[]).unwrap();
    assert_eq!(change.drafts.len(), 1);
}

#[test]
fn a_rename_reaches_every_profile_and_leaves_nothing_behind() {
    let mut mine = default_profile();
    mine.scopes[2].name = "People".to_owned();
    let rename = ScopeRename { from: "Staff".to_owned(), to: "People".to_owned() };
    let library = after(two(), two().save(1, mine.clone(), &[rename]).unwrap());
    check(&library);
    assert_eq!(library.draft(2).unwrap().scopes, mine.scopes);
    assert_eq!(library.unused, []);
    // Without saying so, one went and another came.
    let library = after(two(), two().save(1, mine, &[]).unwrap());
    check(&library);
    assert_eq!(library.draft(2).unwrap().scopes[2].name, "Staff");
    let library = after(library.clone(), library.without(2));
    assert_eq!(library.unused.iter().map(|scope| scope.name.as_str()).collect::<Vec<_>>(), ["Staff"]);
}

#[test]
fn the_library_holds_so_many_scopes_that_no_profile_uses_and_one_more_is_refused() {
    let unused = |count: usize| {
        let model = default_profile().scopes[2].clone();
        (0..count).map(move |at| Scope { name: format!("Unused {at}"), ..model.clone() })
    };
    let mut without = default_profile();
    without.scopes.remove(5);
    let library = |count| Library {
        drafts: vec![Draft { id: 1, profile: default_profile() }],
        unused: unused(count).collect(),
    };
    let change = library(499).save(1, without.clone(), &[]).unwrap();
    assert_eq!(change.unused.len(), 500);
    let findings = library(500).save(1, without.clone(), &[]).unwrap_err();
    assert_eq!(findings.len(), 1);
    assert_eq!(
        findings[0].to_string(),
        "scopes: The library holds 500 scopes that no profile uses. Delete some of those scopes first."
    );
    // Whoever adds none is not kept from saving.
    let described = Profile { description: "Other words.".to_owned(), ..default_profile() };
    for count in [500, 501] {
        assert_eq!(library(count).save(1, described.clone(), &[]).unwrap().unused.len(), count);
    }
}

#[test]
fn a_rename_to_a_name_that_another_scope_has_is_refused() {
    let mut library = two();
    library.unused.push(Scope { name: "People".to_owned(), ..default_profile().scopes[2].clone() });
    let mut mine = default_profile();
    mine.scopes[2].name = "people".to_owned();
    let rename = ScopeRename { from: "Staff".to_owned(), to: "people".to_owned() };
    let findings = library.save(1, mine, &[rename]).unwrap_err();
    assert_eq!(findings[0].field, "scopes[2].name");
}

#[test]
fn a_change_that_another_profile_can_not_take_is_refused_with_its_name() {
    let mut library = two();
    // The other profile has the table of customers in a scope of its own.
    let theirs = &mut library.drafts[1].profile.scopes;
    theirs[5] = Scope { name: "Buyers".to_owned(), ..theirs[5].clone() };
    let mut mine = default_profile();
    mine.scopes[5].tables.clear();
    mine.scopes[5].tables.push(ScopeTable::whole(TableId::SuspendedSale));
    mine.scopes[2].direction = Direction::Download;
    mine.scopes[2].tables.push(ScopeTable::whole(TableId::Customer));
    let findings = library.save(1, mine, &[]).unwrap_err();
    assert!(
        findings.iter().any(|found| found.field == "scopes[2]" && found.reason.contains("“Garden”")),
        "{findings:?}"
    );
}

#[test]
fn two_profiles_never_have_one_name() {
    for name in ["Garden", " garden", "GAR\u{200b}DEN"] {
        let findings = two().save(1, profile(name), &[]).unwrap_err();
        assert_eq!(findings[0].field, "name", "{name}");
        assert!(two().save(2, profile(name), &[]).is_ok(), "{name}");
    }
}

#[test]
fn a_scope_that_is_added_and_differs_from_the_library_wants_a_choice() {
    let mut library = two();
    library.drafts[0].profile.scopes.remove(2);
    let mut mine = default_profile();
    mine.scopes[2].frequency = Frequency::ByHand;
    let settle = |choices: &BTreeMap<String, Side>| library.settle_added(1, mine.clone(), &[], choices);
    let conflicts = settle(&BTreeMap::new()).unwrap_err();
    assert_eq!((conflicts.len(), conflicts[0].field.as_str()), (1, "library[\"Staff\"]"));
    let chosen = |side| settle(&BTreeMap::from([("library[\"Staff\"]".to_owned(), side)])).unwrap();
    assert_eq!(chosen(Side::Mine), mine);
    assert_eq!(chosen(Side::Theirs), default_profile());
    // A scope that no profile holds is not replaced unasked either.
    let one = after(library.clone(), library.without(2));
    let one = Library { drafts: vec![one.drafts[0].clone()], ..one };
    assert_eq!(one.unused.iter().map(|scope| scope.name.as_str()).collect::<Vec<_>>(), ["Staff"]);
    let settle = |choices: &BTreeMap<String, Side>| one.settle_added(1, mine.clone(), &[], choices);
    assert_eq!(settle(&BTreeMap::new()).unwrap_err(), conflicts);
    let chosen = |side| settle(&BTreeMap::from([("library[\"Staff\"]".to_owned(), side)])).unwrap();
    assert_eq!((chosen(Side::Mine), chosen(Side::Theirs)), (mine.clone(), default_profile()));
    assert!(
        one.settle_added(1, default_profile(), &[], &BTreeMap::new()).is_ok(),
        "the same is no other one"
    );
    // What the profile has already is merged, not settled here.
    assert_eq!(two().settle_added(1, mine.clone(), &[], &BTreeMap::new()), Ok(mine));
}

#[test]
fn what_comes_from_elsewhere_takes_names_of_its_own() {
    let mut other = profile("Garden 2");
    other.scopes[2].frequency = Frequency::ByHand;
    let (named, renames) = two().with_own_names(other.clone());
    assert_eq!(renames, [ScopeRename { from: "Staff".to_owned(), to: "Staff 2".to_owned() }]);
    let library = after(two(), two().save(3, named, &[]).unwrap());
    check(&library);
    assert_eq!(library.draft(1), Some(&default_profile()));
    // Once more, and with a name that has no room for a number.
    let long = "x".repeat(60);
    other.name = "Third".to_owned();
    other.scopes[2].frequency = Frequency::EveryMinutes { minutes: 7 };
    let (named, _) = library.with_own_names(other.clone());
    assert_eq!(named.scopes[2].name, "Staff 3");
    let mut crowded = library;
    crowded.unused.push(Scope { name: long.clone(), ..default_profile().scopes[2].clone() });
    other.scopes[2].name = long;
    let (named, _) = crowded.with_own_names(other);
    assert_eq!(named.scopes[2].name, format!("{} 2", "x".repeat(58)));
}

/// What an administrator does to a scope.
fn edit(profile: &mut Profile, at: usize, minutes: u32, kind: u8, renames: &mut Vec<ScopeRename>) {
    let count = profile.scopes.len();
    if count == 0 {
        return;
    }
    let scope = &mut profile.scopes[at % count];
    match kind {
        0 => scope.frequency = Frequency::EveryMinutes { minutes },
        1 => scope.description.push('!'),
        2 => {
            let to = format!("{} {}", &scope.name[..1], at % 3);
            renames.push(ScopeRename { from: scope.name.clone(), to: to.clone() });
            scope.name = to;
        }
        3 => drop(profile.scopes.remove(at % count)),
        4 => {
            let tables = std::mem::take(&mut scope.tables);
            profile.scopes[(at + 1) % count].tables.extend(tables);
        }
        _ => {
            let shipped = default_profile().scopes;
            profile.scopes.push(shipped[at % shipped.len()].clone());
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_saved_one_name_is_one_scope_and_no_scope_is_lost(
        saves in prop::collection::vec((1u64..5, any::<bool>(), prop::collection::vec((0u8..6, 0usize..40, 1u32..8), 1..4)), 1..12)
    ) {
        let mut library = two();
        for (id, drops, edits) in saves {
            let names_before: Vec<String> =
                library.scopes().iter().map(|(scope, _)| name_key(&scope.name)).collect();
            if drops && library.drafts.len() > 1 {
                library = after(library.clone(), library.without(id));
                library.drafts.retain(|draft| draft.id != id);
                let names: Vec<String> = library.scopes().iter().map(|(scope, _)| name_key(&scope.name)).collect();
                prop_assert_eq!(names_before, names);
                check(&library);
                continue;
            }
            let is_new = library.draft(id).is_none();
            let mut mine = library.draft(id).cloned().unwrap_or_else(|| profile(&format!("Number {id}")));
            let mut renames = Vec::new();
            for (kind, at, minutes) in edits {
                edit(&mut mine, at, minutes, kind, &mut renames);
            }
            if is_new {
                (mine, _) = library.with_own_names(mine);
            }
            let Ok(mine) = library.settle_added(id, mine, &renames, &BTreeMap::new()) else { continue };
            let Ok(change) = library.save(id, mine.clone(), &renames) else { continue };
            prop_assert!(!is_new || change.shared.is_empty(), "an addition changes no draft");
            library = after(library, change);
            check(&library);
            prop_assert_eq!(library.draft(id), Some(&mine));
            let renamed: Vec<String> = renames.iter().map(|rename| name_key(&rename.from)).collect();
            for name in names_before {
                let there = library.scopes().iter().any(|(scope, _)| name_key(&scope.name) == name);
                prop_assert!(there || renamed.contains(&name), "{} is lost", name);
            }
        }
    }
}
