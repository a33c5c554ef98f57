//! Outcomes that entries got after their upload.

use holdfast_protocol::messages::{EntryOutcome, EntryResult, LaterOutcomes};

use super::bench::{Bench, REGISTER, kind, no_answer};
use crate::effect::{Call, CallReply, Event};
use crate::memory_store::Custody;

/// A register whose sales were all rejected.
fn rejected(count: usize) -> Bench {
    let mut bench = Bench::at_rest();
    bench.server.habits.rejected_one_in = 1;
    for _ in 0..count {
        bench.sell();
        bench.serve();
    }
    assert_eq!(bench.engine.status().rejected, count as u64);
    bench.pass_serving(6);
    bench.sent.clear();
    bench
}

/// Mends the lowest rejected entry.
fn mend(bench: &mut Bench) {
    bench.server.mend(REGISTER, 1, bench.now_ms);
}

fn custody(bench: &Bench) -> Vec<bool> {
    let entries = bench.store.entries();
    entries.iter().map(|kept| matches!(kept.custody, Custody::Accepted { .. })).collect()
}

#[test]
fn a_mended_entry_is_accepted_with_the_next_contact() {
    let mut bench = rejected(2);
    mend(&mut bench);
    bench.pass_serving(6);
    assert_eq!(custody(&bench), [true, false]);
    assert_eq!(bench.engine.status().rejected, 1);
    assert!(bench.sent.iter().all(|kind| *kind == "contact"), "{:?}", bench.sent);
}

#[test]
fn what_a_reply_has_no_room_for_is_asked_for_at_once() {
    let mut bench = rejected(5);
    for _ in 0..5 {
        mend(&mut bench);
    }
    bench.pass(4_000);
    bench.serve();
    assert_eq!(bench.engine.status().rejected, 0);
    assert_eq!(bench.sent, ["contact"; 3], "two outcomes at a time");
}

#[test]
fn a_worker_that_was_killed_goes_on_where_it_was_told() {
    let mut bench = rejected(1);
    mend(&mut bench);
    bench.store_fails = |_| true;
    bench.pass(4_000);
    bench.serve();
    assert_eq!(bench.store.counts().rejected, 1);
    bench.store_fails = |_| false;
    bench.restart();
    bench.pass_serving(6);
    assert_eq!(custody(&bench), [true]);
}

#[test]
fn a_restored_store_server_tells_all_outcomes_anew() {
    let mut bench = rejected(2);
    mend(&mut bench);
    bench.pass_serving(6);
    assert_eq!(custody(&bench), [true, false]);
    bench.server.journals.values_mut().for_each(|journal| journal.set_back(0, 1));
    bench.pass_serving(6);
    assert_eq!(custody(&bench), [false, false]);
}

#[test]
fn an_outcome_is_told_with_its_own_number_wherever_a_reply_is_cut() {
    let mut bench = rejected(1);
    bench.server.habits.outcomes_told_at_once = 1;
    bench.server.mend(REGISTER, 0, bench.now_ms);
    mend(&mut bench);
    bench.pass(4_000);
    let (id, call) = bench.take();
    let reply = bench.server.answer(1, &call, bench.now_ms);
    bench.answer(id, reply);
    assert_eq!(custody(&bench), [true]);
    // The backup has that the entry was set aside, but not that it was mended.
    bench.server.journals.values_mut().for_each(|journal| journal.set_back(0, 1));
    bench.pass_serving(6);
    assert_eq!(custody(&bench), [false]);
}

#[test]
fn an_answer_that_may_be_older_than_an_uploads_is_not_believed() {
    let mut bench = rejected(1);
    mend(&mut bench);
    bench.pass(4_000);
    let (id, call) = bench.take();
    let reply = bench.server.answer(1, &call, bench.now_ms);
    bench.sell();
    // The upload is on its way when the contact is answered.
    bench.answer(id, reply);
    assert_eq!(custody(&bench), [false, false]);
    bench.serve();
    bench.pass_serving(6);
    assert_eq!(custody(&bench), [true, false]);
}

#[test]
fn what_became_of_an_entry_is_not_taken_for_told_before_its_upload_is_answered() {
    let mut bench = Bench::at_rest();
    bench.server.habits.rejected_one_in = 1;
    bench.sell();
    let (id, upload) = bench.take();
    bench.server.answer(REGISTER, &upload, bench.now_ms).unwrap();
    bench.answer(id, no_answer());
    // A contact comes before the upload is tried again, and a mend between them.
    bench.tell(Event::TryNow);
    assert_eq!(bench.pending.iter().map(|(_, call)| kind(call)).collect::<Vec<_>>(), ["contact"]);
    bench.serve_one();
    assert_eq!(bench.waiting(), 1);
    mend(&mut bench);
    for _ in 0..100 {
        bench.pass(100);
        bench.pending.retain(|(_, call)| kind(call) == "upload");
        if !bench.pending.is_empty() {
            bench.serve_one();
            break;
        }
    }
    assert_eq!(custody(&bench), [true], "the upload's answer knows of the mend");
    // The backup has the entry as it was rejected.
    bench.server.journals.values_mut().for_each(|journal| journal.set_back(0, 1));
    bench.pass_serving(6);
    assert_eq!(custody(&bench), [false]);
}

#[test]
fn outcomes_after_another_number_than_was_asked_for_change_nothing() {
    let mut bench = rejected(1);
    bench.pass(4_000);
    let (id, call) = bench.take();
    let Ok(CallReply::Contact(mut reply)) = bench.server.answer(1, &call, bench.now_ms) else {
        panic!("a contact was to be answered")
    };
    let results = vec![EntryResult::new(1, EntryOutcome::Accepted)];
    reply.later_outcomes = Some(LaterOutcomes { since: 3, up_to: 4, results, more: false });
    bench.answer(id, Ok(CallReply::Contact(reply)));
    assert_eq!(custody(&bench), [false]);
}

#[test]
fn a_contact_says_what_the_register_was_told() {
    let mut bench = rejected(1);
    let seen = bench.store.state().outcomes_seen;
    assert!(seen > 0, "the register was told of its rejection");
    bench.tell(Event::TryNow);
    let Call::Contact(request) = &bench.pending[0].1 else { panic!("a contact was to be sent") };
    assert_eq!(request.outcomes_seen, Some(seen));
}
