//! Storage calls: one at a time and in order, so that what the engine believes of the databases is what was
//! last confirmed.

use std::collections::VecDeque;

use holdfast_profile::{Profile, TableId};

use super::download::Comparison;
use crate::effect::RequestId;
use crate::store::{StoreCall, TableRecord};

/// A storage call that has no end for this long is taken for failed, milliseconds.
const STORE_TIMEOUT_MS: i64 = 30_000;

/// Which part of the engine wanted a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// None in particular.
    Engine,
    /// The upload.
    Upload,
    /// The download.
    Download,
}

/// What a call means to the engine, once it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Load,
    SaveConnectivity,
    SaveUploads,
    SaveNextProfile(Option<(u64, Profile)>),
    /// A version comes into force; of each table that changes with it the record, and whether its rows do.
    SwitchProfile {
        version: u64,
        profile: Profile,
        tables: Vec<Visible>,
    },
    DropBuilds,
    DropTables(Vec<TableId>),
    CountOutbox,
    ReopenOutbox {
        after_seq: u64,
    },
    ReadOutbox,
    SettleOutbox {
        acknowledged_seq: u64,
    },
    SettleLater {
        up_to: u64,
        more: bool,
    },
    BeginGeneration {
        table: TableId,
    },
    PutPage {
        table: TableId,
        page_no: u32,
    },
    DigestTable {
        table: TableId,
        comparison: Comparison,
    },
    /// Rows become visible: a switch or a delta.
    Show(Visible),
}

/// A table's new state, once it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Visible {
    pub(super) table: TableId,
    pub(super) record: TableRecord,
    /// Whether tills see other rows than before.
    pub(super) rows_changed: bool,
}

/// A call that runs or is to run.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) owner: Owner,
    pub(super) step: Step,
    /// Nobody waits for it any more; what it did is still noted.
    pub(super) orphaned: bool,
}

#[derive(Debug)]
struct Running {
    id: RequestId,
    job: Job,
    deadline_ms: i64,
}

/// The call that runs and those behind it.
#[derive(Debug, Default)]
pub(super) struct Storage {
    queue: VecDeque<(Job, StoreCall)>,
    running: Option<Running>,
}

impl Storage {
    pub(super) fn enqueue(&mut self, owner: Owner, step: Step, call: StoreCall) {
        self.queue.push_back((Job { owner, step, orphaned: false }, call));
    }

    /// Enqueues a call in the place of one like it that has not begun.
    pub(super) fn enqueue_latest(&mut self, owner: Owner, step: Step, call: StoreCall) {
        self.queue.retain(|(job, _)| job.step != step);
        self.enqueue(owner, step, call);
    }

    /// The next call, when none runs.
    pub(super) fn start_next(&mut self, id: RequestId, now_ms: i64) -> Option<StoreCall> {
        if self.running.is_some() {
            return None;
        }
        let (job, call) = self.queue.pop_front()?;
        self.running = Some(Running { id, job, deadline_ms: now_ms + STORE_TIMEOUT_MS });
        Some(call)
    }

    /// The job with this id, if its end is still awaited.
    pub(super) fn take(&mut self, id: RequestId) -> Option<Job> {
        self.running.take_if(|running| running.id == id).map(|running| running.job)
    }

    /// The running job, once its deadline has passed.
    pub(super) fn take_expired(&mut self, now_ms: i64) -> Option<Job> {
        self.running.take_if(|running| now_ms >= running.deadline_ms).map(|running| running.job)
    }

    /// Drops what an owner has queued; a call that runs already is left to its end, and so are results that
    /// the store server has given.
    pub(super) fn abandon(&mut self, owner: Owner) {
        let is_result = |job: &Job| matches!(job.step, Step::SettleOutbox { .. });
        self.queue.retain(|(job, _)| job.owner != owner || is_result(job));
        for (job, _) in self.queue.iter_mut().filter(|(job, _)| job.owner == owner) {
            job.orphaned = true;
        }
        if let Some(running) = &mut self.running
            && running.job.owner == owner
        {
            running.job.orphaned = true;
        }
    }

    /// Whether such a step waits in the queue (not: runs).
    pub(super) fn has_queued(&self, wanted: &Step) -> bool {
        self.queue.iter().any(|(job, _)| job.step == *wanted)
    }

    pub(super) fn is_running(&self, wanted: &Step) -> bool {
        self.running.as_ref().is_some_and(|running| running.job.step == *wanted)
    }

    /// Whether any outcomes that came later are about to be stored.
    pub(super) fn settles_later(&self) -> bool {
        let running = self.running.as_ref().map(|running| &running.job.step);
        let steps = running.into_iter().chain(self.queue.iter().map(|(job, _)| &job.step));
        steps.into_iter().any(|step| matches!(step, Step::SettleLater { .. }))
    }

    /// Whether a call of this owner runs or waits.
    pub(super) fn is_busy_with(&self, owner: Owner) -> bool {
        self.running.as_ref().is_some_and(|running| running.job.owner == owner)
            || self.queue.iter().any(|(job, _)| job.owner == owner)
    }

    pub(super) fn deadline_ms(&self) -> Option<i64> {
        self.running.as_ref().map(|running| running.deadline_ms)
    }

    /// A clock that was set back must not stretch a deadline.
    pub(super) fn clamp_to_clock(&mut self, now_ms: i64) {
        if let Some(running) = &mut self.running {
            running.deadline_ms = running.deadline_ms.min(now_ms + STORE_TIMEOUT_MS);
        }
    }
}
