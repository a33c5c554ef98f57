//! A register's databases in memory: the backend of headless registers and the simulator, and the measure
//! of what any other backend must do.
//!
//! Owns nothing durable. A clone is another handle on the same databases, so that an engine can be dropped
//! and started again on what its register has kept.

mod journal;
mod scope_database;
mod shared_pages;
#[cfg(test)]
mod suite_tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use holdfast_domain::ReceiptNumber;
use holdfast_profile::{Profile, TableId};
use holdfast_protocol::encode;
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::row_edit::RowEdit;
use holdfast_protocol::sale::SaleRecord;

pub use journal::{Custody, JournalError, JournalIdentity, KeptEntry, KeptSale};

use crate::overlay::{KeptEdit, ShownRow, shown_row, shown_rows};
use crate::store::{
    JournalCounts, RegisterState, RegisterStore, StoreCall, StoreError, StoreReply, TableRecord,
};
pub use shared_pages::SharedPages;

use journal::MemoryJournal;
use scope_database::MemoryScopes;

/// Journal and scope database of one register.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    databases: Arc<Mutex<Databases>>,
}

#[derive(Debug, Default)]
struct Databases {
    journal: MemoryJournal,
    scopes: MemoryScopes,
}

impl MemoryStore {
    /// Empty databases.
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }

    /// Empty databases of one of many registers: pages that several of them keep are in memory once.
    pub fn sharing(pages: SharedPages) -> MemoryStore {
        let store = MemoryStore::new();
        store.lock().scopes = MemoryScopes::sharing(pages);
        store
    }

    /// Gives the register its identity; its series go on after what the store server knows.
    ///
    /// # Errors
    /// [`JournalError::EntriesWait`] when that would lose entries of the identity before.
    pub fn activate(&self, identity: JournalIdentity) -> Result<(), JournalError> {
        self.lock().journal.activate(identity)
    }

    /// Who the register is, once it was activated.
    pub fn identity(&self) -> Option<JournalIdentity> {
        self.lock().journal.identity().cloned()
    }

    /// Finishes a sale: the next receipt number, the sale `make` builds with it and its sealed outbox entry are
    /// kept together. When `make` refuses, the number stays free.
    ///
    /// # Errors
    /// Whatever `make` raises, or [`JournalError`] as one of it.
    pub fn finish_sale<E: From<JournalError>>(
        &self,
        make: impl FnOnce(ReceiptNumber) -> Result<SaleRecord, E>,
    ) -> Result<KeptSale, E> {
        self.lock().journal.finish_sale(make)
    }

    /// Appends any other entry.
    ///
    /// # Errors
    /// [`JournalError::NotActivated`].
    pub fn append(&self, kind: EntryKind, created_at_ms: i64, payload: Vec<u8>) -> Result<u64, JournalError> {
        self.lock().journal.append(kind, created_at_ms, payload)
    }

    /// Every entry that is kept, by sequence.
    pub fn entries(&self) -> Vec<KeptEntry> {
        self.lock().journal.entries()
    }

    /// Keeps an edit of a row: an entry of the outbox that lies over the row that was downloaded
    /// ([`crate::overlay`]).
    ///
    /// # Errors
    /// [`JournalError::NotActivated`].
    pub fn append_edit(&self, edit: &RowEdit) -> Result<u64, JournalError> {
        self.append(EntryKind::RowEdit, edit.edited_at_ms, encode(edit))
    }

    /// Every edit that is kept, by sequence.
    pub fn edits(&self) -> Vec<KeptEdit> {
        self.lock().journal.edits()
    }

    /// A row as it is shown: the downloaded one with the register's own edits over it.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a page or the row can't be read.
    pub fn shown_row(&self, table: TableId, key: &str) -> Result<ShownRow, StoreError> {
        let databases = self.lock();
        let rows = databases.scopes.rows(table)?;
        let whole_up_to = databases.whole_up_to(table);
        shown_row(&databases.journal.edits(), table, key, rows.get(key), whole_up_to)
            .map_err(|error| StoreError::Damaged(error.to_string()))
    }

    /// A table's live rows as they are shown.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a page or a row can't be read.
    pub fn shown_rows(&self, table: TableId) -> Result<BTreeMap<String, RowChange>, StoreError> {
        let databases = self.lock();
        let rows = databases.scopes.rows(table)?;
        let whole_up_to = databases.whole_up_to(table);
        shown_rows(&databases.journal.edits(), table, &rows, whole_up_to)
            .map_err(|error| StoreError::Damaged(error.to_string()))
    }

    /// The newest sales, newest first.
    pub fn sales(&self, newest: usize) -> Vec<KeptSale> {
        self.lock().journal.sales(newest)
    }

    /// What waits and what was rejected.
    pub fn counts(&self) -> JournalCounts {
        self.lock().journal.counts()
    }

    /// A table's live rows by key, deltas folded in.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a page can't be read.
    pub fn rows(&self, table: TableId) -> Result<BTreeMap<String, RowChange>, StoreError> {
        self.lock().scopes.rows(table)
    }

    /// The pages of a table's visible generation: the snapshot's, then deltas.
    pub fn pages(&self, table: TableId) -> Vec<Vec<u8>> {
        self.lock().scopes.pages(table)
    }

    /// Does to a page of the visible generation what a failing disk does: the databases don't notice.
    pub fn spoil_page(&self, table: TableId, page_no: usize, spoil: impl FnOnce(&mut Vec<u8>)) {
        self.lock().scopes.spoil_page(table, page_no, spoil);
    }

    /// Looks at the profile in force and its version.
    pub fn with_profile<T>(&self, look: impl FnOnce(Option<&(u64, Profile)>) -> T) -> T {
        look(self.lock().scopes.profile.as_ref())
    }

    /// All that an engine reads when it starts.
    pub fn state(&self) -> RegisterState {
        self.lock().state()
    }

    /// Carries out one call. The same as [`RegisterStore::execute`], without waiting for anything.
    ///
    /// # Errors
    /// [`StoreError`] when nothing was done.
    pub fn execute_now(&self, call: StoreCall) -> Result<StoreReply, StoreError> {
        self.lock().execute(call)
    }

    fn lock(&self) -> MutexGuard<'_, Databases> {
        // Each call checks before it changes anything, so a panic elsewhere leaves no half-done change.
        self.databases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RegisterStore for MemoryStore {
    async fn execute(&self, call: StoreCall) -> Result<StoreReply, StoreError> {
        self.execute_now(call)
    }
}

