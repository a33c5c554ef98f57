//! Tables that come, go or change, and what a register does with their rows.

use std::collections::{BTreeMap, BTreeSet};

use super::{TableChange, TableDifference, TableStep};
use crate::matching::{PlacedTable, match_scopes, placed_tables};
use crate::{Direction, Profile, Scope, ScopeTable, TableId};

/// A table in one version of the profile.
#[derive(Clone, Copy)]
struct Place<'a> {
    scope: &'a Scope,
    entry: &'a ScopeTable,
    // The scope's place in the old profile; of the new profile's scopes those that stood there have one.
    old_scope_index: Option<usize>,
}

pub(super) fn changes(old: &Profile, new: &Profile) -> Vec<TableChange> {
    let matched = match_scopes(old, new);
    let old_places = places(old, Some);
    let new_places = places(new, |index| matched.get(index).copied().flatten());
    let before: BTreeMap<_, Place<'_>> = old_places.iter().copied().collect();
    let after: BTreeSet<_> = new_places.iter().map(|(key, _)| *key).collect();

    let mut compared: Vec<(TableId, Option<Place<'_>>, Option<Place<'_>>)> = Vec::new();
    for (key, place) in &new_places {
        compared.push((key.0, before.get(key).copied(), Some(*place)));
    }
    for (key, place) in old_places.iter().filter(|(key, _)| !after.contains(key)) {
        compared.push((key.0, Some(*place), None));
    }

    let mut differences: Vec<Vec<TableDifference>> =
        compared.iter().map(|(_, before, after)| differences(*before, *after)).collect();
    add_choices(old, new, &compared, &mut differences);
    add_related(&compared, &mut differences);
    compared
        .into_iter()
        .zip(differences)
        .filter(|(_, differences)| !differences.is_empty())
        .map(|((table, before, after), differences)| {
            let before = before.map(|place| place.scope.direction);
            let after = after.map(|place| place.scope.direction);
            let step = step(before, after, &differences);
            let uploads = |direction: Option<Direction>| direction.is_some_and(Direction::uploads);
            TableChange { table, step, waits_for_upload: uploads(before) && !uploads(after), differences }
        })
        .collect()
}

fn places(
    profile: &Profile,
    old_scope_index: impl Fn(usize) -> Option<usize>,
) -> Vec<((TableId, usize), Place<'_>)> {
    placed_tables(profile)
        .into_iter()
        .filter_map(|(key, PlacedTable { scope_index, entry })| {
            let scope = profile.scopes.get(scope_index)?;
            Some((key, Place { scope, entry, old_scope_index: old_scope_index(scope_index) }))
        })
        .collect()
}

fn differences(before: Option<Place<'_>>, after: Option<Place<'_>>) -> Vec<TableDifference> {
    let (before, after) = match (before, after) {
        (Some(before), Some(after)) => (before, after),
        (None, Some(Place { scope, .. })) => {
            return vec![TableDifference::Added { scope: scope.name.clone(), direction: scope.direction }];
        }
        (Some(Place { scope, .. }), None) => {
            return vec![TableDifference::Removed { scope: scope.name.clone(), direction: scope.direction }];
        }
        (None, None) => return Vec::new(),
    };
    let mut differences = Vec::new();
    if before.old_scope_index != after.old_scope_index {
        let (before, after) = (before.scope.name.clone(), after.scope.name.clone());
        differences.push(TableDifference::Moved { before, after });
    }
    if before.scope.direction != after.scope.direction {
        let (before, after) = (before.scope.direction, after.scope.direction);
        differences.push(TableDifference::Direction { before, after });
    }
    // Taken apart field by field, so that a new field can't be forgotten here.
    let ScopeTable { table: _, fields, filter, conflict_rule } = before.entry;
    if *filter != after.entry.filter {
        let (before, after) = (filter.clone(), after.entry.filter.clone());
        differences.push(TableDifference::Filter { before, after });
    }
    if *fields != after.entry.fields {
        differences.push(TableDifference::Fields {
            before: fields.clone(),
            after: after.entry.fields.clone(),
            added: kept_only_by(after.entry, before.entry),
            removed: kept_only_by(before.entry, after.entry),
        });
    }
    if *conflict_rule != after.entry.conflict_rule {
        let (before, after) = (*conflict_rule, after.entry.conflict_rule);
        differences.push(TableDifference::ConflictRule { before, after });
    }
    differences
}

