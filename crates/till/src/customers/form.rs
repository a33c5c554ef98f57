//! The fields of one customer: what they were filled with, and what was typed over it.

use holdfast_protocol::checked_edit::FIELD_CHARS_MAX;
use holdfast_protocol::rows::CustomerRow;

/// The texts of the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
}

impl Texts {
    /// What the fields of a customer are filled with.
    pub fn of(row: &CustomerRow) -> Texts {
        Texts { name: row.name.clone(), phone: row.phone.clone(), email: row.email.clone() }
    }

    /// Sets the fields of a customer that were typed anew; the others stay as they are.
    pub fn set_typed(&self, filled: &Texts, row: &mut CustomerRow) {
        let set = |typed: &String, filled: &String, field: &mut String| {
            if typed != filled {
                *field = tidied(typed);
            }
        };
        set(&self.name, &filled.name, &mut row.name);
        set(&self.phone, &filled.phone, &mut row.phone);
        set(&self.email, &filled.email, &mut row.email);
    }
}

/// What was typed, as it is kept: blanks folded, none at the ends, nothing that can't be seen, not too long.
pub fn tidied(typed: &str) -> String {
    let seen: String =
        typed.chars().filter(|letter| letter.is_whitespace() || !letter.is_control()).collect();
    let words: Vec<&str> = seen.split_whitespace().collect();
    let kept: String = words.join(" ").chars().take(FIELD_CHARS_MAX).collect();
    kept.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_typed_anew_is_set() {
        let mut row = CustomerRow {
            id: "7".into(),
            name: "Ms  Itō".into(),
            country: "IS".into(),
            phone: "1".into(),
            email: String::new(),
        };
        let filled = Texts::of(&row);
        let typed = Texts { phone: " 020  7946 ".into(), ..filled.clone() };
        typed.set_typed(&filled, &mut row);
        // The two blanks of the name were there before: nobody typed them.
        assert_eq!(
            (row.name.as_str(), row.phone.as_str(), row.country.as_str()),
            ("Ms  Itō", "020 7946", "IS")
        );
        Texts { email: "a\u{7}@b".into(), ..filled.clone() }.set_typed(&filled, &mut row);
        assert_eq!((row.email.as_str(), row.phone.as_str()), ("a@b", "020 7946"));
        assert_eq!(tidied("a \u{7} b\n"), "a b");
        assert_eq!(
            tidied(&format!("{} b", "a".repeat(FIELD_CHARS_MAX - 1))),
            "a".repeat(FIELD_CHARS_MAX - 1)
        );
        assert_eq!(tidied(&"é".repeat(500)).chars().count(), FIELD_CHARS_MAX);
    }
}
