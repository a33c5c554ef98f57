//! Both databases behind the engine's door.

use holdfast_sync::JournalCounts;
use holdfast_sync::{RegisterState, RegisterStore, StoreCall, StoreError, StoreReply};

use crate::error::Outcome;
use crate::journal::Journal;
use crate::scopes::ScopeDatabase;

/// The register's databases as the engine sees them.
#[derive(Clone)]
pub struct BrowserRegisterStore {
    journal: Journal,
    scopes: ScopeDatabase,
}

impl BrowserRegisterStore {
    /// Both databases together.
    pub fn new(journal: Journal, scopes: ScopeDatabase) -> BrowserRegisterStore {
        BrowserRegisterStore { journal, scopes }
    }

    async fn carry_out(&self, call: StoreCall) -> Outcome<StoreReply> {
        let done = |()| StoreReply::Done;
        match call {
            StoreCall::Load => self.load().await,
            StoreCall::SaveConnectivity(connectivity) => {
                self.scopes.save_connectivity(&connectivity).await.map(done)
            }
            StoreCall::SaveUploads(uploads) => self.scopes.save_uploads(&uploads).await.map(done),
            StoreCall::SaveNextProfile(next) => self.scopes.save_next_profile(next.as_ref()).await.map(done),
            StoreCall::SwitchProfile { version, profile, tables } => {
                self.scopes.switch_profile(version, &profile, &tables).await.map(done)
            }
            StoreCall::DropBuilds => self.scopes.drop_builds().await.map(done),
            StoreCall::ReadOutbox { entries_max, bytes_max } => {
                self.journal.read_outbox(entries_max, bytes_max).await.map(StoreReply::Outbox)
            }
            StoreCall::SettleOutbox { acknowledged_seq, results, at_ms } => {
                self.journal.settle(acknowledged_seq, &results, at_ms).await.map(StoreReply::Counts)
            }
            StoreCall::SettleLater { up_to, results, at_ms } => {
                self.journal.settle_later(up_to, &results, at_ms).await.map(StoreReply::Counts)
            }
            StoreCall::ReopenOutbox { after_seq } => {
                self.journal.reopen(after_seq).await.map(StoreReply::Counts)
            }
            StoreCall::CountOutbox => self.journal.counts().await.map(StoreReply::Counts),
            StoreCall::BeginGeneration { table, generation, pages } => {
                let present = self.scopes.begin_generation(table, generation, &pages).await?;
                Ok(StoreReply::Building { present })
            }
            StoreCall::PutPage { table, generation, page_no, bytes } => {
                self.scopes.put_page(table, generation, page_no, &bytes).await.map(done)
            }
            StoreCall::SwitchGeneration { table, generation, changes, record } => {
                self.scopes.switch_generation(table, generation, &changes, &record).await.map(done)
            }
            StoreCall::ApplyDelta { table, changes, record } => {
                self.scopes.apply_delta(table, &changes, &record).await.map(done)
            }
            StoreCall::DigestTable { table } => self.scopes.digest(table).await.map(StoreReply::Digest),
            StoreCall::DropTables(tables) => self.scopes.drop_tables(&tables).await.map(done),
        }
    }

    async fn load(&self) -> Outcome<StoreReply> {
        let scopes = self.scopes.state().await?;
        let (JournalCounts { waiting, rejected, shift_waits }, answers) = self.journal.state().await?;
        Ok(StoreReply::State(Box::new(RegisterState {
            profile: scopes.profile,
            next_profile: scopes.next_profile,
            tables: scopes.tables,
            connectivity: scopes.connectivity,
            waiting,
            rejected,
            shift_waits,
            acknowledged_seq: answers.acknowledged_seq,
            outcomes_seen: answers.outcomes_seen,
            uploads: scopes.uploads,
        })))
    }
}

impl RegisterStore for BrowserRegisterStore {
    async fn execute(&self, call: StoreCall) -> Result<StoreReply, StoreError> {
        self.carry_out(call).await.map_err(StoreError::from)
    }
}
