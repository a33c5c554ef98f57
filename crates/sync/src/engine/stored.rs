//! Ends of storage calls: what is certain now, and which part goes on with it.

use holdfast_profile::TableId;

use super::Engine;
use super::profile_move::storage_is_full;
use super::storage::{Job, Owner, Step, Visible};
use crate::effect::{Effect, RequestId};
use crate::store::{JournalCounts, RegisterState, StoreError, StoreReply};

impl Engine {
    pub(super) fn stored(&mut self, id: RequestId, result: Result<StoreReply, StoreError>) {
        // A call that was given up; the databases are read again since.
        let Some(job) = self.storage.take(id) else { return };
        match result {
            Ok(reply) => self.store_done(job, reply),
            Err(error) => self.store_failed(&job, &error),
        }
    }

    fn store_done(&mut self, job: Job, reply: StoreReply) {
        self.faults.storage = None;
        let awaited = !job.orphaned;
        match (job.step, reply) {
            (Step::Load, StoreReply::State(state)) => self.loaded(*state),
            (Step::SaveConnectivity | Step::SaveUploads, StoreReply::Done) => {}
            (Step::SaveNextProfile(next), StoreReply::Done) => {
                self.state.next_profile = next;
                self.next_profile_saved();
            }
            (Step::SwitchProfile { version, profile, tables }, StoreReply::Done) => {
                self.state.profile = Some((version, profile));
                tables.iter().for_each(|visible| self.note_shown(visible.table));
                self.shown(tables);
                self.profile_switched(version);
            }
            (Step::DropBuilds, StoreReply::Done) => {}
            (Step::DropTables(tables), StoreReply::Done) => {
                self.profile_check.drop_back_off.reset();
                self.tables_dropped(&tables);
            }
            (Step::CountOutbox, StoreReply::Counts(counts)) => {
                self.take_counts(counts);
            }
            (Step::ReopenOutbox { after_seq }, StoreReply::Counts(counts)) => {
                self.state.acknowledged_seq = after_seq;
                self.take_counts(counts);
                self.compare_all();
            }
            (Step::SettleOutbox { acknowledged_seq }, StoreReply::Counts(counts)) => {
                self.state.acknowledged_seq = self.state.acknowledged_seq.max(acknowledged_seq);
                self.note_settled();
                self.take_counts(counts);
                if awaited {
                    self.outbox_settled();
                }
            }
            (Step::SettleLater { up_to, more }, StoreReply::Counts(counts)) => {
                self.take_counts(counts);
                self.later_outcomes_stored(up_to, more);
            }
            (Step::ReadOutbox, StoreReply::Outbox(entries)) => {
                if awaited {
                    self.outbox_read(entries);
                }
            }
            (Step::BeginGeneration { table }, StoreReply::Building { present }) => {
                if awaited {
                    self.generation_begun(table, &present);
                }
            }
            (Step::PutPage { table, page_no }, StoreReply::Done) => {
                if awaited {
                    self.page_put(table, page_no);
                }
            }
            (Step::DigestTable { table, comparison }, StoreReply::Digest(found)) => {
                if awaited {
                    self.table_digested(table, comparison, found);
                }
            }
            (Step::Show(visible), StoreReply::Done) => {
                let table = visible.table;
                self.shown(vec![visible]);
                if awaited && job.owner == Owner::Download {
                    self.table_shown(table);
                }
            }
            (step, _) => self.confused(&format!("the databases gave another answer than to {}", step.name())),
        }
    }

    fn loaded(&mut self, state: RegisterState) {
        let first = !std::mem::replace(&mut self.loaded_once, true);
        if first && let Some(connectivity) = state.connectivity {
            self.connectivity = connectivity;
            self.connectivity.forget_slow_answers();
            self.mode_seen = connectivity.mode();
        }
        if first {
            self.upload.loaded(state.uploads);
        }
        let version_before = self.profile_version();
        self.state = state;
        let version = self.profile_version();
        if !first && version != version_before {
            self.begin_with_version(version);
        }
        self.state.tables.retain(|_, record| record.generation > 0);
        self.loaded = true;
        self.digests_loaded();
        self.load_back_off.reset();
        if self.outbox_is_uncounted {
            // The journal grew while it was being read.
            self.count_outbox();
        }
        self.contact.now();
        self.want_drop();
        for wish in std::mem::take(&mut self.wishes) {
            self.take_in(wish);
        }
    }

