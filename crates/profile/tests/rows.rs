//! Rows as bytes: what a filter sees of them, and what a field list leaves of them.

use holdfast_profile::{EncodedRow, RowFilter, RowValues, ScopeTable, TableId, Test};

/// A customer as the wire has it, with a column 9 of a later version.
fn customer(phone: &str, later: bool) -> Vec<u8> {
    let mut row = vec![if later { 0xa6 } else { 0xa5 }];
    for (number, value) in [(0, "c1"), (1, "Ada"), (2, "Malta"), (3, phone), (4, "ada@example.org")] {
        // Texts this short have their length in the first byte.
        row.extend([number, 0x60 | u8::try_from(value.len()).expect("short")]);
        row.extend(value.as_bytes());
    }
    if later {
        row.extend([9, 0xf5]);
    }
    row
}

fn without_phone() -> ScopeTable {
    let fields = Some(["id", "name", "country", "email"].map(Into::into).to_vec());
    ScopeTable { fields, ..ScopeTable::whole(TableId::Customer) }
}

#[test]
fn columns_that_the_field_list_leaves_out_become_empty() {
    assert_eq!(without_phone().keep_columns(&customer("123", false)), Ok(customer("", false)));
    assert_eq!(without_phone().keep_columns(&customer("123", true)), Ok(customer("", false)));
}

#[test]
fn without_a_field_list_a_row_stays_as_it_is() {
    let whole = ScopeTable::whole(TableId::Customer);
    assert_eq!(whole.keep_columns(&customer("123", true)), Ok(customer("123", true)));
}

#[test]
fn a_filter_sees_the_columns_of_an_encoded_row() {
    let bytes = customer("123", true);
    let row = EncodedRow::read(TableId::Customer, &bytes).unwrap();
    assert!(RowFilter::of("phone", Test::Contains { text: "23".into() }).keeps(&row));
    assert!(!RowFilter::of("country", Test::Contains { text: "land".into() }).keeps(&row));
    assert_eq!(row.value("colour"), None);
}

#[test]
fn secrets_are_not_shown() {
    let mut bytes = Vec::new();
    minicbor::Encoder::new(&mut bytes).map(1).unwrap().u8(4).unwrap().u32(100_000).unwrap();
    assert_eq!(EncodedRow::read(TableId::Staff, &bytes).unwrap().value("pin_rounds"), None);
}

#[test]
fn bytes_that_are_no_row_are_refused() {
    let whole = customer("123", false);
    for damaged in [&[][..], &[0x80], &whole[..whole.len() - 1], &[&whole[..], &[0]].concat()] {
        assert!(EncodedRow::read(TableId::Customer, damaged).is_err(), "{damaged:x?}");
        assert!(without_phone().keep_columns(damaged).is_err(), "{damaged:x?}");
    }
}
