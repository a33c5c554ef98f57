//! Registers and store servers of different months: an old app sells and uploads, and a new one goes on.

use holdfast_profile::TableId;
use holdfast_protocol::problem::code;
use holdfast_protocol::{PROTOCOL_VERSION, SCHEMA_VERSION, Versions, decode};

use super::bench::{Bench, kind};
use crate::connectivity::Mode;
use crate::effect::Event;
use crate::store::{StoreCall, TableRecord};

/// A table's record as the first registers (commit cc6cbb7) wrote it, frozen; they had all rows and columns.
const FIRST_RECORD: [u8; 45] = [
    0xaa, 0x00, 0x03, 0x01, 0x19, 0x04, 0xd2, 0x02, 0x19, 0x02, 0x58, 0x03, 0x19, 0x9c, 0x40, 0x04, 0x03,
    0x05, 0x1b, 0x00, 0x00, 0x01, 0xa0, 0xc4, 0x50, 0x6c, 0x00, 0x06, 0x02, 0x07, 0x19, 0x98, 0x58, 0x08,
    0x01, 0x09, 0x1b, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
];

#[test]
fn a_record_of_the_first_registers_is_that_of_a_whole_table() {
    let expected = TableRecord {
        generation: 3,
        cursor: 1_234,
        rows: 600,
        bytes: 40_000,
        pages: 3,
        synced_at_ms: Some(1_790_000_000_000),
        snapshot_pages: 2,
        snapshot_bytes: 39_000,
        schema_version: 1,
        compared_at_ms: None,
        part_since: None,
        view: 0,
    };
    assert_eq!(decode(&FIRST_RECORD), Ok(expected));
}

#[test]
fn an_update_of_the_first_registers_builds_no_table_anew() {
    let mut bench = Bench::at_rest();
    let first: TableRecord = decode(&FIRST_RECORD).unwrap();
    for (table, now) in bench.store.state().tables {
        let TableRecord { generation, cursor, rows, bytes, pages, snapshot_pages, snapshot_bytes, .. } = now;
        let record = TableRecord {
            generation,
            cursor,
            rows,
            bytes,
            pages,
            snapshot_pages,
            snapshot_bytes,
            ..first.clone()
        };
        bench.store.execute_now(StoreCall::ApplyDelta { table, changes: Vec::new(), record }).unwrap();
    }
    bench.restart();
    bench.pass_serving(60);
    assert_eq!(downloads_count(&bench), 0, "{:?}", bench.sent);
    bench.change(TableId::Product, "d", &[]);
    bench.pass_serving(10);
    assert_eq!(bench.sent_count("manifest"), 0, "{:?}", bench.sent);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c", "d"]);
}

/// A store server, or an app, of next month: it no longer understands this month's in full.
const NEXT_MONTH: Versions = Versions {
    protocol_min: PROTOCOL_VERSION + 1,
    protocol: PROTOCOL_VERSION + 2,
    schema: SCHEMA_VERSION + 1,
};

/// A register at rest whose store server was updated, with a row and a profile that are new there.
fn left_behind() -> Bench {
    let mut bench = Bench::at_rest();
    bench.server.protocol_min = NEXT_MONTH.protocol_min;
    bench.server.schema_version = NEXT_MONTH.schema;
    bench.change(TableId::Product, "d", &[]);
    let profile = bench.server.profile.1.clone();
    bench.server.publish(profile);
    bench
}

fn downloads_count(bench: &Bench) -> usize {
    ["profile", "manifest", "page", "pull"].iter().map(|kind| bench.sent_count(kind)).sum()
}

#[test]
fn a_register_that_is_too_old_uploads_and_asks_for_nothing_else() {
    let mut bench = left_behind();
    for _ in 0..5 {
        bench.sell();
        bench.pass_serving(20);
    }
    let status = bench.engine.status();
    assert!(status.update_required && status.ready_to_sell);
    assert_eq!((status.mode, status.waiting, status.last_error), (Mode::Online, 0, None));
    assert_eq!(bench.waiting(), 0);
    assert_eq!(downloads_count(&bench), 0, "{:?}", bench.sent);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c"]);
    assert!(bench.engine.next_deadline_ms().is_some());
}

