//! Becoming a register, becoming another one, and what is kept of people's PINs.

use holdfast_browser_store::{BrowserStoreError, Journal, JournalCounts};
use holdfast_domain::pin::PinAttempts;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{accept_all, clean, fresh_journal, outbox, register, sale};

#[wasm_bindgen_test]
async fn the_series_goes_on_after_what_the_store_server_has() {
    clean().await;
    let journal = Journal::open().await.unwrap();
    assert_eq!(journal.identity().await, Ok(None));
    journal.save_identity(register(2), 41, 0, 77, [5; 32]).await.unwrap();
    assert_eq!(journal.counts().await, Ok(JournalCounts::default()));
    let kept = journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    assert_eq!((kept.record.receipt_counter, kept.seq), (42, 78));
    assert_eq!(*outbox(&journal).await[0].previous_hash, [5; 32]);
    assert_eq!(journal.counts().await, Ok(JournalCounts { waiting: 1, rejected: 0, shift_waits: false }));
}

#[wasm_bindgen_test]
async fn a_register_does_not_become_another_while_entries_wait() {
    let journal = fresh_journal().await;
    journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    let refused = journal.save_identity(register(3), 0, 0, 0, [0; 32]).await;
    assert_eq!(refused, Err(BrowserStoreError::EntriesWait { waiting: 1 }));
    assert_eq!(journal.identity().await, Ok(Some(register(2))));
    assert_eq!(outbox(&journal).await.len(), 1);
}

#[wasm_bindgen_test]
async fn a_register_that_is_activated_again_as_itself_keeps_what_waits() {
    let journal = fresh_journal().await;
    journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    accept_all(&journal).await;
    let known = journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    let hash = *outbox(&journal).await[0].hash;
    journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();

    let mut again = register(2);
    again.token = [8; 32];
    journal.save_identity(again.clone(), 2, 0, known.seq, hash).await.unwrap();
    assert_eq!(journal.identity().await, Ok(Some(again)));
    assert_eq!(outbox(&journal).await.len(), 2);
    let next = journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    assert_eq!((next.seq, next.record.receipt_counter), (4, 4));
}

#[wasm_bindgen_test]
async fn a_register_that_becomes_another_begins_a_series_of_its_own() {
    let journal = fresh_journal().await;
    journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    accept_all(&journal).await;
    journal.save_identity(register(3), 9, 0, 0, [0; 32]).await.unwrap();
    let kept = journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    assert_eq!((kept.seq, kept.record.register_number, kept.record.receipt_counter), (1, 3, 10));
    assert_eq!(journal.sales(10).await.unwrap(), [kept]);
    assert_eq!(journal.counts().await, Ok(JournalCounts { waiting: 1, rejected: 0, shift_waits: false }));
}

#[wasm_bindgen_test]
async fn a_restored_store_server_gets_no_receipt_number_twice() {
    let journal = fresh_journal().await;
    for _ in 0..3 {
        journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    }
    accept_all(&journal).await;
    // The backup knew one receipt, and an entry that is not on this chain.
    journal.save_identity(register(2), 1, 0, 1, [6; 32]).await.unwrap();
    let kept = journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    assert_eq!((kept.seq, kept.record.receipt_counter), (2, 4));
}

#[wasm_bindgen_test]
async fn the_same_code_is_the_same_attempt_until_it_succeeds() {
    clean().await;
    let journal = Journal::open().await.unwrap();
    assert_eq!(journal.activation_attempt("ABC", [1; 16]).await, Ok([1; 16]));
    assert_eq!(journal.activation_attempt("ABC", [2; 16]).await, Ok([1; 16]));
    assert_eq!(journal.activation_attempt("DEF", [3; 16]).await, Ok([3; 16]));
    journal.save_identity(register(2), 0, 0, 0, [0; 32]).await.unwrap();
    assert_eq!(journal.activation_attempt("DEF", [4; 16]).await, Ok([4; 16]));
}

#[wasm_bindgen_test]
async fn wrong_pins_are_remembered_for_each_person() {
    let journal = fresh_journal().await;
    assert_eq!(journal.pin_attempts("1").await, Ok(PinAttempts::default()));
    let attempts = PinAttempts { failed: 4, last_failed_at_ms: 1_700_000_000_000 };
    journal.save_pin_attempts("1", attempts).await.unwrap();
    let journal = Journal::open().await.unwrap();
    assert_eq!(journal.pin_attempts("1").await, Ok(attempts));
    assert_eq!(journal.pin_attempts("2").await, Ok(PinAttempts::default()));
}
