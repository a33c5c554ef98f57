//! The registers' disks: calls that take time, fail, get lost, and the deliberate bugs of a backend.

use holdfast_profile::{Profile, TableId, UploadBatch};
use holdfast_protocol::messages::{EntryOutcome, EntryResult};
use holdfast_protocol::page;

use super::mutation::Mutation;
use super::rules::{self, Broken};
use super::scenario::Plan;
use super::version_rules;
use super::world::{Happening, World};
use crate::effect::RequestId;
use crate::memory_store::Custody;
use crate::overlay::EditState;
use crate::store::JournalCounts;
use crate::store::{ShownTable, StoreCall, StoreError, StoreReply};

/// What will become of a storage call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StoreFate {
    Done,
    /// Nothing is written, and said so.
    Fails(StoreError),
    /// The connection is lost; it was written or not.
    ConnectionLost {
        written: bool,
    },
    /// Written, and nobody is told.
    Silent,
    /// Written long after everybody has given it up.
    Late,
    /// Written behind the back of an engine that was told already.
    Behind,
}

impl World {
    pub(super) fn begin_store_call(
        &mut self,
        at: usize,
        id: RequestId,
        call: StoreCall,
    ) -> Result<(), Broken> {
        self.store_calls_count += 1;
        if let Some((place, written)) = self.crash_at_store_call
            && place == self.store_calls_count
        {
            if written {
                self.execute_unheard(at, call);
            }
            return self.kill(at, 500);
        }
        let incarnation = self.registers[at].incarnation;
        let mut fate = self.store_fate(at, &call);
        let mut wait_ms = self.rng.between(0, 20);
        if self.rng.chance(self.rates.store_slow) {
            self.count_fault("slow disk");
            wait_ms = self.rng.between(200, 4_000);
        }
        if fate == StoreFate::Late {
            wait_ms = self.rng.between(31_000, 60_000);
        }
        if self.mutation == Some(Mutation::ShownOutOfOrder) && shows_a_referred_table(&call) {
            let done = Happening::StoreAnswers { at, incarnation, id, result: Ok(StoreReply::Done) };
            self.after(wait_ms, done);
            fate = StoreFate::Behind;
            wait_ms += 2_000;
        }
        if self.rng.chance(self.rates.kill_at_effect) {
            // Dies while the disk writes.
            let wait_ms = self.rng.between(0, 40);
            let for_ms = self.rng.between(10, 5_000);
            self.after(wait_ms, Happening::Planned(Plan::Kill { register: at, for_ms }));
        }
        // Databases run what they are given in its order; what hangs holds up what comes after it.
        if fate != StoreFate::Behind {
            let runs_at_ms = (self.now_ms + wait_ms).max(self.registers[at].disk_free_at_ms);
            self.registers[at].disk_free_at_ms = runs_at_ms;
            wait_ms = runs_at_ms - self.now_ms;
        }
        self.registers[at].storing = Some(call.clone());
        self.after(wait_ms, Happening::StoreRuns { at, incarnation, id, call, fate });
        Ok(())
    }

    fn store_fate(&mut self, at: usize, call: &StoreCall) -> StoreFate {
        if self.registers[at].disk_full_until_ms > self.now_ms && brings_rows(call) {
            return StoreFate::Fails(StoreError::Full);
        }
        if self.rng.chance(self.rates.store_fails) {
            self.count_fault("disk failed");
            let error = match self.rng.below(2) {
                0 => StoreError::Full,
                _ => StoreError::Failed("the transaction was aborted".into()),
            };
            return StoreFate::Fails(error);
        }
        if self.rng.chance(self.rates.store_connection_lost) {
            self.count_fault("database connection lost");
            return StoreFate::ConnectionLost { written: self.rng.chance(500) };
        }
        if self.rng.chance(self.rates.store_silent) {
            self.count_fault("disk silent");
            return if self.rng.chance(500) { StoreFate::Silent } else { StoreFate::Late };
        }
        StoreFate::Done
    }

