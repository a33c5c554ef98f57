//! Look-ups: each is answered once, at the latest when the offline timeout is over, and offline none is sent.

use holdfast_profile::{TableId, default_profile};
use holdfast_protocol::look_up::{LookUpReply, LookUpRequest, Wanted};
use holdfast_protocol::problem::code;

use super::bench::{Bench, no_answer};
use crate::connectivity::{Mode, UNANSWERED_AFTER_MS};
use crate::effect::{Call, CallError, Event};
use crate::engine::REQUEST_TIMEOUT_MS;
use crate::messages::LookUpFailure;
use crate::store::{StoreCall, StoreError};

/// The offline timeout of `Default pr.`, milliseconds.
const TIMEOUT_MS: i64 = 5_000;

fn ask(bench: &mut Bench, asked: u32) {
    let request = LookUpRequest { wanted: Wanted::Code, text: "a".into() };
    bench.tell(Event::LookUp { asked, request });
}

fn failed(asked: u32, why: LookUpFailure) -> Vec<(u32, Result<LookUpReply, LookUpFailure>)> {
    vec![(asked, Err(why))]
}

/// Sends the look-up on its way and leaves everything else there.
fn take_look_up(bench: &mut Bench) -> crate::effect::RequestId {
    let at = bench.pending.iter().position(|(_, call)| matches!(call, Call::LookUp(_)));
    bench.pending.remove(at.expect("a look-up is on its way")).0
}

#[test]
fn online_the_store_server_answers() {
    let mut bench = Bench::at_rest();
    bench.change(TableId::Customer, "a", &[]);
    ask(&mut bench, 7);
    bench.serve();
    let [(7, Ok(reply))] = bench.looked_up.as_slice() else { panic!("{:?}", bench.looked_up) };
    assert_eq!(reply.customers.len(), 1);
}

#[test]
fn without_an_answer_it_waits_no_longer_than_the_offline_timeout() {
    let mut bench = Bench::at_rest();
    ask(&mut bench, 1);
    bench.pass(TIMEOUT_MS - 1);
    assert_eq!(bench.looked_up, []);
    assert!(matches!(bench.mode(), Mode::Waiting { .. }), "an unanswered look-up is an unanswered exchange");
    bench.pass(1);
    assert_eq!(bench.looked_up, failed(1, LookUpFailure::NoAnswer));
    assert!(bench.is_offline());
}

#[test]
fn it_waits_only_for_the_rest_of_a_timeout_that_runs() {
    let mut bench = Bench::at_rest();
    while bench.pending.is_empty() {
        bench.pass(100);
    }
    let begin_ms = bench.now_ms;
    bench.pass(UNANSWERED_AFTER_MS + 2_000);
    ask(&mut bench, 1);
    assert_eq!(bench.sent.last(), Some(&"look-up"));
    bench.pass(begin_ms + TIMEOUT_MS - bench.now_ms);
    assert_eq!(bench.looked_up.len(), 1, "{:?}", bench.looked_up);
    assert!(bench.looked_up[0].1.is_err());
}

#[test]
fn offline_nothing_is_sent_and_the_answer_is_there_at_once() {
    let mut bench = Bench::at_rest();
    bench.tell(Event::GoOffline);
    bench.clear();
    ask(&mut bench, 3);
    assert_eq!(bench.looked_up, failed(3, LookUpFailure::Offline));
    assert_eq!(bench.sent, [""; 0]);
    // Nor while it tries to come back: that is the attempt's alone.
    bench.tell(Event::GoOnline);
    bench.clear();
    bench.looked_up.clear();
    assert!(matches!(bench.mode(), Mode::Reconnecting { .. }));
    ask(&mut bench, 4);
    assert_eq!(bench.looked_up, failed(4, LookUpFailure::Offline));
    assert_eq!(bench.sent, [""; 0]);
}

#[test]
fn whoever_waits_when_the_register_goes_offline_is_told_then_and_once() {
    let mut bench = Bench::at_rest();
    ask(&mut bench, 5);
    let id = take_look_up(&mut bench);
    bench.tell(Event::GoOffline);
    assert_eq!(bench.looked_up, failed(5, LookUpFailure::Offline));
    bench.answer(id, no_answer());
    bench.pass(60_000);
    assert_eq!(bench.looked_up.len(), 1);
}

#[test]
fn a_busy_store_server_is_left_alone() {
    let mut bench = Bench::at_rest();
    ask(&mut bench, 1);
    let id = take_look_up(&mut bench);
    bench.answer(id, Err(CallError::Busy { retry_after_ms: 4_000 }));
    bench.clear();
    ask(&mut bench, 2);
    let busy = Err(LookUpFailure::Busy);
    assert_eq!(bench.looked_up, [(1, busy.clone()), (2, busy)]);
    assert_eq!(bench.sent, [""; 0]);
    bench.pass(6_000);
    ask(&mut bench, 3);
    assert_eq!(bench.sent_count("look-up"), 1);
}

