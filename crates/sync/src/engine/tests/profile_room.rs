//! Moves to another version of the profile that have no room, or can't be for another reason: all or nothing.

use holdfast_profile::{OfflineProducts, Profile, TableId, default_profile};
use holdfast_protocol::messages::FaultPart;
use holdfast_protocol::page;

use super::bench::Bench;
use crate::effect::{Call, CallReply, Event};
use crate::status::{MoveFailure, TableNeed};
use crate::store::{StoreCall, StoreError};

/// Bytes that the journal keeps for itself.
const JOURNAL_ROOM_BYTES: u64 = 16 * 1024 * 1024;

fn with_timeout(offline_timeout_s: u32, count: u32) -> Profile {
    let mut profile = default_profile();
    profile.device.offline_timeout_s = offline_timeout_s;
    profile.offline_products = OfflineProducts::TopBySales { count };
    profile
}

/// A register that sells by version 1; then version 2 is published, with other products and another timeout.
fn before_a_move() -> Bench {
    let mut bench = Bench::with_profile(with_timeout(7, 1_000));
    bench.serve();
    bench.clear();
    bench.server.publish(with_timeout(20, 500));
    bench
}

fn measured(bench: &mut Bench, free_bytes: u64) {
    let used_bytes = 1_000_000;
    let allowed_bytes = used_bytes + JOURNAL_ROOM_BYTES + free_bytes;
    bench.tell(Event::StorageMeasured { used_bytes, allowed_bytes });
}

fn versions(bench: &Bench) -> (u64, Option<u64>) {
    let state = bench.store.state();
    (state.profile.expect("a profile").0, state.next_profile.map(|(version, _)| version))
}

fn failure(bench: &Bench) -> Option<MoveFailure> {
    bench.engine.status().moving.and_then(|moving| moving.failure)
}

#[test]
fn settings_tables_and_version_change_together() {
    let mut bench = before_a_move();
    let before = bench.store.state();
    let mut seen = Vec::new();
    for _ in 0..200 {
        let now = bench.store.state();
        if now.profile == before.profile {
            assert_eq!(now.tables, before.tables, "while it is built");
            assert_eq!(bench.engine.status().offline_timeout_s, 7);
        } else {
            seen.push(now);
        }
        if bench.pending.is_empty() {
            bench.pass(500);
        } else {
            bench.serve_one();
        }
    }
    let first = seen.first().expect("it has moved");
    assert_eq!(first.profile.as_ref().map(|(version, _)| *version), Some(2));
    for table in [TableId::Product, TableId::Barcode, TableId::Price] {
        assert_eq!(first.tables[&table].view, bench.server.view_of(table), "{table}");
    }
    assert_eq!(bench.engine.status().offline_timeout_s, 20);
    assert_eq!(bench.engine.status().moving, None);
}

#[test]
fn a_profile_that_builds_nothing_is_in_force_at_once() {
    let mut bench = Bench::with_profile(with_timeout(7, 1_000));
    bench.serve();
    bench.clear();
    bench.server.publish(with_timeout(20, 1_000));
    bench.pass_serving(6);
    assert_eq!(versions(&bench), (2, None));
    assert_eq!((bench.sent_count("manifest"), bench.sent_count("pull")), (0, 0), "{:?}", bench.sent);
}

#[test]
fn a_version_that_is_known_not_to_fit_is_not_begun_and_said() {
    let mut bench = before_a_move();
    measured(&mut bench, 10);
    bench.pass_serving(10);
    assert_eq!(versions(&bench), (1, Some(2)));
    assert_eq!(bench.sent_count("page"), 0, "{:?}", bench.sent);
    let Some(MoveFailure::NoRoom { needs_bytes, free_bytes: Some(10), tables }) = failure(&bench) else {
        panic!("{:?}", failure(&bench));
    };
    // In the page's words, and not once more in the engine's.
    assert_eq!(bench.engine.status().last_error, None);
    assert!(needs_bytes > 10 && tables.iter().any(|need| need.table == TableId::Product), "{tables:?}");
    assert_eq!(tables.iter().map(|need: &TableNeed| need.bytes).sum::<u64>(), needs_bytes);
    let told = bench.next_contact();
    assert_eq!((told.profile_version, told.moving_to), (1, Some(2)));
    let fault = told.faults.unwrap().remove(0);
    assert_eq!(fault.part, FaultPart::Move.number());
    assert_eq!(fault.text, "version 2 does not fit: needs less than 1 MB, has less than 1 MB");
    let no_room = fault.no_room.expect("what is lacking");
    assert_eq!((no_room.version, no_room.needs_bytes, no_room.free_bytes), (2, needs_bytes, Some(10)));
    assert_eq!(no_room.tables.len(), tables.len());
    assert_eq!(bench.engine.status().offline_timeout_s, 7);
}

