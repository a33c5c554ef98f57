//! Moving to another version of the profile: all of it at once, or nothing of it.
//!
//! The version to move to is kept beside the one that is in force. What is new in it is built unseen; settings, tables
//! and the version's number then change in one transaction. As long as that can't be, the register stays wholly on the
//! version that it has, says why, and tries again. One that can't sell yet has nothing to stay on: it takes what comes.
//!
//! What waits goes up under the profile by which it was made: a version that would no longer let it up waits until the
//! outbox is empty, and the outbox is emptied for it whatever its schedule.

use holdfast_profile::{Direction, JOURNAL_ROOM_BYTES, Profile, TableId};
use holdfast_protocol::messages::{ContactReply, NoRoom, TableRoom};

use super::Engine;
use super::back_off::BackOff;
use super::storage::{Owner, Step, Visible};
use crate::status::{MoveFailure, MoveStatus, TableNeed};
use crate::store::{ShownTable, StoreCall};

/// What the engine knows of its move.
#[derive(Debug, Default)]
pub(super) struct ProfileMove {
    pub(super) back_off: BackOff,
    /// The store server is of before and knows nothing of versions that are moved to.
    store_server_is_old: bool,
}

impl ProfileMove {
    pub(super) fn spread(spread_thousandths: i64) -> ProfileMove {
        ProfileMove { back_off: BackOff::spread(spread_thousandths), ..ProfileMove::default() }
    }
}

/// Why the register is not on another version yet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct MoveFault {
    version: u64,
    pub(super) failure: MoveFailure,
}

impl MoveFault {
    /// As the store server is told it.
    pub(super) fn no_room(&self) -> Option<NoRoom> {
        match &self.failure {
            MoveFailure::NoRoom { needs_bytes, free_bytes, tables } => {
                Some(self.lacking(*needs_bytes, *free_bytes, tables))
            }
            MoveFailure::Unreadable { .. } | MoveFailure::Other { .. } => None,
        }
    }

    fn lacking(&self, needs_bytes: u64, free_bytes: Option<u64>, tables: &[TableNeed]) -> NoRoom {
        let tables = tables.iter().map(|need| TableRoom { table: need.table, bytes: need.bytes }).collect();
        NoRoom { version: self.version, needs_bytes, free_bytes, tables }
    }

    pub(super) fn sentence(&self) -> String {
        let version = self.version;
        match &self.failure {
            MoveFailure::NoRoom { needs_bytes, free_bytes, tables } => {
                self.lacking(*needs_bytes, *free_bytes, tables).sentence()
            }
            MoveFailure::Unreadable { table, page_no } => {
                format!("version {version} can't be built: page {page_no} of {table} comes damaged")
            }
            MoveFailure::Other { reason } => format!("version {version} can't be built: {reason}"),
        }
    }
}

impl Engine {
    /// The version to move to.
    pub(super) fn moving_to(&self) -> Option<u64> {
        self.state.next_profile.as_ref().map(|(version, _)| *version)
    }

    pub(super) fn move_status(&self) -> Option<MoveStatus> {
        let version = self.moving_to()?;
        Some(MoveStatus {
            version: super::status_view::count_as_f64(version),
            progress: if self.download.is_moving() { self.download.progress() } else { None },
            failure: self.faults.moving.as_ref().map(|fault| fault.failure.clone()),
        })
    }

    /// Somebody wants it to be tried now.
    pub(super) fn try_move_now(&mut self) {
        self.profile_move.back_off.reset();
    }

    /// Whether what waits could not go up any more once the register has moved.
    pub(super) fn move_waits_for_outbox(&self) -> bool {
        self.state.waiting > 0 && self.would_strand_edits() && !self.upload.is_refused()
    }

    /// The same, where it is not quite known whether something waits.
    pub(super) fn move_may_wait_for_outbox(&self) -> bool {
        let may_wait = self.state.waiting > 0 || self.outbox_is_uncounted;
        may_wait && self.would_strand_edits() && !self.upload.is_refused()
    }

    /// Whether rows that may wait in the outbox could not go up any more.
    fn would_strand_edits(&self) -> bool {
        let (Some((_, here)), Some((_, next))) = (&self.state.profile, &self.state.next_profile) else {
            return false;
        };
        let goes_both_ways = |profile: &Profile, table: TableId| {
            profile.entry(table).is_some_and(|(scope, _)| scope.direction == Direction::Bidirectional)
        };
        TableId::ALL.into_iter().any(|table| goes_both_ways(here, table) && !goes_both_ways(next, table))
    }

    /// What a contact told of the version that was moved to when it was sent.
    pub(super) fn take_next_heads(&mut self, asked_for: Option<u64>, reply: &mut ContactReply) {
        // The version may be another one since.
        let Some(version) = asked_for.filter(|&version| self.moving_to() == Some(version)) else { return };
        let told = reply.next_heads.take();
        // A store server that knows of moves says nothing of a version that this register may not have any more, as it
        // was given another profile. One of before gives no other version than the published one; and where a process
        // of before answers among newer ones, what they have told goes on.
        self.profile_move.store_server_is_old =
            told.is_none() && reply.profile_version == version && !self.download.knows_next(version);
        if let Some(told) = told.filter(|told| told.version == version) {
            self.download.take_next_heads(told, reply.schema_version);
        }
    }

