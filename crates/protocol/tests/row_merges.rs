//! Edits of one row, merged: nothing is lost that isn't recorded, and the order of what doesn't overlap doesn't matter.

use std::collections::BTreeMap;

use holdfast_profile::{ConflictRule, EncodedRow, TableId};
use holdfast_protocol::checked_edit::{CheckedEdit, EditFault, FIELD_CHARS_MAX, ROW_KEY_CHARS_MAX};
use holdfast_protocol::row_edit::{FieldEdit, RowEdit};
use holdfast_protocol::row_merge::{FieldConflict, MergedRow, Winner, merge};
use holdfast_protocol::rows::CustomerRow;
use holdfast_protocol::{decode, encode};
use proptest::prelude::*;
use proptest::sample::select;

use crate::builders::{AT_MS, customer_row, row_edit};

const PHONE: u32 = 3;
const EMAIL: u32 = 4;

fn customer(name: &str, phone: &str, email: &str) -> Vec<u8> {
    let (name, phone, email) = (name.into(), phone.into(), email.into());
    encode(&CustomerRow { name, phone, email, ..customer_row() })
}

fn edit(before: Option<&[u8]>, after: &[u8]) -> CheckedEdit {
    let fields = RowEdit::fields_between(TableId::Customer, before, after).expect("rows");
    CheckedEdit::check(&RowEdit { fields, follows_seq: None, ..row_edit() }).expect("a valid edit")
}

fn field(column: u32, before: Option<&str>, after: &str) -> FieldEdit {
    let value = |text: &str| encode(&text).into();
    FieldEdit { column, before: before.map(value), after: value(after) }
}

fn merged(row: Option<&[u8]>, edit: &CheckedEdit, rule: ConflictRule) -> MergedRow {
    merge(row, edit, rule, &BTreeMap::new()).expect("a row")
}

fn value(row: &[u8], column: u32) -> Option<Vec<u8>> {
    EncodedRow::read(TableId::Customer, row).expect("a row").encoded(column).map(<[u8]>::to_vec)
}

#[test]
fn changes_of_different_fields_are_both_taken() {
    let base = customer("Ito", "1", "a@b");
    let here = customer("Ito", "1", "c@d");
    let merged =
        merged(Some(&here), &edit(Some(&base), &customer("Ito", "2", "a@b")), ConflictRule::ServerWins);
    let row = customer("Ito", "2", "c@d");
    assert_eq!(merged, MergedRow { row, changed: vec![PHONE], conflicts: vec![] });
}

#[test]
fn the_same_change_on_both_sides_is_none() {
    let base = customer("Ito", "1", "");
    let here = customer("Ito", "2", "");
    let merged = merged(Some(&here), &edit(Some(&base), &here), ConflictRule::ServerWins);
    assert_eq!(merged, MergedRow { row: here, changed: vec![], conflicts: vec![] });
}

#[test]
fn the_rule_decides_what_overlaps_and_both_values_are_kept() {
    let base = customer("Ito", "1", "");
    let here = customer("Ito", "2", "");
    let theirs = customer("Ito", "3", "");
    let edit = edit(Some(&base), &theirs);
    let changed_at = |at_ms| BTreeMap::from([(PHONE, at_ms)]);
    let check = |rule, changed_at_ms: &BTreeMap<u32, i64>, won| {
        let merged = merge(Some(&here), &edit, rule, changed_at_ms).expect("a row");
        let [base, server, register] = ["1", "2", "3"].map(|text| encode(&text));
        let conflict = FieldConflict { column: PHONE, base: Some(base), server: Some(server), register, won };
        assert_eq!(merged.conflicts, [conflict], "{rule:?}");
        assert_eq!(merged.row == theirs, won == Winner::Register, "{rule:?}");
        assert_eq!(merged.row == here, won == Winner::Server, "{rule:?}");
    };
    check(ConflictRule::ServerWins, &changed_at(AT_MS - 1), Winner::Server);
    check(ConflictRule::RegisterWins, &changed_at(AT_MS + 1), Winner::Register);
    check(ConflictRule::Latest, &changed_at(AT_MS - 1), Winner::Register);
    check(ConflictRule::Latest, &changed_at(AT_MS), Winner::Server);
    check(ConflictRule::Latest, &BTreeMap::new(), Winner::Register);
}

