//! Downloads, round by round.
//!
//! A round brings the tables from where they are to a state that is at least as new as the contact that
//! began it. Later tables refer to rows of earlier ones, and the store server goes on changing all of them
//! meanwhile; so a round *reads backwards and shows forwards*: snapshots are built unseen in profile order,
//! changes are pulled from the last table to the first and held, and then shown from the first to the last.
//! Whatever a row refers to was there when the row was read, so it is in what was read after it.

mod compare;
mod moves;
mod plan;
mod pull;
mod round;
mod show;
mod snapshot;

#[cfg(any(test, feature = "simulator"))]
pub(crate) use compare::COMPARED_EVERY_MS;
pub(super) use compare::Comparison;

use std::collections::{BTreeMap, BTreeSet};

use holdfast_profile::TableId;
use holdfast_protocol::messages::{ContactReply, TableHead};

use super::Engine;
use super::back_off::BackOff;
use super::requests::Purpose;
use super::storage::Owner;
use super::wait::Wait;
use crate::status::MoveFailure;
use crate::store::TableRecord;
use compare::Comparisons;
use round::{Phase, Round};

/// Where the store server stood at the last contact.
#[derive(Debug, Clone)]
pub(super) struct Heads {
    tables: BTreeMap<TableId, TableHead>,
    /// The newest of them: all tables as of this version are one state.
    cut: u64,
    schema_version: u32,
}

impl Heads {
    fn of(heads: &[TableHead], schema_version: u32) -> Heads {
        Heads {
            tables: heads.iter().map(|head| (head.table, head.clone())).collect(),
            cut: heads.iter().map(|head| head.head).max().unwrap_or(0),
            schema_version,
        }
    }
}

/// What the engine knows of its downloads.
#[derive(Debug, Default)]
pub(super) struct Download {
    heads: Option<Heads>,
    /// How often a table had been shown when that contact was sent.
    heads_shown_count: u64,
    /// The same of the version that the register moves to.
    next_heads: Option<(u64, Heads)>,
    /// Whether heads or tables have changed since it was last looked what is to be done.
    plan_due: bool,
    round: Option<Round>,
    /// Somebody wants everything now, whatever the scopes' frequency.
    asked: bool,
    back_off: BackOff,
    /// Tables whose cursor the store server called too old.
    restart: BTreeSet<TableId>,
    /// Snapshots were older than the tables: no use in asking for others for a while.
    no_compaction: Option<Wait>,
    /// When the time at which a table equalled the server's was last stored.
    synced_saved_at_ms: BTreeMap<TableId, i64>,
    /// How often a table was shown; tells a contact's reply that was made before.
    shown_count: u64,
    comparisons: Comparisons,
}

impl Download {
    pub(super) fn spread(spread_thousandths: i64) -> Download {
        Download { back_off: BackOff::spread(spread_thousandths), ..Download::default() }
    }

    pub(super) fn ask(&mut self) {
        self.asked = true;
        // Asked for is what the store server has now, not what it had at the last contact.
        self.forget_heads();
        self.back_off.reset();
        self.comparisons.ask();
    }

    pub(super) fn shown_count(&self) -> u64 {
        self.shown_count
    }

    /// What was compared is of the past.
    pub(super) fn rows_changed(&mut self, table: TableId) {
        self.comparisons.rows_changed(table);
    }

    pub(super) fn reconnected(&mut self) {
        self.back_off.reset();
    }

    /// Nothing is to be had until the next contact says so.
    pub(super) fn forget_heads(&mut self) {
        self.heads = None;
        self.next_heads = None;
    }

    /// It is not to be tried again at once, whoever answers the next contact.
    pub(super) fn refused(&mut self, now_ms: i64) {
        self.back_off.failed(now_ms);
    }

    pub(super) fn clamp_to_clock(&mut self, now_ms: i64) {
        self.back_off.clamp_to_clock(now_ms);
        if let Some(wait) = &mut self.no_compaction {
            wait.clamp_to_clock(now_ms);
        }
        self.comparisons.clamp_to_clock(now_ms);
    }

    /// Whether nothing of it is under way.
    pub(super) fn is_at_rest(&self) -> bool {
        self.round.is_none()
    }

    /// Rows of unseen generations that are here, and rows that they will have.
    pub(super) fn progress(&self) -> Option<(u64, u64)> {
        self.round.as_ref().and_then(Round::progress)
    }
}

