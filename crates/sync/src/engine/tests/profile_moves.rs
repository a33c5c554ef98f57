//! When a newer profile is looked for, and when one that came is taken.

use holdfast_profile::{
    CheckForNewDatabase, Direction, Profile, TableId, UploadTransactions, default_profile,
};
use holdfast_protocol::encode;
use holdfast_protocol::outbox::EntryKind;
use holdfast_protocol::problem::code;
use holdfast_protocol::rows::CustomerRow;

use super::bench::{Bench, REGISTER};
use crate::effect::{Call, Effect, Event};
use crate::store::StoreCall;

fn looking(when: CheckForNewDatabase) -> Profile {
    let mut profile = default_profile();
    profile.device.check_for_new_database = when;
    profile
}

fn version(bench: &Bench) -> u64 {
    bench.store.state().profile.expect("a profile").0
}

/// A register at rest; then another profile is published.
fn after_publishing(when: CheckForNewDatabase) -> Bench {
    let mut bench = Bench::with_profile(looking(when));
    bench.tell(Event::TillStarted);
    bench.serve();
    bench.pass_serving(10);
    let mut next = looking(when);
    next.device.offline_timeout_s = 20;
    bench.server.publish(next);
    bench
}

#[test]
fn a_start_is_one_of_the_page_and_not_of_the_worker() {
    let mut bench = after_publishing(CheckForNewDatabase::AtStart);
    let before = version(&bench);
    bench.pass_serving(20);
    bench.restart();
    bench.serve();
    bench.pass_serving(20);
    assert_eq!(version(&bench), before, "the worker was started again, the till was not");
    bench.tell(Event::TillStarted);
    bench.pass_serving(6);
    assert_eq!(version(&bench), before + 1);
    assert_eq!(bench.engine.status().offline_timeout_s, 20);
}

#[test]
fn a_start_without_a_store_server_is_made_up_for_once_it_is_back() {
    let mut bench = after_publishing(CheckForNewDatabase::AtStart);
    let before = version(&bench);
    bench.pass_cut(10);
    assert!(bench.is_offline());
    bench.tell(Event::TillStarted);
    let looked_at_ms = bench.engine.status().looked_for_profile_at_ms;
    bench.pass_cut(10);
    assert_eq!(bench.engine.status().looked_for_profile_at_ms, looked_at_ms, "the page says it again");
    bench.tell(Event::TryNow);
    bench.pass_serving(6);
    assert!(bench.engine.status().looked_for_profile_at_ms > looked_at_ms);
    assert_eq!(version(&bench), before + 1);
}

#[test]
fn a_profile_that_a_killed_worker_had_found_is_looked_for_again() {
    let mut bench = after_publishing(CheckForNewDatabase::AtStart);
    let before = version(&bench);
    bench.tell(Event::TillStarted);
    while bench.sent.last() != Some(&"profile") {
        bench.serve_one();
    }
    assert_eq!(bench.engine.status().looked_for_profile_at_ms, None, "the page says it again");
    bench.restart();
    bench.pass_serving(6);
    assert_eq!(version(&bench), before, "nobody has said it yet");
    bench.tell(Event::TillStarted);
    bench.pass_serving(6);
    assert_eq!(version(&bench), before + 1);
    assert!(bench.engine.status().looked_for_profile_at_ms.is_some());
}

#[test]
fn never_is_never_until_somebody_asks() {
    let mut bench = after_publishing(CheckForNewDatabase::Never);
    let before = version(&bench);
    bench.tell(Event::TillStarted);
    bench.tell(Event::SyncNow);
    bench.pass_serving(20);
    assert_eq!(version(&bench), before);
    bench.tell(Event::LookForNewDatabase);
    bench.pass_serving(6);
    assert_eq!(version(&bench), before + 1);
}

