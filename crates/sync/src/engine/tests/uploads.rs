//! The outbox on its way up.

use holdfast_profile::{UploadTransactions, default_profile};
use holdfast_protocol::messages::{EntryOutcome, EntryResult, UploadReply};
use holdfast_protocol::problem::code;

use super::bench::{Bench, engine, no_answer};
use crate::NextUpload;
use crate::effect::{Call, CallReply, Effect, Event};
use crate::memory_store::Custody;
use crate::store::StoreCall;

/// Sequences of the oldest request, which must be an upload.
fn seqs(bench: &Bench) -> Vec<u64> {
    let call = &bench.pending[0].1;
    let Call::Upload(request) = call else { panic!("an upload was to come, not {call:?}") };
    request.entries.iter().map(|entry| entry.seq).collect()
}

fn uploading(when: UploadTransactions) -> Bench {
    let mut profile = default_profile();
    profile.device.upload_transactions = when;
    let mut bench = Bench::with_profile(profile);
    bench.serve();
    bench.sent.clear();
    bench
}

#[test]
fn a_sale_goes_up_at_once() {
    let mut bench = Bench::at_rest();
    bench.sell();
    assert_eq!(seqs(&bench), [1]);
    assert_eq!(bench.engine.status().waiting, 1);
    bench.serve();
    assert_eq!(bench.engine.status().waiting, 0);
    assert_eq!(bench.sent, ["upload"]);
}

#[test]
fn a_sale_goes_up_also_when_nobody_says_so() {
    let mut bench = Bench::at_rest();
    bench.sell_silently();
    bench.pass_serving(6);
    assert_eq!(bench.waiting(), 0);
}

#[test]
fn what_waited_while_offline_goes_up_in_order_before_anything_comes_down() {
    let mut bench = Bench::at_rest();
    bench.pass(5_000);
    bench.pass_cut(10);
    for _ in 0..3 {
        bench.sell();
    }
    bench.change(holdfast_profile::TableId::Product, "d", &[]);
    bench.sent.clear();
    bench.tell(Event::TryNow);
    bench.serve_one();
    assert_eq!(seqs(&bench), [1, 2, 3]);
    bench.serve();
    assert_eq!(bench.sent[..2], ["contact", "upload"]);
    assert!(bench.sent_count("pull") > 0);
}

#[test]
fn only_what_has_a_result_is_settled() {
    let mut bench = Bench::at_rest();
    bench.server.habits.settled_at_once = 1;
    bench.pass(5_000);
    bench.pass_cut(10);
    for _ in 0..3 {
        bench.sell();
    }
    bench.tell(Event::TryNow);
    bench.serve_one();
    bench.serve_one();
    assert_eq!(bench.waiting(), 2);
    assert_eq!(seqs(&bench), [2, 3]);
    bench.serve();
    assert_eq!(bench.waiting(), 0);
}

#[test]
fn results_of_entries_that_were_not_sent_count_for_nothing() {
    let mut bench = Bench::at_rest();
    bench.sell();
    let (id, _) = bench.take();
    bench.sell_silently();
    let results = vec![EntryResult::new(2, EntryOutcome::Accepted)];
    bench.answer(id, Ok(CallReply::Upload(UploadReply { acknowledged_seq: 2, results })));
    assert_eq!(bench.waiting(), 2);
}

#[test]
fn a_cut_in_the_middle_leaves_the_rest_waiting() {
    let mut bench = Bench::at_rest();
    bench.server.habits.settled_at_once = 1;
    bench.pass(5_000);
    bench.pass_cut(10);
    for _ in 0..3 {
        bench.sell();
    }
    bench.tell(Event::TryNow);
    bench.serve_one();
    bench.serve_one();
    bench.cut();
    assert_eq!(bench.engine.status().waiting, 2);
    bench.pass_serving(10);
    assert_eq!(bench.waiting(), 0);
}

#[test]
fn a_lost_answer_leads_to_the_same_upload_and_to_one_effect() {
    let mut bench = Bench::at_rest();
    bench.sell();
    let (id, call) = bench.take();
    let lost = bench.server.answer(1, &call, bench.now_ms);
    assert!(lost.is_ok());
    bench.answer(id, no_answer());
    bench.pass_serving(5);
    assert_eq!(bench.waiting(), 0);
    assert!(bench.server.journals[&1].entries.values().all(|applied| applied.effects == 1));
}

#[test]
fn an_answer_that_comes_after_it_was_given_up_is_not_trusted() {
    let mut bench = Bench::at_rest();
    bench.sell();
    let (id, call) = bench.take();
    let late = bench.server.answer(1, &call, bench.now_ms);
    bench.pass(5_000);
    assert!(bench.is_offline());
    bench.answer(id, late);
    assert_eq!(bench.waiting(), 1);
}

