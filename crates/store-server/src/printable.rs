//! Texts of others as they can be printed to a terminal, and kept as one line by both databases.

/// A text without what a terminal would obey, on one line.
pub fn shown(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        assert_eq!(
            shown("Till 1 \u{1b}]0;x\u{7}\n\u{9b}2J é"),
            "Till 1 \u{fffd}]0;x\u{fffd}\u{fffd}\u{fffd}2J é"
        );
    }
}