#[test]
fn an_administrators_wish_moves_a_register_that_never_looks_and_is_heeded_once() {
    let mut bench = after_publishing(CheckForNewDatabase::Never);
    let before = version(&bench);
    bench.pass_serving(20);
    assert_eq!((version(&bench), bench.next_contact().retry_heeded_at_ms), (before, None));
    bench.server.retry_asked_at_ms = Some(77);
    bench.pass_serving(12);
    assert_eq!(version(&bench), before + 1);
    assert_eq!(bench.next_contact().retry_heeded_at_ms, Some(77));
    // What is published afterwards nobody has wished for there.
    bench.server.publish(looking(CheckForNewDatabase::Never));
    bench.pass_serving(20);
    assert_eq!(version(&bench), before + 1);
    bench.server.retry_asked_at_ms = Some(78);
    bench.pass_serving(12);
    assert_eq!(version(&bench), before + 2);
}

#[test]
fn each_sync_looks_with_each_contact() {
    let mut bench = after_publishing(CheckForNewDatabase::AtEachSync);
    let before = version(&bench);
    bench.pass_serving(6);
    assert_eq!(version(&bench), before + 1);
}

fn by_hand() -> Profile {
    let mut profile = default_profile();
    profile.device.upload_transactions = UploadTransactions::ByHand;
    profile
}

fn without_customers() -> Profile {
    let mut profile = by_hand();
    profile.scopes.retain(|scope| scope.direction != Direction::Bidirectional);
    profile
}

/// A customer is entered at the register; nobody says so.
fn enter_customer(bench: &Bench, key: &str) {
    let row = CustomerRow {
        id: key.into(),
        name: "Entered here".into(),
        country: String::new(),
        phone: String::new(),
        email: String::new(),
    };
    let shown = bench.store.shown_row(TableId::Customer, key).unwrap();
    let edit = shown.edit(TableId::Customer, key, &encode(&row), bench.now_ms).unwrap().unwrap();
    bench.store.append_edit(&edit).unwrap();
}

/// A register with a customer's edit that waits for somebody to send it; then a profile without customers is published.
fn with_a_waiting_edit() -> Bench {
    let mut bench = Bench::with_profile(by_hand());
    bench.change(TableId::Customer, "a", &[]);
    bench.pass_serving(6);
    enter_customer(&bench, "new");
    bench.tell(Event::JournalGrew);
    bench.pass_serving(10);
    assert_eq!(bench.waiting(), 1, "by hand");
    bench.server.publish(without_customers());
    bench
}

/// The same, the edit sent and the profile asked for; then one more edit is entered that nobody has told of.
fn with_a_late_edit() -> Bench {
    let mut bench = with_a_waiting_edit();
    bench.tell(Event::SendNow);
    while bench.sent.last() != Some(&"profile") {
        bench.serve_one();
    }
    assert_eq!(bench.waiting(), 0);
    enter_customer(&bench, "late");
    bench
}

#[test]
fn what_waits_goes_up_before_a_profile_that_would_no_longer_let_it() {
    let mut bench = with_a_waiting_edit();
    let before = version(&bench);
    bench.server.habits.upload_entries = 1;
    bench.pass_serving(6);
    assert_eq!((version(&bench), bench.waiting()), (before + 1, 0));
    assert_eq!(bench.store.counts().rejected, 0, "it was merged under the profile by which it was made");
    assert!(!bench.store.state().tables.contains_key(&TableId::Customer));
}

#[test]
fn an_edit_that_is_being_counted_goes_up_before_a_profile_that_would_no_longer_let_it() {
    let mut bench = with_a_late_edit();
    let before = version(&bench);
    bench.engine.handle(Event::JournalGrew, bench.now_ms);
    let mut counting = None;
    while let Some(effect) = bench.engine.poll_effect() {
        if let Effect::Store { id, call: StoreCall::CountOutbox } = effect {
            counting = Some(id);
        }
    }
    let (id, call) = bench.take();
    assert_eq!(call, Call::Profile);
    let result = bench.server.answer(REGISTER, &call, bench.now_ms);
    bench.answer(id, result);
    let result = bench.store.execute_now(StoreCall::CountOutbox);
    bench.tell(Event::Stored { id: counting.expect("a count"), result });
    assert_eq!(version(&bench), before, "it waits for the edit");
    bench.pass_serving(6);
    assert_eq!((version(&bench), bench.waiting()), (before + 1, 0));
    assert_eq!(bench.store.counts().rejected, 0);
}

