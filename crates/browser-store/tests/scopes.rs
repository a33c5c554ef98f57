//! Tables as the till reads them: deltas folded in, damage found.

use holdfast_browser_store::{BrowserRegisterStore, BrowserStoreError, ScopeDatabase};
use holdfast_profile::TableId;
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::page;
use holdfast_sync::store::TableRecord;
use holdfast_sync::{RegisterStore, StoreCall, StoreReply};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{fresh_journal, lose_the_answer_at, mend, store_of};

const TABLE: TableId = TableId::Product;

fn row(key: &str, version: u64, body: &str) -> RowChange {
    RowChange { key: key.into(), version, body: Some(body.as_bytes().to_vec().into()) }
}

fn deleted(key: &str, version: u64) -> RowChange {
    RowChange { key: key.into(), version, body: None }
}

fn record(generation: u64, pages: u32) -> TableRecord {
    TableRecord { generation, cursor: 10, rows: 3, pages, snapshot_pages: 2, ..TableRecord::default() }
}

/// Downloads a snapshot of two pages.
async fn download(generation: u64, pages: [Vec<u8>; 2]) -> (BrowserRegisterStore, ScopeDatabase) {
    let store = store_of(&fresh_journal().await).await;
    let addresses = pages.iter().map(|bytes| page::address(bytes)).collect();
    let call = StoreCall::BeginGeneration { table: TABLE, generation, pages: addresses };
    assert_eq!(store.execute(call).await, Ok(StoreReply::Building { present: Vec::new() }));
    for (page_no, bytes) in (0..).zip(pages) {
        let call = StoreCall::PutPage { table: TABLE, generation, page_no, bytes };
        assert_eq!(store.execute(call).await, Ok(StoreReply::Done));
    }
    let switch = StoreCall::SwitchGeneration {
        table: TABLE,
        generation,
        changes: Vec::new(),
        record: record(generation, 2),
    };
    assert_eq!(store.execute(switch).await, Ok(StoreReply::Done));
    (store, ScopeDatabase::open().await.unwrap())
}

#[wasm_bindgen_test]
async fn deltas_replace_delete_and_add_rows() {
    let snapshot = [page::pack(&[row("a", 1, "a1"), row("b", 2, "b2")]), page::pack(&[row("c", 3, "c3")])];
    let (store, scopes) = download(u64::MAX, snapshot).await;
    let deltas = [
        vec![row("a", 11, "a11"), deleted("b", 12), row("d", 13, "d13"), row("e", 14, "e14")],
        // An older change of `a` that comes late, a newer one of `d`, the end of `e`.
        vec![row("a", 10, "a10"), row("d", 15, "d15"), deleted("e", 16)],
    ];
    for (pages, changes) in (3..).zip(deltas) {
        let call = StoreCall::ApplyDelta { table: TABLE, changes, record: record(u64::MAX, pages) };
        assert_eq!(store.execute(call).await, Ok(StoreReply::Done));
    }
    let rows = scopes.rows(TABLE).await.unwrap();
    assert_eq!(rows, [row("a", 11, "a11"), row("c", 3, "c3"), row("d", 15, "d15")]);
    assert_eq!(scopes.tables().await.unwrap().get(&TABLE), Some(&record(u64::MAX, 4)));
}

#[wasm_bindgen_test]
async fn a_switch_that_was_done_although_the_connection_was_lost_is_told_as_done() {
    let page = page::pack(&[row("a", 1, "a")]);
    let (store, scopes) = download(1, [page.clone(), page::pack(&[])]).await;
    let pages = vec![page::address(&page)];
    store.execute(StoreCall::BeginGeneration { table: TABLE, generation: 2, pages }).await.unwrap();
    store.execute(StoreCall::PutPage { table: TABLE, generation: 2, page_no: 0, bytes: page }).await.unwrap();
    lose_the_answer_at("tables");
    let changes = vec![row("b", 2, "b")];
    let switch = StoreCall::SwitchGeneration { table: TABLE, generation: 2, changes, record: record(2, 2) };
    let switched = store.execute(switch).await;
    mend();
    assert_eq!(switched, Ok(StoreReply::Done));
    assert_eq!(scopes.rows(TABLE).await, Ok(vec![row("a", 1, "a"), row("b", 2, "b")]));
}

#[wasm_bindgen_test]
async fn a_delta_that_was_stored_although_the_connection_was_lost_is_not_stored_twice() {
    let (store, scopes) = download(1, [page::pack(&[row("a", 1, "a")]), page::pack(&[])]).await;
    lose_the_answer_at("tables");
    let call = StoreCall::ApplyDelta { table: TABLE, changes: vec![row("b", 2, "b")], record: record(1, 3) };
    let stored = store.execute(call).await;
    mend();
    assert_eq!(stored, Ok(StoreReply::Done));
    assert_eq!(scopes.pages(TABLE).await.unwrap().deltas.len(), 1);
}

#[wasm_bindgen_test]
async fn a_damaged_page_is_named_and_its_table_fetched_again() {
    let mut damaged = page::pack(&[row("c", 3, "c3")]);
    if let Some(last) = damaged.last_mut() {
        *last ^= 1;
    }
    let (_store, scopes) = download(1, [page::pack(&[row("a", 1, "a1")]), damaged]).await;
    let found = scopes.rows(TABLE).await.unwrap_err();
    assert!(matches!(found, BrowserStoreError::DamagedPage { table: TABLE, page_no: 1, .. }), "{found:?}");
    assert!(!scopes.tables().await.unwrap().contains_key(&TABLE));
    assert_eq!(scopes.rows(TABLE).await, Ok(Vec::new()));
}

#[wasm_bindgen_test]
async fn of_a_table_with_a_damaged_page_only_that_page_is_fetched_again() {
    let pages = [page::pack(&[row("a", 1, "a1")]), page::pack(&[row("c", 3, "c3")])];
    let mut damaged = pages.clone();
    damaged[1][9] ^= 1;
    let (store, scopes) = download(1, damaged).await;
    assert!(scopes.rows(TABLE).await.is_err());
    let stale = StoreCall::ApplyDelta { table: TABLE, changes: Vec::new(), record: record(1, 3) };
    assert!(store.execute(stale).await.is_err(), "what was forgotten takes no changes");
    let addresses = pages.iter().map(|bytes| page::address(bytes)).collect();
    let begin = StoreCall::BeginGeneration { table: TABLE, generation: 1, pages: addresses };
    assert_eq!(store.execute(begin).await, Ok(StoreReply::Building { present: vec![0] }));
    let [_, whole] = pages;
    let put = StoreCall::PutPage { table: TABLE, generation: 1, page_no: 1, bytes: whole };
    assert_eq!(store.execute(put).await, Ok(StoreReply::Done));
    let switch = StoreCall::SwitchGeneration {
        table: TABLE,
        generation: 1,
        changes: Vec::new(),
        record: record(1, 2),
    };
    assert_eq!(store.execute(switch).await, Ok(StoreReply::Done));
    assert_eq!(scopes.rows(TABLE).await, Ok(vec![row("a", 1, "a1"), row("c", 3, "c3")]));
    assert!(scopes.tables().await.unwrap().contains_key(&TABLE));
}

#[wasm_bindgen_test]
async fn a_table_that_is_not_here_has_no_rows() {
    fresh_journal().await;
    let scopes = ScopeDatabase::open().await.unwrap();
    assert_eq!(scopes.rows(TABLE).await, Ok(Vec::new()));
    assert_eq!(scopes.profile().await, Ok(None));
}
