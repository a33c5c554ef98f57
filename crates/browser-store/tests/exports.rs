//! Exports: what is in the databases is in the file, to the byte, and no secret is.

use std::collections::BTreeMap;

use holdfast_browser_store::{
    ExportPlace, FailedExport, Journal, MadeExport, PackedExport, ScopeDatabase, write_export,
};
use holdfast_profile::TableId;
use holdfast_protocol::export::{ExportItem, ExportReader, ExportSummary};
use holdfast_protocol::messages::{EntryOutcome, EntryResult, RowChange};
use holdfast_protocol::outbox::EntryKind;
use holdfast_protocol::rows::StaffRow;
use holdfast_protocol::{decode, encode, page};
use holdfast_sync::store::TableRecord;
use holdfast_sync::{RegisterStore, StoreCall};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{basket, fresh_journal, outbox, sale, script, store_of};

const NOW_MS: i64 = 1_795_000_000_000;

/// The unpacked bytes of a packed file.
async fn unpacked(export: &PackedExport) -> Vec<u8> {
    let unpack = script(
        "(blob) => new Response(blob.stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()",
    );
    let unpack: js_sys::Function = unpack.unchecked_into();
    let promise: js_sys::Promise = unpack.call1(&JsValue::NULL, &export.file).unwrap().unchecked_into();
    js_sys::Uint8Array::new(&JsFuture::from(promise).await.unwrap()).to_vec()
}

async fn read(export: &PackedExport) -> (Vec<ExportItem>, ExportSummary) {
    let mut reader = ExportReader::new();
    let mut items = Vec::new();
    reader.push(&unpacked(export).await, &mut |item| items.push(item.clone())).unwrap();
    (items, reader.finish().unwrap())
}

/// Makes rows the visible generation of a table.
async fn download(journal: &Journal, table: TableId, rows: &[RowChange]) {
    let store = store_of(journal).await;
    let bytes = page::pack_columns(rows);
    let pages = vec![page::address(&bytes)];
    store.execute(StoreCall::BeginGeneration { table, generation: 1, pages }).await.unwrap();
    store.execute(StoreCall::PutPage { table, generation: 1, page_no: 0, bytes }).await.unwrap();
    let record =
        TableRecord { generation: 1, cursor: 9, pages: 1, snapshot_pages: 1, ..TableRecord::default() };
    let changes = Vec::new();
    store.execute(StoreCall::SwitchGeneration { table, generation: 1, changes, record }).await.unwrap();
}

fn row(key: &str, body: Vec<u8>) -> RowChange {
    RowChange { key: key.into(), version: 3, body: Some(body.into()) }
}

async fn export(journal: &Journal) -> PackedExport {
    let scopes = ScopeDatabase::open().await.unwrap();
    write_export(journal, Some(&scopes), "1.2.3", NOW_MS, async || {}).await.unwrap()
}

#[wasm_bindgen_test]
async fn an_export_equals_journal_and_tables() {
    let journal = fresh_journal().await;
    for number in 0..450 {
        journal.append(EntryKind::Shift, NOW_MS + number, vec![7; 300]).await.unwrap();
    }
    journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    journal.save_basket(Some(&basket())).await.unwrap();
    let results = vec![
        EntryResult::new(1, EntryOutcome::Accepted),
        EntryResult::new(2, EntryOutcome::Rejected { reason: "no".into() }),
    ];
    let settle = StoreCall::SettleOutbox { acknowledged_seq: 2, results, at_ms: NOW_MS };
    store_of(&journal).await.execute(settle).await.unwrap();
    let rows: Vec<RowChange> =
        (0..3_000).map(|number| row(&format!("{number:05}"), vec![number as u8; 40])).collect();
    download(&journal, TableId::Product, &rows).await;

    let made = export(&journal).await;
    assert!(made.bytes > 0 && made.bytes < 60_000, "packed: {}", made.bytes);
    assert_eq!((made.series, made.up_to_seq), (1, 451));
    let (items, summary) = read(&made).await;
    assert_eq!((summary.broken_at, made.has_unreadable), (None, false));
    assert_eq!((summary.entries, summary.waiting, summary.rejected, summary.sales), (451, 449, 1, 1));
    assert_eq!(summary.header.register_number, 2);
    assert_eq!(summary.header.made_at_ms, NOW_MS);
    let state = summary.journal.unwrap();
    assert_eq!((state.last_seq, state.receipt_counter, state.acknowledged_seq), (451, 1, 2));
    assert_eq!(decode(&state.basket.unwrap()), Ok(basket()));
    let waiting: Vec<Vec<u8>> = outbox(&journal).await.iter().map(encode).collect();
    let mut envelopes = Vec::new();
    let mut exported: BTreeMap<u8, Vec<RowChange>> = BTreeMap::new();
    for item in items {
        match item {
            ExportItem::Entry(entry) if entry.outcome.is_none() => envelopes.push(entry.envelope.to_vec()),
            ExportItem::Rows(rows) => exported.entry(rows.table).or_default().extend(rows.rows),
            ExportItem::Header(_)
            | ExportItem::Journal(_)
            | ExportItem::Entry(_)
            | ExportItem::Table(_)
            | ExportItem::End(_) => {}
        }
    }
    assert_eq!(envelopes, waiting);
    assert_eq!(exported.into_iter().collect::<Vec<_>>(), [(TableId::Product.number(), rows)]);
}