#[test]
fn a_refusal_is_told_and_takes_nobody_offline() {
    for code in [code::NOT_FOUND, code::VERSION_UNKNOWN, code::REGISTER_UNKNOWN, code::INTERNAL] {
        let mut bench = Bench::at_rest();
        ask(&mut bench, 1);
        assert_eq!(bench.pending.len(), 1);
        bench.refuse(400, code);
        assert_eq!(bench.looked_up, failed(1, LookUpFailure::Refused), "{code}");
        assert_eq!(bench.mode(), Mode::Online, "{code}");
    }
}

#[test]
fn more_than_a_scanner_can_want_are_not_sent() {
    let mut bench = Bench::at_rest();
    (0..20).for_each(|asked| ask(&mut bench, asked));
    assert_eq!(bench.sent_count("look-up"), 8);
    assert_eq!(bench.looked_up.len(), 12);
    bench.serve();
    let mut asked: Vec<u32> = bench.looked_up.iter().map(|(asked, _)| *asked).collect();
    asked.sort_unstable();
    assert_eq!(asked, (0..20).collect::<Vec<_>>());
}

#[test]
fn what_is_asked_before_the_databases_are_read_is_asked_then() {
    let mut bench = Bench::at_rest();
    bench.store_fails = |call| matches!(call, StoreCall::Load);
    bench.store_error = StoreError::ConnectionLost("gone".into());
    bench.restart();
    bench.clear();
    ask(&mut bench, 9);
    assert_eq!((bench.sent_count("look-up"), bench.looked_up.len()), (0, 0));
    bench.store_fails = |_| false;
    bench.pass_serving(30);
    assert_eq!(bench.looked_up, [(9, Ok(LookUpReply::default()))]);
}

/// A worker that was just started, on databases that can't be read.
fn started_blind(bench: &mut Bench) {
    bench.store_fails = |call| matches!(call, StoreCall::Load);
    bench.store_error = StoreError::ConnectionLost("gone".into());
    bench.restart();
    bench.clear();
}

#[test]
fn nobody_waits_for_databases_that_can_not_be_read_and_nothing_is_sent_for_them_later() {
    let mut bench = Bench::at_rest();
    started_blind(&mut bench);
    ask(&mut bench, 1);
    bench.pass(TIMEOUT_MS - 1);
    assert_eq!(bench.looked_up, []);
    bench.pass(1);
    assert_eq!(bench.looked_up, failed(1, LookUpFailure::NoAnswer));
    bench.store_fails = |_| false;
    bench.pass_serving(120);
    assert!(bench.sent_count("contact") > 0, "the databases are read");
    assert_eq!((bench.sent_count("look-up"), bench.looked_up.len()), (0, 1));
}

#[test]
fn no_more_wait_for_the_databases_than_a_scanner_can_want() {
    let mut bench = Bench::at_rest();
    started_blind(&mut bench);
    (0..20).for_each(|asked| ask(&mut bench, asked));
    let refused: Vec<_> = (8..20).map(|asked| (asked, Err(LookUpFailure::Busy))).collect();
    assert_eq!(bench.looked_up, refused);
    bench.store_fails = |_| false;
    bench.pass_serving(30);
    assert_eq!((bench.sent_count("look-up"), bench.looked_up.len()), (8, 20));
}

#[test]
fn a_worker_that_starts_when_it_should_long_be_offline_sends_none() {
    let mut bench = Bench::at_rest();
    while bench.pending.is_empty() {
        bench.pass(100);
    }
    bench.cut();
    assert!(matches!(bench.mode(), Mode::Waiting { .. }), "{:?}", bench.mode());
    started_blind(&mut bench);
    bench.now_ms += 2 * TIMEOUT_MS;
    ask(&mut bench, 1);
    bench.store_fails = |_| false;
    bench.pass(4_000);
    assert!(bench.is_offline(), "{:?}", bench.mode());
    assert_eq!(bench.looked_up, failed(1, LookUpFailure::Offline));
    assert_eq!(bench.sent, [""; 0]);
}

#[test]
fn a_clock_that_is_set_back_makes_nobody_wait_for_the_databases() {
    let mut bench = Bench::at_rest();
    started_blind(&mut bench);
    ask(&mut bench, 1);
    bench.now_ms -= 3_600_000;
    bench.tell(Event::Tick);
    bench.pass(TIMEOUT_MS);
    assert_eq!(bench.looked_up, failed(1, LookUpFailure::NoAnswer));
}

#[test]
fn nobody_waits_for_half_a_minute_however_long_the_offline_timeout_is() {
    let mut profile = default_profile();
    profile.device.offline_timeout_s = 60;
    let mut bench = Bench::with_profile(profile);
    bench.serve();
    ask(&mut bench, 1);
    bench.pass(REQUEST_TIMEOUT_MS);
    assert_eq!(bench.looked_up, failed(1, LookUpFailure::NoAnswer));
    bench.looked_up.clear();
    bench.pass_serving(5);
    // One that has waited for the databases has waited then, too.
    started_blind(&mut bench);
    ask(&mut bench, 2);
    let asked_ms = bench.now_ms;
    bench.store_fails = |_| false;
    while bench.sent_count("look-up") == 0 {
        bench.pass(100);
    }
    bench.pass(asked_ms + REQUEST_TIMEOUT_MS - bench.now_ms);
    assert_eq!(bench.looked_up, failed(2, LookUpFailure::NoAnswer));
}