    pub(super) fn run_store_call(
        &mut self,
        at: usize,
        incarnation: u32,
        id: RequestId,
        call: StoreCall,
        fate: StoreFate,
    ) -> Result<(), Broken> {
        let register = &mut self.registers[at];
        let alive = register.incarnation == incarnation && register.engine.is_some();
        // What a dead worker had begun was decided when it died.
        if !alive {
            return Ok(());
        }
        register.storing = None;
        let shows = is_visible_change(&call);
        let visible_before = register.store.state().tables.into_keys().collect();
        if matches!(call, StoreCall::SwitchProfile { .. }) {
            let before = register.store.state().profile;
            register.version_unheard = Some(before.map_or(0, |(version, _)| version));
        }
        let settles = matches!(call, StoreCall::SettleOutbox { .. } | StoreCall::SettleLater { .. });
        let is_late = fate == StoreFate::Late;
        let result = match fate {
            StoreFate::Done => {
                let rest = self.store_cursor_first(at, &call);
                if let Some(rest) = rest.or_else(|| self.show_tables_first(at, &call)) {
                    self.registers[at].storing = Some(rest.clone());
                    let fate = StoreFate::Done;
                    self.after(2_000, Happening::StoreRuns { at, incarnation, id, call: rest, fate });
                    return version_rules::check_one_version(&mut self.registers[at], &self.server);
                }
                Some(self.execute(at, call))
            }
            StoreFate::Fails(error) => Some(self.failed(at, &call, error)),
            StoreFate::ConnectionLost { written } => {
                if written {
                    self.execute_unheard(at, call);
                }
                Some(Err(StoreError::ConnectionLost("gone".into())))
            }
            StoreFate::Silent | StoreFate::Late | StoreFate::Behind => {
                self.execute_unheard(at, call);
                None
            }
        };
        self.registers[at].note_orphans();
        rules::check_still_visible(&self.registers[at], &visible_before, is_late)?;
        if shows {
            version_rules::check_one_version(&mut self.registers[at], &self.server)?;
            rules::check_visible(&self.registers[at], &self.server)?;
            self.check_customers(at)?;
        }
        if settles {
            rules::check_custody(&self.registers[at], &self.server)?;
            self.check_customers(at)?;
        }
        if let Some(result) = result {
            let wait_ms = self.rng.between(0, 5);
            self.after(wait_ms, Happening::StoreAnswers { at, incarnation, id, result });
        }
        Ok(())
    }

    /// A refusal of the databases reaches nobody here.
    fn execute_unheard(&mut self, at: usize, call: StoreCall) {
        if self.execute(at, call).is_err() {
            self.count_fault("refused unheard");
        }
    }

