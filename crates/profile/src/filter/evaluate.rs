//! Asking a filter about a row.
//!
//! Total: a column that the row doesn't have, or a value of another kind than the condition's, equals nothing,
//! so that a filter from a newer peer never stops a synchronisation.

use super::{Condition, FilterPart, FilterValue, Join, RowFilter, Test};

/// A column's value in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnValue<'a> {
    /// Text.
    Text(&'a str),
    /// Lines of text.
    TextList(Vec<&'a str>),
    /// A number in the column's unit.
    Number(i64),
    /// Yes or no.
    YesNo(bool),
}

/// A row that answers for its columns by name.
pub trait RowValues {
    /// The column's value; `None` where the row has none.
    fn value(&self, column: &str) -> Option<ColumnValue<'_>>;
}

impl RowFilter {
    /// Whether a register keeps this row.
    pub fn keeps(&self, row: &impl RowValues) -> bool {
        joined(self.join, self.parts.iter().map(|part| part.holds(row)))
    }
}

impl FilterPart {
    fn holds(&self, row: &impl RowValues) -> bool {
        match self {
            FilterPart::Condition(condition) => condition.holds(row),
            FilterPart::Group(group) => {
                joined(group.join, group.conditions.iter().map(|condition| condition.holds(row)))
            }
        }
    }
}

fn joined(join: Join, mut parts: impl Iterator<Item = bool>) -> bool {
    match join {
        Join::All => parts.all(|holds| holds),
        Join::Any => parts.any(|holds| holds),
    }
}

impl Condition {
    fn holds(&self, row: &impl RowValues) -> bool {
        let value = row.value(&self.column);
        let value = value.as_ref();
        match &self.test {
            Test::Is { value: wanted } => equals(value, wanted),
            Test::IsNot { value: unwanted } => !equals(value, unwanted),
            Test::OneOf { values } => values.iter().any(|wanted| equals(value, wanted)),
            Test::Contains { text } => contains(value, text),
            Test::Over { number } => in_numbers(value, |found| found > *number),
            Test::Under { number } => in_numbers(value, |found| found < *number),
            Test::Between { low, high } => in_numbers(value, |found| (*low..=*high).contains(&found)),
        }
    }
}

fn equals(found: Option<&ColumnValue<'_>>, wanted: &FilterValue) -> bool {
    match (found, wanted) {
        (Some(ColumnValue::Text(found)), FilterValue::Text(wanted)) => folded(found).eq(folded(wanted)),
        (Some(ColumnValue::Number(found)), FilterValue::Number(wanted)) => found == wanted,
        (Some(ColumnValue::YesNo(found)), FilterValue::YesNo(wanted)) => found == wanted,
        (
            None
            | Some(
                ColumnValue::Text(_)
                | ColumnValue::TextList(_)
                | ColumnValue::Number(_)
                | ColumnValue::YesNo(_),
            ),
            FilterValue::Text(_) | FilterValue::Number(_) | FilterValue::YesNo(_),
        ) => false,
    }
}

fn contains(found: Option<&ColumnValue<'_>>, text: &str) -> bool {
    let text: String = folded(text).collect();
    let holds = |found: &str| folded(found).collect::<String>().contains(&text);
    match found {
        Some(ColumnValue::Text(found)) => holds(found),
        Some(ColumnValue::TextList(lines)) => lines.iter().any(|line| holds(line)),
        Some(ColumnValue::Number(_) | ColumnValue::YesNo(_)) | None => false,
    }
}

fn in_numbers(found: Option<&ColumnValue<'_>>, holds: impl Fn(i64) -> bool) -> bool {
    match found {
        Some(ColumnValue::Number(number)) => holds(*number),
        Some(ColumnValue::Text(_) | ColumnValue::TextList(_) | ColumnValue::YesNo(_)) | None => false,
    }
}

fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}