    fn take_counts(&mut self, counts: JournalCounts) {
        let JournalCounts { waiting, rejected, shift_waits } = counts;
        self.state.waiting = waiting;
        self.state.rejected = rejected;
        self.state.shift_waits = shift_waits;
        // Where another count is to come, something was written since this one was asked for.
        self.outbox_is_uncounted = self.storage.has_queued(&Step::CountOutbox);
    }

    fn tables_dropped(&mut self, tables: &[TableId]) {
        self.digests_dropped(tables);
        let gone: Vec<TableId> =
            tables.iter().filter(|table| self.state.tables.remove(table).is_some()).copied().collect();
        if !gone.is_empty() {
            self.effects.push_back(Effect::TablesChanged(gone));
        }
    }

    /// What is visible now; the tills are told of all of it at once.
    fn shown(&mut self, tables: Vec<Visible>) {
        let mut changed = Vec::new();
        for Visible { table, record, rows_changed } in tables {
            self.state.tables.insert(table, record);
            if rows_changed {
                self.download.rows_changed(table);
                changed.push(table);
            }
        }
        if !changed.is_empty() {
            self.effects.push_back(Effect::TablesChanged(changed));
        }
    }

    /// No end came; it may have been done or not, and may still be.
    pub(super) fn store_went_silent(&mut self, job: Job) {
        self.store_failed(&job, &StoreError::ConnectionLost("no answer in time".into()));
    }

    fn store_failed(&mut self, job: &Job, error: &StoreError) {
        let reason = format!("{} failed: {error}", job.step.name());
        let moves = !job.orphaned && job.owner == Owner::Download && self.download.is_moving();
        if !moves {
            self.faults.storage = Some(reason.clone());
        }
        match &job.step {
            Step::Load => self.load_back_off.failed(self.now_ms),
            // Saved again at the next change; until then a restart only finds an older mode.
            Step::SaveConnectivity => {}
            Step::SaveUploads => self.upload.save_failed(),
            Step::SaveNextProfile(_) => {
                self.profile_check.saving = false;
                self.profile_check.back_off.failed(self.now_ms);
            }
            Step::SwitchProfile { .. } if job.owner == Owner::Engine => {
                self.profile_check.saving = false;
                self.profile_check.back_off.failed(self.now_ms);
                self.profile_move.back_off.failed(self.now_ms);
            }
            Step::DropBuilds => {}
            Step::DropTables(_) => self.drop_failed(),
            // Counted again with the next contact; until then nothing is done that an empty outbox would allow.
            Step::CountOutbox => {}
            Step::ReopenOutbox { .. } => {}
            // The next contact brings them again.
            Step::SettleLater { .. } => {}
            Step::ReadOutbox | Step::SettleOutbox { .. } => {
                if !job.orphaned {
                    self.upload_storage_failed(&reason);
                }
            }
            Step::DigestTable { .. } => self.digest_failed(),
            Step::BeginGeneration { .. }
            | Step::PutPage { .. }
            | Step::Show(_)
            | Step::SwitchProfile { .. } => {
                if moves && *error == StoreError::Full {
                    self.fail_move(storage_is_full(self.download.needs()));
                } else if !job.orphaned && job.owner == Owner::Download {
                    self.fail_round(reason);
                }
            }
        }
        match error {
            StoreError::Full | StoreError::Failed(_) | StoreError::Damaged(_) => {}
            // Whether it was done is not known.
            StoreError::ConnectionLost(_) => {
                if self.loaded {
                    self.distrust_state();
                }
            }
        }
    }

    /// Something that can't be: said, not guessed at.
    pub(super) fn confused(&mut self, what: &str) {
        self.faults.storage = Some(format!("unexpected: {what}; everything is read again"));
        self.distrust_state();
    }
}

impl Step {
    fn name(&self) -> &'static str {
        match self {
            Step::Load => "reading the databases",
            Step::SaveConnectivity => "saving the connection's state",
            Step::SaveUploads => "saving the upload's schedule",
            Step::SaveNextProfile(_) => "saving the profile",
            Step::SwitchProfile { .. } => "switching to another profile",
            Step::DropBuilds => "dropping what was built",
            Step::DropTables(_) => "dropping tables",
            Step::CountOutbox => "counting the outbox",
            Step::ReopenOutbox { .. } => "reopening the outbox",
            Step::ReadOutbox => "reading the outbox",
            Step::SettleOutbox { .. } => "settling the outbox",
            Step::SettleLater { .. } => "storing later outcomes",
            Step::BeginGeneration { .. } => "beginning a generation",
            Step::PutPage { .. } => "storing a page",
            Step::DigestTable { .. } => "comparing a table",
            Step::Show(_) => "storing rows",
        }
    }
}
