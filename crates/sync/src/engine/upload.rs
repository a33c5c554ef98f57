//! Uploads: the outbox in order, a bounded batch at a time, each entry settled by its own result.

use holdfast_profile::UploadTransactions;
use holdfast_protocol::messages::{
    EntryResult, UPLOAD_BYTES_MAX, UPLOAD_ENTRIES_MAX, UploadReply, UploadRequest,
};
use holdfast_protocol::outbox::OutboxEntry;
use holdfast_protocol::problem::{Problem, code};

use super::back_off::BackOff;
use super::requests::Purpose;
use super::storage::{Owner, Step};
use super::{Engine, REQUEST_TIMEOUT_MS};
use crate::effect::Call;
use crate::status::NextUpload;
use crate::store::{StoreCall, UploadTimes};

/// Where the one batch is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    Idle,
    Reading,
    /// Sequences that were sent.
    Sending(Vec<u64>),
    Settling,
}

/// What the engine knows of its uploads.
#[derive(Debug)]
pub(super) struct Upload {
    stage: Stage,
    /// The outbox is being emptied, whatever made it begin.
    draining: bool,
    /// Somebody asked for it, or a worker before was killed at it.
    asked: bool,
    /// What the databases know of the schedule.
    saved: Option<UploadTimes>,
    /// Whether the last saving of the schedule failed.
    save_failed: bool,
    last_began_at_ms: Option<i64>,
    /// What the store server takes in one request, as far as it is known.
    entries_max: usize,
    bytes_max: usize,
    back_off: BackOff,
    /// The store server's journal ends before this sequence: a new contact says where.
    gap_before_seq: Option<u64>,
    /// The store server refuses the next entry in a way that trying again can't mend.
    refused: bool,
    /// How often results were stored; tells a contact's reply that was made before.
    settled_count: u64,
}

impl Upload {
    pub(super) fn spread(spread_thousandths: i64) -> Upload {
        Upload {
            stage: Stage::Idle,
            draining: false,
            saved: None,
            save_failed: false,
            asked: false,
            last_began_at_ms: None,
            entries_max: UPLOAD_ENTRIES_MAX,
            bytes_max: UPLOAD_BYTES_MAX,
            back_off: BackOff::spread(spread_thousandths),
            gap_before_seq: None,
            refused: false,
            settled_count: 0,
        }
    }

    /// What the worker before kept: its schedule goes on, and what it was at is gone on with.
    pub(super) fn loaded(&mut self, kept: Option<UploadTimes>) {
        self.saved = kept;
        // A register without any has an app of before, or is new.
        self.asked |= kept.is_none_or(|kept| kept.owed);
        self.last_began_at_ms = kept.and_then(|kept| kept.began_at_ms);
    }

    fn times(&self) -> UploadTimes {
        UploadTimes { began_at_ms: self.last_began_at_ms, owed: self.asked || self.draining }
    }

    fn is_under_way(&self) -> bool {
        self.draining || self.asked || self.stage != Stage::Idle
    }

    pub(super) fn save_failed(&mut self) {
        self.save_failed = true;
    }

    /// What could not be saved is saved at the next occasion.
    pub(super) fn save_again(&mut self) {
        if std::mem::take(&mut self.save_failed) {
            self.saved = None;
        }
    }

    /// When the next one is due by itself.
    pub(super) fn next(&self, when: UploadTransactions) -> NextUpload {
        match when {
            UploadTransactions::AtOnce => NextUpload::AtOnce,
            UploadTransactions::EveryMinutes { minutes } => {
                let due_at_ms = self.last_began_at_ms.map(|at_ms| at_ms + i64::from(minutes) * 60_000);
                due_at_ms.map_or(NextUpload::AtOnce, |at_ms| NextUpload::At { at_ms })
            }
            UploadTransactions::AtShiftClose => NextUpload::AtShiftClose,
            UploadTransactions::ByHand => NextUpload::ByHand,
        }
    }

    pub(super) fn ask(&mut self) {
        self.asked = true;
        self.back_off.reset();
    }

    /// It is to be emptied, as soon as its waits allow.
    pub(super) fn go_on(&mut self) {
        self.asked = true;
    }

    /// Whether the next entry is refused for good.
    pub(super) fn is_refused(&self) -> bool {
        self.refused
    }

    pub(super) fn reconnected(&mut self) {
        self.back_off.reset();
    }

    pub(super) fn settled_count(&self) -> u64 {
        self.settled_count
    }

    /// Whether nothing of it is under way, so that a download may begin.
    pub(super) fn is_idle(&self) -> bool {
        self.stage == Stage::Idle
    }