#[test]
fn once_there_is_room_it_moves_by_itself() {
    let mut bench = before_a_move();
    measured(&mut bench, 10);
    bench.pass_serving(10);
    measured(&mut bench, 1_000_000);
    bench.pass_serving(70);
    assert_eq!(versions(&bench), (2, None));
    assert_eq!(bench.engine.status().last_error, None);
}

#[test]
fn somebody_who_looks_now_has_it_tried_now() {
    let mut bench = before_a_move();
    measured(&mut bench, 10);
    bench.pass_serving(10);
    measured(&mut bench, 1_000_000);
    bench.tell(Event::LookForNewDatabase);
    bench.serve();
    assert_eq!(versions(&bench), (2, None));
}

#[test]
fn a_full_disk_leaves_the_register_on_the_version_that_it_has() {
    let mut bench = before_a_move();
    let before = bench.store.state().tables;
    bench.store_fails = |call| matches!(call, StoreCall::PutPage { .. });
    bench.pass_serving(30);
    assert_eq!(versions(&bench), (1, Some(2)));
    assert!(matches!(failure(&bench), Some(MoveFailure::NoRoom { free_bytes: None, .. })));
    // What sales need is not kept for what does not fit.
    let pages = bench.server_pages(TableId::Product);
    let generation = before[&TableId::Product].generation + 1;
    let begun = StoreCall::BeginGeneration { table: TableId::Product, generation, pages };
    let reply = bench.store.execute_now(begun);
    assert_eq!(reply, Ok(crate::store::StoreReply::Building { present: Vec::new() }));
    // It sells on by what it has, and that is kept up to date.
    bench.sell();
    bench.change(TableId::Product, "d", &[]);
    bench.pass_serving(10);
    assert_eq!(bench.waiting(), 0);
    assert!(bench.keys(TableId::Product).contains(&"d".to_owned()));
    assert_eq!(bench.engine.status().offline_timeout_s, 7);
    bench.store_fails = |_| false;
    bench.pass_serving(70);
    assert_eq!(versions(&bench), (2, None));
}

#[test]
fn a_switch_that_fails_changes_nothing_and_is_tried_again() {
    for error in [StoreError::Full, StoreError::Failed("aborted".into())] {
        let mut bench = before_a_move();
        bench.store_error = error;
        bench.store_fails = |call| matches!(call, StoreCall::SwitchProfile { .. });
        bench.pass_serving(30);
        assert_eq!(versions(&bench), (1, Some(2)));
        assert!(failure(&bench).is_some());
        assert_eq!(bench.engine.status().offline_timeout_s, 7);
        bench.store_fails = |_| false;
        bench.pass_serving(70);
        assert_eq!(versions(&bench), (2, None));
        assert_eq!(failure(&bench), None);
    }
}

#[test]
fn a_page_that_comes_damaged_leaves_the_register_on_the_version_that_it_has() {
    let mut bench = before_a_move();
    let mut damaged = 0;
    for _ in 0..400 {
        match bench.pending.first() {
            Some((id, Call::Page(_))) => {
                let id = *id;
                bench.pending.remove(0);
                damaged += 1;
                bench.answer(id, Ok(CallReply::Page(page::pack(&[]))));
            }
            Some(_) => bench.serve_one(),
            None => bench.pass(500),
        }
    }
    assert!(damaged > 6, "{damaged}: it is tried again");
    assert_eq!(versions(&bench), (1, Some(2)));
    assert!(matches!(failure(&bench), Some(MoveFailure::Unreadable { .. })), "{:?}", failure(&bench));
    bench.pass_serving(70);
    assert_eq!(versions(&bench), (2, None));
}

#[test]
fn a_smaller_version_is_moved_to_instead() {
    let mut bench = before_a_move();
    measured(&mut bench, 10);
    bench.pass_serving(10);
    // The same products as the register has.
    bench.server.publish(with_timeout(9, 1_000));
    bench.pass_serving(10);
    assert_eq!(versions(&bench), (3, None));
    assert_eq!(bench.engine.status().offline_timeout_s, 9);
    assert_eq!(bench.engine.status().last_error, None);
}

