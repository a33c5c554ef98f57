//! Contacts, the offline timeout, attempts, and what people say.

use std::collections::BTreeSet;

use holdfast_profile::default_profile;
use holdfast_protocol::problem::code;

use super::bench::{BEGIN_MS, Bench, contact_reply, no_answer};
use crate::connectivity::Mode;
use crate::effect::{Call, CallError, CallReply, Effect, Event};
use crate::engine::{Engine, EngineConfig};
use crate::store::{StoreCall, StoreError};

fn nonce(call: &Call) -> u64 {
    let Call::Contact(request) = call else { panic!("a contact was to come, not {call:?}") };
    request.nonce
}

#[test]
fn the_first_thing_is_to_read_the_databases() {
    let mut engine = Engine::new(EngineConfig { app_version: "1".into(), nonce_seed: 1 });
    engine.handle(Event::Tick, BEGIN_MS);
    assert!(matches!(engine.poll_effect(), Some(Effect::Store { call: StoreCall::Load, .. })));
    assert_eq!(engine.poll_effect(), None);
}

#[test]
fn databases_that_can_not_be_read_are_read_again_by_a_deadline() {
    let mut bench = Bench::new();
    bench.store_fails = |call| *call == StoreCall::Load;
    bench.restart();
    assert!(bench.pending.is_empty());
    bench.pass(10_000);
    assert!(bench.pending.is_empty(), "nothing may be sent before the databases were read");
    bench.store_fails = |_| false;
    bench.pass(60_000);
    assert!(!bench.pending.is_empty());
}

#[test]
fn a_register_makes_contact_at_once_and_then_every_five_seconds() {
    let mut bench = Bench::at_rest();
    bench.pass_serving(60);
    assert_eq!(bench.sent.len(), 12, "{:?}", bench.sent);
    assert_eq!(bench.sent_count("contact"), 12);
}

#[test]
fn a_failed_contact_is_followed_by_one_a_second() {
    let mut bench = Bench::at_rest();
    bench.pass(5_000);
    bench.cut();
    assert!(matches!(bench.mode(), Mode::Waiting { .. }));
    bench.sent.clear();
    bench.pass_cut(3);
    assert_eq!(bench.sent_count("contact"), 3);
    bench.pass(1_000);
    bench.serve();
    assert_eq!(bench.mode(), Mode::Online);
}

#[test]
fn the_offline_timeout_counts_from_the_first_failed_exchange() {
    let mut bench = Bench::at_rest();
    bench.pass(5_000);
    let failed_at_ms = bench.now_ms;
    bench.cut();
    bench.pass_cut(4);
    assert_eq!(bench.mode(), Mode::Waiting { since_ms: failed_at_ms, offline_at_ms: failed_at_ms + 5_000 });
    bench.pass_cut(1);
    assert!(bench.is_offline());
}

#[test]
fn silence_counts_from_its_start_after_a_second() {
    let mut bench = Bench::at_rest();
    bench.pass(5_000);
    let sent_at_ms = bench.now_ms;
    bench.pass(999);
    assert_eq!(bench.mode(), Mode::Online);
    bench.pass(1);
    assert_eq!(bench.mode(), Mode::Waiting { since_ms: sent_at_ms, offline_at_ms: sent_at_ms + 5_000 });
    bench.pass(4_000);
    assert!(bench.is_offline());
}

#[test]
fn an_old_silence_does_not_outweigh_a_newer_success() {
    let mut bench = Bench::at_rest();
    bench.sell();
    let (upload, _) = bench.take();
    // The upload takes its time, contacts get through.
    for _ in 0..8 {
        bench.pass(1_000);
        bench.serve();
    }
    bench.answer(upload, no_answer());
    assert!(!bench.is_offline(), "{:?}", bench.mode());
    assert_eq!(bench.waiting(), 1);
}

#[test]
fn an_answer_without_the_nonce_is_no_answer() {
    let mut bench = Bench::at_rest();
    bench.pass(5_000);
    let (id, call) = bench.take();
    bench.answer(id, Ok(CallReply::Contact(contact_reply(nonce(&call) ^ 1))));
    assert!(matches!(bench.mode(), Mode::Waiting { .. }));
}

#[test]
fn an_answer_of_another_kind_is_no_answer() {
    let mut bench = Bench::at_rest();
    bench.pass(5_000);
    let (id, _) = bench.take();
    bench.answer(id, Ok(CallReply::Page(b"<html>".to_vec())));
    assert!(matches!(bench.mode(), Mode::Waiting { .. }));
}

