//! Merging a register's edit with what became of the row since: by field where the changes don't overlap, else by
//! the table's rule. Both values of what overlaps are given back to be recorded.

use std::collections::BTreeMap;

use holdfast_profile::{ConflictRule, RowError, empty_value, write_row};

use crate::checked_edit::{CheckedEdit, CheckedField};

/// Whose value a field took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Winner {
    /// The store server kept its value.
    Server,
    /// The register's value replaced it.
    Register,
}

/// A field that was changed on both sides, each in another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldConflict {
    /// Number of the column.
    pub column: u32,
    /// The value that the register had seen, in CBOR; `None` where it had none.
    pub base: Option<Vec<u8>>,
    /// The store server's value, in CBOR.
    pub server: Option<Vec<u8>>,
    /// The register's value, in CBOR.
    pub register: Vec<u8>,
    /// Which of the two stands.
    pub won: Winner,
}

/// What comes of an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedRow {
    /// The row in CBOR.
    pub row: Vec<u8>,
    /// Columns that the edit changed in it.
    pub changed: Vec<u32>,
    /// What overlapped.
    pub conflicts: Vec<FieldConflict>,
}

/// Merges `edit` into `row`, the row as it is now; without one the edit makes it. `changed_at_ms` says when a
/// column's value was entered, where that is known; an unknown time is long ago.
///
/// Merging the same edit again changes nothing more, and edits of different fields may come in any order.
///
/// # Errors
/// [`RowError`] when `row` is not a row of the table.
pub fn merge(
    row: Option<&[u8]>,
    edit: &CheckedEdit,
    rule: ConflictRule,
    changed_at_ms: &BTreeMap<u32, i64>,
) -> Result<MergedRow, RowError> {
    let mut values = edit.values_of(row)?;
    let mut changed = Vec::new();
    let mut conflicts = Vec::new();
    for field in &edit.fields {
        let number = field.column.number;
        let here = values.get(&number);
        if here == Some(&field.after) {
            continue;
        }
        let mut won = Winner::Register;
        // A row that is not there has no value that could be lost.
        if row.is_some() && !is_as_seen(field, here) {
            won = winner(rule, edit.edited_at_ms, changed_at_ms.get(&number).copied());
            conflicts.push(FieldConflict {
                column: number,
                base: field.before.clone(),
                server: here.cloned(),
                register: field.after.clone(),
                won,
            });
        }
        match won {
            Winner::Server => {}
            Winner::Register => {
                values.insert(number, field.after.clone());
                changed.push(number);
            }
        }
    }
    Ok(MergedRow { row: write_row(&values), changed, conflicts })
}

/// Whether the value is still the one that the register had seen. One that says nothing is as good as none: it
/// can't be lost.
fn is_as_seen(field: &CheckedField, here: Option<&Vec<u8>>) -> bool {
    let empty = empty_value(field.column.kind);
    here.unwrap_or(&empty) == field.before.as_ref().unwrap_or(&empty)
}

fn winner(rule: ConflictRule, edited_at_ms: i64, changed_at_ms: Option<i64>) -> Winner {
    let is_later = changed_at_ms.is_none_or(|changed_at_ms| edited_at_ms > changed_at_ms);
    match rule {
        ConflictRule::ServerWins => Winner::Server,
        ConflictRule::RegisterWins => Winner::Register,
        ConflictRule::Latest => {
            if is_later {
                Winner::Register
            } else {
                Winner::Server
            }
        }
    }
}