fn kept_only_by(one: &ScopeTable, other: &ScopeTable) -> Vec<String> {
    let kept = one.kept_columns().into_iter();
    kept.filter(|column| !other.keeps_column(column.name)).map(|column| column.name.to_owned()).collect()
}

type Compared<'a> = (TableId, Option<Place<'a>>, Option<Place<'a>>);

// Another choice of offline products or customers brings other rows of that table.
fn add_choices(
    old: &Profile,
    new: &Profile,
    compared: &[Compared<'_>],
    differences: &mut [Vec<TableDifference>],
) {
    let products = old.offline_products != new.offline_products;
    let customers = old.offline_customers != new.offline_customers;
    for ((table, before, after), found) in compared.iter().zip(differences) {
        let chosen = (products && *table == TableId::Product) || (customers && *table == TableId::Customer);
        if chosen && before.is_some() && after.is_some() {
            found.push(TableDifference::Choice);
        }
    }
}

// Other rows of a table bring other rows of those that follow it, and of those with a filter whose rows come
// along with it. That goes on from table to table.
fn add_related(compared: &[Compared<'_>], differences: &mut [Vec<TableDifference>]) {
    // Each once: a draft that can't be saved may hold a table thousands of times.
    let mut changed: Vec<TableId> = Vec::new();
    for ((table, _, _), found) in compared.iter().zip(differences.iter()) {
        if found.iter().any(other_rows) && !changed.contains(table) {
            changed.push(*table);
        }
    }
    let mut at = 0;
    while let Some(&of) = changed.get(at) {
        at += 1;
        for ((table, before, after), found) in compared.iter().zip(differences.iter_mut()) {
            let (Some(_), Some(after)) = (before, after) else { continue };
            let comes_along = after.entry.filter.is_some() && of.refers_to().contains(table);
            let related = after.scope.direction.downloads() && (table.follows() == Some(of) || comes_along);
            if related && !changed.contains(table) {
                found.push(TableDifference::Related { of });
                changed.push(*table);
            }
        }
    }
}

fn other_rows(difference: &TableDifference) -> bool {
    match difference {
        TableDifference::Added { .. }
        | TableDifference::Removed { .. }
        | TableDifference::Filter { .. }
        | TableDifference::Choice
        | TableDifference::Related { .. } => true,
        TableDifference::Moved { .. }
        | TableDifference::Direction { .. }
        | TableDifference::Fields { .. }
        | TableDifference::ConflictRule { .. } => false,
    }
}

fn step(before: Option<Direction>, after: Option<Direction>, differences: &[TableDifference]) -> TableStep {
    let downloads = |direction: Option<Direction>| direction.is_some_and(Direction::downloads);
    match (downloads(before), downloads(after)) {
        (false, true) => TableStep::Build,
        (true, false) => TableStep::Drop,
        (true, true) if differences.iter().any(changes_rows) => TableStep::Rebuild,
        (true, true) => TableStep::Keep,
        // What the register itself produced stays in its journal until it is acknowledged.
        (false, false) => {
            if after.is_none() {
                TableStep::Drop
            } else {
                TableStep::Keep
            }
        }
    }
}

// A field list that names all columns keeps the rows that no field list keeps.
fn changes_rows(difference: &TableDifference) -> bool {
    match difference {
        TableDifference::Fields { added, removed, .. } => !added.is_empty() || !removed.is_empty(),
        TableDifference::Added { .. }
        | TableDifference::Removed { .. }
        | TableDifference::Moved { .. }
        | TableDifference::Direction { .. }
        | TableDifference::Filter { .. }
        | TableDifference::ConflictRule { .. }
        | TableDifference::Choice
        | TableDifference::Related { .. } => other_rows(difference),
    }
}