impl Engine {
    /// Whether rows of the table are missing that are older than what is here of it. Known from what is kept, so that
    /// a worker that was started again goes on, whatever the scope's frequency.
    pub(super) fn is_catching_up(&self, table: TableId) -> bool {
        self.is_part(table) || self.download.restart.contains(&table)
    }

    fn is_part(&self, table: TableId) -> bool {
        self.state.tables.get(&table).is_some_and(TableRecord::is_part)
    }

    pub(super) fn take_heads(&mut self, reply: &ContactReply, shown_count: u64) {
        self.download.heads = Some(Heads::of(&reply.heads, reply.schema_version));
        self.download.heads_shown_count = shown_count;
        self.download.plan_due = true;
    }

    pub(super) fn download_if_due(&mut self) {
        if self.download.round.is_none() && !self.begin_round() {
            return self.compare_if_due();
        }
        self.step_round();
    }

    pub(super) fn download_deadline_ms(&self) -> Option<i64> {
        self.download.plan_due.then(|| self.download.back_off.deadline_ms()).flatten()
    }

    /// Uploads go first, and a newer profile before anything that it might not name.
    fn begin_round(&mut self) -> bool {
        if !self.download.plan_due
            || self.download.heads.is_none()
            || !self.may_sync()
            || !self.upload.is_idle()
            || self.profile_is_pending()
            || self.profile_check.saving
            || self.storage.is_busy_with(Owner::Download)
            || !self.download.back_off.is_over(self.now_ms)
        {
            return false;
        }
        self.download.plan_due = false;
        // Where the tables of the version in force can't be brought up to date, the next one may be the cure.
        if self.faults.download.is_some() {
            self.download.round = self.plan_move();
        }
        if self.download.round.is_none() {
            self.download.round = self.plan_round();
        }
        if self.download.round.is_none() {
            self.download.asked = false;
            self.save_synced_times();
            self.download.round = self.plan_move();
        }
        self.download.round.is_some()
    }

    /// The round is out of its place meanwhile: no step ends it by [`Self::fail_round`], which could not see whose it is.
    fn step_round(&mut self) {
        let Some(mut round) = self.download.round.take() else { return };
        loop {
            if round.has_to_find_room()
                && let Some(failure) = self.lacks_room(&round.needs(), round.built_bytes())
            {
                return self.fail_move(failure);
            }
            let moved = match round.phase {
                Phase::Manifests => self.step_manifests(&mut round),
                Phase::Pages { at } => self.step_pages(&mut round, at),
                Phase::Pulls { before } => self.step_pulls(&mut round, before),
                Phase::Show { asked, .. } if round.moves_to.is_some() => self.step_switch(&mut round, asked),
                Phase::Show { at, asked } => self.step_show(&mut round, at, asked),
                Phase::Done => return self.round_done(),
            };
            if !moved {
                break;
            }
        }
        self.download.round = Some(round);
    }

    fn round_done(&mut self) {
        self.download.back_off.reset();
        self.faults.download = None;
        // Perhaps a table still has more; the next look at the heads tells.
        self.download.plan_due = true;
        if self.begin_round() {
            self.step_round();
        } else {
            self.compare_if_due();
        }
    }

    /// The profile has changed since the contact: what is here belongs to one view of a table, what came to another.
    fn fail_for_other_view(&mut self, table: TableId) {
        self.fail_round(format!("the profile keeps other rows of {table} by now; the download begins again"));
        self.download.forget_heads();
        self.contact.now();
    }

    pub(super) fn fail_round(&mut self, reason: String) {
        if self.download.is_moving() {
            return self.fail_move(MoveFailure::Other { reason });
        }
        self.faults.download = Some(reason);
        self.download.back_off.failed(self.now_ms);
        self.abandon_download();
    }

    /// Ends a round where it stands. Pages that are stored are found again; what was held is pulled again.
    pub(super) fn abandon_download(&mut self) {
        self.storage.abandon(Owner::Download);
        self.requests.forget(|purpose| match purpose {
            Purpose::Manifest(_) | Purpose::Page { .. } | Purpose::Pull { .. } => true,
            Purpose::Contact(_) | Purpose::Profile | Purpose::Upload | Purpose::LookUp { .. } => false,
        });
        self.download.round = None;
        self.download.plan_due = true;
    }
}
