//! Scopes that come, go or change themselves, and the order of what stays.

use std::collections::BTreeMap;

use super::{OrderChange, ScopeChange, ScopeDifference};
use crate::matching::{match_scopes, placed_tables};
use crate::{Profile, Scope};

pub(super) fn changes(old: &Profile, new: &Profile) -> Vec<ScopeChange> {
    let matched = match_scopes(old, new);
    let mut changes = Vec::new();
    for (scope, place) in new.scopes.iter().zip(&matched) {
        let differences = match place.and_then(|index| old.scopes.get(index)) {
            None => vec![ScopeDifference::Added],
            Some(before) => differences(before, scope),
        };
        let named = differences.into_iter().map(|difference| change(scope, difference));
        changes.extend(named);
    }
    for (index, scope) in old.scopes.iter().enumerate() {
        if !matched.contains(&Some(index)) {
            changes.push(change(scope, ScopeDifference::Removed));
        }
    }
    changes
}

/// The new order, if scopes or tables that stay stand in another one.
pub(super) fn order_change(old: &Profile, new: &Profile) -> Option<OrderChange> {
    let scopes = match_scopes(old, new);
    let places: BTreeMap<_, usize> =
        placed_tables(old).iter().enumerate().map(|(index, (key, _))| (*key, index)).collect();
    let tables: Vec<Option<usize>> =
        placed_tables(new).iter().map(|(key, _)| places.get(key).copied()).collect();
    let is_sorted = |matched: &[Option<usize>]| matched.iter().flatten().is_sorted();
    if is_sorted(&scopes) && is_sorted(&tables) {
        return None;
    }
    Some(OrderChange {
        scopes: new.scopes.iter().map(|scope| scope.name.clone()).collect(),
        tables: placed_tables(new).into_iter().map(|((table, _), _)| table).collect(),
    })
}

fn change(scope: &Scope, difference: ScopeDifference) -> ScopeChange {
    ScopeChange { name: scope.name.clone(), difference }
}

fn differences(old: &Scope, new: &Scope) -> Vec<ScopeDifference> {
    // Taken apart field by field, so that a new field can't be forgotten here.
    let Scope { name, description, direction, frequency, tables: _ } = old;
    let mut differences = Vec::new();
    if *name != new.name {
        differences.push(ScopeDifference::Renamed { before: name.clone() });
    }
    if *description != new.description {
        differences.push(ScopeDifference::Described);
    }
    if *direction != new.direction {
        differences.push(ScopeDifference::Direction { before: *direction, after: new.direction });
    }
    if *frequency != new.frequency {
        differences.push(ScopeDifference::Frequency { before: *frequency, after: new.frequency });
    }
    differences
}