#[test]
fn a_move_goes_on_over_a_kill_whoever_looks_for_a_new_database() {
    let mut profile = with_timeout(7, 1_000);
    profile.device.check_for_new_database = holdfast_profile::CheckForNewDatabase::Never;
    let mut bench = Bench::with_profile(profile);
    bench.serve();
    bench.server.publish(with_timeout(20, 500));
    measured(&mut bench, 10);
    bench.tell(Event::LookForNewDatabase);
    bench.pass_serving(10);
    assert_eq!(versions(&bench), (1, Some(2)));
    bench.restart();
    bench.pass_serving(20);
    assert_eq!(versions(&bench), (2, None));
}

#[test]
fn a_first_profile_that_does_not_fit_says_so() {
    let mut bench = Bench::with_profile(with_timeout(7, 1_000));
    bench.store_fails = |call| matches!(call, StoreCall::PutPage { .. });
    bench.pass_serving(30);
    let status = bench.engine.status();
    assert!(!status.ready_to_sell);
    assert!(status.last_error.is_some_and(|error| error.contains("full")));
    assert_eq!(versions(&bench), (1, None));
    // A smaller one is taken as it comes.
    bench.server.publish(with_timeout(9, 250));
    bench.pass_serving(10);
    assert_eq!(versions(&bench), (2, None));
    bench.store_fails = |_| false;
    bench.pass_serving(70);
    assert!(bench.engine.status().ready_to_sell);
}

#[test]
fn a_store_server_of_before_gives_a_profile_and_then_its_tables() {
    let mut bench = before_a_move();
    bench.server.habits.knows_no_moves = true;
    bench.pass_serving(20);
    assert_eq!(versions(&bench), (2, None));
    let tables = bench.store.state().tables;
    assert_eq!(tables[&TableId::Product].view, bench.server.view_of(TableId::Product));
}

/// The register is given another profile while it moves: the store server says nothing any more of the version before.
#[test]
fn a_version_that_the_register_may_not_have_any_more_is_not_switched_to() {
    let mut bench = before_a_move();
    let before = bench.store.state();
    // Until pages are on their way.
    while !bench.pending.iter().any(|(_, call)| matches!(call, Call::Page(_))) {
        if bench.pending.is_empty() {
            bench.pass(500);
        } else {
            bench.serve_one();
        }
    }
    bench.server.publish(with_timeout(9, 750));
    bench.server.habits.knows_no_moves = true;
    bench.tell(Event::TillStarted);
    for _ in 0..200 {
        let now = bench.store.state();
        if now.profile == before.profile {
            assert_eq!(now.tables, before.tables);
            // No page of it comes any more.
            bench.pending.retain(|(_, call)| !matches!(call, Call::Page(_)));
        } else {
            assert_ne!(now.profile.as_ref().map(|(version, _)| *version), Some(2));
        }
        if bench.pending.is_empty() {
            bench.pass(500);
        } else {
            bench.serve_one();
        }
    }
    assert_eq!(versions(&bench), (3, None));
}

/// What is published may be the cure for what can't be stored.
#[test]
fn a_register_whose_download_fails_moves_all_the_same() {
    let mut bench = Bench::with_profile(with_timeout(7, 1_000));
    bench.serve();
    bench.clear();
    bench.store_fails = |call| matches!(call, StoreCall::ApplyDelta { .. } | StoreCall::PutPage { .. });
    bench.change(TableId::Customer, "c9", &[]);
    bench.pass_serving(10);
    assert!(bench.engine.status().last_error.is_some());
    let mut without = with_timeout(20, 1_000);
    without.scopes.retain(|scope| scope.tables.iter().all(|entry| entry.table != TableId::Customer));
    bench.server.publish(without);
    bench.pass_serving(70);
    assert_eq!(versions(&bench), (2, None), "{:?}", bench.engine.status().last_error);
}

/// Bytes of an unfinished build are among the measured ones.
#[test]
fn what_is_built_already_is_not_looked_for_room_again() {
    let mut bench = before_a_move();
    while !bench.pending.iter().any(|(_, call)| matches!(call, Call::Page(_))) {
        if bench.pending.is_empty() {
            bench.pass(500);
        } else {
            bench.serve_one();
        }
    }
    // All pages come, the switch does not.
    bench.store_fails = |call| matches!(call, StoreCall::SwitchProfile { .. });
    bench.store_error = StoreError::Failed("aborted".into());
    bench.serve();
    bench.restart();
    measured(&mut bench, 10);
    bench.pass_serving(30);
    assert!(!matches!(failure(&bench), Some(MoveFailure::NoRoom { .. })), "{:?}", failure(&bench));
    bench.store_fails = |_| false;
    bench.pass_serving(70);
    assert_eq!(versions(&bench), (2, None), "{:?}", failure(&bench));
}
