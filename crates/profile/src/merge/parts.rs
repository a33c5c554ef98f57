//! A profile taken apart into scopes and tables that can be found in each of three versions.

use std::collections::{BTreeMap, BTreeSet};

use super::conflicts::Three;
use crate::matching::{match_scopes, numbered, placed_tables};
use crate::{ConflictRule, Direction, Frequency, Profile, RowFilter, Scope, ScopeTable, TableId};

/// Which scope it is, whatever it is named in each version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ScopeKey {
    /// The scope at this place of the base.
    Base(usize),
    /// A new scope, by its name and how many of that name came before it.
    New(String, usize),
}

/// Which table it is; the number tells those apart that stand twice in a draft.
pub(super) type TableKey = (TableId, usize);

/// What a scope says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScopeWords {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) direction: Direction,
    pub(super) frequency: Frequency,
}

/// Where a table stands and what is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TablePart {
    pub(super) scope: ScopeKey,
    pub(super) fields: Option<Vec<String>>,
    pub(super) filter: Option<RowFilter>,
    pub(super) conflict_rule: Option<ConflictRule>,
}

impl TablePart {
    pub(super) fn entry(&self, key: TableKey) -> ScopeTable {
        let TablePart { scope: _, fields, filter, conflict_rule } = self.clone();
        ScopeTable { table: key.0, fields, filter, conflict_rule }
    }
}

/// One version of a profile, taken apart.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub(super) profile: &'a Profile,
    pub(super) scope_order: Vec<ScopeKey>,
    pub(super) scopes: BTreeMap<ScopeKey, ScopeWords>,
    pub(super) table_order: Vec<TableKey>,
    pub(super) tables: BTreeMap<TableKey, TablePart>,
}

impl<'a> Parts<'a> {
    pub(super) fn new(base: &Profile, profile: &'a Profile) -> Parts<'a> {
        let names = numbered(profile.scopes.iter().map(|scope| scope.name.as_str()));
        let scope_order: Vec<ScopeKey> = match_scopes(base, profile)
            .into_iter()
            .zip(names)
            .map(|(place, (name, nth))| {
                place.map_or_else(|| ScopeKey::New(name.to_owned(), nth), ScopeKey::Base)
            })
            .collect();
        let scopes = scope_order.iter().cloned().zip(profile.scopes.iter().map(words)).collect();
        let placed = placed_tables(profile);
        let table_order = placed.iter().map(|(key, _)| *key).collect();
        let tables = placed
            .into_iter()
            .filter_map(|(key, table)| {
                let scope = scope_order.get(table.scope_index)?.clone();
                let ScopeTable { table: _, fields, filter, conflict_rule } = table.entry.clone();
                Some((key, TablePart { scope, fields, filter, conflict_rule }))
            })
            .collect();
        Parts { profile, scope_order, scopes, table_order, tables }
    }

    /// The tables of a scope, in order.
    pub(super) fn tables_of(&self, scope: &ScopeKey) -> Vec<TableKey> {
        let stands = |key: &&TableKey| self.tables.get(key).is_some_and(|part| part.scope == *scope);
        self.table_order.iter().filter(stands).copied().collect()
    }

    /// A scope's name, for a conflict that names it; asked of the base.
    pub(super) fn scope_name(&self, key: &ScopeKey) -> String {
        match key {
            ScopeKey::Base(_) => self.scopes.get(key).map(|words| words.name.clone()).unwrap_or_default(),
            ScopeKey::New(name, _) => name.clone(),
        }
    }

    /// A scope's path, the same in each of three versions; asked of the base. The name is quoted, so that no name
    /// can pass for the path of something else.
    pub(super) fn scope_field(&self, key: &ScopeKey) -> String {
        let name = self.scope_name(key);
        let nth = match key {
            ScopeKey::Base(index) => {
                let before = self.profile.scopes.iter().take(*index);
                before.filter(|scope| scope.name == name).count()
            }
            ScopeKey::New(_, nth) => *nth,
        };
        numbered_field(format!("scopes[{name:?}]"), nth)
    }

    /// The whole scope, to be shown.
    pub(super) fn scope(&self, key: &ScopeKey) -> Option<&'a Scope> {
        let at = self.scope_order.iter().position(|found| found == key)?;
        self.profile.scopes.get(at)
    }
}

fn words(scope: &Scope) -> ScopeWords {
    // Taken apart field by field, so that a new field can't be forgotten here.
    let Scope { name, description, direction, frequency, tables: _ } = scope.clone();
    ScopeWords { name, description, direction, frequency }
}

/// A table's path, the same in each of three versions.
pub(super) fn table_field((table, nth): TableKey) -> String {
    numbered_field(format!("tables.{table}"), nth)
}

fn numbered_field(field: String, nth: usize) -> String {
    if nth == 0 { field } else { format!("{field}#{}", nth + 1) }
}

/// The keys of all three versions, each once, in their order.
pub(super) fn union<'a, K: Clone + Ord + 'a>(keys: Three<impl Iterator<Item = &'a K>>) -> BTreeSet<K> {
    keys.base.chain(keys.mine).chain(keys.theirs).cloned().collect()
}
