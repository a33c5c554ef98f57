//! The profile: when a newer one is looked for, when one that came is taken, and what is dropped with the old one.
//!
//! What waits goes up under the profile by which it was made: a profile that would no longer let it up is held until
//! the outbox is empty, and the outbox is emptied for it whatever its schedule.

use holdfast_profile::{CheckForNewDatabase, Direction, Profile, TableId, validate};
use holdfast_protocol::messages::ProfileReply;

use super::back_off::BackOff;
use super::requests::Purpose;
use super::storage::{Owner, Step};
use super::{Engine, REQUEST_TIMEOUT_MS};
use crate::effect::Call;
use crate::store::StoreCall;

/// What the engine knows of the profile's newness.
#[derive(Debug, Default)]
pub(super) struct ProfileCheck {
    /// The published version, where it is not the one that is here.
    wanted: Option<u64>,
    /// A till's page has started since a version was last compared.
    start_due: bool,
    /// Somebody wants it to be compared now, whatever the profile says.
    asked: bool,
    /// When it was last looked whether there is a newer one.
    looked_at_ms: Option<i64>,
    /// One that has come and is taken once nothing waits.
    held: Option<ProfileReply>,
    /// Whether one has come and is being stored.
    pub(super) saving: bool,
    pub(super) back_off: BackOff,
    /// Whether tables without a scope may still be in the databases.
    drop_due: bool,
    pub(super) drop_back_off: BackOff,
}

impl ProfileCheck {
    pub(super) fn spread(spread_thousandths: i64) -> ProfileCheck {
        ProfileCheck { back_off: BackOff::spread(spread_thousandths), ..ProfileCheck::default() }
    }

    /// Whether another profile comes first, before anything is downloaded. One that can't be had keeps
    /// nobody waiting.
    pub(super) fn is_pending(&self, now_ms: i64) -> bool {
        self.wanted.is_some() && self.held.is_none() && self.back_off.is_over(now_ms)
    }

    /// None is looked for until the next comparison.
    pub(super) fn want_none(&mut self) {
        self.wanted = None;
        self.held = None;
    }

    /// A till's page has started, or says so again; whether that is news, of which the store server is to be asked.
    pub(super) fn till_started(&mut self) -> bool {
        self.wanted.is_none() && !std::mem::replace(&mut self.start_due, true)
    }

    pub(super) fn ask(&mut self) {
        self.asked = true;
        self.back_off.reset();
    }

    /// When it was last looked whether there is a newer one. None while one that was found is not stored: a worker that is
    /// killed meanwhile forgets it, so pages must go on saying that they have started.
    pub(super) fn looked_at_ms(&self) -> Option<i64> {
        self.looked_at_ms.filter(|_| self.wanted.is_none() && !self.saving)
    }

    pub(super) fn waits_for_outbox(&self) -> bool {
        self.held.is_some()
    }

    pub(super) fn clamp_to_clock(&mut self, now_ms: i64) {
        self.back_off.clamp_to_clock(now_ms);
        self.drop_back_off.clamp_to_clock(now_ms);
        self.looked_at_ms = self.looked_at_ms.map(|at_ms| at_ms.min(now_ms));
    }
}

impl Engine {
    pub(super) fn compare_profile_version(&mut self, published: u64) {
        let before = self.profile_check.wanted;
        let check = &mut self.profile_check;
        let looks = check.asked
            || match &self.state.profile {
                None => true,
                Some((_, profile)) => match profile.device.check_for_new_database {
                    CheckForNewDatabase::AtStart => check.start_due,
                    CheckForNewDatabase::AtEachSync => true,
                    CheckForNewDatabase::Never => false,
                },
            };
        // A start is served, whatever the profile makes of it.
        (check.asked, check.start_due) = (false, false);
        check.looked_at_ms = Some(self.now_ms);
        let looks = looks || before.is_some();
        let here = self.state.profile.as_ref().map(|(version, _)| *version);
        check.wanted = (looks && published > 0 && here != Some(published)).then_some(published);
        if check.wanted.is_none()
            || check.held.as_ref().is_some_and(|held| Some(held.version) != check.wanted)
        {
            check.held = None;
        }
        if self.profile_check.wanted.is_some() && self.profile_check.wanted != before {
            self.abandon_download();
        }
    }