#[test]
fn a_new_row_has_its_key_and_empties_where_nothing_is_said() {
    let edit = RowEdit { fields: vec![field(1, None, "Ito"), field(PHONE, None, "2")], ..row_edit() };
    let checked = CheckedEdit::check(&edit).expect("valid");
    assert_eq!(checked.check_new_row(), Ok(()));
    let merged = merged(None, &checked, ConflictRule::ServerWins);
    let row: CustomerRow = decode(&merged.row).expect("a whole customer");
    assert_eq!((row.id.as_str(), row.name.as_str(), row.phone.as_str()), ("12347", "Ito", "2"));
    assert_eq!((row.country.as_str(), row.email.as_str()), ("", ""));
    assert_eq!(merged.conflicts, []);
    let nameless = RowEdit { fields: vec![field(PHONE, None, "2")], ..row_edit() };
    let checked = CheckedEdit::check(&nameless).expect("valid");
    assert_eq!(checked.check_new_row(), Err(EditFault::Empty("name")));
}

#[test]
fn a_column_of_a_later_version_stays() {
    let mut here = customer("Ito", "1", "");
    here[0] += 1;
    here.extend([9, 0xf5]);
    let base = customer("Ito", "1", "");
    let merged = merged(Some(&here), &edit(Some(&base), &customer("Ito", "2", "")), ConflictRule::Latest);
    assert_eq!(value(&merged.row, 9), Some(vec![0xf5]));
    assert_eq!(value(&merged.row, PHONE), Some(encode(&"2")));
}

#[test]
fn what_a_register_must_not_say_is_refused() {
    let check = |change: &dyn Fn(&mut RowEdit), fault: EditFault| {
        let mut edit = row_edit();
        change(&mut edit);
        assert_eq!(CheckedEdit::check(&edit), Err(fault.clone()), "{edit:?}");
        assert!(fault.to_string().ends_with('.'), "{fault}");
    };
    check(&|edit| edit.table = 99, EditFault::UnknownTable(99));
    check(&|edit| edit.table = TableId::Product.number(), EditFault::NotEditable(TableId::Product));
    check(
        &|edit| edit.table = TableId::SuspendedSale.number(),
        EditFault::NotEditable(TableId::SuspendedSale),
    );
    for key in ["", " 1", "1 ", "a\nb", &"k".repeat(ROW_KEY_CHARS_MAX + 1)] {
        check(&|edit| edit.key = key.into(), EditFault::Key);
    }
    check(&|edit| edit.fields.clear(), EditFault::NoField);
    let unknown = EditFault::UnknownColumn { table: TableId::Customer, column: 77 };
    check(&|edit| edit.fields[0].column = 77, unknown);
    check(&|edit| edit.fields[0].column = 0, EditFault::Fixed("id"));
    check(&|edit| edit.fields[0].column = EMAIL, EditFault::Twice("email"));
    for bytes in [encode(&7), vec![], vec![0xff], [encode(&"a"), vec![0]].concat(), encode(&["a"])] {
        check(&|edit| edit.fields[0].after = bytes.clone().into(), EditFault::Kind("phone"));
        check(&|edit| edit.fields[0].before = Some(bytes.clone().into()), EditFault::Kind("phone"));
    }
    let long = encode(&"é".repeat(FIELD_CHARS_MAX + 1));
    check(&|edit| edit.fields[0].after = long.clone().into(), EditFault::TooLong("phone"));
    let very_long = encode(&"x".repeat(100_000));
    check(&|edit| edit.fields[0].before = Some(very_long.clone().into()), EditFault::TooLong("phone"));
    check(&|edit| edit.fields[0] = field(PHONE, None, "1\u{7}2"), EditFault::Control("phone"));
    check(&|edit| edit.fields[0] = field(1, None, " "), EditFault::Empty("name"));
}

#[test]
fn values_that_are_written_another_way_are_the_same() {
    // The text "1" with its length in a byte of its own.
    let wide = FieldEdit {
        column: PHONE,
        before: Some(vec![0x78, 1, b'1'].into()),
        after: vec![0x78, 1, b'2'].into(),
    };
    let edit = CheckedEdit::check(&RowEdit { fields: vec![wide], ..row_edit() }).expect("valid");
    let merged = merged(Some(&customer("Ito", "1", "")), &edit, ConflictRule::ServerWins);
    assert_eq!(merged.row, customer("Ito", "2", ""));
    assert_eq!(merged.conflicts, []);
}

fn any_rule() -> impl Strategy<Value = ConflictRule> {
    select(ConflictRule::ALL.to_vec())
}

fn any_customer() -> impl Strategy<Value = Vec<u8>> {
    ("[abc]", "[abc]?", "[abc]?").prop_map(|(name, phone, email)| customer(&name, &phone, &email))
}

