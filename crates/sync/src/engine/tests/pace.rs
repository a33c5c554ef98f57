//! How much goes in one upload, and how often a register with nothing else to do asks the store server.

use holdfast_profile::{Frequency, HealthCheck, TableId, UploadBatch, default_profile};

use super::bench::Bench;
use crate::connectivity::Mode;
use crate::effect::{Call, Event};

/// A register at rest that asks every so many seconds.
fn asking_every(seconds: u32) -> Bench {
    let mut profile = default_profile();
    profile.device.health_check_s = HealthCheck { seconds };
    at_rest(Bench::with_profile(profile))
}

/// A register at rest that sends so many entries at once.
fn sending(entries: u32) -> Bench {
    let mut profile = default_profile();
    profile.device.upload_batch_entries = UploadBatch { entries };
    at_rest(Bench::with_profile(profile))
}

fn at_rest(mut bench: Bench) -> Bench {
    bench.serve();
    bench.clear();
    bench
}

/// Sells offline, comes back, and gives how many entries each upload had.
fn batches(bench: &mut Bench, sales_count: usize) -> Vec<usize> {
    bench.pass(5_000);
    bench.pass_cut(10);
    for _ in 0..sales_count {
        bench.sell();
    }
    bench.tell(Event::TryNow);
    let mut sizes = Vec::new();
    while let Some((_, call)) = bench.pending.first() {
        if let Call::Upload(request) = call {
            sizes.push(request.entries.len());
        }
        bench.serve_one();
    }
    assert_eq!(bench.waiting(), 0);
    sizes
}

#[test]
fn a_backlog_goes_up_in_batches_of_the_size_that_the_profile_says() {
    assert_eq!(batches(&mut sending(3), 7), [3, 3, 1]);
    assert_eq!(batches(&mut sending(1), 3), [1, 1, 1]);
    assert_eq!(batches(&mut sending(500), 7), [7]);
}

#[test]
fn a_batch_that_is_too_large_for_the_store_server_is_halved_from_the_size_that_was_sent() {
    let mut bench = sending(8);
    bench.server.habits.upload_entries = 3;
    assert_eq!(batches(&mut bench, 10), [8, 4, 2, 2, 2, 2, 2]);
}

#[test]
fn another_batch_size_holds_as_soon_as_it_is_published() {
    let mut bench = sending(2);
    let mut profile = bench.server.profile.1.clone();
    profile.device.upload_batch_entries = UploadBatch { entries: 5 };
    bench.server.publish(profile);
    bench.pass_serving(15);
    assert_eq!(batches(&mut bench, 6), [5, 1]);
}

#[test]
fn a_register_with_nothing_to_do_asks_as_often_as_the_profile_says() {
    for (seconds, in_ten_minutes) in [(1, 600), (2, 300), (5, 120), (60, 10), (300, 2)] {
        let mut bench = asking_every(seconds);
        bench.pass_serving(600);
        assert_eq!(bench.sent_count("contact"), in_ten_minutes, "every {seconds} s");
        assert_eq!(bench.sent.len(), in_ten_minutes, "{:?}", bench.sent);
    }
}

#[test]
fn an_outage_is_noticed_at_the_next_question_and_the_timeout_counts_from_it() {
    for seconds in [2, 60] {
        let mut bench = asking_every(seconds);
        // From here on nobody is there.
        let last_asked_at_ms = bench.now_ms;
        bench.pass(i64::from(seconds) * 1_000 - 1);
        assert_eq!((bench.mode(), bench.sent_count("contact")), (Mode::Online, 0));
        bench.pass(1);
        let asked_at_ms = bench.now_ms;
        assert_eq!(asked_at_ms, last_asked_at_ms + i64::from(seconds) * 1_000);
        bench.cut();
        let offline_at_ms = asked_at_ms + 5_000;
        assert_eq!(bench.mode(), Mode::Waiting { since_ms: asked_at_ms, offline_at_ms });
        bench.sent.clear();
        bench.pass_cut(3);
        assert_eq!(bench.sent_count("contact"), 3, "while it is not known, it is asked every second");
        bench.pass_cut(2);
        assert!(bench.is_offline());
    }
}

#[test]
fn a_sale_goes_up_at_once_however_seldom_the_store_server_is_asked() {
    let mut bench = asking_every(300);
    bench.pass(100_000);
    bench.sell();
    bench.serve();
    assert_eq!(bench.waiting(), 0);
    assert_eq!(bench.sent, ["upload"]);
}

/// Else an upload that takes its time would look like an outage, since nobody asked meanwhile.
#[test]
fn an_upload_that_takes_long_takes_nobody_offline_who_can_be_asked() {
    let mut bench = asking_every(300);
    bench.pass(100_000);
    bench.sell();
    let upload = bench.take();
    for _ in 0..29 {
        bench.pass(1_000);
        bench.serve();
        assert!(!bench.is_offline(), "{:?}", bench.mode());
    }
    assert_eq!(bench.mode(), Mode::Online);
    assert!((4..=8).contains(&bench.sent_count("contact")), "{:?}", bench.sent);
    // It is given up, and sent again.
    drop(upload);
    bench.pass(1_000);
    bench.serve();
    bench.pass_serving(5);
    assert_eq!((bench.mode(), bench.waiting()), (Mode::Online, 0));
}

#[test]
fn a_download_is_told_of_as_often_as_ever() {
    let mut bench = asking_every(300);
    bench.change(TableId::Product, "d", &[]);
    bench.tell(Event::SyncNow);
    bench.serve_one();
    assert!(matches!(bench.pending[0].1, Call::Pull(_)), "{:?}", bench.pending);
    let pull = bench.take();
    bench.sent.clear();
    for _ in 0..20 {
        bench.pass(1_000);
        bench.serve();
    }
    assert!((4..=6).contains(&bench.sent_count("contact")), "{:?}", bench.sent);
    drop(pull);
}

#[test]
fn a_scope_that_is_due_by_the_clock_does_not_wait_for_a_question() {
    let mut profile = default_profile();
    profile.device.health_check_s = HealthCheck { seconds: 300 };
    for scope in &mut profile.scopes {
        scope.frequency = Frequency::EveryMinutes { minutes: 1 };
    }
    let mut bench = at_rest(Bench::with_profile(profile));
    bench.change(TableId::Product, "d", &[]);
    bench.pass_serving(59);
    assert!(bench.sent.is_empty() && bench.keys(TableId::Product).len() == 3, "{:?}", bench.sent);
    bench.pass_serving(2);
    assert_eq!(bench.keys(TableId::Product).len(), 4);
    bench.sent.clear();
    bench.pass_serving(600);
    let contacts_count = bench.sent_count("contact");
    assert!((9..=12).contains(&contacts_count), "{contacts_count} contacts");
}