#[test]
fn a_rejected_sale_keeps_nobody_waiting() {
    let mut bench = Bench::at_rest();
    bench.sell();
    bench.sell_silently();
    let (id, _) = bench.take();
    let outcome = EntryOutcome::Rejected { reason: "the sums differ".into() };
    let results = vec![EntryResult::new(1, outcome)];
    bench.answer(id, Ok(CallReply::Upload(UploadReply { acknowledged_seq: 1, results })));
    assert_eq!(seqs(&bench), [2]);
    assert_eq!(bench.engine.status().rejected, 1);
    assert!(matches!(bench.store.entries()[0].custody, Custody::Rejected { .. }));
}

#[test]
fn entries_that_the_store_server_lost_go_up_again() {
    let mut bench = Bench::at_rest();
    for _ in 0..3 {
        bench.sell();
        bench.serve();
    }
    // Restored from a backup.
    bench.server.journals.get_mut(&1).unwrap().set_back(2, 0);
    bench.pass_serving(10);
    assert_eq!(bench.server.journals[&1].entries.len(), 3);
    assert_eq!(bench.waiting(), 0);
}

#[test]
fn a_gap_is_closed_after_the_next_contact() {
    let mut bench = Bench::at_rest();
    for _ in 0..2 {
        bench.sell();
        bench.serve();
    }
    bench.server.journals.get_mut(&1).unwrap().set_back(1, 0);
    bench.sell();
    bench.serve();
    bench.pass_serving(5);
    assert_eq!(bench.server.journals[&1].entries.len(), 3);
    assert_eq!(bench.engine.status().last_error, None);
}

#[test]
fn an_upload_that_is_too_large_is_halved_until_it_fits() {
    let mut bench = Bench::at_rest();
    bench.server.habits.upload_entries = 3;
    bench.pass(5_000);
    bench.pass_cut(10);
    for _ in 0..10 {
        bench.sell();
    }
    bench.tell(Event::TryNow);
    bench.serve();
    assert_eq!(bench.waiting(), 0);
}

#[test]
fn a_broken_chain_is_said_and_tried_again_later_and_nothing_is_dropped() {
    let mut bench = Bench::at_rest();
    bench.sell();
    bench.refuse(422, code::CHAIN_BROKEN);
    assert!(bench.engine.status().last_error.is_some());
    bench.sent.clear();
    bench.pass_serving(50);
    assert_eq!(bench.sent_count("upload"), 0);
    assert_eq!(bench.waiting(), 1);
    bench.pass_serving(20);
    assert_eq!(bench.waiting(), 0);
}

#[test]
fn results_that_can_not_be_stored_are_fetched_again() {
    let mut bench = Bench::at_rest();
    bench.store_fails = |call| matches!(call, StoreCall::SettleOutbox { .. });
    bench.sell();
    bench.serve();
    assert_eq!(bench.waiting(), 1);
    bench.store_fails = |_| false;
    bench.pass_serving(10);
    assert_eq!(bench.waiting(), 0);
    assert!(bench.server.journals[&1].entries.values().all(|applied| applied.effects == 1));
}

#[test]
fn by_hand_means_by_hand() {
    let mut bench = uploading(UploadTransactions::ByHand);
    bench.sell();
    bench.pass_serving(300);
    assert_eq!(bench.sent_count("upload"), 0);
    bench.tell(Event::SyncNow);
    bench.serve();
    assert_eq!(bench.waiting(), 0);
}

#[test]
fn every_some_minutes_means_that() {
    let mut bench = uploading(UploadTransactions::EveryMinutes { minutes: 3 });
    bench.sell();
    bench.serve();
    assert_eq!(bench.waiting(), 0, "the first has nothing to wait for");
    bench.sell();
    bench.pass_serving(170);
    assert_eq!(bench.waiting(), 1);
    bench.pass_serving(15);
    assert_eq!(bench.waiting(), 0);
}

#[test]
fn at_shift_close_means_that() {
    let mut bench = uploading(UploadTransactions::AtShiftClose);
    bench.sell();
    bench.pass_serving(60);
    assert_eq!(bench.waiting(), 1);
    bench.close_shift_silently();
    bench.tell(Event::JournalGrew);
    bench.serve();
    assert_eq!(bench.waiting(), 0);
}

#[test]
fn a_closed_shift_goes_up_also_when_nobody_says_so() {
    let mut bench = uploading(UploadTransactions::AtShiftClose);
    bench.sell();
    bench.close_shift_silently();
    // The worker was dead when it was said.
    bench.restart();
    assert!(bench.engine.status().is_uploading);
    bench.pass_serving(6);
    assert_eq!(bench.waiting(), 0);
    bench.sell();
    bench.pass_serving(60);
    assert_eq!((bench.waiting(), bench.engine.status().is_uploading), (1, false), "of the next shift");
}