/// A row that another one differs from, or a new one.
fn any_edit() -> impl Strategy<Value = (CheckedEdit, Option<Vec<u8>>, Vec<u8>)> {
    (proptest::option::weighted(0.9, any_customer()), any_customer(), -2i64..3)
        .prop_filter("nothing differs", |(before, after, _)| before.as_ref() != Some(after))
        .prop_map(|(before, after, later_ms)| {
            let mut edit = edit(before.as_deref(), &after);
            edit.edited_at_ms = later_ms;
            (edit, before, after)
        })
}

fn any_times() -> impl Strategy<Value = BTreeMap<u32, i64>> {
    proptest::collection::btree_map(1u32..5, -2i64..3, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_field_ends_with_a_value_of_one_side_and_nothing_is_lost_unrecorded(
        here in proptest::option::weighted(0.9, any_customer()),
        (edit, _, _) in any_edit(),
        rule in any_rule(),
        times in any_times(),
    ) {
        let merged = merge(here.as_deref(), &edit, rule, &times).expect("a row");
        for column in TableId::Customer.columns() {
            let number = column.number;
            let now = value(&merged.row, number);
            let server = here.as_ref().and_then(|row| value(row, number));
            let Some(field) = edit.fields.iter().find(|field| field.column.number == number) else {
                prop_assert!(here.is_none() || now == server, "nobody changed {}", column.name);
                continue;
            };
            let conflict = merged.conflicts.iter().find(|conflict| conflict.column == number);
            let register = Some(field.after.clone());
            prop_assert!(now == register || now == server, "{}", column.name);
            prop_assert!(here.is_some() || (now == register && conflict.is_none()), "a new row is the edit");
            let is_recorded = conflict.is_some_and(|conflict| {
                conflict.server == server && Some(&conflict.register) == register.as_ref() && conflict.base == field.before
            });
            let as_seen = server.clone().unwrap_or_else(|| encode(&"")) == field.before.clone().unwrap_or_else(|| encode(&""));
            if now != register {
                prop_assert!(is_recorded, "the register's {} went unrecorded", column.name);
            }
            if here.is_some() && now != server && !as_seen {
                prop_assert!(is_recorded, "the store server's {} went unrecorded", column.name);
            }
            if let Some(conflict) = conflict {
                prop_assert_eq!(conflict.won == Winner::Register, now == register);
            }
        }
    }

    #[test]
    fn merging_an_edit_again_changes_nothing(
        here in any_customer(), (edit, _, _) in any_edit(), rule in any_rule(), times in any_times(),
    ) {
        let once = merge(Some(&here), &edit, rule, &times).expect("a row");
        let twice = merge(Some(&once.row), &edit, rule, &times).expect("a row");
        prop_assert_eq!(&twice.row, &once.row);
        prop_assert_eq!(twice.changed, Vec::<u32>::new());
        prop_assert!(twice.conflicts.iter().all(|conflict| conflict.won == Winner::Server));
    }

    #[test]
    fn edits_of_different_fields_may_come_in_any_order(
        base in any_customer(), here in any_customer(), after in any_customer(), rule in any_rule(), times in any_times(),
    ) {
        prop_assume!(base != after);
        let all = edit(Some(&base), &after);
        let part = |keep: &dyn Fn(u32) -> bool| {
            let mut part = all.clone();
            part.fields.retain(|field| keep(field.column.number));
            part
        };
        let (one, other) = (part(&|column| column == PHONE), part(&|column| column != PHONE));
        let both = |first: &CheckedEdit, second: &CheckedEdit| {
            let first = merge(Some(&here), first, rule, &times).expect("a row");
            let second = merge(Some(&first.row), second, rule, &times).expect("a row");
            let mut conflicts = [first.conflicts, second.conflicts].concat();
            conflicts.sort_by_key(|conflict| conflict.column);
            (second.row, conflicts)
        };
        prop_assert_eq!(both(&one, &other), both(&other, &one));
    }

    #[test]
    fn an_edit_of_an_unchanged_row_is_what_lies_over_it((edit, before, after) in any_edit(), rule in any_rule()) {
        let merged = merge(before.as_deref(), &edit, rule, &BTreeMap::new()).expect("a row");
        prop_assert_eq!(&merged.conflicts, &vec![]);
        prop_assert_eq!(&merged.row, &edit.lay_over(before.as_deref()).expect("a row"));
        prop_assert_eq!(merged.row, after);
    }
}
