//! Row filters: which rows of a table a register keeps.
//!
//! A filter is conditions and groups of conditions, joined by *all* or *any*. Groups hold conditions only, so
//! nothing that comes from outside can nest without end, a sentence stays readable, and yet every combination
//! can be said (any of alls, all of anys). Never knows a row type: see [`RowValues`](crate::RowValues).

mod evaluate;
mod sentence;
mod text_size;

use minicbor::{Decode, Encode};

pub use evaluate::{ColumnValue, RowValues};
pub use sentence::{SentencePart, ShownValue, percent_digits, sentence_of};
pub use text_size::FILTER_BYTES_MAX;

/// Most conditions in a filter, those in groups too.
pub const CONDITIONS_MAX: usize = 50;
/// Most values that "one of" may name.
pub const ONE_OF_VALUES_MAX: usize = 200;
/// Longest text in a condition, characters.
pub const FILTER_TEXT_CHARS_MAX: usize = 200;
/// Largest number in a condition, and with a minus the smallest: what JavaScript counts exactly.
pub const FILTER_NUMBER_ABS_MAX: i64 = 9_007_199_254_740_991;

/// Whether all parts must hold or one is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    /// All must hold.
    #[n(0)]
    All,
    /// One is enough.
    #[n(1)]
    Any,
}

/// A value that a condition compares with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum FilterValue {
    /// Text; upper and lower case are the same.
    #[n(0)]
    Text(#[n(0)] String),
    /// A number in the column's unit: minor units for money, parts per million for rates.
    #[n(1)]
    Number(#[n(0)] i64),
    /// Yes or no.
    #[n(2)]
    YesNo(#[n(0)] bool),
}

/// What a condition asks of a column.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Test {
    /// Equals the value.
    #[n(0)]
    Is {
        /// What it equals.
        #[n(0)]
        value: FilterValue,
    },
    /// Does not equal the value; a column without a value does not.
    #[n(1)]
    IsNot {
        /// What it doesn't equal.
        #[n(0)]
        value: FilterValue,
    },
    /// Equals one of the values.
    #[n(2)]
    OneOf {
        /// The values.
        #[n(0)]
        values: Vec<FilterValue>,
    },
    /// Holds the text somewhere.
    #[n(3)]
    Contains {
        /// The text; upper and lower case are the same.
        #[n(0)]
        text: String,
    },
    /// Is greater than the number.
    #[n(4)]
    Over {
        /// The number, in the column's unit.
        #[n(0)]
        number: i64,
    },
    /// Is less than the number.
    #[n(5)]
    Under {
        /// The number, in the column's unit.
        #[n(0)]
        number: i64,
    },
    /// Is from the low number to the high one, both included.
    #[n(6)]
    Between {
        /// The low number, in the column's unit.
        #[n(0)]
        low: i64,
        /// The high number, in the column's unit.
        #[n(1)]
        high: i64,
    },
}

/// The kinds of [`Test`], for choosing one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestKind {
    /// See [`Test::Is`].
    Is,
    /// See [`Test::IsNot`].
    IsNot,
    /// See [`Test::OneOf`].
    OneOf,
    /// See [`Test::Contains`].
    Contains,
    /// See [`Test::Over`].
    Over,
    /// See [`Test::Under`].
    Under,
    /// See [`Test::Between`].
    Between,
}

impl Test {
    /// Which kind of test it is.
    pub fn kind(&self) -> TestKind {
        match self {
            Test::Is { .. } => TestKind::Is,
            Test::IsNot { .. } => TestKind::IsNot,
            Test::OneOf { .. } => TestKind::OneOf,
            Test::Contains { .. } => TestKind::Contains,
            Test::Over { .. } => TestKind::Over,
            Test::Under { .. } => TestKind::Under,
            Test::Between { .. } => TestKind::Between,
        }
    }
}

/// One question about one column.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(map)]
pub struct Condition {
    /// Name of the column, the table's own or that of a related row ([`filter_columns`](crate::TableId::filter_columns)).
    #[n(0)]
    pub column: String,
    /// What is asked of it.
    #[n(1)]
    pub test: Test,
}

/// Conditions that count as one.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(map)]
pub struct ConditionGroup {
    /// How they are joined.
    #[n(0)]
    pub join: Join,
    /// The conditions, at least one.
    #[n(1)]
    pub conditions: Vec<Condition>,
}

/// A part of a filter.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum FilterPart {
    /// A condition.
    #[n(0)]
    Condition(#[n(0)] Condition),
    /// A group of conditions.
    #[n(1)]
    Group(#[n(0)] ConditionGroup),
}

impl FilterPart {
    /// Its conditions.
    pub fn conditions(&self) -> &[Condition] {
        match self {
            FilterPart::Condition(condition) => std::slice::from_ref(condition),
            FilterPart::Group(group) => &group.conditions,
        }
    }
}

/// Which rows of a table a register keeps.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(map)]
pub struct RowFilter {
    /// How the parts are joined.
    #[n(0)]
    pub join: Join,
    /// The parts, at least one.
    #[n(1)]
    pub parts: Vec<FilterPart>,
}

impl RowFilter {
    /// A filter of one condition.
    pub fn of(column: impl Into<String>, test: Test) -> RowFilter {
        let condition = Condition { column: column.into(), test };
        RowFilter { join: Join::All, parts: vec![FilterPart::Condition(condition)] }
    }

    /// Every condition, those in groups too, in order.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.parts.iter().flat_map(FilterPart::conditions)
    }
}