#[test]
fn closing_a_shift_sends_nothing_where_sending_is_by_hand() {
    let mut bench = uploading(UploadTransactions::ByHand);
    bench.sell();
    bench.close_shift_silently();
    bench.tell(Event::JournalGrew);
    bench.pass_serving(60);
    assert_eq!((bench.waiting(), bench.engine.status().is_uploading), (2, false));
}

#[test]
fn a_wish_that_could_not_be_saved_is_saved_with_the_next_contact() {
    let mut bench = uploading(UploadTransactions::ByHand);
    bench.pass_serving(6);
    bench.sell();
    bench.store_fails = |call| matches!(call, StoreCall::SaveUploads(_));
    bench.tell(Event::SendNow);
    bench.cut();
    bench.store_fails = |_| false;
    bench.pass_cut(3);
    bench.restart();
    assert!(bench.engine.status().is_uploading);
}

#[test]
fn the_closing_of_a_shift_goes_up_by_itself_too() {
    let mut bench = uploading(UploadTransactions::AtShiftClose);
    bench.sell_silently();
    bench.close_shift_silently();
    bench.tell(Event::JournalGrew);
    bench.serve();
    assert_eq!(bench.waiting(), 0);
}

#[test]
fn what_is_asked_for_right_after_a_sale_takes_it_along() {
    let mut bench = uploading(UploadTransactions::ByHand);
    bench.sell_silently();
    bench.tell(Event::SyncNow);
    bench.serve();
    assert_eq!(bench.waiting(), 0);
}

#[test]
fn who_wants_it_sent_is_not_forgotten_where_it_can_not_be_counted() {
    let mut bench = uploading(UploadTransactions::ByHand);
    bench.sell_silently();
    bench.store_fails = |call| *call == StoreCall::CountOutbox;
    bench.tell(Event::SendNow);
    bench.serve();
    bench.store_fails = |_| false;
    bench.pass_serving(6);
    assert_eq!(bench.waiting(), 0);
}

#[test]
fn a_sale_that_is_made_while_the_databases_are_read_is_counted() {
    let mut bench = uploading(UploadTransactions::AtOnce);
    bench.tell(Event::GoOffline);
    bench.engine = engine(2);
    bench.engine.handle(Event::Tick, bench.now_ms);
    let Some(Effect::Store { id, call: call @ StoreCall::Load }) = bench.engine.poll_effect() else {
        panic!("the databases were to be read")
    };
    let result = bench.store.execute_now(call);
    bench.sell();
    bench.tell(Event::Stored { id, result });
    assert!(bench.is_offline(), "no contact counts it");
    assert_eq!(bench.engine.status().waiting, 1);
}

#[test]
fn what_a_killed_worker_was_at_goes_on_at_the_next_start() {
    let mut bench = uploading(UploadTransactions::ByHand);
    bench.sell();
    bench.tell(Event::SendNow);
    bench.restart();
    assert!(bench.engine.status().is_uploading);
    bench.serve();
    assert_eq!(bench.waiting(), 0);
}

#[test]
fn a_worker_that_is_started_again_does_not_send_before_the_schedule() {
    for when in [UploadTransactions::ByHand, UploadTransactions::AtShiftClose] {
        let mut bench = uploading(when);
        bench.pass_serving(6);
        bench.sell();
        for _ in 0..3 {
            bench.restart();
            bench.pass_serving(30);
        }
        assert_eq!(bench.waiting(), 1, "{when:?}");
        if when == UploadTransactions::AtShiftClose {
            bench.close_shift_silently();
            bench.tell(Event::JournalGrew);
        } else {
            bench.tell(Event::SendNow);
        }
        bench.restart();
        bench.serve();
        assert_eq!(bench.waiting(), 0, "{when:?}");
    }
}

#[test]
fn every_so_many_minutes_goes_on_over_a_kill_and_says_when_the_next_is() {
    let mut bench = uploading(UploadTransactions::EveryMinutes { minutes: 2 });
    bench.sell();
    bench.serve();
    let began_at_ms = bench.now_ms;
    bench.pass_serving(60);
    bench.sell();
    bench.restart();
    bench.pass_serving(50);
    let status = bench.engine.status();
    assert_eq!((bench.waiting(), status.is_uploading), (1, false));
    assert_eq!(status.next_upload, NextUpload::At { at_ms: began_at_ms + 120_000 });
    bench.pass_serving(12);
    assert_eq!(bench.waiting(), 0);
}
