//! The row filter of a table in a scope.

use std::collections::HashSet;

use super::text::{check_characters, check_length};
use super::{Finding, add};
use crate::{
    CONDITIONS_MAX, ColumnKind, Condition, FILTER_BYTES_MAX, FILTER_NUMBER_ABS_MAX, FILTER_TEXT_CHARS_MAX,
    FilterColumn, FilterPart, FilterValue, ONE_OF_VALUES_MAX, RowFilter, ScopeTable, TableId, Test,
};

pub(super) fn check(findings: &mut Vec<Finding>, field: &str, entry: &ScopeTable) {
    let Some(filter) = &entry.filter else { return };
    let field = format!("{field}.filter");
    if !entry.table.may_be_filtered() {
        let reason = format!("Table {} is always kept with all its rows.", entry.table);
        add(findings, field, reason, "Remove its row filter.");
        return;
    }
    check_size(findings, &field, filter);
    for (index, part) in filter.parts.iter().enumerate() {
        let field = format!("{field}.parts[{index}]");
        match part {
            FilterPart::Condition(condition) => check_condition(findings, &field, entry, condition),
            FilterPart::Group(group) => {
                if group.conditions.is_empty() {
                    let mend = "Add a condition or remove the group.";
                    add(findings, &field, "A group of the row filter is empty.", mend);
                }
                for (index, condition) in group.conditions.iter().enumerate() {
                    check_condition(findings, &format!("{field}.conditions[{index}]"), entry, condition);
                }
            }
        }
    }
}

fn check_size(findings: &mut Vec<Finding>, field: &str, filter: &RowFilter) {
    if filter.parts.is_empty() {
        add(findings, field, "The row filter has no condition.", "Add one or remove the filter.");
    }
    // Groups count too, so that a filter of empty groups has an end.
    let size = filter.conditions().count().max(filter.parts.len());
    if size > CONDITIONS_MAX {
        add(
            findings,
            field,
            format!("The row filter has {size} conditions."),
            format!("Keep {CONDITIONS_MAX} or fewer; “one of” names many values at once."),
        );
    }
    let bytes = filter.text_bytes();
    if bytes > FILTER_BYTES_MAX {
        add(
            findings,
            field,
            format!("The row filter takes {bytes} bytes as text."),
            format!("Keep it within {FILTER_BYTES_MAX}: name fewer values, or shorter ones."),
        );
    }
}

fn check_condition(findings: &mut Vec<Finding>, field: &str, entry: &ScopeTable, condition: &Condition) {
    let Some(FilterColumn { column, of }) = entry.table.filter_column(&condition.column) else {
        let (reason, mend) = not_to_be_asked(entry.table, &condition.column);
        add(findings, format!("{field}.column"), reason, mend);
        return;
    };
    // Related rows are looked up on the store server, whatever registers keep of them.
    if of.is_none() && !entry.keeps_column(column.name) {
        add(
            findings,
            format!("{field}.column"),
            format!("The row filter asks for column {}, which the field list leaves out.", column.name),
            format!("Add {} to the field list or remove the condition.", column.name),
        );
    }
    if column.kind.tests().contains(&condition.test.kind()) {
        check_test(findings, &format!("{field}.test"), column.kind, &condition.test);
    } else {
        add(
            findings,
            format!("{field}.test"),
            format!("This can't be asked of column {}.", condition.column),
            "Choose another comparison for it.",
        );
    }
}

