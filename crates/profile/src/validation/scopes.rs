//! The lines of a profile: scopes, their frequency and their tables.

use std::collections::HashSet;

use super::text::{check_description, check_name};
use super::{Finding, add, check_minute_of_day, check_range, field_list, filter, name_key};
use crate::{Direction, Frequency, Profile, Scope, ScopeTable, TableId};

/// Most scopes in a profile.
const SCOPES_MAX: usize = 100;

pub(super) fn check(findings: &mut Vec<Finding>, profile: &Profile) {
    if profile.scopes.is_empty() {
        add(findings, "scopes", "The profile has no scope.", "Add at least one under Line details.");
    }
    if profile.scopes.len() > SCOPES_MAX {
        add(
            findings,
            "scopes",
            format!("The profile has {} scopes.", profile.scopes.len()),
            format!("Keep {SCOPES_MAX} or fewer."),
        );
    }
    let mut names = HashSet::new();
    let mut tables = HashSet::new();
    for (index, scope) in profile.scopes.iter().enumerate() {
        let field = format!("scopes[{index}]");
        check_words(findings, &field, scope, &mut names);
        // Of an upload scope it means nothing: the device configuration says when what is sold is sent.
        if scope.direction.downloads() {
            check_frequency(findings, &format!("{field}.frequency"), scope.frequency);
        }
        for (table_index, entry) in scope.tables.iter().enumerate() {
            let field = format!("{field}.tables[{table_index}]");
            check_entry(findings, &field, scope, entry, &mut tables);
        }
    }
}

fn check_words(findings: &mut Vec<Finding>, field: &str, scope: &Scope, names: &mut HashSet<String>) {
    let name = format!("{field}.name");
    check_name(findings, &name, "The scope's name", &scope.name);
    let description = format!("{field}.description");
    check_description(findings, &description, "The scope's description", &scope.description);
    // Two names without letters are each named already.
    let key = name_key(&scope.name);
    if !key.is_empty() && !names.insert(key) {
        add(
            findings,
            name,
            format!("Two scopes are named “{}”.", scope.name),
            "Give one of them another name.",
        );
    }
    if scope.tables.is_empty() {
        add(
            findings,
            format!("{field}.tables"),
            format!("“{}” has no table.", scope.name),
            "Add a table or remove the scope.",
        );
    }
}

fn check_frequency(findings: &mut Vec<Finding>, field: &str, frequency: Frequency) {
    match frequency {
        Frequency::EveryMinutes { minutes } => {
            check_range(findings, field, "Synchronisation frequency", "minutes", minutes, 1..=1440);
        }
        Frequency::DailyAt { minute_of_day } => check_minute_of_day(findings, field, minute_of_day),
        Frequency::WithEverySync | Frequency::ByHand => {}
    }
}

fn check_entry(
    findings: &mut Vec<Finding>,
    field: &str,
    scope: &Scope,
    entry: &ScopeTable,
    tables: &mut HashSet<TableId>,
) {
    if !tables.insert(entry.table) {
        add(
            findings,
            field,
            format!("Table {} stands twice in the profile.", entry.table),
            "Remove it from one of the scopes.",
        );
    }
    if !entry.table.allows(scope.direction) {
        add(
            findings,
            field,
            format!("Table {} can't be synchronised in this scope's direction.", entry.table),
            "Change the direction or move the table to another scope.",
        );
    }
    field_list::check(findings, field, scope.direction, entry);
    filter::check(findings, field, entry);
    if entry.conflict_rule.is_some() && scope.direction != Direction::Bidirectional {
        add(
            findings,
            format!("{field}.conflict_rule"),
            format!("Rows of table {} don't go both ways, so no two changes of one can meet.", entry.table),
            "Remove its conflict rule, or make the scope bidirectional.",
        );
    }
}