#[test]
fn offline_nothing_is_sent_but_one_contact_an_attempt() {
    let mut bench = Bench::at_rest();
    bench.pass(5_000);
    bench.pass_cut(10);
    assert!(bench.is_offline());
    bench.sell();
    bench.sent.clear();
    bench.pass(50_000);
    assert!(bench.sent.is_empty());
    bench.pass(9_000);
    assert_eq!(bench.sent, ["contact"]);
    assert!(matches!(bench.mode(), Mode::Reconnecting { .. }));
    bench.cut();
    assert!(bench.is_offline());
    bench.pass(5_000);
    assert_eq!(bench.sent, ["contact"]);
}

#[test]
fn a_slow_store_server_is_back_too() {
    let mut bench = Bench::at_rest();
    bench.pass(5_000);
    bench.pass_cut(10);
    bench.tell(Event::TryNow);
    bench.pass(3_000);
    assert!(matches!(bench.mode(), Mode::Reconnecting { .. }));
    bench.serve_one();
    assert_eq!(bench.mode(), Mode::Online);
}

#[test]
fn an_attempt_that_nobody_answers_ends_with_the_offline_timeout() {
    let mut bench = Bench::at_rest();
    bench.pass(5_000);
    bench.pass_cut(10);
    bench.tell(Event::TryNow);
    bench.pass(5_000);
    assert!(bench.is_offline());
    // The answer comes too late for anything.
    bench.serve_one();
    assert!(bench.is_offline());
}

#[test]
fn who_goes_offline_by_hand_stays_so_until_told_otherwise() {
    let mut bench = Bench::at_rest();
    bench.tell(Event::GoOffline);
    bench.pass(3_600_000);
    bench.tell(Event::BrowserOnline);
    bench.tell(Event::SyncNow);
    assert!(bench.sent.is_empty());
    assert!(bench.is_offline());
    bench.tell(Event::GoOnline);
    bench.serve();
    assert_eq!(bench.mode(), Mode::Online);
}

#[test]
fn the_browsers_hint_brings_an_attempt_forward_where_the_profile_says_so() {
    for hint in [true, false] {
        let mut profile = default_profile();
        profile.device.browser_online_hint = hint;
        let mut bench = Bench::with_profile(profile);
        bench.serve();
        bench.pass(5_000);
        bench.pass_cut(10);
        bench.tell(Event::BrowserOnline);
        assert_eq!(matches!(bench.mode(), Mode::Reconnecting { .. }), hint);
    }
}

#[test]
fn a_restart_goes_on_where_the_mode_was() {
    let mut bench = Bench::at_rest();
    bench.pass(5_000);
    bench.pass_cut(10);
    let mode = bench.mode();
    bench.restart();
    assert_eq!(bench.mode(), mode);
    assert!(bench.pending.is_empty());
    bench.pass(70_000);
    assert_eq!(bench.pending.len(), 1);
}

#[test]
fn a_refusal_is_an_answer() {
    let mut bench = Bench::at_rest();
    bench.pass(5_000);
    bench.refuse(500, code::INTERNAL);
    assert_eq!(bench.mode(), Mode::Online);
    assert!(bench.engine.status().last_error.is_some());
    bench.pass_serving(6);
    assert_eq!(bench.engine.status().last_error, None);
}

#[test]
fn a_register_that_is_not_known_sends_nothing_until_it_is_asked_again() {
    let mut bench = Bench::at_rest();
    bench.pass(5_000);
    bench.refuse(401, code::REGISTER_UNKNOWN);
    assert!(bench.engine.status().deactivated);
    bench.sent.clear();
    bench.sell();
    bench.pass(30_000);
    assert!(bench.sent.is_empty());
    bench.tell(Event::TryNow);
    assert!(bench.engine.status().deactivated, "nobody has said that it is known again");
    bench.serve();
    assert!(!bench.engine.status().deactivated);
    assert_eq!(bench.waiting(), 0);
}

#[test]
fn a_busy_store_server_is_left_alone_and_then_asked_again() {
    let mut bench = Bench::at_rest();
    bench.sell();
    let (id, _) = bench.take();
    bench.answer(id, Err(CallError::Busy { retry_after_ms: 20_000 }));
    assert_eq!(bench.mode(), Mode::Online);
    bench.sent.clear();
    bench.pass(19_000);
    assert!(bench.sent.is_empty());
    bench.pass(3_000);
    bench.serve();
    assert_eq!(bench.waiting(), 0);
}

