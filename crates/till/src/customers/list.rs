//! The customers in memory, from when the dialog was first opened: sorted by name, found by name, telephone or number.

use std::collections::BTreeSet;

use holdfast_protocol::encode;
use holdfast_protocol::rows::CustomerRow;
use holdfast_protocol::search_text::{PHONE_DIGITS_MIN, digits, fold};
use holdfast_sync::overlay::ShownRow;

use crate::catalogue::sort_in_parts::SortInParts;

/// A customer as it is shown, and what an edit of it is based on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The customer.
    pub row: CustomerRow,
    /// Version of the downloaded row; 0 where none was downloaded.
    pub base_version: u64,
    /// The newest of this register's edits that lies over it.
    pub follows_seq: Option<u64>,
}

impl Shown {
    /// The base of an edit that is entered over what is shown here.
    pub fn base(&self) -> ShownRow {
        let body = Some(encode(&self.row));
        ShownRow { body, base_version: self.base_version, follows_seq: self.follows_seq }
    }
}

/// A customer and what a search compares.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    shown: Shown,
    folded_name: String,
    phone_digits: String,
}

/// The customers that this register shows, its own edits over what was downloaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerList {
    entries: Vec<Entry>,
    // Where they are in `entries`, by name.
    by_name: Vec<u32>,
}

/// A list that is being made, in any order.
#[derive(Debug, Default)]
pub struct ListBuilder {
    entries: Vec<Entry>,
}

impl ListBuilder {
    /// Takes a customer; each once.
    pub fn push(&mut self, shown: Shown) {
        let (folded_name, phone_digits) = (fold(&shown.row.name), digits(&shown.row.phone));
        self.entries.push(Entry { shown, folded_name, phone_digits });
    }

    /// Begins to sort what was taken.
    pub fn sort(self) -> ListSorting {
        let count = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        ListSorting { entries: self.entries, by_name: SortInParts::new((0..count).collect()) }
    }
}

/// A list that is being sorted.
#[derive(Debug)]
pub struct ListSorting {
    entries: Vec<Entry>,
    by_name: SortInParts<u32>,
}

impl ListSorting {
    /// Does a part of the work; whether all of it is done.
    pub fn step(&mut self) -> bool {
        let name = |no: &u32| {
            let entry = &self.entries[*no as usize];
            (&entry.folded_name, &entry.shown.row.id)
        };
        self.by_name.step(|a, b| name(a).cmp(&name(b)))
    }

    /// The list; by name, once all is done.
    pub fn finish(self) -> CustomerList {
        CustomerList { entries: self.entries, by_name: self.by_name.finish() }
    }
}

impl CustomerList {
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
            by_name || by_phone || (!id.is_empty() && entry.shown.row.id.starts_with(id))
        };
        let by_name = self.by_name.iter().map(|no| &self.entries[*no as usize]);
        by_name.filter(fits).take(hits_max).map(|entry| entry.shown.row.clone()).collect()
    }

    /// Those of these numbers that are in the list.
    pub fn listed_of<'a>(&self, ids: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
        let ids: BTreeSet<&str> = ids.collect();
        if ids.is_empty() {
            return ids;
        }
        self.entries.iter().filter_map(|entry| ids.get(entry.shown.row.id.as_str()).copied()).collect()
    }

    /// The customer with this number.
    pub fn get(&self, id: &str) -> Option<&Shown> {
        self.entries.iter().map(|entry| &entry.shown).find(|shown| shown.row.id == id)
    }
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
        let mut list = ListBuilder::default();
        for row in [
            row("12347", "Ms Itō", "+354 555 0100"),
            row("2", "Ada Marlow", "020 7946 0018"),
            row("3", "Åke Öberg", ""),
        ] {
            list.push(Shown { row, base_version: 1, follows_seq: None });
        }
        let mut sorting = list.sort();
        while !sorting.step() {}
        sorting.finish()
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
