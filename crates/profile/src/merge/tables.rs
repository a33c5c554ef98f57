//! The tables of a profile. A table is merged by what is said of it, wherever it stands: one side can move it to
//! another scope while the other side changes its filter.

use std::collections::BTreeMap;

use super::conflicts::{Picker, Three};
use super::parts::{Parts, TableKey, TablePart, table_field, union};
use crate::FieldValue;

pub(super) fn merge_tables(
    picker: &mut Picker<'_>,
    parts: Three<&Parts<'_>>,
) -> BTreeMap<TableKey, TablePart> {
    let mut merged = BTreeMap::new();
    for key in union(parts.map(|side| side.tables.keys())) {
        let field = table_field(key);
        let three = parts.map(|side| side.tables.get(&key));
        let part = match (three.mine, three.theirs) {
            (Some(mine), Some(theirs)) => Some(merge_table(picker, parts, &field, three.base, mine, theirs)),
            // One side has it and the other has not: added, or removed, or removed here and changed there.
            (mine, theirs) => {
                let shown = |part: &TablePart| {
                    let scope = parts.base.scope_name(&part.scope);
                    FieldValue::Table { scope, entry: part.entry(key) }
                };
                let whole = |part: &Option<&TablePart>| part.map(shown);
                picker.pick(&field, Some(three.base), mine, theirs, whole).cloned()
            }
        };
        merged.extend(part.map(|part| (key, part)));
    }
    merged
}

fn merge_table(
    picker: &mut Picker<'_>,
    parts: Three<&Parts<'_>>,
    field: &str,
    base: Option<&TablePart>,
    mine: &TablePart,
    theirs: &TablePart,
) -> TablePart {
    TablePart {
        scope: picker
            .pick(
                &format!("{field}.scope"),
                base.map(|part| &part.scope),
                &mine.scope,
                &theirs.scope,
                |&scope| Some(FieldValue::ScopeName(parts.base.scope_name(scope))),
            )
            .clone(),
        fields: picker
            .pick(
                &format!("{field}.fields"),
                base.map(|part| &part.fields),
                &mine.fields,
                &theirs.fields,
                |&fields| Some(FieldValue::FieldList(fields.clone())),
            )
            .clone(),
        filter: picker
            .pick(
                &format!("{field}.filter"),
                base.map(|part| &part.filter),
                &mine.filter,
                &theirs.filter,
                |&filter| Some(FieldValue::RowFilter(filter.clone())),
            )
            .clone(),
        conflict_rule: picker.pick(
            &format!("{field}.conflict_rule"),
            base.map(|part| part.conflict_rule),
            mine.conflict_rule,
            theirs.conflict_rule,
            |&rule| Some(FieldValue::ConflictRule(rule)),
        ),
    }
}