/// Why a filter of the table can't ask for a column of this name, and what to do.
fn not_to_be_asked(table: TableId, name: &str) -> (String, String) {
    if table.column(name).is_some() {
        return (format!("Column {name} is secret and can't be asked for."), "Choose another column.".into());
    }
    let Some((of, _)) = name.split_once('.') else {
        let reason = format!("Table {table} has no column “{}”.", name.escape_debug());
        return (reason, "Choose another column or remove the condition.".into());
    };
    let reason = format!("A row filter of table {table} can't ask for “{}”.", name.escape_debug());
    let related: Vec<FilterColumn> =
        table.filter_columns().into_iter().filter(|column| column.of.is_some()).collect();
    let of_row = |column: &&FilterColumn| column.of.is_some_and(|relation| relation.table.name() == of);
    let mut names: Vec<String> = related.iter().filter(of_row).map(FilterColumn::name).collect();
    if names.is_empty() {
        names = related.iter().map(FilterColumn::name).collect();
    }
    let choice = match names.as_slice() {
        [] => "a column of the table itself".to_owned(),
        names => names.join(", "),
    };
    (reason, format!("Choose {choice}, or remove the condition."))
}

fn check_test(findings: &mut Vec<Finding>, field: &str, kind: ColumnKind, test: &Test) {
    match test {
        Test::Is { value } | Test::IsNot { value } => check_value(findings, field, kind, value),
        Test::OneOf { values } => check_values(findings, field, kind, values),
        Test::Contains { text } => {
            if text.is_empty() {
                let reason = "The text to look for is empty; every row holds that.";
                add(findings, field, reason, "Type some letters or remove the condition.");
            }
            check_text(findings, field, text);
        }
        Test::Over { number } | Test::Under { number } => check_number(findings, field, *number),
        Test::Between { low, high } => {
            check_number(findings, &format!("{field}.low"), *low);
            check_number(findings, &format!("{field}.high"), *high);
            if low > high {
                let reason = "The low number is above the high one; no row fits.";
                add(findings, field, reason, "Exchange the two numbers.");
            }
        }
    }
}

fn check_values(findings: &mut Vec<Finding>, field: &str, kind: ColumnKind, values: &[FilterValue]) {
    if values.is_empty() {
        let reason = "“One of” names no value; no row fits.";
        add(findings, field, reason, "Add a value or remove the condition.");
    }
    if values.len() > ONE_OF_VALUES_MAX {
        add(
            findings,
            field,
            format!("“One of” names {} values.", values.len()),
            format!("Keep {ONE_OF_VALUES_MAX} or fewer."),
        );
    }
    let mut seen = HashSet::new();
    for (index, value) in values.iter().enumerate() {
        let field = format!("{field}.values[{index}]");
        check_value(findings, &field, kind, value);
        if !seen.insert(value) {
            add(findings, field, "The value is named twice.", "Remove one of the two.");
        }
    }
}

fn check_value(findings: &mut Vec<Finding>, field: &str, kind: ColumnKind, value: &FilterValue) {
    let (fits, wanted) = match kind {
        ColumnKind::Text | ColumnKind::TextList => (matches!(value, FilterValue::Text(_)), "text"),
        ColumnKind::WholeNumber | ColumnKind::Money | ColumnKind::RatePpm => {
            (matches!(value, FilterValue::Number(_)), "a number")
        }
        ColumnKind::YesNo => (matches!(value, FilterValue::YesNo(_)), "yes or no"),
        ColumnKind::Secret => (false, "nothing"),
    };
    if !fits {
        let reason = format!("The value is of another kind than the column, which holds {wanted}.");
        add(findings, field, reason, format!("Type {wanted}."));
        return;
    }
    match value {
        FilterValue::Text(text) => check_text(findings, field, text),
        FilterValue::Number(number) => check_number(findings, field, *number),
        FilterValue::YesNo(_) => {}
    }
}

fn check_text(findings: &mut Vec<Finding>, field: &str, text: &str) {
    check_length(findings, field, "The text", text, FILTER_TEXT_CHARS_MAX);
    check_characters(findings, field, "The text", text);
}

fn check_number(findings: &mut Vec<Finding>, field: &str, number: i64) {
    if number.unsigned_abs() > FILTER_NUMBER_ABS_MAX.unsigned_abs() {
        // The number itself is in the column's smallest unit, and not what was typed.
        add(findings, field, "The number has too many digits.", "Type a smaller one.");
    }
}
