//! Tables that are compared with the store server's digests, and mended where they differ.

use holdfast_profile::{TableId, default_profile};
use holdfast_protocol::page;

use super::bench::Bench;
use crate::simulator::Mutation;
use crate::simulator::model_server::ModelServer;
use crate::store::{StoreCall, StoreError};

/// From a start until its tables are compared, seconds.
const START_S: i64 = 66;
/// From a comparison until there may be another, seconds.
const LONG_S: i64 = 11 * 60;

fn turn_a_bit(bytes: &mut [u8]) {
    bytes[9] ^= 1;
}

/// Downloaded and compared, nothing to do.
fn compared() -> Bench {
    let mut bench = Bench::at_rest();
    bench.pass_serving(START_S);
    bench.clear();
    bench
}

#[test]
fn the_first_download_is_compared_and_remembered() {
    let mut bench = Bench::new();
    bench.pass_serving(50);
    assert_eq!(bench.digested, [], "a start has better things to do");
    bench.pass_serving(START_S);
    let tables = bench.server.profile.1.download_tables();
    bench.digested.sort_unstable();
    let mut expected = tables.clone();
    expected.sort_unstable();
    assert_eq!(bench.digested, expected, "each once");
    let records = bench.store.state().tables;
    for table in tables {
        assert!(records[&table].compared_at_ms.is_some(), "{table} was not compared");
    }
}

#[test]
fn quiet_heartbeats_read_no_table() {
    let mut bench = compared();
    bench.pass_serving(LONG_S);
    assert_eq!(bench.digested, []);
}

#[test]
fn a_change_has_its_table_compared_and_no_other() {
    let mut bench = compared();
    bench.change(TableId::Product, "d", &[]);
    bench.pass_serving(30);
    assert_eq!(bench.digested, [], "lately");
    bench.pass_serving(LONG_S);
    assert_eq!(bench.digested, [TableId::Product]);
}

#[test]
fn a_table_that_changes_all_the_time_is_seldom_read() {
    let mut bench = compared();
    for minute in 0..60 {
        bench.change(TableId::Product, &format!("p{minute}"), &[]);
        bench.pass_serving(60);
    }
    assert_eq!(bench.digested, [TableId::Product; 6], "every ten minutes");
}

#[test]
fn a_worker_that_was_started_again_reads_no_table_that_was_compared_lately() {
    let mut bench = compared();
    bench.restart();
    bench.pass_serving(START_S);
    assert_eq!(bench.digested, []);
    bench.pass_serving(LONG_S);
    assert_eq!(bench.digested.len(), bench.server.profile.1.download_tables().len(), "each once");
    bench.restart();
    bench.pass_serving(START_S);
    assert_eq!(bench.digested.len(), bench.server.profile.1.download_tables().len());
}

#[test]
fn only_the_damaged_page_is_fetched_again() {
    let mut bench = compared();
    for number in 0..20 {
        bench.change(TableId::Product, &format!("p{number:02}"), &[]);
    }
    bench.server.rebuild_snapshots();
    bench.pass_serving(6);
    // The delta is folded into a snapshot of twelve pages.
    bench.store.spoil_page(TableId::Product, 2, |bytes| turn_a_bit(bytes));
    bench.change(TableId::Product, "z", &[]);
    bench.pass_serving(LONG_S);
    assert_eq!(bench.keys(TableId::Product).len(), 24);
    let pages = bench.store.pages(TableId::Product).len();
    assert_eq!(pages, 13, "twelve of the snapshot and a delta");
    bench.clear();
    bench.store.spoil_page(TableId::Product, 7, |bytes| turn_a_bit(bytes));
    bench.change(TableId::Product, "z", &[]);
    bench.pass_serving(LONG_S);
    assert_eq!(bench.keys(TableId::Product).len(), 24);
    assert_eq!((bench.sent_count("manifest"), bench.sent_count("page")), (1, 1), "one of twelve pages");
    assert_eq!(bench.engine.status().last_error, None);
}

#[test]
fn a_lost_change_is_mended_without_any_page() {
    let mut bench = compared();
    bench.change(TableId::Product, "d", &[]);
    bench.pass_serving(6);
    let delta = bench.store.pages(TableId::Product).len() - 1;
    bench.store.spoil_page(TableId::Product, delta, |bytes| *bytes = page::pack(&[]));
    bench.clear();
    bench.change(TableId::Product, "e", &[]);
    bench.pass_serving(LONG_S);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c", "d", "e"]);
    assert_eq!((bench.sent_count("manifest"), bench.sent_count("page"), bench.sent_count("pull")), (1, 0, 2));
}

#[test]
fn damage_is_found_at_the_next_start_without_any_change() {
    let mut bench = compared();
    bench.pass_serving(LONG_S);
    bench.store.spoil_page(TableId::Product, 1, |bytes| turn_a_bit(bytes));
    bench.restart();
    bench.clear();
    bench.pass_serving(START_S);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c"]);
    assert_eq!(bench.sent_count("page"), 1);
}

