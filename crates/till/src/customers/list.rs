//! The customers in memory while the dialog is open: sorted by name, found by name, telephone or number.

use holdfast_protocol::rows::CustomerRow;

use crate::catalogue::fold::fold;

/// Digits of a telephone number that are worth looking for.
const PHONE_DIGITS_MIN: usize = 3;

/// A customer and what a search compares.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    row: CustomerRow,
    folded_name: String,
    phone_digits: String,
}

/// The customers that this register shows, its own edits over what was downloaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerList {
    entries: Vec<Entry>,
}

impl CustomerList {
    /// A list of these.
    pub fn new(rows: impl IntoIterator<Item = CustomerRow>) -> CustomerList {
        let entry =
            |row: CustomerRow| Entry { folded_name: fold(&row.name), phone_digits: digits(&row.phone), row };
        let mut entries: Vec<Entry> = rows.into_iter().map(entry).collect();
        entries.sort_by(|a, b| (&a.folded_name, &a.row.id).cmp(&(&b.folded_name, &b.row.id)));
        CustomerList { entries }
    }

    /// Those that somebody who types `query` may mean, at most so many: by all words of the name, by digits of the
    /// telephone number, or by the beginning of the customer's number. All for an empty query.
    pub fn find(&self, query: &str, hits_max: usize) -> Vec<CustomerRow> {
        let folded = fold(query);
        let words: Vec<&str> = folded.split_whitespace().collect();
        let asked = digits(query);
        let id = query.trim();
        let fits = |entry: &&Entry| {
            let by_name = words.iter().all(|word| entry.folded_name.contains(word));
            let by_phone = asked.len() >= PHONE_DIGITS_MIN && entry.phone_digits.contains(&asked);
            by_name || by_phone || (!id.is_empty() && entry.row.id.starts_with(id))
        };
        self.entries.iter().filter(fits).take(hits_max).map(|entry| entry.row.clone()).collect()
    }

    /// The customer with this number.
    pub fn get(&self, id: &str) -> Option<&CustomerRow> {
        self.entries.iter().find(|entry| entry.row.id == id).map(|entry| &entry.row)
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> CustomerList {
        let row = |id: &str, name: &str, phone: &str| CustomerRow {
            id: id.into(),
            name: name.into(),
            country: String::new(),
            phone: phone.into(),
            email: String::new(),
        };
        CustomerList::new([
            row("12347", "Ms Itō", "+354 555 0100"),
            row("2", "Ada Marlow", "020 7946 0018"),
            row("3", "Åke Öberg", ""),
        ])
    }

    #[track_caller]
    fn check(query: &str, expected: &[&str]) {
        let found: Vec<String> = list().find(query, 10).into_iter().map(|row| row.id).collect();
        assert_eq!(found, expected, "{query:?}");
    }

    #[test]
    fn a_customer_is_found_by_name_telephone_or_number() {
        check("ito", &["12347"]);
        check("marlow ADA", &["2"]);
        check("oberg", &["3"]);
        check("555-0100", &["12347"]);
        check("7946", &["2"]);
        check("1234", &["12347"]);
        check("nobody", &[]);
    }

    #[test]
    fn without_a_query_all_are_there_by_name() {
        check(" ", &["2", "3", "12347"]);
        assert_eq!(list().find("", 2).len(), 2);
    }
}
