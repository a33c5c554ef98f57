//! All visible text. A message is a function: `messages::till::pay()`,
//! `messages::common::sales_waiting(12)`.
//!
//! The functions are made by `build.rs` from `messages/en/*.toml` (the format is explained at the top of
//! `common.toml`); a key that isn't there or an argument that's missing does not compile. The locale is
//! chosen once, before the first view ([`choose_locale`]), so messages are not reactive.

mod locale;

use std::borrow::Cow;

pub use locale::{Locale, choose_locale, locale, set_locale};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// A number for people: `8,412`.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// The text of the chosen locale.
fn pick(texts: [&'static str; Locale::COUNT]) -> &'static str {
    texts[locale() as usize]
}

/// The text for one or for many. English and its pseudo-locale know only these two.
fn pick_counted(
    one: [&'static str; Locale::COUNT],
    other: [&'static str; Locale::COUNT],
    count: u64,
) -> &'static str {
    if count == 1 { pick(one) } else { pick(other) }
}

/// Fills `{0}`, `{1}` with the arguments; one that is written the other way turns nothing but itself round.
fn fill(template: &str, arguments: &[&str]) -> String {
    let mut text = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once('{') {
        let (index, after) = tail.split_once('}').unwrap_or((tail, ""));
        text.push_str(before);
        text.push_str(&apart(
            index.parse().ok().and_then(|index: usize| arguments.get(index)).unwrap_or(&""),
        ));
        rest = after;
    }
    text.push_str(rest);
    text
}

/// A sentence of the store server or of a library, which quotes what people have named: “like this”. Each stands apart
/// as an argument of a message does.
pub fn quotes_apart(sentence: &str) -> String {
    let mut text = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('“') {
        let (quoted, after) = after.split_once('”').unwrap_or((after, ""));
        let end = if rest.len() == before.len() + '“'.len_utf8() + quoted.len() { "" } else { "”" };
        text.extend([before, "“", &apart(quoted), end]);
        rest = after;
    }
    text.push_str(rest);
    text
}

/// An argument as it stands in a text: one with letters or marks from right to left stands apart from what is around
/// it, as `<bdi>` does in a page.
fn apart(argument: &str) -> Cow<'_, str> {
    if !argument.chars().any(turns_round) {
        return Cow::Borrowed(argument);
    }
    let mut text = String::with_capacity(argument.len() + 6);
    text.push('\u{2068}');
    // Parts of it may stand apart themselves. What would end the isolation early goes, and what is open at the end is
    // ended there.
    let mut open = 0_usize;
    for letter in argument.chars() {
        open = match (letter, open) {
            ('\u{2066}'..='\u{2068}', _) => open + 1,
            ('\u{2069}', 0) => continue,
            ('\u{2069}', _) => open - 1,
            _ => open,
        };
        text.push(letter);
    }
    text.extend(std::iter::repeat_n('\u{2069}', open + 1));
    Cow::Owned(text)
}

/// Whether a letter is of a script from right to left (Hebrew to Arabic and its forms, and those beyond the basic
/// plane), or a mark that directs what follows.
fn turns_round(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_filled_and_counts() {
        set_locale(Locale::En);
        assert_eq!(common::sales_waiting(1), "1 sale waiting");
        assert_eq!(common::sales_waiting(8412), "8,412 sales waiting");
    }

    #[test]
    fn the_pseudo_locale_keeps_arguments_and_marks_the_rest() {
        set_locale(Locale::Qps);
        assert_eq!(common::sales_waiting(12), "[!! 12 šåłëš ŵåîŧîñğ !!]");
        assert_eq!(common::back(), "[!! Ɓåçķ !!]");
        set_locale(Locale::En);
    }

    #[test]
    fn a_place_may_come_twice_and_braces_in_arguments_stay() {
        assert_eq!(fill("{0}, {1}, {0}", &["{1}", "b"]), "{1}, b, {1}");
        assert_eq!(fill("nothing", &[]), "nothing");
    }

    #[test]
    fn an_argument_from_right_to_left_stands_apart() {
        assert_eq!(fill("“{0}” was saved", &["קופה"]), "“\u{2068}קופה\u{2069}” was saved");
        assert_eq!(fill("“{0}” was saved", &["\u{202e}x\u{2069}"]), "“\u{2068}\u{202e}x\u{2069}” was saved");
        assert_eq!(fill("“{0}” was saved", &["Ms Itō"]), "“Ms Itō” was saved");
    }

    #[test]
    fn what_stands_apart_in_an_argument_does_so_in_the_text() {
        let quoted = |name: &str| fill("“{0}”", &[name]);
        let text = fill("order: {0}.", &[&format!("{}, {}", quoted("קופה"), quoted("מלאי"))]);
        assert_eq!(text, "order: \u{2068}“\u{2068}קופה\u{2069}”, “\u{2068}מלאי\u{2069}”\u{2069}.");
    }

    #[test]
    fn an_argument_ends_what_it_opens_and_nothing_else() {
        let kept = [
            ("a\u{2067}b", "\u{2068}a\u{2067}b\u{2069}\u{2069}"),
            ("a\u{2069}\u{2069}b", "\u{2068}ab\u{2069}"),
            ("\u{2066}a\u{2069}\u{2069}\u{2066}b", "\u{2068}\u{2066}a\u{2069}\u{2066}b\u{2069}\u{2069}"),
        ];
        for (argument, inside) in kept {
            assert_eq!(fill("<{0}>", &[argument]), format!("<{inside}>"));
        }
    }

    #[test]
    fn what_a_sentence_quotes_stands_apart() {
        let apart = "“\u{2068}קופה\u{2069}” has no table, “Staff” has one.";
        assert_eq!(quotes_apart("“קופה” has no table, “Staff” has one."), apart);
        for same in ["no quotes", "“open", "“a” and “b”", "”“", ""] {
            assert_eq!(quotes_apart(same), same);
        }
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_234_567), "1,234,567");
    }
}
