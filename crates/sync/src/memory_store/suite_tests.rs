//! The shared suite on the databases in memory.

use std::collections::BTreeMap;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use holdfast_profile::TableId;
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::outbox::EntryKind;
use holdfast_protocol::row_edit::RowEdit;

use super::{JournalIdentity, MemoryStore};
use crate::overlay::KeptEdit;
use crate::store_suite::{self, Subject};

struct InMemory(MemoryStore);

impl InMemory {
    fn new() -> InMemory {
        let store = MemoryStore::new();
        let identity =
            JournalIdentity { register_number: 1, last_receipt_counter: 0, last_seq: 0, last_hash: [0; 32] };
        store.activate(identity).unwrap();
        InMemory(store)
    }
}

impl Subject for InMemory {
    type Store = MemoryStore;

    fn store(&self) -> &MemoryStore {
        &self.0
    }

    async fn append(&self, payload: Vec<u8>) -> Result<u64, String> {
        self.0.append(EntryKind::Sale, 1, payload).map_err(|error| error.to_string())
    }

    async fn sell(&self) -> Result<u64, String> {
        self.append(vec![1]).await
    }

    async fn sell_and_close_shift(&self) -> Result<u64, String> {
        self.sell().await?;
        self.0.append(EntryKind::Shift, 1, vec![2]).map_err(|error| error.to_string())
    }

    async fn append_edit(&self, edit: &RowEdit, _done: &[u64]) -> Result<u64, String> {
        self.0.append_edit(edit).map_err(|error| error.to_string())
    }

    async fn edits(&self) -> Result<Vec<KeptEdit>, String> {
        Ok(self.0.edits())
    }

    async fn rows(&self, table: TableId) -> Result<BTreeMap<String, RowChange>, String> {
        self.0.rows(table).map_err(|error| error.to_string())
    }

    async fn reopen(&mut self) -> Result<(), String> {
        self.0 = self.0.clone();
        Ok(())
    }
}

/// Memory never makes anybody wait.
fn finished<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("memory made somebody wait"),
    }
}

macro_rules! tests {
    ($($name:ident),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                assert_eq!(finished(store_suite::$name(&mut InMemory::new())), Ok(()));
            }
        )*
    };
}

crate::store_behaviours!(tests);
