//! Text as files have it, and as it is kept.

use std::borrow::Cow;

/// Longest text of a field, characters.
const CHARS_MAX: usize = 200;

/// A field's text, or why it can't be kept.
pub type Tidied = Result<String, String>;

/// The text of a field: HTML entities decoded, blanks and line breaks folded into one blank, none at the ends.
/// `what` names the field where it can't be kept.
///
/// # Errors
/// When it holds a control character or is too long.
pub fn tidied(what: &str, text: &str) -> Tidied {
    let decoded = decode_entities(text);
    let mut tidy = String::with_capacity(decoded.len());
    for word in decoded.split_whitespace() {
        if !tidy.is_empty() {
            tidy.push(' ');
        }
        tidy.push_str(word);
    }
    if tidy.chars().any(char::is_control) {
        return Err(format!("{what} holds a control character"));
    }
    let chars = tidy.chars().count();
    if chars > CHARS_MAX {
        return Err(format!("{what} has {chars} characters, {CHARS_MAX} are the most"));
    }
    Ok(tidy)
}

/// Decodes, once, the entities that exports from web shops leave behind; others stay as they are.
fn decode_entities(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        decoded.push_str(before);
        match entity(from) {
            Some((letter, length)) => {
                decoded.push(letter);
                rest = &from[length..];
            }
            None => {
                decoded.push('&');
                rest = &from[1..];
            }
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// The letter of the entity that `text` begins with, and the entity's length.
fn entity(text: &str) -> Option<(char, usize)> {
    const LENGTH_MAX: usize = 10;
    let end = text.bytes().take(LENGTH_MAX).position(|byte| byte == b';')?;
    let letter = match &text[1..end] {
        "quot" => '"',
        "amp" => '&',
        "apos" => '\'',
        "lt" => '<',
        "gt" => '>',
        "nbsp" => ' ',
        numbered => {
            let number = numbered.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((letter, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(tidied("The name", text).as_deref(), Ok(expected));
    }

    #[test]
    fn blanks_are_trimmed_and_folded() {
        check("  INFLATABLE  POLITICAL\u{a0}GLOBE ", "INFLATABLE POLITICAL GLOBE");
        check("two\r\nlines", "two lines");
        check("", "");
    }

    #[test]
    fn entities_are_decoded_once() {
        check("&quot;Bio&quot; Caf&#233; &amp; Tea &#x27;", "\"Bio\" Café & Tea '");
        check("&amp;quot;", "&quot;");
        check("R&D; B&B &unknown; &", "R&D; B&B &unknown; &");
        check("&#1114112;", "&#1114112;");
        check("é&é;", "é&é;");
    }

    #[test]
    fn control_characters_and_long_texts_are_refused() {
        assert!(tidied("The name", "a\u{7}b").unwrap_err().contains("control"));
        assert!(tidied("The name", "a&#7;b").unwrap_err().contains("control"));
        assert!(tidied("The name", &"é".repeat(200)).is_ok());
        assert!(tidied("The name", &"é".repeat(201)).unwrap_err().contains("201"));
    }
}
