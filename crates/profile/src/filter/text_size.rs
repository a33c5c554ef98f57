//! How long a filter is as text: what bounds the size of a profile where it is saved, kept and exported.

use super::{Condition, FilterPart, FilterValue, RowFilter, Test};

/// Longest filter, bytes of text in a profile's file. So many of them that every table has one fit into the largest file
/// ([`PROFILE_FILE_BYTES_MAX`](crate::PROFILE_FILE_BYTES_MAX)), beside all that a profile may say otherwise.
pub const FILTER_BYTES_MAX: usize = 64 * 1024;

// What indented JSON has around the words, at least as much as there is at the depth of a profile's file.
const FILTER_FRAME: usize = 128;
const GROUP_FRAME: usize = 200;
const CONDITION_FRAME: usize = 320;
const VALUE_FRAME: usize = 32;
/// Of a number or of yes and no.
const PLAIN_VALUE: usize = 20;

impl RowFilter {
    /// How many bytes it takes in a profile's file, or a few more; it never takes more than that.
    pub fn text_bytes(&self) -> usize {
        let parts = self.parts.iter().map(|part| match part {
            FilterPart::Condition(condition) => condition_bytes(condition),
            FilterPart::Group(group) => {
                GROUP_FRAME + group.conditions.iter().map(condition_bytes).sum::<usize>()
            }
        });
        FILTER_FRAME + parts.sum::<usize>()
    }
}

fn condition_bytes(condition: &Condition) -> usize {
    let test = match &condition.test {
        Test::Is { value } | Test::IsNot { value } => value_bytes(value),
        Test::OneOf { values } => values.iter().map(value_bytes).sum(),
        Test::Contains { text } => VALUE_FRAME + escaped_bytes(text),
        Test::Over { number: _ } | Test::Under { number: _ } => VALUE_FRAME + PLAIN_VALUE,
        Test::Between { low: _, high: _ } => 2 * (VALUE_FRAME + PLAIN_VALUE),
    };
    CONDITION_FRAME + escaped_bytes(&condition.column) + test
}

fn value_bytes(value: &FilterValue) -> usize {
    VALUE_FRAME
        + match value {
            FilterValue::Text(text) => escaped_bytes(text),
            FilterValue::Number(_) | FilterValue::YesNo(_) => PLAIN_VALUE,
        }
}

/// Bytes of a text in JSON, without its quotes.
fn escaped_bytes(text: &str) -> usize {
    let escaped = |letter: char| match letter {
        '"' | '\\' => 2,
        // Validation refuses these; they are written as their number.
        letter if letter.is_ascii_control() => 6,
        letter => letter.len_utf8(),
    };
    text.chars().map(escaped).sum()
}