    pub(super) fn check_profile_if_due(&mut self) {
        if self.profile_check.held.is_some() {
            return self.take_held_profile_if_due();
        }
        let on_its_way = self.requests.count(|purpose| *purpose == Purpose::Profile) > 0;
        if self.profile_check.wanted.is_some()
            && self.may_sync()
            && self.upload.is_idle()
            && !on_its_way
            && !self.profile_check.saving
            && self.profile_check.back_off.is_over(self.now_ms)
        {
            self.send(Purpose::Profile, Call::Profile, REQUEST_TIMEOUT_MS);
        }
    }

    pub(super) fn profile_answered(&mut self, reply: ProfileReply) {
        if let Some(finding) = validate(&reply.profile).first() {
            self.profile_check.back_off.failed_for_long(self.now_ms);
            self.faults.profile = Some(format!("the store server's profile is not valid: {finding}"));
            return;
        }
        let may_wait = self.state.waiting > 0 || self.is_counting_outbox();
        if self.would_strand(&reply.profile) && may_wait && !self.upload.is_refused() {
            self.profile_check.held = Some(reply);
            self.upload.ask();
            return;
        }
        self.save_profile(reply);
    }

    fn save_profile(&mut self, reply: ProfileReply) {
        let ProfileReply { version, profile } = reply;
        self.profile_check.saving = true;
        let step = Step::SaveProfile { version, profile: profile.clone() };
        self.storage.enqueue(Owner::Engine, step, StoreCall::SaveProfile { version, profile });
    }

    /// Whether rows that may wait in the outbox could not go up any more with this profile.
    fn would_strand(&self, next: &Profile) -> bool {
        let Some((_, here)) = &self.state.profile else { return false };
        let goes_both_ways = |profile: &Profile, table: TableId| {
            profile.entry(table).is_some_and(|(scope, _)| scope.direction == Direction::Bidirectional)
        };
        TableId::ALL.into_iter().any(|table| goes_both_ways(here, table) && !goes_both_ways(next, table))
    }

    /// The outbox is being emptied for it; what the store server refuses for good keeps no profile waiting.
    fn take_held_profile_if_due(&mut self) {
        let is_sent = self.state.waiting == 0 && !self.is_counting_outbox();
        if self.upload.is_idle()
            && (is_sent || self.upload.is_refused())
            && let Some(reply) = self.profile_check.held.take()
        {
            return self.save_profile(reply);
        }
        self.upload.go_on();
    }

    /// A profile is in the database now: what it doesn't name goes, the outbox never.
    pub(super) fn profile_saved(&mut self) {
        self.profile_check.wanted = None;
        self.profile_check.back_off.reset();
        self.faults.profile = None;
        // What the last contact told is of the profile before.
        self.download.forget_heads();
        self.want_drop();
        self.contact.now();
    }

    /// After each profile, and at each start: a kill may have come between the two.
    pub(super) fn want_drop(&mut self) {
        self.profile_check.drop_due = true;
    }

    /// Drops what the profile does not name. Rows that were changed here stay on show until the changes are sent.
    pub(super) fn drop_tables_if_due(&mut self) {
        let Some((_, profile)) = &self.state.profile else { return };
        if !self.profile_check.drop_due || !self.profile_check.drop_back_off.is_over(self.now_ms) {
            return;
        }
        let kept = profile.download_tables();
        let is_sent = self.state.waiting == 0 && !self.is_counting_outbox();
        let is_here = |table: &TableId| self.state.tables.contains_key(table);
        let (dropped, later): (Vec<TableId>, Vec<TableId>) = TableId::ALL
            .into_iter()
            .filter(|table| !kept.contains(table))
            .partition(|table| is_sent || !table.allows(Direction::Bidirectional) || !is_here(table));
        let step = Step::DropTables(dropped.clone());
        let is_under_way = self.storage.has_queued(&step) || self.storage.is_running(&step);
        if is_under_way || (!later.is_empty() && !dropped.iter().any(is_here)) {
            return;
        }
        self.profile_check.drop_due = !later.is_empty();
        self.storage.enqueue(Owner::Engine, step, StoreCall::DropTables(dropped));
    }

    pub(super) fn drop_failed(&mut self) {
        self.profile_check.drop_due = true;
        self.profile_check.drop_back_off.failed(self.now_ms);
    }
}
