//! Which scope and table of one version of a profile is which of another.
//!
//! A scope is known by its name; one that has another name but the same tables was renamed. A table is known by
//! its number. Where a draft holds a name or table twice, the first is matched with the first and so on, so that
//! drafts that validation refuses can be compared too.

use std::collections::BTreeMap;

use crate::{Profile, Scope, ScopeTable, TableId};

/// For each scope of `other` its place in `base`, if it stands there.
pub(crate) fn match_scopes(base: &Profile, other: &Profile) -> Vec<Option<usize>> {
    let mut by_name: BTreeMap<(&str, usize), usize> =
        numbered(base.scopes.iter().map(|scope| scope.name.as_str()))
            .into_iter()
            .enumerate()
            .map(|(index, key)| (key, index))
            .collect();
    let mut matched: Vec<Option<usize>> = numbered(other.scopes.iter().map(|scope| scope.name.as_str()))
        .into_iter()
        .map(|key| by_name.remove(&key))
        .collect();
    // What is left in `by_name` has no namesake in `other`.
    let mut left: Vec<usize> = by_name.into_values().collect();
    left.sort_unstable();
    for (scope, place) in other.scopes.iter().zip(&mut matched) {
        if place.is_none() && !scope.tables.is_empty() {
            let renamed = left.iter().position(|&index| {
                base.scopes.get(index).is_some_and(|old| table_ids(old).eq(table_ids(scope)))
            });
            *place = renamed.map(|at| left.remove(at));
        }
    }
    matched
}

/// A table entry with the place of its scope.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlacedTable<'a> {
    pub(crate) scope_index: usize,
    pub(crate) entry: &'a ScopeTable,
}

/// The tables of a profile in order, each with its number and, where a draft holds it twice, which of them it is.
pub(crate) fn placed_tables(profile: &Profile) -> Vec<((TableId, usize), PlacedTable<'_>)> {
    let placed: Vec<PlacedTable<'_>> = profile
        .scopes
        .iter()
        .enumerate()
        .flat_map(|(scope_index, scope)| {
            scope.tables.iter().map(move |entry| PlacedTable { scope_index, entry })
        })
        .collect();
    let keys = numbered(placed.iter().map(|table| table.entry.table));
    keys.into_iter().zip(placed).collect()
}

/// Each item with how many equal ones came before it.
pub(crate) fn numbered<T: Ord + Copy>(items: impl Iterator<Item = T>) -> Vec<(T, usize)> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    items
        .map(|item| {
            let count = counts.entry(item).or_default();
            *count += 1;
            (item, *count - 1)
        })
        .collect()
}

fn table_ids(scope: &Scope) -> impl Iterator<Item = TableId> {
    scope.tables.iter().map(|entry| entry.table)
}