#[test]
fn a_page_that_says_again_that_it_has_started_is_not_asked_about_each_time() {
    let mut bench = left_behind();
    bench.pass_serving(6);
    bench.clear();
    for _ in 0..20 {
        bench.tell(Event::TillStarted);
        bench.pass_serving(1);
    }
    assert!(bench.engine.status().update_required);
    assert!((4..=6).contains(&bench.sent_count("contact")), "{:?}", bench.sent);
}

#[test]
fn a_new_app_on_an_old_offline_database_builds_it_anew_and_goes_on() {
    let mut bench = left_behind();
    bench.sell();
    bench.pass_serving(10);
    bench.sell();
    bench.restart_speaking(NEXT_MONTH);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c"], "it sells on what it has meanwhile");
    bench.pass_serving(10);
    assert!(!bench.engine.status().update_required);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c", "d"]);
    assert_eq!(bench.waiting(), 0);
    let state = bench.store.state();
    assert_eq!(state.profile.map(|(version, _)| version), Some(2));
    assert!(state.tables.values().all(|record| record.schema_version == NEXT_MONTH.schema));
}

#[test]
fn an_app_that_knows_the_new_protocol_and_not_the_new_rows_only_uploads() {
    let mut bench = left_behind();
    bench.sell();
    bench.restart_speaking(Versions { schema: 1, ..NEXT_MONTH });
    bench.pass_serving(10);
    assert!(bench.engine.status().update_required);
    assert_eq!((downloads_count(&bench), bench.waiting()), (0, 0));
    assert_eq!(bench.next_contact().app_schema_version, Some(1), "by which the store server knows why");
}

#[test]
fn a_server_that_is_updated_in_the_middle_of_a_download_ends_it() {
    let mut bench = Bench::at_rest();
    bench.change(TableId::Product, "d", &[]);
    bench.pass(5_000);
    bench.serve_one();
    assert!(!bench.pending.is_empty(), "a round is under way");
    let pulls_count = downloads_count(&bench);
    bench.refuse(400, code::VERSION_UNKNOWN);
    assert!(bench.engine.status().update_required);
    bench.sell();
    bench.server.protocol_min = NEXT_MONTH.protocol_min;
    bench.pass_serving(60);
    assert_eq!((downloads_count(&bench), bench.waiting()), (pulls_count, 0), "{:?}", bench.sent);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c"]);
    // Another process of a chain, not yet updated: what it says counts.
    bench.server.protocol_min = 1;
    bench.pass_serving(10);
    assert!(!bench.engine.status().update_required);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c", "d"]);
}

#[test]
fn a_store_server_that_does_not_know_the_version_yet_is_not_a_till_that_is_too_old() {
    let mut bench = Bench::at_rest();
    bench.pass(5_000);
    bench.refuse(400, code::VERSION_UNKNOWN);
    let status = bench.engine.status();
    assert!(!status.update_required);
    assert_eq!(status.mode, Mode::Online);
    assert_eq!(status.last_error.as_deref(), Some("Refused: version_unknown. "));
    // Its sales stay, and go up once the store server was updated.
    bench.sell();
    bench.refuse(400, code::VERSION_UNKNOWN);
    assert!(!bench.engine.status().update_required);
    assert_eq!(bench.waiting(), 1);
    bench.pass_serving(60);
    assert_eq!(bench.waiting(), 0);
}

/// Of two processes the one that answers contacts is of last month, the other of next month.
#[test]
fn a_chain_that_is_being_updated_is_asked_less_and_less_often() {
    let mut bench = Bench::at_rest();
    bench.change(TableId::Product, "d", &[]);
    for _ in 0..60 {
        bench.pass(5_000);
        while let Some((_, call)) = bench.pending.first() {
            if kind(call) == "contact" {
                bench.serve_one();
            } else {
                bench.refuse(400, code::VERSION_UNKNOWN);
            }
        }
    }
    let asked = downloads_count(&bench);
    assert!((2..20).contains(&asked), "{asked} times in five minutes");
}