#[test]
fn an_edit_that_could_not_be_counted_goes_up_before_a_profile_that_would_no_longer_let_it() {
    let mut bench = with_a_late_edit();
    let before = version(&bench);
    bench.store_fails = |call| *call == StoreCall::CountOutbox;
    bench.tell(Event::JournalGrew);
    bench.pass_serving(20);
    assert_eq!((version(&bench), bench.waiting()), (before, 1), "nobody knows that it waits");
    bench.store_fails = |_| false;
    bench.pass_serving(12);
    assert_eq!((version(&bench), bench.waiting()), (before + 1, 0));
    assert_eq!(bench.store.counts().rejected, 0);
}

#[test]
fn a_removed_table_stays_as_long_as_it_is_not_known_whether_an_edit_of_it_waits() {
    let mut bench = Bench::with_profile(by_hand());
    bench.change(TableId::Customer, "a", &[]);
    bench.pass_serving(6);
    bench.store_fails = |call| matches!(call, StoreCall::DropTables(_));
    bench.server.publish(without_customers());
    bench.tell(Event::LookForNewDatabase);
    bench.pass_serving(6);
    let is_here = |bench: &Bench| bench.store.state().tables.contains_key(&TableId::Customer);
    assert!(version(&bench) == 2 && is_here(&bench));
    enter_customer(&bench, "late");
    bench.store_fails = |call| *call == StoreCall::CountOutbox;
    bench.tell(Event::JournalGrew);
    bench.pass_serving(120);
    assert!(is_here(&bench), "it could not be counted");
    bench.store_fails = |_| false;
    bench.pass_serving(12);
    assert!(is_here(&bench) && bench.waiting() == 1, "it waits for somebody to send it");
    bench.tell(Event::SendNow);
    bench.pass_serving(12);
    assert!(!is_here(&bench) && bench.waiting() == 0);
}

#[test]
fn a_profile_that_waits_for_the_outbox_says_so_and_does_not_wait_for_what_is_refused_for_good() {
    let mut bench = with_a_waiting_edit();
    let before = version(&bench);
    bench.pass(5_000);
    while !matches!(bench.pending[0].1, Call::Upload(_)) {
        bench.serve_one();
    }
    assert!(bench.engine.status().profile_waits_for_outbox);
    assert_eq!(version(&bench), before);
    bench.refuse(409, code::CHAIN_BROKEN);
    bench.serve();
    assert_eq!(version(&bench), before + 1);
    let tables = bench.store.state().tables;
    assert!(tables.contains_key(&TableId::Customer), "what was entered here is still to be sent");
    bench.tell(Event::SendNow);
    bench.pass_serving(6);
    assert_eq!(bench.waiting(), 0);
    assert!(!bench.store.state().tables.contains_key(&TableId::Customer), "nothing waits any more");
}

#[test]
fn sales_that_wait_for_somebody_keep_no_profile_waiting() {
    let mut bench = Bench::with_profile(by_hand());
    bench.serve();
    bench.store.append(EntryKind::Sale, bench.now_ms, vec![1; 4]).unwrap();
    bench.tell(Event::JournalGrew);
    bench.pass_serving(6);
    let mut next = by_hand();
    next.device.offline_timeout_s = 9;
    bench.server.publish(next);
    bench.pass_serving(6);
    assert_eq!((bench.engine.status().offline_timeout_s, bench.waiting()), (9, 1));
    bench.tell(Event::SendNow);
    bench.serve();
    assert_eq!(bench.waiting(), 0);
}
