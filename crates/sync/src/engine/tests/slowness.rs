//! Slow answers: who is offline for them, and how somebody gets such a store server all the same.

use holdfast_profile::{SlowIsOffline, TableId, default_profile};

use holdfast_protocol::messages::{ContactMode, ToldMode};

use super::bench::{Bench, kind};
use crate::connectivity::{Mode, PROBE_EVERY_MS};
use crate::effect::Event;

/// Longer than what is slow, milliseconds; shorter than what counts as no answer.
const SLOW_MS: i64 = 900;

/// A register at rest that minds answers of more than 800 ms for ten seconds.
fn minding_slowness() -> Bench {
    let mut profile = default_profile();
    profile.device.offline_timeout_s = 5;
    profile.device.slow_is_offline = Some(SlowIsOffline { latency_ms: 800, for_s: 10 });
    let mut bench = Bench::with_profile(profile);
    bench.serve();
    bench.clear();
    bench
}

/// Has contacts answered slowly for so long.
fn pass_slowly(bench: &mut Bench, seconds: i64) {
    let end_ms = bench.now_ms + seconds * 1_000;
    while bench.now_ms < end_ms && !bench.is_offline() {
        while bench.pending.is_empty() {
            bench.pass(100);
        }
        bench.pass(SLOW_MS);
        bench.serve();
    }
}

fn is_slow(bench: &Bench) -> bool {
    bench.engine.status().is_slow
}

#[test]
fn answers_that_stay_slow_take_a_register_offline() {
    let mut bench = minding_slowness();
    pass_slowly(&mut bench, 60);
    assert!(bench.is_offline() && is_slow(&bench));
}

/// A pull is on its way with each contact, and all of it takes long.
#[test]
fn answers_that_are_slow_beside_a_download_take_nobody_offline() {
    let mut bench = minding_slowness();
    bench.server.habits.pull_rows = 1;
    for number in 0..60 {
        bench.change(TableId::Product, &format!("k{number:02}"), &[]);
    }
    // The contact that brings the first pull goes alone, and is answered at once.
    while bench.pending.is_empty() {
        bench.pass(100);
    }
    bench.serve_one();
    let end_ms = bench.now_ms + 30_000;
    let mut beside_each_other = 0;
    while bench.now_ms < end_ms {
        // A till that starts wants a contact now.
        bench.tell(Event::TillStarted);
        let kinds: Vec<&str> = bench.pending.iter().map(|(_, call)| kind(call)).collect();
        assert!(kinds.contains(&"pull") && kinds.contains(&"contact"), "{kinds:?}");
        beside_each_other += 1;
        bench.pass(SLOW_MS);
        for _ in 0..kinds.len() {
            bench.serve_one();
        }
        assert!(!bench.is_offline(), "after {beside_each_other} contacts beside pulls");
    }
    assert!(beside_each_other > 20, "{beside_each_other}");
}

#[test]
fn answers_that_are_slow_beside_what_the_driver_sends_take_nobody_offline() {
    let mut bench = minding_slowness();
    bench.engine.set_others_busy(true);
    pass_slowly(&mut bench, 60);
    assert_eq!(bench.mode(), Mode::Online);
    bench.engine.set_others_busy(false);
    pass_slowly(&mut bench, 60);
    assert!(bench.is_offline() && is_slow(&bench));
}

#[test]
fn who_wants_the_store_server_between_two_probes_gets_it() {
    for wish in [Event::SyncNow, Event::SendNow, Event::LookForNewDatabase] {
        let mut bench = minding_slowness();
        pass_slowly(&mut bench, 60);
        // The attempt, and its first probe is fast.
        while bench.pending.is_empty() {
            bench.pass(100);
        }
        bench.serve();
        assert!(matches!(bench.mode(), Mode::Reconnecting { .. }), "{:?}", bench.mode());
        bench.pass(PROBE_EVERY_MS / 2);
        assert!(bench.pending.is_empty(), "between two probes");
        bench.tell(wish.clone());
        bench.serve();
        assert_eq!(bench.mode(), Mode::Online, "{wish:?}");
    }
}

#[test]
fn the_store_server_is_told_that_a_register_stays_offline_and_since_when() {
    let mut bench = minding_slowness();
    let told = |bench: &mut Bench| bench.next_contact().mode.expect("a mode");
    assert_eq!(told(&mut bench), ToldMode { mode: ContactMode::Online.number(), since_ms: None });
    pass_slowly(&mut bench, 60);
    let Mode::Offline { since_ms, .. } = bench.mode() else { panic!("{:?}", bench.mode()) };
    let slow = ToldMode { mode: ContactMode::OfflineForSlowness.number(), since_ms: Some(since_ms) };
    // Its attempts say so, however many of them.
    for _ in 0..3 {
        assert_eq!(told(&mut bench), slow);
    }
}

#[test]
fn slow_answers_of_before_an_outage_do_not_count_after_it() {
    let mut bench = minding_slowness();
    pass_slowly(&mut bench, 8);
    assert_eq!(bench.mode(), Mode::Online);
    bench.pass_cut(20);
    assert!(bench.is_offline() && !is_slow(&bench));
    while bench.pending.is_empty() {
        bench.pass(1_000);
    }
    bench.serve();
    pass_slowly(&mut bench, 4);
    assert_eq!(bench.mode(), Mode::Online, "four seconds of slow answers");
}

#[test]
fn slow_answers_of_before_a_restart_or_a_sleep_do_not_count_after_it() {
    for sleeps in [false, true] {
        let mut bench = minding_slowness();
        pass_slowly(&mut bench, 8);
        if sleeps {
            bench.now_ms += 60_000;
            bench.tell(Event::Tick);
        } else {
            bench.restart();
        }
        pass_slowly(&mut bench, 4);
        assert_eq!(bench.mode(), Mode::Online, "sleeps: {sleeps}");
        pass_slowly(&mut bench, 60);
        assert!(is_slow(&bench), "sleeps: {sleeps}");
    }
}
