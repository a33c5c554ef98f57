//! What the browser may do to a transaction, each made to happen: nothing is half written, and what can be
//! tried again is.

use holdfast_browser_store::{BrowserStoreError, Journal, JournalCounts};
use rexie::{ObjectStore, Rexie};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    JOURNAL, basket, clean, fresh_journal, lose_the_answer_at, mend, outbox, register, replace, sale, script,
};

/// Replaces `put` on one object store until it is mended; `times` counts its calls.
fn break_put_on(store: &str, body: &str) {
    let function = format!(
        "function (...all) {{
            if (this.name !== '{store}') return kept.apply(this, all);
            times += 1; {body}
        }}"
    );
    script("globalThis.times = 0;");
    replace("IDBObjectStore", "put", &function);
}

/// Finishes a sale that must fail; afterwards the journal must be as before and must still work.
async fn check_nothing_is_written(store: &str, body: &str) -> BrowserStoreError {
    let journal = fresh_journal().await;
    journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    journal.save_basket(Some(&basket())).await.unwrap();
    let before = outbox(&journal).await;

    break_put_on(store, body);
    let error = journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap_err();
    mend();

    assert_eq!(outbox(&journal).await, before);
    assert_eq!(journal.basket().await, Ok(Some(basket())));
    assert_eq!(journal.counts().await, Ok(JournalCounts { waiting: 1, rejected: 0, shift_waits: false }));
    let next = journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    assert_eq!((next.seq, next.record.receipt_counter), (2, 2));
    error
}

#[wasm_bindgen_test]
async fn what_cannot_be_stored_undoes_what_was_written_before_it() {
    // The first of both puts has gone out when the second is refused.
    let error = check_nothing_is_written("head", "return kept.call(this, () => 0, ...all.slice(1));").await;
    assert!(
        matches!(&error, BrowserStoreError::Failed { reason, .. } if reason.contains("DataCloneError")),
        "{error:?}"
    );
}

#[wasm_bindgen_test]
async fn an_abort_without_a_word_is_an_error() {
    let body = "const request = kept.apply(this, all); this.transaction.abort(); return request;";
    assert_eq!(check_nothing_is_written("head", body).await, BrowserStoreError::Aborted);
}

#[wasm_bindgen_test]
async fn a_late_abort_is_an_error() {
    // Every request has succeeded by then; only the transaction's end tells.
    let body = "const request = kept.apply(this, all);
                request.addEventListener('success', () => this.transaction.abort()); return request;";
    assert_eq!(check_nothing_is_written("head", body).await, BrowserStoreError::Aborted);
}

#[wasm_bindgen_test]
async fn a_request_that_fails_is_an_error() {
    let body = "return this.add(...all);";
    let error = check_nothing_is_written("head", body).await;
    assert!(
        matches!(&error, BrowserStoreError::Failed { reason, .. } if reason.contains("ConstraintError")),
        "{error:?}"
    );
}

#[wasm_bindgen_test]
async fn a_full_disk_is_told_as_one() {
    let body = "throw new DOMException('no room', 'QuotaExceededError');";
    assert_eq!(check_nothing_is_written("entries", body).await, BrowserStoreError::Full);
}

#[wasm_bindgen_test]
async fn a_connection_that_is_lost_while_a_sale_is_written_loses_and_doubles_nothing() {
    let journal = fresh_journal().await;
    break_put_on(
        "head",
        "if (times > 1) return kept.apply(this, all);
         throw new DOMException('Connection to Indexed Database server lost', 'UnknownError');",
    );
    let kept = journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    mend();
    assert_eq!(kept.record.receipt_counter, 1);
    assert_eq!(outbox(&journal).await.len(), 1);
}

#[wasm_bindgen_test]
async fn a_sale_that_was_written_although_the_connection_was_lost_is_not_written_twice() {
    let journal = fresh_journal().await;
    lose_the_answer_at("head");
    let kept = journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    mend();
    assert_eq!((kept.seq, kept.record.receipt_counter), (1, 1));
    assert_eq!(outbox(&journal).await.len(), 1);
    let next = journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    assert_eq!((next.seq, next.record.receipt_counter), (2, 2));
}

#[wasm_bindgen_test]
async fn a_connection_that_the_browser_has_closed_is_opened_again() {
    clean().await;
    script("globalThis.opened = [];");
    let function = "function (...all) {
        const request = kept.apply(this, all);
        request.addEventListener('success', () => opened.push(request.result));
        return request;
    }";
    replace("IDBFactory", "open", function);
    let journal = Journal::open().await.unwrap();
    journal.save_identity(register(2), 0, 0, 0, [0; 32]).await.unwrap();
    for _ in 0..3 {
        script("opened.forEach((database) => database.close());");
        journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    }
    mend();
    assert_eq!(journal.counts().await, Ok(JournalCounts { waiting: 3, rejected: 0, shift_waits: false }));
}

#[wasm_bindgen_test]
async fn a_journal_of_a_newer_version_is_left_alone() {
    clean().await;
    let newer = Rexie::builder(JOURNAL).version(99).add_object_store(ObjectStore::new("future"));
    newer.build().await.unwrap().close();
    let refused = Journal::open().await.err();
    assert_eq!(refused, Some(BrowserStoreError::NewerVersion { database: "journal" }));
    let untouched = Rexie::builder(JOURNAL).build().await.unwrap();
    assert_eq!((untouched.version(), untouched.store_names()), (Ok(99), vec!["future".to_owned()]));
    untouched.close();
}

#[wasm_bindgen_test]
async fn a_page_that_keeps_the_journal_from_being_opened_is_told_of() {
    let journal = fresh_journal().await;
    drop(journal);
    // Another page that never closes, and somebody who waits for it.
    script(
        "globalThis.held = new Promise((done) => {
             const request = indexedDB.open('holdfast-journal');
             request.onsuccess = () => { indexedDB.deleteDatabase('holdfast-journal'); done(request.result); };
         });",
    );
    let held: js_sys::Promise = script("held").into();
    let held = wasm_bindgen_futures::JsFuture::from(held).await.unwrap();
    let refused = Journal::open().await.err();
    assert_eq!(refused, Some(BrowserStoreError::Blocked { database: "journal" }));
    wasm_bindgen::JsCast::unchecked_into::<web_sys::IdbDatabase>(held).close();
}
