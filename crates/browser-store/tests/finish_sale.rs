//! A finished sale is on the disk with its number and its entry, or it is not at all.

use std::collections::BTreeSet;

use futures_util::future::join;
use holdfast_browser_store::{BrowserStoreError, Custody, Journal, JournalCounts};
use holdfast_domain::SaleError;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{basket, clean, fresh_journal, mend, outbox, register, replace, sale, script};

#[wasm_bindgen_test]
async fn two_pages_at_once_give_each_number_once_and_none_is_missing() {
    let one = fresh_journal().await;
    let other = Journal::open().await.unwrap();
    let ten = async |journal: &Journal| {
        let mut counters = Vec::new();
        for _ in 0..10 {
            let kept = journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
            assert_eq!(kept.custody, Custody::Waiting);
            counters.push(kept.record.receipt_counter);
        }
        counters
    };
    let (first, second) = join(ten(&one), ten(&other)).await;
    let all: BTreeSet<u32> = first.iter().chain(&second).copied().collect();
    assert_eq!(all, (1..=20).collect::<BTreeSet<u32>>());

    let entries = outbox(&one).await;
    assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), (1..=20).collect::<Vec<_>>());
    let mut previous = [0; 32];
    for entry in entries {
        assert!(entry.is_intact() && *entry.previous_hash == previous);
        previous = *entry.hash;
    }
}

#[wasm_bindgen_test]
async fn a_refused_sale_leaves_its_number_free_and_the_basket_open() {
    let journal = fresh_journal().await;
    journal.save_basket(Some(&basket())).await.unwrap();
    let refused = journal.finish_sale(|_| Err(SaleError::Empty)).await;
    assert_eq!(refused, Err(BrowserStoreError::Sale(SaleError::Empty)));
    assert_eq!(journal.basket().await, Ok(Some(basket())));
    assert_eq!(journal.counts().await, Ok(JournalCounts::default()));

    let kept = journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    assert_eq!((kept.seq, kept.record.receipt_counter), (1, 1));
    assert_eq!(journal.basket().await, Ok(None));
}

#[wasm_bindgen_test]
async fn a_sale_with_another_number_than_the_given_is_refused() {
    let journal = fresh_journal().await;
    let refused = journal
        .finish_sale(|receipt| {
            let mut record = sale(receipt);
            record.receipt_counter += 1;
            Ok(record)
        })
        .await;
    assert!(matches!(refused, Err(BrowserStoreError::Refused(_))), "{refused:?}");
    assert_eq!(outbox(&journal).await, Vec::new());
}

#[wasm_bindgen_test]
async fn sales_and_basket_are_there_when_the_journal_is_opened_again() {
    let journal = fresh_journal().await;
    for _ in 0..3 {
        journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    }
    journal.save_basket(Some(&basket())).await.unwrap();
    drop(journal);

    let journal = Journal::open().await.unwrap();
    let newest = journal.sales(2).await.unwrap();
    assert_eq!(newest.iter().map(|kept| kept.record.receipt_counter).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(journal.sales(10).await.unwrap().len(), 3);
    assert_eq!(journal.basket().await, Ok(Some(basket())));
    assert_eq!(journal.identity().await, Ok(Some(register(2))));
}

#[wasm_bindgen_test]
async fn every_write_to_the_journal_is_strict() {
    clean().await;
    script("globalThis.seen = [];");
    let function = "function (...all) {
        if (this.transaction.db.name === 'holdfast-journal') seen.push(this.transaction.durability);
        return kept.apply(this, all);
    }";
    replace("IDBObjectStore", "put", function);
    let journal = Journal::open().await.unwrap();
    journal.save_identity(register(2), 0, 0, 0, [0; 32]).await.unwrap();
    journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    mend();
    let seen = script("[...new Set(seen)].join()").as_string();
    assert_eq!(seen.as_deref(), Some("strict"));
}

#[wasm_bindgen_test]
async fn the_journal_does_not_open_where_writes_would_not_be_strict() {
    clean().await;
    replace("IDBDatabase", "transaction", "function (...all) { return kept.apply(this, all); }");
    let opened = Journal::open().await.err();
    mend();
    assert_eq!(opened, Some(BrowserStoreError::NotStrict));
}

#[wasm_bindgen_test]
async fn nothing_is_sold_before_activation() {
    clean().await;
    let journal = Journal::open().await.unwrap();
    let refused = journal.finish_sale(|receipt| Ok(sale(receipt))).await;
    assert_eq!(refused, Err(BrowserStoreError::NotActivated));
}