impl Databases {
    /// Up to which version a table is whole. Where it is not kept no merged row will come, and nothing waits for one.
    fn whole_up_to(&self, table: TableId) -> u64 {
        self.scopes.records().get(&table).map_or(u64::MAX, TableRecord::whole_up_to)
    }

    fn state(&self) -> RegisterState {
        let counts = self.journal.counts();
        RegisterState {
            profile: self.scopes.profile.clone(),
            next_profile: self.scopes.next_profile.clone(),
            tables: self.scopes.records(),
            connectivity: self.scopes.connectivity,
            waiting: counts.waiting,
            rejected: counts.rejected,
            shift_waits: counts.shift_waits,
            acknowledged_seq: self.journal.acknowledged_seq(),
            outcomes_seen: self.journal.outcomes_seen(),
            uploads: self.scopes.uploads,
        }
    }

    fn execute(&mut self, call: StoreCall) -> Result<StoreReply, StoreError> {
        match call {
            StoreCall::Load => Ok(StoreReply::State(Box::new(self.state()))),
            StoreCall::SaveConnectivity(connectivity) => {
                self.scopes.connectivity = Some(connectivity);
                Ok(StoreReply::Done)
            }
            StoreCall::SaveUploads(uploads) => {
                self.scopes.uploads = Some(uploads);
                Ok(StoreReply::Done)
            }
            StoreCall::SaveNextProfile(next) => {
                if next.is_none() {
                    self.scopes.drop_builds();
                }
                self.scopes.next_profile = next;
                Ok(StoreReply::Done)
            }
            StoreCall::SwitchProfile { version, profile, tables } => {
                self.scopes.switch_profile(version, profile, tables).map(|()| StoreReply::Done)
            }
            StoreCall::DropBuilds => {
                self.scopes.drop_builds();
                Ok(StoreReply::Done)
            }
            StoreCall::ReadOutbox { entries_max, bytes_max } => {
                Ok(StoreReply::Outbox(self.journal.read_outbox(entries_max, bytes_max)))
            }
            StoreCall::SettleOutbox { acknowledged_seq, results, at_ms } => {
                self.journal.settle(acknowledged_seq, &results, at_ms);
                Ok(self.counts())
            }
            StoreCall::SettleLater { up_to, results, at_ms } => {
                self.journal.settle_later(up_to, &results, at_ms);
                Ok(self.counts())
            }
            StoreCall::ReopenOutbox { after_seq } => {
                self.journal.reopen(after_seq);
                Ok(self.counts())
            }
            StoreCall::CountOutbox => Ok(self.counts()),
            StoreCall::BeginGeneration { table, generation, pages } => {
                let present = self.scopes.begin_generation(table, generation, pages);
                Ok(StoreReply::Building { present })
            }
            StoreCall::PutPage { table, generation, page_no, bytes } => {
                self.scopes.put_page(table, generation, page_no, bytes).map(|()| StoreReply::Done)
            }
            StoreCall::SwitchGeneration { table, generation, changes, record } => {
                self.scopes.switch_generation(table, generation, &changes, record).map(|()| StoreReply::Done)
            }
            StoreCall::ApplyDelta { table, changes, record } => {
                self.scopes.apply_delta(table, &changes, record).map(|()| StoreReply::Done)
            }
            StoreCall::DigestTable { table } => Ok(StoreReply::Digest(self.scopes.digest(table))),
            StoreCall::DropTables(tables) => {
                self.scopes.drop_tables(&tables);
                Ok(StoreReply::Done)
            }
        }
    }

    fn counts(&self) -> StoreReply {
        StoreReply::Counts(self.journal.counts())
    }
}

/// Entries as [`StoreCall::ReadOutbox`] bounds them: at most so many, at most so many bytes, at least one.
pub(crate) fn bounded<'e>(
    waiting: impl Iterator<Item = &'e OutboxEntry>,
    entries_max: usize,
    bytes_max: usize,
) -> Vec<OutboxEntry> {
    let mut taken: Vec<OutboxEntry> = Vec::new();
    let mut bytes = 0;
    for entry in waiting.take(entries_max) {
        bytes += entry.payload.len();
        if bytes > bytes_max && !taken.is_empty() {
            break;
        }
        taken.push(entry.clone());
    }
    taken
}
