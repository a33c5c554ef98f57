//! Fresh databases, sales to finish, and switches that make the browser fail.

use holdfast_browser_store::{BrowserRegisterStore, Journal, RegisterIdentity, ScopeDatabase};
use holdfast_domain::ReceiptNumber;
use holdfast_protocol::basket::BasketRecord;
use holdfast_protocol::messages::{EntryOutcome, EntryResult};
use holdfast_protocol::outbox::OutboxEntry;
use holdfast_protocol::sale::SaleRecord;
use holdfast_sync::{RegisterStore, StoreCall, StoreReply};
use rexie::Rexie;
use wasm_bindgen::JsValue;

/// Name of the journal database in the browser.
pub const JOURNAL: &str = "holdfast-journal";

/// Runs a script; the tests' only way to break what the store stands on.
pub fn script(text: &str) -> JsValue {
    js_sys::eval(text).unwrap()
}

/// Undoes what the tests have broken: here and not when a test ends, since a test that fails ends nothing.
pub fn mend() {
    script("for (const undo of globalThis.undoing ?? []) undo(); globalThis.undoing = [];");
}

/// Replaces a method of one of the browser's classes by a function, until [`mend`]; in it, `kept` is the method.
pub fn replace(class: &str, method: &str, function: &str) {
    script(&format!(
        "{{ const kept = {class}.prototype.{method};
            (globalThis.undoing ??= []).push(() => {{ {class}.prototype.{method} = kept; }});
            {class}.prototype.{method} = {function}; }}"
    ));
}

/// Cuts the connection at the first `put` to an object store, so that nobody learns that what the transaction
/// writes is done after all.
pub fn lose_the_answer_at(store: &str) {
    script("globalThis.done = []; globalThis.lost = false;");
    replace(
        "IDBObjectStore",
        "delete",
        "function (...all) {
        done.push((store) => kept.apply(store, all), this.name);
        return kept.apply(this, all);
    }",
    );
    let put = format!(
        "function (...all) {{
            if (lost) return kept.apply(this, all);
            done.push((store) => kept.apply(store, all), this.name);
            if (this.name !== '{store}') return kept.apply(this, all);
            lost = true;
            const {{ db, objectStoreNames }} = this.transaction;
            const again = db.transaction([...objectStoreNames], 'readwrite');
            for (let i = 0; i < done.length; i += 2) done[i](again.objectStore(done[i + 1]));
            throw new DOMException('Connection to Indexed Database server lost', 'UnknownError');
        }}"
    );
    replace("IDBObjectStore", "put", &put);
}

/// Both databases gone, the script that makes the journal strict loaded.
pub async fn clean() {
    mend();
    script(include_str!("../../../web/strict-journal.js"));
    Rexie::delete(JOURNAL).await.unwrap();
    Rexie::delete("holdfast-scopes").await.unwrap();
}

/// A journal of register 2 without entries.
pub async fn fresh_journal() -> Journal {
    clean().await;
    let journal = Journal::open().await.unwrap();
    journal.save_identity(register(2), 0, 0, 0, [0; 32]).await.unwrap();
    journal
}

/// The engine's door to a journal's database and an empty scope database.
pub async fn store_of(journal: &Journal) -> BrowserRegisterStore {
    BrowserRegisterStore::new(journal.clone(), ScopeDatabase::open().await.unwrap())
}

/// An identity.
pub fn register(register_number: u16) -> RegisterIdentity {
    RegisterIdentity {
        store_id: "store".into(),
        store_name: "Corner shop".into(),
        register_number,
        register_name: "Front".into(),
        token: [7; 32],
        activated_at_ms: 1_700_000_000_000,
    }
}

/// A sale with this number.
pub fn sale(receipt: ReceiptNumber) -> SaleRecord {
    SaleRecord {
        id: [9; 16].into(),
        register_number: receipt.register,
        receipt_counter: receipt.counter,
        store_id: "store".into(),
        cashier_id: "1".into(),
        cashier_name: "Ann".into(),
        customer_id: None,
        started_at_ms: 1_700_000_000_000,
        finished_at_ms: 1_700_000_001_000,
        utc_offset_min: 0,
        currency: "GBP".into(),
        tax_inclusive: true,
        lines: Vec::new(),
        tax: Vec::new(),
        total_minor: 100,
        rounding_minor: 0,
        tenders: Vec::new(),
        change_minor: 0,
        external_ref: None,
        customer_name: None,
    }
}

/// An open basket.
pub fn basket() -> BasketRecord {
    BasketRecord {
        currency: "GBP".into(),
        tax_inclusive: true,
        lines: Vec::new(),
        customer_id: None,
        customer_name: None,
        started_at_ms: Some(1_700_000_000_000),
    }
}

/// What waits in the outbox.
pub async fn outbox(journal: &Journal) -> Vec<OutboxEntry> {
    let call = StoreCall::ReadOutbox { entries_max: 1_000, bytes_max: usize::MAX };
    let reply = store_of(journal).await.execute(call).await.unwrap();
    let StoreReply::Outbox(entries) = reply else { panic!("{reply:?}") };
    entries
}

/// The store server has accepted all that is here.
pub async fn accept_all(journal: &Journal) {
    let results: Vec<EntryResult> = outbox(journal)
        .await
        .iter()
        .map(|entry| EntryResult::new(entry.seq, EntryOutcome::Accepted))
        .collect();
    let acknowledged_seq = results.last().map_or(0, |result| result.seq);
    let call = StoreCall::SettleOutbox { acknowledged_seq, results, at_ms: 5 };
    store_of(journal).await.execute(call).await.unwrap();
}
