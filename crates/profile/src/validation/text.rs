//! Names and other text that people type: length, and characters that would deceive whoever reads them.
//!
//! Markup is not refused: pages show text as text. Letters of every script are welcome, right-to-left ones too;
//! what is refused are the invisible characters that make a name look like another.

use super::{Finding, add};

/// Longest name of a profile or scope, characters.
pub const NAME_CHARS_MAX: usize = 60;
/// Longest description, characters.
pub const DESCRIPTION_CHARS_MAX: usize = 500;

/// What a name is compared by: two names that look the same, or differ only by case, have the same key.
pub fn name_key(name: &str) -> String {
    let visible: String = name.chars().filter(|&letter| !is_invisible(letter)).collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

pub(super) fn check_name(findings: &mut Vec<Finding>, field: &str, what: &str, text: &str) {
    if text.is_empty() {
        add(findings, field, format!("{what} is empty."), "Type a name.");
    } else if is_blank(text) {
        add(findings, field, format!("{what} holds nothing but blanks."), "Type a name.");
    } else {
        check_length(findings, field, what, text, NAME_CHARS_MAX);
    }
    check_characters(findings, field, what, text);
}

pub(super) fn check_description(findings: &mut Vec<Finding>, field: &str, what: &str, text: &str) {
    check_length(findings, field, what, text, DESCRIPTION_CHARS_MAX);
    check_characters(findings, field, what, text);
}

pub(super) fn check_length(
    findings: &mut Vec<Finding>,
    field: &str,
    what: &str,
    text: &str,
    chars_max: usize,
) {
    let chars = text.chars().count();
    if chars > chars_max {
        add(
            findings,
            field,
            format!("{what} has {chars} characters."),
            format!("Shorten it to {chars_max} or fewer."),
        );
    }
}

pub(super) fn check_characters(findings: &mut Vec<Finding>, field: &str, what: &str, text: &str) {
    if text.chars().any(is_control) {
        add(findings, field, format!("{what} holds a control character."), "Remove line breaks and tabs.");
    }
    if let Some(turn) = text.chars().find(|&letter| is_bidi_control(letter)) {
        add(
            findings,
            field,
            format!("{what} holds a hidden character that turns its direction (U+{:04X}).", u32::from(turn)),
            "Type it anew instead of pasting it; right-to-left letters need no such character.",
        );
    }
}

/// Whether nothing of the text can be seen.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|letter| letter.is_whitespace() || is_invisible(letter))
}

/// Whether a character moves something where it is printed. The line and paragraph separators break lines too, though
/// Unicode counts them as separators.
pub fn is_control(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}

/// Whether a character can't be seen and turns the direction of what stands after it.
pub fn is_bidi_control(letter: char) -> bool {
    matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

// Letters without a glyph: soft hyphen, joiners and marks, fillers of Hangul, byte order mark, tags.
fn is_invisible(letter: char) -> bool {
    is_bidi_control(letter)
        || matches!(
            letter,
            '\u{AD}'
                | '\u{61C}'
                | '\u{115F}'..='\u{1160}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2060}'..='\u{2064}'
                | '\u{206A}'..='\u{206F}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}
