//! Two administrators edit the same profile.

use std::collections::BTreeMap;

use holdfast_profile::{
    Direction, FieldValue, MergeConflict, Profile, RowFilter, ScopeTable, Side, TableId, Test,
    default_profile, three_way_merge, three_way_merge_choosing, validate,
};
use proptest::prelude::*;

use crate::builders::{any_profile, three_versions};

type Merged = Result<Profile, Vec<MergeConflict>>;

/// The same outcome as the other one sees it.
fn swapped(merged: Merged) -> Merged {
    merged.map_err(|conflicts| {
        let swap = |conflict: MergeConflict| MergeConflict {
            mine: conflict.theirs,
            theirs: conflict.mine,
            ..conflict
        };
        conflicts.into_iter().map(swap).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_change_of_one_side_is_taken(base in any_profile(), changed in any_profile()) {
        prop_assert_eq!(three_way_merge(&base, &changed, &base), Ok(changed.clone()));
        prop_assert_eq!(three_way_merge(&base, &base, &changed), Ok(changed.clone()));
        prop_assert_eq!(three_way_merge(&base, &changed, &changed), Ok(changed));
    }

    #[test]
    fn a_change_elsewhere_leaves_all_else(base in any_profile(), mut changed in any_profile()) {
        // The other side changes one setting, so the scopes go through the merge piece by piece.
        changed.name = base.name.clone();
        let renamed = Profile { name: "renamed".into(), ..base.clone() };
        let both = Profile { name: "renamed".into(), ..changed.clone() };
        prop_assert_eq!(three_way_merge(&base, &changed, &renamed), Ok(both.clone()));
        prop_assert_eq!(three_way_merge(&base, &renamed, &changed), Ok(both));
    }

    #[test]
    fn it_does_not_matter_who_merges(base in any_profile(), mine in any_profile(), theirs in any_profile()) {
        prop_assert_eq!(three_way_merge(&base, &mine, &theirs), swapped(three_way_merge(&base, &theirs, &mine)));
    }

    #[test]
    fn it_does_not_matter_who_merges_after_few_edits((base, mine, theirs) in three_versions()) {
        prop_assert_eq!(three_way_merge(&base, &mine, &theirs), swapped(three_way_merge(&base, &theirs, &mine)));
    }

    #[test]
    fn each_conflict_names_another_field(base in any_profile(), mine in any_profile(), theirs in any_profile()) {
        if let Err(conflicts) = three_way_merge(&base, &mine, &theirs) {
            let mut fields: Vec<&String> = conflicts.iter().map(|conflict| &conflict.field).collect();
            fields.sort();
            fields.dedup();
            prop_assert_eq!(fields.len(), conflicts.len());
        }
    }

    #[test]
    fn a_conflict_shows_two_values((base, mine, theirs) in three_versions()) {
        for conflict in three_way_merge(&base, &mine, &theirs).err().into_iter().flatten() {
            prop_assert!(conflict.mine != conflict.theirs, "{:?}", conflict);
            prop_assert!(conflict.mine != conflict.base && conflict.theirs != conflict.base, "{:?}", conflict);
        }
    }

    #[test]
    fn choices_settle_every_merge((base, mine, theirs) in three_versions(), side in prop_oneof![Just(Side::Mine), Just(Side::Theirs)]) {
        let mut choices = BTreeMap::new();
        let mut rounds = 0;
        while let Err(conflicts) = three_way_merge_choosing(&base, &mine, &theirs, &choices) {
            let known = choices.len();
            choices.extend(conflicts.into_iter().map(|conflict| (conflict.field, side)));
            prop_assert!(choices.len() > known, "a conflict that was settled came again");
            rounds += 1;
            prop_assert!(rounds < 10);
        }
    }

    #[test]
    fn what_nobody_took_away_is_still_there((base, mine, theirs) in three_versions()) {
        if let Ok(merged) = three_way_merge(&base, &mine, &theirs) {
            for table in TableId::ALL {
                let [in_base, in_mine, in_theirs, in_merged] =
                    [&base, &mine, &theirs, &merged].map(|profile| profile.entry(table).is_some());
                let expected = if in_base { in_mine && in_theirs } else { in_mine || in_theirs };
                prop_assert_eq!(in_merged, expected, "{}", table);
            }
        }
    }
}

fn merge(mine: impl FnOnce(&mut Profile), theirs: impl FnOnce(&mut Profile)) -> Merged {
    let base = default_profile();
    let (mut my_profile, mut their_profile) = (base.clone(), base.clone());
    mine(&mut my_profile);
    theirs(&mut their_profile);
    three_way_merge(&base, &my_profile, &their_profile)
}

fn fields(merged: Merged) -> Vec<String> {
    merged.expect_err("a conflict").into_iter().map(|conflict| conflict.field).collect()
}

#[test]
fn changes_of_different_fields_are_both_taken() {
    let filter = RowFilter::of("rank", Test::Over { number: 0 });
    let merged = merge(
        |mine| {
            mine.device.offline_timeout_s = 20;
            mine.scopes[3].tables[1].filter = Some(filter.clone());
            mine.scopes.remove(5);
        },
        |theirs| {
            theirs.device.reconnect_interval_min = 3;
            theirs.scopes[3].name = "Goods".into();
            theirs.scopes[2].description = "Cashiers".into();
        },
    )
    .unwrap();
    assert_eq!((merged.device.offline_timeout_s, merged.device.reconnect_interval_min), (20, 3));
    assert_eq!(
        (merged.scopes[3].name.as_str(), &merged.scopes[3].tables[1].filter),
        ("Goods", &Some(filter))
    );
    assert_eq!((merged.scopes[2].description.as_str(), merged.scopes.len()), ("Cashiers", 6));
    assert_eq!(validate(&merged), []);
}

#[test]
fn a_table_that_one_side_moves_keeps_what_the_other_says_of_it() {
    let filter = RowFilter::of("price_minor", Test::Over { number: 100 });
    let merged = merge(
        |mine| {
            let moved = mine.scopes.remove(4).tables;
            mine.scopes[3].tables.extend(moved);
        },
        |theirs| theirs.scopes[4].tables[0].filter = Some(filter.clone()),
    )
    .unwrap();
    let (scope, entry) = merged.entry(TableId::Price).unwrap();
    assert_eq!((scope.name.as_str(), entry.filter.as_ref()), ("Products and barcodes", Some(&filter)));
}

#[test]
fn a_field_that_both_change_in_another_way_shows_both_values() {
    let conflicts =
        merge(|mine| mine.device.offline_timeout_s = 2, |theirs| theirs.device.offline_timeout_s = 20)
            .unwrap_err();
    assert_eq!(
        conflicts,
        [MergeConflict {
            field: "device.offline_timeout_s".into(),
            base: Some(FieldValue::Seconds(5)),
            mine: Some(FieldValue::Seconds(2)),
            theirs: Some(FieldValue::Seconds(20)),
        }]
    );
    let same =
        merge(|mine| mine.device.offline_timeout_s = 20, |theirs| theirs.device.offline_timeout_s = 20);
    assert_eq!(same.unwrap().device.offline_timeout_s, 20);
}

#[test]
fn what_one_side_removes_and_the_other_changes_is_a_conflict() {
    let removed = |profile: &mut Profile| drop(profile.scopes.remove(5));
    assert_eq!(
        fields(merge(removed, |theirs| theirs.scopes[5].direction = Direction::Download)),
        ["scopes[\"Customers\"]"]
    );
    let filter = RowFilter::of("country", Test::Contains { text: "land".into() });
    assert_eq!(
        fields(merge(removed, |theirs| theirs.scopes[5].tables[0].filter = Some(filter))),
        ["tables.customer"]
    );
    let hardware = ScopeTable::whole(TableId::Hardware);
    assert_eq!(
        fields(merge(removed, |theirs| theirs.scopes[5].tables.push(hardware))),
        ["scopes[\"Customers\"]"],
        "a table that one side adds to a scope that the other removes"
    );
}

#[test]
fn orders_that_both_change_are_a_conflict() {
    let conflict = fields(merge(|mine| mine.scopes.swap(0, 1), |theirs| theirs.scopes.swap(0, 5)));
    assert_eq!(conflict, ["scopes"]);
    let conflict =
        fields(merge(|mine| mine.scopes[1].tables.swap(0, 1), |theirs| theirs.scopes[1].tables.swap(1, 2)));
    assert_eq!(conflict, ["scopes[\"Currency, tax, tenders\"].tables"]);
}

#[test]
fn two_moves_of_a_table_are_a_conflict_and_a_choice_settles_it() {
    let base = default_profile();
    let moved = |to: usize| {
        let mut profile = base.clone();
        let staff = profile.scopes[2].tables.remove(0);
        profile.scopes[to].tables.push(staff);
        profile
    };
    let (mine, theirs) = (moved(1), moved(0));
    assert_eq!(fields(three_way_merge(&base, &mine, &theirs)), ["tables.staff.scope"]);
    let choices = BTreeMap::from([("tables.staff.scope".to_owned(), Side::Theirs)]);
    assert_eq!(three_way_merge_choosing(&base, &mine, &theirs, &choices), Ok(theirs));
}