#[wasm_bindgen_test]
async fn no_secret_is_in_an_export() {
    let journal = fresh_journal().await;
    let staff = StaffRow {
        id: "1".into(),
        name: "Ada".into(),
        is_manager: true,
        pin_salt: vec![0xa5; 16].into(),
        pin_rounds: 100,
        pin_verifier: vec![0x5a; 32].into(),
    };
    download(&journal, TableId::Staff, &[row("1", encode(&staff))]).await;
    let bytes = unpacked(&export(&journal).await).await;
    let has = |secret: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
    assert!(has(b"Ada"));
    assert!(!has(&[0xa5; 16]) && !has(&[0x5a; 32]), "a PIN's verifier");
    assert!(!has(&[7; 32]), "the register's token");
}

#[wasm_bindgen_test]
async fn a_damaged_table_is_said_to_be_so_and_the_journal_is_saved() {
    let journal = fresh_journal().await;
    journal.append(EntryKind::Shift, NOW_MS, vec![1]).await.unwrap();
    let store = store_of(&journal).await;
    let mut bytes = page::pack(&[row("1", vec![1])]);
    bytes[9] ^= 1;
    let table = TableId::Price;
    let pages = vec![page::address(&bytes)];
    store.execute(StoreCall::BeginGeneration { table, generation: 1, pages }).await.unwrap();
    store.execute(StoreCall::PutPage { table, generation: 1, page_no: 0, bytes }).await.unwrap();
    let record = TableRecord { generation: 1, pages: 1, snapshot_pages: 1, ..TableRecord::default() };
    let changes = Vec::new();
    store.execute(StoreCall::SwitchGeneration { table, generation: 1, changes, record }).await.unwrap();
    let made = export(&journal).await;
    assert!(made.has_unreadable);
    let (_, summary) = read(&made).await;
    assert_eq!((summary.entries, summary.rows), (1, 0));
    assert!(summary.tables[0].unreadable.as_deref().unwrap().contains("damaged"), "{:?}", summary.tables);
    // Without an offline database at all.
    let alone = write_export(&journal, None, "1", NOW_MS, async || {}).await.unwrap();
    assert_eq!(read(&alone).await.1.entries, 1);
}

#[wasm_bindgen_test]
async fn the_last_export_is_noted_and_a_failure_does_not_hide_it() {
    let journal = fresh_journal().await;
    assert_eq!(journal.exports().await, Ok(Default::default()));
    let made = MadeExport { at_ms: NOW_MS, place: ExportPlace::Download, bytes: 9, series: 1, up_to_seq: 3 };
    let failed = FailedExport { at_ms: NOW_MS + 1, reason: "no answer".into() };
    journal.note_export(&Ok(made.clone())).await.unwrap();
    journal.note_export(&Err(failed.clone())).await.unwrap();
    let record = Journal::open().await.unwrap().exports().await.unwrap();
    assert_eq!((record.made, record.failed), (Some(made.clone()), Some(failed)));
    journal.note_export(&Ok(made)).await.unwrap();
    assert_eq!(journal.exports().await.unwrap().failed, None);
    let folder = js_sys::Object::new();
    journal.save_export_folder(&folder).await.unwrap();
    assert!(journal.export_folder().await.unwrap().is_some());
}
