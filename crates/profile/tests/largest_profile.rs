//! The largest profile that may be saved fits into a file, and a filter that is a byte longer may not be saved.

use holdfast_profile::{
    Column, ColumnKind, Condition, ConditionGroup, Direction, FILTER_BYTES_MAX, FilterPart, FilterValue,
    Frequency, Join, OfflineProducts, PROFILE_FILE_BYTES_MAX, Profile, RowFilter, Scope, ScopeTable, TableId,
    Test, default_profile, read_profile_file, validate, write_profile_file,
};
use proptest::prelude::*;

use crate::builders::any_filter;
use crate::profile_files::Json;

/// A letter of four bytes.
const LETTER: &str = "𝄞";

fn letters(at: usize, count: usize) -> String {
    let number = at.to_string();
    let letters = LETTER.repeat(count - number.len());
    format!("{number}{letters}")
}

/// A filter of so many bytes as text, exactly.
fn filter_of(column: &str, bytes: usize) -> RowFilter {
    let empty = FilterPart::Condition(Condition {
        column: column.to_owned(),
        test: Test::Contains { text: "x".to_owned() },
    });
    let one_of = |values: Vec<FilterValue>| Test::OneOf { values };
    let value = |at: usize| FilterValue::Text(letters(at, 200));
    let mut filter = RowFilter::of(column, one_of(vec![value(0)]));
    filter.parts.extend([empty.clone(), empty]);
    // Whole values first, then a letter at a time.
    for at in 1.. {
        let mut longer = filter.clone();
        let FilterPart::Condition(condition) = &mut longer.parts[0] else { unreachable!() };
        condition.test = one_of((0..=at).map(value).collect());
        if longer.text_bytes() > bytes {
            break;
        }
        filter = longer;
    }
    for part in 1..3 {
        // Beside the letter that is there.
        let missing = bytes + 1 - filter.text_bytes();
        let FilterPart::Condition(condition) = &mut filter.parts[part] else { unreachable!() };
        let four = (missing / 4).min(199);
        let one = if four < 199 { missing % 4 } else { 0 };
        condition.test = Test::Contains { text: LETTER.repeat(four) + &"x".repeat(one) };
    }
    assert_eq!(filter.text_bytes(), bytes);
    filter
}

fn text_column(table: TableId) -> &'static str {
    let is_text = |column: &&Column| column.kind == ColumnKind::Text;
    let longest = table.columns().iter().filter(is_text).max_by_key(|column| column.name.len());
    longest.expect("a column of text").name
}

/// As much as a profile may hold: a scope for each table, and everything that is typed as long as may be.
fn largest(filter_bytes: usize) -> Profile {
    let mut profile = default_profile();
    let directions = [Direction::Download, Direction::Bidirectional, Direction::Upload];
    let entries = TableId::ALL.into_iter().filter_map(|table| {
        let direction = directions.into_iter().find(|direction| table.allows(*direction))?;
        Some((direction, ScopeTable::whole(table)))
    });
    profile.scopes = entries
        .enumerate()
        .map(|(at, (direction, mut entry))| {
            let table = entry.table;
            if !table.columns().is_empty() {
                entry.fields = Some(table.columns().iter().map(|column| column.name.to_owned()).collect());
            }
            if table.may_be_filtered() {
                entry.filter = Some(filter_of(text_column(table), filter_bytes));
            }
            Scope {
                name: letters(at, 60),
                description: LETTER.repeat(500),
                direction,
                frequency: Frequency::EveryMinutes { minutes: 1440 },
                tables: vec![entry],
            }
        })
        .collect();
    profile.name = LETTER.repeat(60);
    profile.description = LETTER.repeat(500);
    profile.offline_products =
        OfflineProducts::Categories { codes: (0..500).map(|at| letters(at, 60)).collect() };
    profile
}

#[test]
fn the_largest_profile_is_exported_and_imported() {
    let profile = largest(FILTER_BYTES_MAX);
    assert_eq!(validate(&profile), []);
    let filters = profile.scopes.iter().filter(|scope| scope.tables[0].filter.is_some()).count();
    let text = write_profile_file(&Json, &profile).expect("a file");
    assert!(text.len() > filters * FILTER_BYTES_MAX * 9 / 10, "{} bytes of {filters} filters", text.len());
    assert!(text.len() <= PROFILE_FILE_BYTES_MAX, "{} bytes", text.len());
    let read = read_profile_file(&Json, &text).expect("a profile");
    assert_eq!((read.profile, read.unknown_fields), (profile, Vec::new()));
}

#[test]
fn a_filter_that_is_a_byte_longer_is_named() {
    let profile = largest(FILTER_BYTES_MAX + 1);
    let findings = validate(&profile);
    let filtered = TableId::ALL.iter().filter(|table| table.may_be_filtered()).count();
    assert_eq!(findings.len(), filtered);
    let first = profile.scopes.iter().position(|scope| scope.tables[0].filter.is_some()).expect("a filter");
    assert_eq!(
        findings[0].to_string(),
        format!(
            "scopes[{first}].tables[0].filter: The row filter takes 65537 bytes as text. \
             Keep it within 65536: name fewer values, or shorter ones."
        )
    );
}

/// Bytes that a filter takes in a file.
fn bytes_in_file(filter: &RowFilter) -> usize {
    let mut profile = default_profile();
    let without = write_profile_file(&Json, &profile).expect("a file").len();
    profile.scopes[3].tables[1].filter = Some(filter.clone());
    write_profile_file(&Json, &profile).expect("a file").len() - without
}

fn group_of(test: Test) -> RowFilter {
    let conditions = vec![Condition { column: "name".into(), test }];
    let group = FilterPart::Group(ConditionGroup { join: Join::All, conditions });
    RowFilter { join: Join::All, parts: vec![group] }
}

#[test]
fn a_filter_takes_no_more_than_is_counted() {
    let most = 9_007_199_254_740_991;
    for test in [
        Test::OneOf { values: (0..200).map(|at| FilterValue::Number(at - most)).collect() },
        Test::OneOf { values: vec![FilterValue::YesNo(false); 200] },
        Test::OneOf { values: (0..200).map(|at| FilterValue::Text(format!("\"\\\u{1}{at}"))).collect() },
        Test::Between { low: -most, high: most },
        Test::IsNot { value: FilterValue::Text(LETTER.repeat(200)) },
        Test::Contains { text: String::new() },
    ] {
        let filter = group_of(test);
        let (takes, counted) = (bytes_in_file(&filter), filter.text_bytes());
        assert!(takes <= counted, "{filter:?} takes {takes} and is counted as {counted}");
    }
}

proptest! {
    #[test]
    fn no_filter_takes_more_than_is_counted(filter in any_filter()) {
        prop_assert!(bytes_in_file(&filter) <= filter.text_bytes());
    }
}
