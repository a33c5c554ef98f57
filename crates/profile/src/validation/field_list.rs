//! The field list of a table in a scope.

use std::collections::HashSet;

use super::{Finding, add};
use crate::{Direction, ScopeTable};

pub(super) fn check(findings: &mut Vec<Finding>, field: &str, direction: Direction, entry: &ScopeTable) {
    let Some(fields) = &entry.fields else { return };
    let table = entry.table;
    let field = format!("{field}.fields");
    if table.columns().is_empty() {
        let reason = format!("Table {table} is always kept with all its columns.");
        add(findings, field, reason, "Remove its field list.");
        return;
    }
    let mut seen = HashSet::new();
    for (index, name) in fields.iter().enumerate() {
        let at = format!("{field}[{index}]");
        if table.column(name).is_none() {
            let reason = format!("Table {table} has no column “{}”.", name.escape_debug());
            add(findings, at, reason, "Remove it from the field list.");
        } else if !seen.insert(name) {
            add(findings, at, format!("Column {name} is listed twice."), "Remove one of the two entries.");
        }
    }
    for column in table.columns().iter().filter(|column| !entry.keeps_column(column.name)) {
        if let Some(reason) = column.locked {
            add(
                findings,
                &field,
                format!("Column {} of table {table} can't be left out. {}", column.name, reason.english()),
                format!("Add {} to the field list.", column.name),
            );
        } else if direction.downloads() && direction.uploads() {
            add(
                findings,
                &field,
                format!("Column {} is left out, but rows of table {table} go both ways.", column.name),
                "Keep all columns, or let the scope only download.",
            );
        }
    }
}
