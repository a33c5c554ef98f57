//! What somebody types or scans, read once.

use holdfast_domain::Gtin;
use holdfast_protocol::look_up::LOOK_UP_CHARS_MAX;
use holdfast_protocol::search_text::{PHONE_DIGITS_MIN, digits, fold};

/// Why nothing is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotLookedFor {
    /// Nothing but blanks.
    #[error("There is no text to look for.")]
    Empty,
    /// Longer than anybody types.
    #[error("The text to look for has {chars} characters, {LOOK_UP_CHARS_MAX} are the most.")]
    TooLong {
        /// How long it is.
        chars: usize,
    },
}

/// A text that is looked for, in all the ways in which it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedFor {
    // Not empty, no blanks at the ends, no U+0000: PostgreSQL keeps none and refuses to compare one.
    text: String,
    // Of the folded text, each once, the longest first: it is the one that the fewest names have. Letters and digits
    // only, so that none means something else in a pattern.
    words: Vec<String>,
    phone_digits: Option<String>,
    gtin: Option<Gtin>,
}

impl LookedFor {
    /// Reads a text.
    ///
    /// # Errors
    /// [`NotLookedFor`] when there is too little of it or too much.
    pub fn read(text: &str) -> Result<LookedFor, NotLookedFor> {
        let text = text.replace('\0', " ");
        let text = text.trim();
        if text.is_empty() {
            return Err(NotLookedFor::Empty);
        }
        let chars = text.chars().count();
        if chars > LOOK_UP_CHARS_MAX {
            return Err(NotLookedFor::TooLong { chars });
        }
        let mut words: Vec<String> = fold(text).split_ascii_whitespace().map(str::to_owned).collect();
        words.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        words.dedup();
        let phone_digits = Some(digits(text)).filter(|digits| digits.len() >= PHONE_DIGITS_MIN);
        Ok(LookedFor { text: text.to_owned(), words, phone_digits, gtin: Gtin::parse(text).ok() })
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a sku is this one to a cashier: as tills compare them, without regard to the case of ASCII letters.
    pub fn is_sku(&self, sku: &str) -> bool {
        sku.eq_ignore_ascii_case(&self.text)
    }

    /// The words of it, each once; none where it has no letter and no digit.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Its digits, where they are enough to look for a telephone number.
    pub fn phone_digits(&self) -> Option<&str> {
        self.phone_digits.as_deref()
    }

    /// The key of the barcode that it is, whichever of its lengths was given.
    pub fn barcode_key(&self) -> Option<String> {
        self.gtin.map(|gtin| gtin.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_in_all_ways_once() {
        let read = LookedFor::read(" Crème 50% crème_de\0 ").unwrap();
        assert_eq!(read.text(), "Crème 50% crème_de");
        assert_eq!(read.words(), ["creme", "50", "de"]);
        assert_eq!((read.phone_digits(), read.barcode_key()), (None, None));
        let barcode = LookedFor::read("96385074").unwrap();
        assert_eq!(barcode.barcode_key().as_deref(), Some("00000096385074"));
        assert_eq!(barcode.phone_digits(), Some("96385074"));
        assert_eq!(LookedFor::read("96385075").unwrap().barcode_key(), None);
        assert_eq!(LookedFor::read("%_\\").unwrap().words(), [""; 0]);
    }

    #[test]
    fn no_text_and_too_long_a_text_are_refused() {
        for empty in ["", " \t\n", "\0"] {
            assert_eq!(LookedFor::read(empty), Err(NotLookedFor::Empty));
        }
        assert!(LookedFor::read(&format!("  {}  ", "é".repeat(LOOK_UP_CHARS_MAX))).is_ok());
        let chars = LOOK_UP_CHARS_MAX + 1;
        assert_eq!(LookedFor::read(&"é".repeat(chars)), Err(NotLookedFor::TooLong { chars }));
    }
}
