//! What an administrator is called.

use holdfast_profile::{is_bidi_control, is_control, name_key};

use crate::profiles::{COMMAND_LINE, SET_UP};

/// Longest name, characters.
const CHARS_MAX: usize = 50;
/// The administrator that a new store begins with, and whom an older back office means, which sends no name.
const FIRST: &str = "admin";

/// An administrator's name: 1 to 50 characters on one line. Names are compared as those of profiles are: without case
/// and without what can't be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdministratorName {
    shown: String,
    /// Not empty; nothing that acts by itself has it.
    key: String,
}

/// Why nobody can be called so; sentences for the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing of it can be seen.
    #[error("An administrator's name is not empty.")]
    Empty,
    /// It is too long.
    #[error("An administrator's name has {CHARS_MAX} characters at most.")]
    TooLong,
    /// A line break, or another character that moves something.
    #[error("An administrator's name is one line, without control characters.")]
    Control,
    /// A character that turns the direction of what stands after it.
    #[error(
        "An administrator's name has no hidden characters that turn its direction. Type it anew instead of pasting it."
    )]
    Direction,
    /// The trail calls what acts by itself so.
    #[error("Changes that nobody signed in for stand under this name in the trail. Choose another one.")]
    Reserved,
}

impl AdministratorName {
    /// The name of the administrator that a new store begins with.
    pub fn first() -> AdministratorName {
        AdministratorName { shown: FIRST.to_owned(), key: FIRST.to_owned() }
    }

    /// A name as somebody typed it; blanks around it and several in a row don't count.
    ///
    /// # Errors
    /// [`NameError`] when nobody can be called so.
    pub fn parse(typed: &str) -> Result<AdministratorName, NameError> {
        let typed = typed.trim();
        // Looked at no further than it may be long.
        if typed.chars().nth(CHARS_MAX).is_some() {
            return Err(NameError::TooLong);
        }
        if typed.chars().any(is_control) {
            return Err(NameError::Control);
        }
        if typed.chars().any(is_bidi_control) {
            return Err(NameError::Direction);
        }
        let key = name_key(typed);
        if key.is_empty() {
            return Err(NameError::Empty);
        }
        if [COMMAND_LINE, SET_UP].contains(&key.as_str()) {
            return Err(NameError::Reserved);
        }
        let words: Vec<&str> = typed.split_whitespace().collect();
        Ok(AdministratorName { shown: words.join(" "), key })
    }

    /// As it is shown, and written into the trail.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// What it is compared by.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl std::fmt::Display for AdministratorName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_people_are_called() {
        for (typed, shown, key) in [
            ("Ann", "Ann", "ann"),
            ("  Ann   Baker ", "Ann Baker", "ann baker"),
            ("ÉMILE", "ÉMILE", "émile"),
            ("علی\u{200C}اکبر", "علی\u{200C}اکبر", "علیاکبر"),
            ("A\u{200B}nn", "A\u{200B}nn", "ann"),
            ("<b>Ann</b> O'Neil", "<b>Ann</b> O'Neil", "<b>ann</b> o'neil"),
        ] {
            let name = AdministratorName::parse(typed).unwrap();
            assert_eq!((name.as_str(), name.key()), (shown, key));
        }
        assert_eq!(AdministratorName::parse(" Admin").unwrap().key(), AdministratorName::first().key());
        assert!(AdministratorName::parse(&"ü".repeat(CHARS_MAX)).is_ok());
    }

    #[test]
    fn what_would_deceive_whoever_reads_it_is_no_name() {
        for (typed, error) in [
            ("", NameError::Empty),
            ("  ", NameError::Empty),
            ("\u{200B}", NameError::Empty),
            ("A\nnn", NameError::Control),
            ("Ann\0", NameError::Control),
            ("A\u{1B}[31mnn", NameError::Control),
            ("A\u{2028}nn", NameError::Control),
            ("A\u{202E}nn", NameError::Direction),
            ("\u{2066}Ann", NameError::Direction),
            ("Command Line", NameError::Reserved),
            ("store\u{200B} server", NameError::Reserved),
        ] {
            assert_eq!(AdministratorName::parse(typed), Err(error), "{typed:?}");
        }
        assert_eq!(AdministratorName::parse(&"x".repeat(CHARS_MAX + 1)), Err(NameError::TooLong));
    }
}
