//! Tables with more changes than one reply holds.

use holdfast_profile::{Frequency, TableId, default_profile};
use holdfast_protocol::rows::CustomerRow;
use holdfast_protocol::{decode, encode};

use super::bench::Bench;
use crate::effect::Event;
use crate::status::TableStatus;

#[test]
fn a_large_change_comes_in_parts_and_in_order() {
    let mut bench = Bench::at_rest();
    bench.server.habits.pull_rows = 2;
    for number in 0..7 {
        let category = format!("k{number}");
        bench.change(TableId::Category, &category, &[]);
        bench.change(TableId::Product, &format!("p{number}"), &[(TableId::Category, category.as_str())]);
    }
    bench.pass_serving(6);
    assert_eq!(bench.keys(TableId::Product).len(), 10);
    assert_eq!(bench.keys(TableId::Category).len(), 7);
    let first_product = bench.changed.iter().position(|&table| table == TableId::Product);
    let last_category = bench.changed.iter().rposition(|&table| table == TableId::Category);
    assert!(last_category < first_product, "{:?}", bench.changed);
}

/// A register that has two customers; from now on two changes are a reply.
fn with_two_customers() -> Bench {
    let mut bench = Bench::new();
    bench.change(TableId::Customer, "a", &[]);
    bench.change(TableId::Customer, "b", &[]);
    bench.pass_serving(6);
    bench.server.habits.pull_rows = 2;
    bench.clear();
    bench
}

fn shown_phone(bench: &Bench, key: &str) -> String {
    let shown = bench.store.shown_row(TableId::Customer, key).unwrap();
    decode::<CustomerRow>(&shown.body.expect("a row")).unwrap().phone
}

#[test]
fn what_was_entered_stays_on_show_until_a_table_that_comes_in_parts_is_whole() {
    let mut bench = with_two_customers();
    let before = bench.store.shown_row(TableId::Customer, "a").unwrap();
    let mut row: CustomerRow = decode(before.body.as_deref().unwrap()).unwrap();
    row.phone = "entered here".into();
    let edit = before.edit(TableId::Customer, "a", &encode(&row), bench.now_ms).unwrap().unwrap();
    bench.store.append_edit(&edit).unwrap();
    bench.tell(Event::JournalGrew);
    bench.serve();
    assert_eq!(bench.waiting(), 0, "merged");
    // In the store others change, and then the same row again: its state of the merge is in no part any more.
    for key in ["c", "d", "e"] {
        bench.change(TableId::Customer, key, &[]);
    }
    let merged = bench.server.feed.body(&(TableId::Customer, "a".into())).unwrap();
    let row: CustomerRow = decode(&merged).unwrap();
    let renamed = CustomerRow { name: "renamed there".into(), ..row };
    bench.server.feed.write_body((TableId::Customer, "a".into()), Some(encode(&renamed)));
    bench.pass(5_000);
    let whole_before = bench.store.state().tables[&TableId::Customer].cursor;
    while !bench.changed.contains(&TableId::Customer) {
        bench.serve_one();
    }
    let record = &bench.store.state().tables[&TableId::Customer];
    assert!(record.is_part() && record.cursor > whole_before, "{record:?}");
    assert_eq!(record.whole_up_to(), whole_before);
    assert_eq!(shown_phone(&bench, "a"), "entered here");
    assert!(!bench.store.edits()[0].is_done(record.whole_up_to()), "a till would forget it");
    bench.serve();
    let record = &bench.store.state().tables[&TableId::Customer];
    assert!(!record.is_part(), "{record:?}");
    assert_eq!(shown_phone(&bench, "a"), "entered here");
    assert!(bench.store.edits()[0].is_done(record.whole_up_to()));
}

#[test]
fn a_table_that_came_in_part_by_hand_is_completed_by_a_worker_that_was_started_again() {
    let mut profile = default_profile();
    for scope in profile.scopes.iter_mut().filter(|scope| scope.tables[0].table == TableId::Customer) {
        scope.frequency = Frequency::ByHand;
    }
    let mut bench = Bench::with_profile(profile);
    bench.serve();
    bench.server.habits.pull_rows = 2;
    for key in ["a", "b", "c", "d", "e"] {
        bench.change(TableId::Customer, key, &[]);
    }
    bench.clear();
    bench.tell(Event::SyncNow);
    while !bench.changed.contains(&TableId::Customer) {
        bench.serve_one();
    }
    assert_eq!(bench.keys(TableId::Customer), ["a", "b"]);
    bench.restart();
    assert!(!table_status(&bench, TableId::Customer).complete);
    bench.pass_serving(6);
    assert_eq!(bench.keys(TableId::Customer), ["a", "b", "c", "d", "e"]);
    assert!(table_status(&bench, TableId::Customer).complete);
    bench.change(TableId::Customer, "f", &[]);
    bench.pass_serving(60);
    assert_eq!(bench.keys(TableId::Customer).len(), 5, "by hand again");
}

fn table_status(bench: &Bench, table: TableId) -> TableStatus {
    let mut tables = bench.engine.status().scopes.into_iter().flat_map(|scope| scope.tables);
    tables.find(|status| status.table == table).expect("the table is in the profile")
}