    /// Carries a call out on the register's databases, as a backend with the run's bug would.
    pub(super) fn execute(&mut self, at: usize, call: StoreCall) -> Result<StoreReply, StoreError> {
        let store = self.registers[at].store.clone();
        match (self.mutation, call) {
            (Some(Mutation::OutboxDroppedWithTables), StoreCall::DropTables(tables)) => {
                self.settle_all(at)?;
                store.execute_now(StoreCall::DropTables(tables))
            }
            (Some(Mutation::AllSettledByPartialReply), StoreCall::SettleOutbox { at_ms, .. }) => {
                let sent = self.registers[at].last_upload.clone();
                store.execute_now(settled(&sent, at_ms))
            }
            (Some(Mutation::OutcomeNumberBeforeOutcomes), StoreCall::SettleLater { up_to, at_ms, .. })
                if self.rng.chance(300) =>
            {
                // Dies between the two.
                store.execute_now(StoreCall::SettleLater { up_to, results: Vec::new(), at_ms })?;
                Err(StoreError::ConnectionLost("gone".into()))
            }
            (Some(Mutation::OutboxClearedByAnyReply), StoreCall::SettleOutbox { .. }) => self.settle_all(at),
            (Some(Mutation::OutboxReadNewestFirst), StoreCall::ReadOutbox { entries_max, bytes_max }) => {
                let mut reply = store.execute_now(StoreCall::ReadOutbox { entries_max, bytes_max })?;
                if let StoreReply::Outbox(entries) = &mut reply {
                    entries.reverse();
                }
                Ok(reply)
            }
            (Some(Mutation::BatchSizeIgnored), StoreCall::ReadOutbox { entries_max, bytes_max }) => {
                // Where a store server wanted less, the profile is not what is gone by.
                let batch = store.with_profile(|profile| {
                    profile.map(|(_, kept)| kept.device.upload_batch_entries).unwrap_or_default()
                });
                let is_batch = entries_max == batch.entries_max();
                let entries_max = if is_batch { UploadBatch::default().entries_max() } else { entries_max };
                store.execute_now(StoreCall::ReadOutbox { entries_max, bytes_max })
            }
            (Some(Mutation::PagesUnchecked), StoreCall::PutPage { table, generation, page_no, bytes }) => {
                let bytes = if self.rng.chance(200) { self.damaged(bytes) } else { bytes };
                store.execute_now(StoreCall::PutPage { table, generation, page_no, bytes })
            }
            (
                Some(Mutation::SwitchBeforeComplete),
                StoreCall::BeginGeneration { table, generation, pages },
            ) => {
                let all = (0u32..).take(pages.len()).collect::<Vec<_>>();
                let reply = store.execute_now(StoreCall::BeginGeneration { table, generation, pages })?;
                let StoreReply::Building { present } = reply else { return Ok(reply) };
                for page_no in all.iter().copied().filter(|page_no| !present.contains(page_no)) {
                    let bytes = page::pack(&[]);
                    store.execute_now(StoreCall::PutPage { table, generation, page_no, bytes })?;
                }
                Ok(StoreReply::Building { present: all })
            }
            (
                Some(Mutation::PagesTakenOverUnchecked),
                StoreCall::BeginGeneration { table, generation, pages },
            ) => {
                let count = pages.len();
                store.execute_now(StoreCall::BeginGeneration { table, generation, pages })?;
                let here = (0u32..).zip(store.pages(table)).take(count);
                let present = here.map(|(page_no, bytes)| {
                    store.execute_now(StoreCall::PutPage { table, generation, page_no, bytes })?;
                    Ok(page_no)
                });
                Ok(StoreReply::Building { present: present.collect::<Result<_, StoreError>>()? })
            }
            (Some(Mutation::OldRowsDroppedFirst), call @ StoreCall::BeginGeneration { table, .. }) => {
                store.execute_now(StoreCall::DropTables(vec![table]))?;
                store.execute_now(call)
            }
            (Some(Mutation::ShiftClosedUnheard), call) => {
                let mut reply = store.execute_now(call)?;
                match &mut reply {
                    StoreReply::State(state) => state.shift_waits = false,
                    StoreReply::Counts(counts) => counts.shift_waits = false,
                    StoreReply::Done
                    | StoreReply::Outbox(_)
                    | StoreReply::Building { .. }
                    | StoreReply::Digest(_) => {}
                }
                Ok(reply)
            }
            (Some(Mutation::RemovedScopeWaitsForNobody), call) => {
                let edits = store.edits();
                let waiting = edits.iter().filter(|edit| edit.state == EditState::Waiting).count() as u64;
                let mut reply = store.execute_now(call)?;
                match &mut reply {
                    StoreReply::State(state) => state.waiting = state.waiting.saturating_sub(waiting),
                    StoreReply::Counts(counts) => counts.waiting = counts.waiting.saturating_sub(waiting),
                    StoreReply::Done
                    | StoreReply::Outbox(_)
                    | StoreReply::Building { .. }
                    | StoreReply::Digest(_) => {}
                }
                Ok(reply)
            }
            (_, call) => store.execute_now(call),
        }
    }

    /// With [`Mutation::ScopeDroppedWithWaitingRows`]: what a profile that comes does not name goes at once.
    pub(super) fn drop_unnamed(&mut self, at: usize, profile: &Profile) -> Result<(), Broken> {
        if self.mutation != Some(Mutation::ScopeDroppedWithWaitingRows) {
            return Ok(());
        }
        let before = self.registers[at].store.state().tables.into_keys().collect();
        let named = profile.download_tables();
        let gone = TableId::ALL.into_iter().filter(|table| !named.contains(table)).collect();
        self.execute_unheard(at, StoreCall::DropTables(gone));
        rules::check_still_visible(&self.registers[at], &before, false)
    }

    fn settle_all(&mut self, at: usize) -> Result<StoreReply, StoreError> {
        let store = &self.registers[at].store;
        let waiting: Vec<u64> = store
            .entries()
            .iter()
            .filter(|kept| kept.custody == Custody::Waiting)
            .map(|kept| kept.entry.seq)
            .collect();
        store.execute_now(settled(&waiting, self.now_ms))
    }

    /// With [`Mutation::TablesSwitchedBeforeProfile`]: shows the tables, and gives the call that is still to be done.
    fn show_tables_first(&mut self, at: usize, call: &StoreCall) -> Option<StoreCall> {
        let StoreCall::SwitchProfile { version, profile, tables } = call else { return None };
        if self.mutation != Some(Mutation::TablesSwitchedBeforeProfile) || tables.is_empty() {
            return None;
        }
        for ShownTable { table, changes, record } in tables.clone() {
            let generation = record.generation;
            let here = self.registers[at].store.state().tables.get(&table).map(|here| here.generation);
            self.execute_unheard(
                at,
                if here == Some(generation) {
                    StoreCall::ApplyDelta { table, changes, record }
                } else {
                    StoreCall::SwitchGeneration { table, generation, changes, record }
                },
            );
        }
        Some(StoreCall::SwitchProfile { version: *version, profile: profile.clone(), tables: Vec::new() })
    }

