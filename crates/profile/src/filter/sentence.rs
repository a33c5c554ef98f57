//! A filter as a sentence: "category is Toys and price is over 1.00".
//!
//! The parts carry what is said, not the words, so that each language puts its own and a code can be shown as
//! the name it stands for. [`RowFilter::english`] is for logs, tests and files.

use holdfast_domain::money::{Currency, Money, to_decimal_string};

use super::{Condition, FilterPart, FilterValue, Join, RowFilter, Test, TestKind};
use crate::columns::column_english;
use crate::{ColumnKind, TableId};

/// A piece of a filter's sentence, in reading order.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "part", content = "value")]
pub enum SentencePart {
    /// A column's name, as the condition has it.
    Column(String),
    /// What is asked: "is", "is not", "is one of", "contains", "is over", "is under", "is between".
    Test(TestKind),
    /// A value.
    Value(ShownValue),
    /// Between two values of "one of".
    ListComma,
    /// Between the two numbers of "between".
    RangeAnd,
    /// Between two parts of which both must hold, or one.
    Join(Join),
    /// A group begins.
    GroupStart,
    /// A group ends.
    GroupEnd,
}

/// A value with the unit that it is shown in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum ShownValue {
    /// No text.
    Empty,
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// An amount in minor units.
    MoneyMinor(i64),
    /// A rate in parts per million.
    RatePpm(i64),
    /// Yes or no.
    YesNo(bool),
}

impl RowFilter {
    /// The filter's sentence, piece by piece.
    pub fn sentence(&self, table: TableId) -> Vec<SentencePart> {
        let mut parts = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            if index > 0 {
                parts.push(SentencePart::Join(self.join));
            }
            match part {
                FilterPart::Condition(condition) => say(&mut parts, table, condition),
                FilterPart::Group(group) => {
                    parts.push(SentencePart::GroupStart);
                    for (index, condition) in group.conditions.iter().enumerate() {
                        if index > 0 {
                            parts.push(SentencePart::Join(group.join));
                        }
                        say(&mut parts, table, condition);
                    }
                    parts.push(SentencePart::GroupEnd);
                }
            }
        }
        parts
    }

    /// The filter as an English sentence without a full stop; amounts in the currency's decimals.
    pub fn english(&self, table: TableId, currency: Currency) -> String {
        sentence_of(&self.sentence(table), |part| word(part, currency))
    }
}

/// The parts of a sentence as one text, with `word` for each; between them blanks where reading wants them.
pub fn sentence_of(parts: &[SentencePart], word: impl Fn(&SentencePart) -> String) -> String {
    let mut text = String::new();
    for part in parts {
        let glued = match part {
            SentencePart::ListComma | SentencePart::GroupEnd => true,
            SentencePart::Column(_)
            | SentencePart::Test(_)
            | SentencePart::Value(_)
            | SentencePart::RangeAnd
            | SentencePart::Join(_)
            | SentencePart::GroupStart => text.is_empty() || text.ends_with('('),
        };
        if !glued {
            text.push(' ');
        }
        text.push_str(&word(part));
    }
    text
}

/// A rate in parts per million as the digits of its percent: `5.5`, without zeros at the end.
pub fn percent_digits(ppm: i64) -> String {
    let sign = if ppm < 0 { "-" } else { "" };
    let decimals = format!("{:04}", ppm.unsigned_abs() % 10_000);
    let decimals = decimals.trim_end_matches('0');
    let point = if decimals.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{decimals}", ppm.unsigned_abs() / 10_000)
}

fn say(parts: &mut Vec<SentencePart>, table: TableId, condition: &Condition) {
    let kind = table.filter_column(&condition.column).map(|found| found.column.kind);
    parts.push(SentencePart::Column(condition.column.clone()));
    parts.push(SentencePart::Test(condition.test.kind()));
    let number = |number: i64| SentencePart::Value(shown_number(kind, number));
    match &condition.test {
        Test::Is { value } | Test::IsNot { value } => parts.push(SentencePart::Value(shown(kind, value))),
        Test::OneOf { values } => {
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    parts.push(SentencePart::ListComma);
                }
                parts.push(SentencePart::Value(shown(kind, value)));
            }
        }
        Test::Contains { text } => parts.push(SentencePart::Value(shown_text(text))),
        Test::Over { number: limit } | Test::Under { number: limit } => parts.push(number(*limit)),
        Test::Between { low, high } => {
            parts.extend([number(*low), SentencePart::RangeAnd, number(*high)]);
        }
    }
}

fn shown(kind: Option<ColumnKind>, value: &FilterValue) -> ShownValue {
    match value {
        FilterValue::Text(text) => shown_text(text),
        FilterValue::Number(number) => shown_number(kind, *number),
        FilterValue::YesNo(yes) => ShownValue::YesNo(*yes),
    }
}

fn shown_text(text: &str) -> ShownValue {
    if text.is_empty() { ShownValue::Empty } else { ShownValue::Text(text.to_owned()) }
}

fn shown_number(kind: Option<ColumnKind>, number: i64) -> ShownValue {
    match kind {
        Some(ColumnKind::Money) => ShownValue::MoneyMinor(number),
        Some(ColumnKind::RatePpm) => ShownValue::RatePpm(number),
        Some(
            ColumnKind::Text
            | ColumnKind::TextList
            | ColumnKind::WholeNumber
            | ColumnKind::YesNo
            | ColumnKind::Secret,
        )
        | None => ShownValue::Number(number),
    }
}

fn word(part: &SentencePart, currency: Currency) -> String {
    match part {
        SentencePart::Column(name) => column_english(name),
        SentencePart::Test(kind) => match kind {
            TestKind::Is => "is",
            TestKind::IsNot => "is not",
            TestKind::OneOf => "is one of",
            TestKind::Contains => "contains",
            TestKind::Over => "is over",
            TestKind::Under => "is under",
            TestKind::Between => "is between",
        }
        .to_owned(),
        SentencePart::Value(value) => shown_english(value, currency),
        SentencePart::ListComma => ",".to_owned(),
        SentencePart::RangeAnd | SentencePart::Join(Join::All) => "and".to_owned(),
        SentencePart::Join(Join::Any) => "or".to_owned(),
        SentencePart::GroupStart => "(".to_owned(),
        SentencePart::GroupEnd => ")".to_owned(),
    }
}

fn shown_english(value: &ShownValue, currency: Currency) -> String {
    match value {
        ShownValue::Empty => "empty".to_owned(),
        // Words that could be read as part of the sentence are quoted.
        ShownValue::Text(text) if text.chars().all(char::is_alphanumeric) => text.clone(),
        ShownValue::Text(text) => format!("“{text}”"),
        ShownValue::Number(number) => number.to_string(),
        ShownValue::MoneyMinor(minor) => to_decimal_string(Money::from_minor(*minor), currency),
        ShownValue::RatePpm(ppm) => format!("{} %", percent_digits(*ppm)),
        ShownValue::YesNo(true) => "yes".to_owned(),
        ShownValue::YesNo(false) => "no".to_owned(),
    }
}