    /// Takes a version whose tables are not built first: by a register that can't sell yet, or from a store server of
    /// before.
    pub(super) fn move_if_due(&mut self) {
        let Some((version, profile)) = &self.state.next_profile else { return };
        if self.move_waits_for_outbox() {
            if self.download.is_moving() && self.download.is_about_to_show() {
                self.abandon_download();
            }
            return self.upload.go_on();
        }
        let has_nothing = !self.is_ready_to_sell() || self.profile_move.store_server_is_old;
        if has_nothing
            && self.upload.is_idle()
            && !self.move_may_wait_for_outbox()
            && !self.profile_check.saving
            // Its last table may just be becoming visible.
            && !self.storage.is_busy_with(Owner::Download)
            && self.profile_move.back_off.is_over(self.now_ms)
        {
            let (version, profile) = (*version, profile.clone());
            self.switch_at_once(version, profile);
        }
    }

    /// A register that can't sell yet takes a profile as it comes.
    pub(super) fn switch_at_once(&mut self, version: u64, profile: Profile) {
        self.profile_check.saving = true;
        self.switch_profile(Owner::Engine, version, profile, Vec::new());
    }

    /// Has profile and tables switched in one transaction; of each table whether its rows change.
    pub(super) fn switch_profile(
        &mut self,
        owner: Owner,
        version: u64,
        profile: Profile,
        tables: Vec<(ShownTable, bool)>,
    ) {
        let records = tables.iter().map(|(shown, rows_changed)| Visible {
            table: shown.table,
            record: shown.record.clone(),
            rows_changed: *rows_changed,
        });
        let step = Step::SwitchProfile { version, profile: profile.clone(), tables: records.collect() };
        let tables = tables.into_iter().map(|(shown, _)| shown).collect();
        self.storage.enqueue(owner, step, StoreCall::SwitchProfile { version, profile, tables });
    }

    /// A profile is in force now: what it doesn't name goes, the outbox never.
    pub(super) fn profile_switched(&mut self, version: u64) {
        self.profile_check.saving = false;
        self.state.next_profile = None;
        self.begin_with_version(version);
    }

    /// What is known of the version before counts no more, whether the switch was heard of or is only read back: where it
    /// was written and its answer lost, the tables would be built by what was told of the version before.
    pub(super) fn begin_with_version(&mut self, version: u64) {
        self.profile_check.has(version);
        self.forget_move();
        // What the last contact told is of the profile before, and so is what could not be downloaded.
        self.faults.download = None;
        self.download.forget_heads();
        self.abandon_download();
        self.want_drop();
        self.contact.now();
    }

    /// The version to move to is another one now, or none.
    pub(super) fn next_profile_saved(&mut self) {
        self.profile_check.saving = false;
        self.profile_check.back_off.reset();
        self.forget_move();
        self.download.forget_next_heads();
        if self.download.is_moving() {
            self.abandon_download();
        }
        // What was to be built for it may be here without a scope.
        self.want_drop();
        self.contact.now();
    }

    fn forget_move(&mut self) {
        self.faults.profile = None;
        self.faults.moving = None;
        self.profile_move.back_off.reset();
        self.profile_move.store_server_is_old = false;
    }

    /// The register stays where it is and tries again later. What was built without coming to an end takes room that
    /// sales may need.
    pub(super) fn fail_move(&mut self, failure: MoveFailure) {
        let is_full = matches!(failure, MoveFailure::NoRoom { .. });
        self.faults.moving = self.moving_to().map(|version| MoveFault { version, failure });
        if is_full {
            self.profile_move.back_off.failed_for_long(self.now_ms);
        } else {
            self.profile_move.back_off.failed(self.now_ms);
        }
        self.abandon_download();
        if is_full {
            self.storage.enqueue(Owner::Engine, Step::DropBuilds, StoreCall::DropBuilds);
        }
    }

    /// Why what is to be built has no room, by what was last measured; what is built of it already was measured too.
    pub(super) fn lacks_room(&self, needs: &[TableNeed], built_bytes: u64) -> Option<MoveFailure> {
        let (used_bytes, allowed_bytes) = self.storage_bytes?;
        let free_bytes = allowed_bytes.saturating_sub(used_bytes).saturating_add(built_bytes);
        let free_bytes = free_bytes.saturating_sub(JOURNAL_ROOM_BYTES);
        let needs_bytes = sum_of(needs);
        (needs_bytes > free_bytes).then(|| MoveFailure::NoRoom {
            needs_bytes,
            free_bytes: Some(free_bytes),
            tables: needs.to_vec(),
        })
    }
}

/// The databases refused what is to be built.
pub(super) fn storage_is_full(needs: Vec<TableNeed>) -> MoveFailure {
    MoveFailure::NoRoom { needs_bytes: sum_of(&needs), free_bytes: None, tables: needs }
}

fn sum_of(needs: &[TableNeed]) -> u64 {
    needs.iter().map(|need| need.bytes).fold(0, u64::saturating_add)
}
