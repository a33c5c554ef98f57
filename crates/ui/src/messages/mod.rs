//! All visible text. A message is a function: `messages::till::pay()`,
//! `messages::common::sales_waiting(12)`.
//!
//! The functions are made by `build.rs` from `messages/en/*.toml` (the format is explained at the top of
//! `common.toml`); a key that isn't there or an argument that's missing does not compile. The locale is
//! chosen once, before the first view ([`choose_locale`]), so messages are not reactive.

mod locale;

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

/// Fills `{0}`, `{1}` with the arguments.
fn fill(template: &str, arguments: &[&str]) -> String {
    let mut text = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once('{') {
        let (index, after) = tail.split_once('}').unwrap_or((tail, ""));
        text.push_str(before);
        text.push_str(index.parse().ok().and_then(|index: usize| arguments.get(index)).unwrap_or(&""));
        rest = after;
    }
    text.push_str(rest);
    text
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
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_234_567), "1,234,567");
    }
}
