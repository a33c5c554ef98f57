//! A table comes after those it refers to.

use std::collections::HashMap;

use super::{Finding, add};
use crate::{Profile, TableId};

pub(super) fn check(findings: &mut Vec<Finding>, profile: &Profile) {
    let order = profile.scopes.iter().flat_map(|scope| scope.tables.iter().map(|entry| entry.table));
    // Where a table stands last, for a profile that can't be saved may hold it thousands of times.
    let last: HashMap<TableId, usize> =
        order.enumerate().map(|(position, table)| (table, position)).collect();
    let mut position = 0;
    for (index, scope) in profile.scopes.iter().enumerate() {
        for (table_index, entry) in scope.tables.iter().enumerate() {
            for referred in entry.table.refers_to() {
                if last.get(referred).is_some_and(|last| *last > position) {
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