    pub(super) fn clamp_to_clock(&mut self, now_ms: i64) {
        self.back_off.clamp_to_clock(now_ms);
        self.last_began_at_ms = self.last_began_at_ms.map(|at_ms| at_ms.min(now_ms));
    }

    fn is_scheduled(&self, when: UploadTransactions, shift_waits: bool, now_ms: i64) -> bool {
        match when {
            UploadTransactions::AtOnce => true,
            UploadTransactions::EveryMinutes { minutes } => {
                self.last_began_at_ms.is_none_or(|at_ms| now_ms - at_ms >= i64::from(minutes) * 60_000)
            }
            // Derived from what waits: whoever said that a shift was closed may not have been heard.
            UploadTransactions::AtShiftClose => shift_waits,
            UploadTransactions::ByHand => false,
        }
    }

    /// What was sent, at most `sent_max` entries, was too large.
    fn halve_batch(&mut self, sent_max: usize) -> bool {
        if sent_max == 1 {
            return false;
        }
        self.entries_max = sent_max / 2;
        self.bytes_max /= 2;
        true
    }
}

impl Engine {
    /// When what waits is sent by itself.
    pub(super) fn upload_transactions(&self) -> UploadTransactions {
        let profile = self.state.profile.as_ref();
        profile.map_or(UploadTransactions::AtOnce, |(_, profile)| profile.device.upload_transactions)
    }

    /// Most entries in one request: the profile's upload batch size, or fewer where the store server wants less.
    fn upload_entries_max(&self) -> usize {
        let profile = self.state.profile.as_ref();
        let batch = profile.map(|(_, profile)| profile.device.upload_batch_entries).unwrap_or_default();
        batch.entries_max().min(self.upload.entries_max)
    }

    /// Whether what waits is on its way, or will be as soon as the connection lets it.
    pub(super) fn is_uploading(&self) -> bool {
        let shift_is_due =
            self.state.shift_waits && self.upload_transactions() == UploadTransactions::AtShiftClose;
        self.upload.is_under_way() || shift_is_due
    }

    /// Has the schedule kept over a kill, where there is one.
    fn save_upload_times(&mut self) {
        let times = self.upload.times();
        let is_kept = self.upload.saved == Some(times) || self.outbox_is_uncounted;
        if is_kept || self.upload_transactions() == UploadTransactions::AtOnce {
            return;
        }
        // One that fails is tried again with the next contact, as the disk may be full for long.
        self.upload.saved = Some(times);
        self.storage.enqueue_latest(Owner::Engine, Step::SaveUploads, StoreCall::SaveUploads(times));
    }

    pub(super) fn upload_if_due(&mut self) {
        self.begin_upload_if_due();
        self.save_upload_times();
    }

    fn begin_upload_if_due(&mut self) {
        if self.upload.stage == Stage::Idle && self.state.waiting == 0 && !self.outbox_is_uncounted {
            self.upload.draining = false;
            self.upload.asked = false;
        }
        if !self.may_sync()
            || self.upload.stage != Stage::Idle
            || self.upload.gap_before_seq.is_some()
            || self.state.waiting == 0
            || !self.upload.back_off.is_over(self.now_ms)
        {
            return;
        }
        let when = self.upload_transactions();
        let entries_max = self.upload_entries_max();
        let upload = &mut self.upload;
        if !upload.draining {
            if !upload.asked && !upload.is_scheduled(when, self.state.shift_waits, self.now_ms) {
                return;
            }
            upload.draining = true;
            upload.asked = false;
            upload.last_began_at_ms = Some(self.now_ms);
        }
        upload.stage = Stage::Reading;
        let call = StoreCall::ReadOutbox { entries_max, bytes_max: upload.bytes_max };
        self.storage.enqueue(Owner::Upload, Step::ReadOutbox, call);
    }

    pub(super) fn upload_deadline_ms(&self) -> Option<i64> {
        if self.state.waiting == 0 {
            return None;
        }
        let scheduled_ms = match self.upload.next(self.upload_transactions()) {
            NextUpload::At { at_ms } => Some(at_ms),
            NextUpload::AtOnce | NextUpload::AtShiftClose | NextUpload::ByHand => None,
        };
        [self.upload.back_off.deadline_ms(), scheduled_ms]
            .into_iter()
            .flatten()
            .filter(|&at_ms| at_ms > self.now_ms)
            .min()
    }

    pub(super) fn outbox_read(&mut self, entries: Vec<OutboxEntry>) {
        if self.upload.stage != Stage::Reading {
            return self.confused("the outbox was read without need");
        }
        if entries.is_empty() {
            // The count was wrong; count again rather than read for ever.
            (self.state.waiting, self.state.shift_waits) = (0, false);
            self.upload.stage = Stage::Idle;
            return self.count_outbox();
        }
        if !self.may_sync() {
            self.upload.stage = Stage::Idle;
            return;
        }
        self.upload.stage = Stage::Sending(entries.iter().map(|entry| entry.seq).collect());
        let request = UploadRequest { entries, protocol_version: self.versions.protocol };
        self.send(Purpose::Upload, Call::Upload(request), REQUEST_TIMEOUT_MS);
    }

