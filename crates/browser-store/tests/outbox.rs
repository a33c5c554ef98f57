//! What the cashier sees of the outbox: where each sale is.

use holdfast_browser_store::{Custody, JournalCounts};
use holdfast_protocol::messages::{EntryOutcome, EntryResult};
use holdfast_protocol::outbox::EntryKind;
use holdfast_sync::{RegisterStore, StoreCall, StoreReply};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{fresh_journal, outbox, sale, store_of};

fn rejected(seq: u64) -> EntryResult {
    EntryResult::new(seq, EntryOutcome::Rejected { reason: "no such product".into() })
}

#[wasm_bindgen_test]
async fn each_sale_shows_where_it_is() {
    let journal = fresh_journal().await;
    for _ in 0..3 {
        journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    }
    let results = vec![EntryResult::new(1, EntryOutcome::Accepted), rejected(2)];
    let call = StoreCall::SettleOutbox { acknowledged_seq: 2, results, at_ms: 1_700_000_009_000 };
    let reply = store_of(&journal).await.execute(call).await;
    assert_eq!(reply, Ok(StoreReply::Counts(JournalCounts { waiting: 1, rejected: 1, shift_waits: false })));
    let custody: Vec<Custody> =
        journal.sales(10).await.unwrap().into_iter().map(|kept| kept.custody).collect();
    assert_eq!(
        custody,
        [
            Custody::Waiting,
            Custody::Rejected { reason: "no such product".into() },
            Custody::Accepted { at_ms: 1_700_000_009_000 },
        ]
    );
}

#[wasm_bindgen_test]
async fn what_the_register_does_not_have_cannot_be_settled() {
    let journal = fresh_journal().await;
    journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    let call = StoreCall::SettleOutbox { acknowledged_seq: 9, results: vec![rejected(9)], at_ms: 5 };
    store_of(&journal).await.execute(call).await.unwrap();
    assert_eq!(journal.counts().await, Ok(JournalCounts { waiting: 1, rejected: 0, shift_waits: false }));
    assert_eq!(outbox(&journal).await.len(), 1);
}

#[wasm_bindgen_test]
async fn sales_are_found_behind_entries_of_another_kind() {
    let journal = fresh_journal().await;
    let kept = journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    for _ in 0..3 {
        journal.append(EntryKind::Shift, 5, vec![1, 2, 3]).await.unwrap();
    }
    assert_eq!(journal.sales(1).await.unwrap(), [kept]);
    assert_eq!(outbox(&journal).await.len(), 4);
}