    /// With [`Mutation::CursorBeforeRows`]: moves the cursor, and gives the call that is still to be done.
    fn store_cursor_first(&mut self, at: usize, call: &StoreCall) -> Option<StoreCall> {
        let StoreCall::ApplyDelta { table, changes, record } = call else { return None };
        let register = &self.registers[at];
        let moved = register.store.state().tables.get(table) == Some(record);
        if self.mutation != Some(Mutation::CursorBeforeRows) || changes.is_empty() || moved {
            return None;
        }
        let cursor_only =
            StoreCall::ApplyDelta { table: *table, changes: Vec::new(), record: record.clone() };
        register.store.execute_now(cursor_only).is_ok().then(|| call.clone())
    }

    fn failed(&self, at: usize, call: &StoreCall, error: StoreError) -> Result<StoreReply, StoreError> {
        if self.mutation != Some(Mutation::AbortTakenForSuccess) {
            return Err(error);
        }
        match call {
            StoreCall::SaveConnectivity(_)
            | StoreCall::SaveUploads(_)
            | StoreCall::SaveNextProfile(_)
            | StoreCall::SwitchProfile { .. }
            | StoreCall::DropBuilds
            | StoreCall::PutPage { .. }
            | StoreCall::SwitchGeneration { .. }
            | StoreCall::ApplyDelta { .. }
            | StoreCall::DropTables(_) => Ok(StoreReply::Done),
            StoreCall::SettleOutbox { .. }
            | StoreCall::SettleLater { .. }
            | StoreCall::ReopenOutbox { .. }
            | StoreCall::CountOutbox => {
                let counts = self.registers[at].store.counts();
                Ok(StoreReply::Counts(JournalCounts { waiting: 0, shift_waits: false, ..counts }))
            }
            StoreCall::Load
            | StoreCall::ReadOutbox { .. }
            | StoreCall::BeginGeneration { .. }
            | StoreCall::DigestTable { .. } => Err(error),
        }
    }
}

fn settled(seqs: &[u64], at_ms: i64) -> StoreCall {
    let result = |&seq| EntryResult::new(seq, EntryOutcome::Accepted);
    StoreCall::SettleOutbox {
        acknowledged_seq: seqs.iter().copied().max().unwrap_or(0),
        results: seqs.iter().map(result).collect(),
        at_ms,
    }
}

/// Whether it takes room that no sale needs.
fn brings_rows(call: &StoreCall) -> bool {
    matches!(call, StoreCall::PutPage { .. } | StoreCall::SwitchGeneration { .. })
        || matches!(call, StoreCall::ApplyDelta { changes, .. } if !changes.is_empty())
        || matches!(call, StoreCall::SwitchProfile { tables, .. } if !tables.is_empty())
}

fn is_visible_change(call: &StoreCall) -> bool {
    match call {
        StoreCall::SwitchGeneration { .. }
        | StoreCall::ApplyDelta { .. }
        | StoreCall::DropTables(_)
        | StoreCall::SwitchProfile { .. } => true,
        StoreCall::Load
        | StoreCall::SaveConnectivity(_)
        | StoreCall::SaveUploads(_)
        | StoreCall::SaveNextProfile(_)
        | StoreCall::DropBuilds
        | StoreCall::ReadOutbox { .. }
        | StoreCall::SettleOutbox { .. }
        | StoreCall::SettleLater { .. }
        | StoreCall::ReopenOutbox { .. }
        | StoreCall::CountOutbox
        | StoreCall::BeginGeneration { .. }
        | StoreCall::PutPage { .. }
        | StoreCall::DigestTable { .. } => false,
    }
}

fn shows_a_referred_table(call: &StoreCall) -> bool {
    match call {
        StoreCall::SwitchGeneration { table, .. } | StoreCall::ApplyDelta { table, .. } => {
            matches!(table, TableId::Category | TableId::Product)
        }
        StoreCall::Load
        | StoreCall::SaveConnectivity(_)
        | StoreCall::SaveUploads(_)
        | StoreCall::SaveNextProfile(_)
        | StoreCall::SwitchProfile { .. }
        | StoreCall::DropBuilds
        | StoreCall::ReadOutbox { .. }
        | StoreCall::SettleOutbox { .. }
        | StoreCall::SettleLater { .. }
        | StoreCall::ReopenOutbox { .. }
        | StoreCall::CountOutbox
        | StoreCall::BeginGeneration { .. }
        | StoreCall::PutPage { .. }
        | StoreCall::DigestTable { .. }
        | StoreCall::DropTables(_) => false,
    }
}
