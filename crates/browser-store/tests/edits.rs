//! Edits of rows in the journal: kept together with their entries, also over an upgrade.

use holdfast_browser_store::Journal;
use holdfast_protocol::encode;
use holdfast_protocol::row_edit::{FieldEdit, RowEdit};
use rexie::{ObjectStore, Rexie, TransactionMode};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    JOURNAL, basket, clean, fresh_journal, lose_the_answer_at, mend, outbox, register, sale,
};

fn edit(key: &str) -> RowEdit {
    let name = FieldEdit { column: 1, before: None, after: encode(&"Ito").into() };
    RowEdit {
        table: 13,
        key: key.into(),
        base_version: 0,
        edited_at_ms: 1_700_000_000_000,
        fields: vec![name],
        follows_seq: None,
    }
}

async fn listed(journal: &Journal) -> Vec<u64> {
    journal.edits().await.unwrap().iter().map(|kept| kept.seq).collect()
}

#[wasm_bindgen_test]
async fn edits_that_nobody_needs_leave_the_list_and_not_the_outbox() {
    let journal = fresh_journal().await;
    journal.append_edit(&edit("a"), &[]).await.unwrap();
    journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    journal.append_edit(&edit("b"), &[1]).await.unwrap();
    assert_eq!(listed(&journal).await, [3]);
    assert_eq!(outbox(&journal).await.len(), 3);
}

#[wasm_bindgen_test]
async fn an_edit_whose_answer_was_lost_is_kept_once() {
    let journal = fresh_journal().await;
    lose_the_answer_at("edits");
    let seq = journal.append_edit(&edit("a"), &[]).await;
    mend();
    assert_eq!(seq, Ok(1));
    assert_eq!(listed(&journal).await, [1]);
    assert_eq!(outbox(&journal).await.len(), 1);
}

#[wasm_bindgen_test]
async fn a_journal_of_the_first_version_keeps_what_it_has() {
    clean().await;
    let stores = ["register", "head", "basket", "entries", "custody", "settled"];
    let mut builder = Rexie::builder(JOURNAL).version(1);
    for store in stores {
        builder = builder.add_object_store(ObjectStore::new(store));
    }
    let first = builder.build().await.unwrap();
    let transaction = first.transaction(&["basket"], TransactionMode::ReadWrite).unwrap();
    let bytes = js_sys::Uint8Array::from(encode(&basket()).as_slice());
    let key = JsValue::from_str("only");
    transaction.store("basket").unwrap().put(&bytes, Some(&key)).await.unwrap();
    transaction.done().await.unwrap();
    first.close();

    let journal = Journal::open().await.unwrap();
    assert_eq!(journal.basket().await, Ok(Some(basket())));
    journal.save_identity(register(2), 0, 0, 0, [0; 32]).await.unwrap();
    journal.append_edit(&edit("a"), &[]).await.unwrap();
    assert_eq!(listed(&journal).await, [1]);
}