#[test]
fn what_was_damaged_goes_on_serving_until_all_is_here() {
    let mut bench = compared();
    bench.store.spoil_page(TableId::Product, 0, |bytes| *bytes = page::pack(&[]));
    bench.change(TableId::Product, "d", &[]);
    while bench.sent_count("page") == 0 {
        if bench.pending.is_empty() {
            bench.pass(1_000);
        } else {
            bench.serve_one();
        }
    }
    assert_eq!(bench.keys(TableId::Product), ["c", "d"]);
    let status = bench.engine.status();
    assert!(status.ready_to_sell);
    let said = status.last_error.unwrap_or_default();
    assert!(said.contains("2 rows here, 4 there"), "{said}");
    bench.serve();
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c", "d"]);
}

#[test]
fn mending_that_does_not_help_is_said_and_seldom_tried_again() {
    let mut bench = Bench::with_mutation(Mutation::DigestKeepsDeletedRows);
    bench.serve();
    bench.server.feed.write(vec![((TableId::Product, "b".into()), None)], false);
    bench.clear();
    bench.pass_serving(START_S);
    assert_eq!(bench.sent_count("manifest"), 1, "at once");
    assert_eq!(bench.keys(TableId::Product), ["a", "c"]);
    bench.pass_serving(3_600);
    assert_eq!(bench.sent_count("manifest"), 6, "after 1, 2, 4, 8 and 16 minutes more");
    assert_eq!(bench.sent_count("page"), 0);
    let said = bench.engine.status().last_error.unwrap_or_default();
    assert!(said.contains("although it was built anew 6 times"), "{said}");
    assert!(bench.engine.status().ready_to_sell);
}

#[test]
fn a_table_that_can_not_be_read_now_is_not_read_without_a_pause() {
    let mut bench = compared();
    bench.store_fails = |call| matches!(call, StoreCall::DigestTable { .. });
    bench.change(TableId::Product, "d", &[]);
    bench.pass_serving(LONG_S);
    assert!((1..10).contains(&bench.digested.len()), "{} times", bench.digested.len());
    assert_eq!(bench.sent_count("manifest"), 0, "a failing database is no damaged table");
    bench.store_fails = |_| false;
    bench.pass_serving(60);
    assert_eq!(bench.engine.status().last_error, None);
}

#[test]
fn a_store_server_without_digests_is_compared_with_nothing() {
    let mut bench = Bench::with_mutation(Mutation::DigestIgnored);
    bench.serve();
    bench.change(TableId::Product, "d", &[]);
    bench.pass_serving(6);
    assert_eq!(bench.digested, []);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c", "d"]);
}

/// Its feed ends before what registers have; a cursor alone would never tell.
#[test]
fn a_store_server_that_was_set_back_to_a_backup_is_followed() {
    let mut bench = compared();
    bench.sell();
    bench.serve();
    bench.change(TableId::Product, "d", &[]);
    bench.pass_serving(6);
    let before = Bench::new();
    let ModelServer { feed, .. } = before.server;
    bench.server.feed = feed;
    bench.server.forget_snapshots();
    bench.server.journals.values_mut().for_each(|journal| journal.set_back(1, 0));
    bench.pass_serving(12);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c"], "at once, since it has lost a sale");
    bench.change(TableId::Product, "e", &[]);
    bench.pass_serving(6);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c", "e"]);
    let before = Bench::new();
    let ModelServer { feed, .. } = before.server;
    bench.server.feed = feed;
    bench.server.forget_snapshots();
    bench.pass_serving(LONG_S);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c"]);
}

#[test]
fn a_table_that_leaves_the_profile_is_no_fault_any_more() {
    let mut bench = Bench::with_mutation(Mutation::DigestKeepsDeletedRows);
    bench.serve();
    bench.change(TableId::Customer, "smith", &[]);
    bench.server.feed.write(vec![((TableId::Customer, "smith".into()), None)], false);
    bench.pass_serving(START_S);
    assert!(bench.engine.status().last_error.is_some());
    let mut profile = default_profile();
    profile.scopes.retain(|scope| scope.tables[0].table != TableId::Customer);
    bench.server.publish(profile);
    bench.pass_serving(12);
    assert_eq!(bench.engine.status().last_error, None);
}

/// A till found a page of it damaged and forgot the table: as its first generation, it comes again.
#[test]
fn a_table_that_is_gone_from_the_databases_is_built_once() {
    let mut bench = compared();
    bench.store.spoil_page(TableId::Product, 0, |bytes| turn_a_bit(bytes));
    bench.change(TableId::Product, "d", &[]);
    while bench.sent_count("manifest") == 0 {
        if bench.pending.is_empty() {
            bench.pass(1_000);
        } else {
            bench.serve_one();
        }
    }
    assert!(bench.engine.status().last_error.is_some(), "it differs");
    bench.store.execute_now(StoreCall::DropTables(vec![TableId::Product])).unwrap();
    bench.store_fails = |_| true;
    bench.store_error = StoreError::ConnectionLost("in the background".into());
    bench.pass_serving(6);
    bench.store_fails = |_| false;
    bench.clear();
    bench.pass_serving(60);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c", "d"]);
    assert_eq!(bench.sent_count("manifest"), 1, "{:?}", bench.sent);
    bench.pass_serving(START_S);
    let status = bench.engine.status();
    assert_eq!((bench.sent_count("manifest"), status.last_error), (1, None), "{:?}", bench.sent);
}