    pub(super) fn upload_answered(&mut self, reply: &UploadReply) {
        let Stage::Sending(sent) = &self.upload.stage else {
            return self.confused("an upload was answered that was not sent");
        };
        // Only what has a result is settled, whatever the reply says besides.
        let results: Vec<EntryResult> =
            reply.results.iter().filter(|result| sent.contains(&result.seq)).cloned().collect();
        if results.is_empty() {
            self.upload.stage = Stage::Idle;
            self.upload.back_off.failed(self.now_ms);
            self.faults.upload = Some("the store server settled no entry of an upload".into());
            return;
        }
        let settled_seq = results.iter().map(|result| result.seq).max().unwrap_or(0);
        let acknowledged_seq = reply.acknowledged_seq.min(settled_seq);
        self.upload.stage = Stage::Settling;
        self.upload.refused = false;
        self.upload.back_off.reset();
        self.faults.upload = None;
        let call = StoreCall::SettleOutbox { acknowledged_seq, results, at_ms: self.now_ms };
        self.storage.enqueue(Owner::Upload, Step::SettleOutbox { acknowledged_seq }, call);
    }

    /// The results of a batch are stored: on with the next.
    pub(super) fn outbox_settled(&mut self) {
        self.upload.stage = Stage::Idle;
    }

    pub(super) fn note_settled(&mut self) {
        self.upload.settled_count += 1;
    }

    pub(super) fn upload_unanswered(&mut self, reason: &str) {
        // The store server may have applied it; sending it again has no second effect.
        self.upload.stage = Stage::Idle;
        self.upload.back_off.failed(self.now_ms);
        self.faults.upload = Some(format!("an upload was not answered: {reason}"));
    }

    pub(super) fn upload_refused(&mut self, problem: &Problem) {
        let first_seq = match &self.upload.stage {
            Stage::Sending(sent) => sent.first().copied().unwrap_or(0),
            Stage::Idle | Stage::Reading | Stage::Settling => 0,
        };
        let entries_max = self.upload_entries_max();
        self.upload.stage = Stage::Idle;
        self.faults.upload = Some(problem.to_string());
        if problem.code == code::SEQUENCE_GAP {
            self.upload.back_off.failed(self.now_ms);
            self.upload.gap_before_seq = Some(first_seq);
            self.contact.now();
        } else if problem.code == code::TOO_LARGE && self.upload.halve_batch(entries_max) {
            self.upload.back_off.reset();
        } else if problem.code == code::CHAIN_BROKEN || problem.code == code::TOO_LARGE {
            self.upload.refused = true;
            self.upload.back_off.failed_for_long(self.now_ms);
        } else {
            self.upload.back_off.failed(self.now_ms);
        }
    }

    pub(super) fn upload_storage_failed(&mut self, reason: &str) {
        self.upload.stage = Stage::Idle;
        self.upload.back_off.failed(self.now_ms);
        self.faults.storage = Some(reason.to_owned());
    }

    /// Compares where the store server's journal of this register ends with what was settled here. A
    /// reply that was made before the last results were stored says nothing.
    pub(super) fn compare_acknowledged(&mut self, server_seq: u64, settled_count: u64) {
        if !self.uploads_rest_since(settled_count) {
            return;
        }
        let lost_before = self
            .upload
            .gap_before_seq
            .take()
            .is_some_and(|first_seq| server_seq.saturating_add(1) < first_seq);
        if lost_before || server_seq < self.state.acknowledged_seq {
            // The store server was restored from a backup: what it lost is still here and goes up again.
            self.upload.asked = true;
            let step = Step::ReopenOutbox { after_seq: server_seq };
            if !self.storage.has_queued(&step) && !self.storage.is_running(&step) {
                self.storage.enqueue(Owner::Engine, step, StoreCall::ReopenOutbox { after_seq: server_seq });
            }
        }
    }

    /// Whether no upload has come between since the results of so many were stored: then a contact's reply knows
    /// all that the register was told.
    pub(super) fn uploads_rest_since(&self, settled_count: u64) -> bool {
        self.loaded && self.upload.stage == Stage::Idle && settled_count == self.upload.settled_count
    }

    pub(super) fn abandon_upload(&mut self) {
        self.storage.abandon(Owner::Upload);
        self.requests.forget(|purpose| *purpose == Purpose::Upload);
        self.upload.stage = Stage::Idle;
    }
}