#[test]
fn a_pause_has_an_end_whatever_was_asked_for() {
    let mut bench = Bench::at_rest();
    bench.pass(5_000);
    let (id, _) = bench.take();
    bench.answer(id, Err(CallError::Busy { retry_after_ms: i64::MAX }));
    bench.pass(60_000);
    assert!(!bench.pending.is_empty());
}

#[test]
fn registers_of_a_chain_do_not_come_back_in_the_same_instant() {
    let mut attempts = BTreeSet::new();
    for nonce_seed in 0..20 {
        let mut bench = Bench::at_rest();
        bench.engine = Engine::new(EngineConfig { app_version: "1".into(), nonce_seed });
        bench.tell(Event::Tick);
        bench.pass_cut(10);
        let mode = bench.mode();
        let Mode::Offline { since_ms, next_attempt_at_ms: Some(at_ms) } = mode else { panic!("{mode:?}") };
        let wait_ms = at_ms - since_ms;
        assert!((60_000..=63_000).contains(&wait_ms), "{wait_ms}");
        attempts.insert(wait_ms);
    }
    assert!(attempts.len() > 10, "{attempts:?}");
}

#[test]
fn registers_that_a_busy_store_server_sent_away_together_come_again_one_after_the_other() {
    let mut pauses = BTreeSet::new();
    for nonce_seed in 0..200 {
        let mut bench = Bench::at_rest();
        bench.engine = Engine::new(EngineConfig { app_version: "1".into(), nonce_seed });
        bench.tell(Event::Tick);
        bench.serve();
        bench.sell();
        let (id, _) = bench.take();
        bench.sent.clear();
        let sent_away_at_ms = bench.now_ms;
        bench.answer(id, Err(CallError::Busy { retry_after_ms: 4_000 }));
        while bench.sent_count("upload") == 0 && bench.now_ms < sent_away_at_ms + 60_000 {
            bench.pass(10);
        }
        let pause_ms = bench.now_ms - sent_away_at_ms;
        assert!((4_000..=6_010).contains(&pause_ms), "{pause_ms}");
        pauses.insert(pause_ms / 100);
    }
    assert!(pauses.len() > 15, "tenths of a second that have a register: {pauses:?}");
}

#[test]
fn a_clock_set_back_or_forward_leads_to_contact_all_the_same() {
    for jump_ms in [-86_400_000, 86_400_000] {
        let mut bench = Bench::at_rest();
        bench.now_ms += jump_ms;
        bench.tell(Event::Tick);
        bench.pass_serving(6);
        assert_eq!(bench.mode(), Mode::Online);
        assert!(bench.sent_count("contact") >= 1);
    }
}

#[test]
fn a_device_that_slept_does_not_wake_up_offline() {
    let mut bench = Bench::at_rest();
    bench.pass(5_000);
    // An hour passes without a tick while a contact is on its way.
    bench.now_ms += 3_600_000;
    bench.tell(Event::Tick);
    assert!(!bench.is_offline(), "{:?}", bench.mode());
    bench.serve();
    assert_eq!(bench.mode(), Mode::Online);
}

#[test]
fn what_is_asked_of_a_worker_that_was_just_started_is_done_once_it_has_read_its_databases() {
    for (wish, attempts) in [(Event::TryNow, true), (Event::GoOnline, true), (Event::Tick, false)] {
        let mut bench = Bench::at_rest();
        bench.tell(Event::GoOffline);
        bench.engine = Engine::new(EngineConfig { app_version: "1".into(), nonce_seed: 3 });
        bench.tell(wish);
        assert_eq!(matches!(bench.mode(), Mode::Reconnecting { .. }), attempts);
    }
}

#[test]
fn the_last_wish_before_the_databases_are_read_counts() {
    let mut bench = Bench::at_rest();
    bench.engine = Engine::new(EngineConfig { app_version: "1".into(), nonce_seed: 3 });
    for wish in [Event::GoOffline, Event::GoOnline, Event::GoOffline] {
        bench.engine.handle(wish, bench.now_ms);
    }
    bench.tell(Event::Tick);
    assert!(bench.is_offline());
}

#[test]
fn databases_that_hang_do_not_hide_that_the_store_server_is_gone() {
    let mut bench = Bench::at_rest();
    bench.store_fails = |_| true;
    bench.store_error = StoreError::ConnectionLost("gone".into());
    bench.sell();
    bench.pass_cut(20);
    assert!(bench.is_offline());
}
