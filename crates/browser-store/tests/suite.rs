//! The suite that every backend of the engine passes, on the databases of this browser.

use std::collections::BTreeMap;

use holdfast_browser_store::{BrowserRegisterStore, Journal, ScopeDatabase};
use holdfast_profile::TableId;
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::outbox::EntryKind;
use holdfast_protocol::row_edit::RowEdit;
use holdfast_sync::overlay::KeptEdit;
use holdfast_sync::store_suite::Subject;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{fresh_journal, sale};

/// Both databases of an activated register.
struct InBrowser {
    journal: Journal,
    scopes: ScopeDatabase,
    store: BrowserRegisterStore,
}

impl InBrowser {
    async fn of(journal: Journal) -> InBrowser {
        let scopes = ScopeDatabase::open().await.unwrap();
        let store = BrowserRegisterStore::new(journal.clone(), scopes.clone());
        InBrowser { journal, scopes, store }
    }
}

impl Subject for InBrowser {
    type Store = BrowserRegisterStore;

    fn store(&self) -> &BrowserRegisterStore {
        &self.store
    }

    async fn append(&self, payload: Vec<u8>) -> Result<u64, String> {
        let appended = self.journal.append(EntryKind::Shift, 1_700_000_000_000, payload).await;
        appended.map(|entry| entry.seq).map_err(|error| error.to_string())
    }

    async fn sell(&self) -> Result<u64, String> {
        let kept = self.journal.finish_sale(|receipt| Ok(sale(receipt))).await;
        kept.map(|kept| kept.seq).map_err(|error| error.to_string())
    }

    async fn sell_and_close_shift(&self) -> Result<u64, String> {
        let sold_seq = self.sell().await?;
        let closed = self.journal.close_shift([3; 16], 1_700_000_002_000).await;
        let closed = closed.map_err(|error| error.to_string())?;
        closed.map(|_| sold_seq + 1).ok_or_else(|| "no shift was open".to_owned())
    }

    async fn append_edit(&self, edit: &RowEdit, done: &[u64]) -> Result<u64, String> {
        self.journal.append_edit(edit, done).await.map_err(|error| error.to_string())
    }

    async fn edits(&self) -> Result<Vec<KeptEdit>, String> {
        self.journal.edits().await.map_err(|error| error.to_string())
    }

    async fn rows(&self, table: TableId) -> Result<BTreeMap<String, RowChange>, String> {
        let rows = self.scopes.rows(table).await.map_err(|error| error.to_string())?;
        Ok(rows.into_iter().map(|row| (row.key.clone(), row)).collect())
    }

    async fn reopen(&mut self) -> Result<(), String> {
        *self = InBrowser::of(Journal::open().await.map_err(|error| error.to_string())?).await;
        Ok(())
    }
}

macro_rules! tests {
    ($($behaviour:ident),* $(,)?) => {
        $(
            #[wasm_bindgen_test]
            async fn $behaviour() {
                let mut subject = InBrowser::of(fresh_journal().await).await;
                let outcome = holdfast_sync::store_suite::$behaviour(&mut subject).await;
                assert_eq!(outcome, Ok(()));
            }
        )*
    };
}

holdfast_sync::store_behaviours!(tests);
