//! A table comes after those it refers to.

use super::{Finding, add};
use crate::{Profile, TableId};

/// Longest order that is looked at; in one that is longer some table stands many times, which is found elsewhere.
const TABLES_MAX: usize = 100 * TableId::ALL.len();

pub(super) fn check(findings: &mut Vec<Finding>, profile: &Profile) {
    let order: Vec<TableId> =
        profile.scopes.iter().flat_map(|scope| scope.tables.iter().map(|entry| entry.table)).collect();
    if order.len() > TABLES_MAX {
        return;
    }
    let mut position = 0;
    for (index, scope) in profile.scopes.iter().enumerate() {
        for (table_index, entry) in scope.tables.iter().enumerate() {
            for referred in entry.table.refers_to() {
                if order.iter().skip(position + 1).any(|later| later == referred) {
                    add(
                        findings,
                        format!("scopes[{index}].tables[{table_index}]"),
                        format!("Table {} refers to {referred}, which comes later.", entry.table),
                        format!("Move {referred} above it."),
                    );
                }
            }
            position += 1;
        }
    }
}
