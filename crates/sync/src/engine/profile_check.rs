//! The profile: when a newer one is looked for and fetched, and what is dropped with the old one.

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

    /// None is looked for until the next comparison.
    pub(super) fn want_none(&mut self) {
        self.wanted = None;
    }

    /// A version is in force now.
    pub(super) fn has(&mut self, version: u64) {
        self.wanted = self.wanted.filter(|&wanted| wanted != version);
        self.back_off.reset();
    }

    /// A till's page has started, or says so again; whether that is news, of which the store server is to be asked.
    pub(super) fn till_started(&mut self) -> bool {
        self.wanted.is_none() && !std::mem::replace(&mut self.start_due, true)
    }

    pub(super) fn ask(&mut self) {
        self.asked = true;
        self.back_off.reset();
    }

    pub(super) fn clamp_to_clock(&mut self, now_ms: i64) {
        self.back_off.clamp_to_clock(now_ms);
        self.drop_back_off.clamp_to_clock(now_ms);
        self.looked_at_ms = self.looked_at_ms.map(|at_ms| at_ms.min(now_ms));
    }
}

impl Engine {
    /// The published version, where it is neither the one that is here nor the one that is moved to.
    fn version_to_fetch(&self) -> Option<u64> {
        self.profile_check.wanted.filter(|&wanted| self.moving_to() != Some(wanted))
    }

    /// Whether another profile comes first, before anything is downloaded. One that can't be had keeps
    /// nobody waiting.
    pub(super) fn profile_is_pending(&self) -> bool {
        self.version_to_fetch().is_some() && self.profile_check.back_off.is_over(self.now_ms)
    }

    /// When it was last looked whether there is a newer one. None while one that was found is not stored: a worker that is
    /// killed meanwhile forgets it, so pages must go on saying that they have started.
    pub(super) fn looked_for_profile_at_ms(&self) -> Option<i64> {
        let check = &self.profile_check;
        check.looked_at_ms.filter(|_| self.version_to_fetch().is_none() && !check.saving)
    }

    pub(super) fn compare_profile_version(&mut self, published: u64) {
        let before = self.profile_check.wanted;
        // Who moves goes after what is published, whenever it looks otherwise: that may be what fits.
        let goes_on = before.is_some() || self.state.next_profile.is_some();
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
        let looks = looks || goes_on;
        let here = self.state.profile.as_ref().map(|(version, _)| *version);
        check.wanted = (looks && published > 0 && here != Some(published)).then_some(published);
        if self.profile_check.wanted != before && self.version_to_fetch().is_some() {
            self.abandon_download();
        }
        if self.profile_check.wanted.is_none() && self.state.next_profile.is_some() && published > 0 {
            // What is here is the published one again.
            self.save_next_profile(None);
        }
    }

    pub(super) fn check_profile_if_due(&mut self) {
        let on_its_way = self.requests.count(|purpose| *purpose == Purpose::Profile) > 0;
        if self.version_to_fetch().is_some()
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
        let ProfileReply { version, profile } = reply;
        if self.state.profile.as_ref().is_some_and(|(here, _)| *here == version) {
            // The published one is another by now; the next contact tells.
            return self.profile_check.back_off.failed(self.now_ms);
        }
        // Another may have been published since the contact.
        self.profile_check.wanted = Some(version);
        if self.state.profile.is_none() {
            self.switch_at_once(version, profile);
        } else {
            self.save_next_profile(Some((version, profile)));
        }
    }

    fn save_next_profile(&mut self, next: Option<(u64, Profile)>) {
        if !std::mem::replace(&mut self.profile_check.saving, true) {
            let step = Step::SaveNextProfile(next.clone());
            self.storage.enqueue(Owner::Engine, step, StoreCall::SaveNextProfile(next));
        }
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
        // What is built for a version that is moved to belongs to no scope yet.
        let next = self.state.next_profile.iter().flat_map(|(_, next)| next.download_tables());
        let kept: Vec<TableId> = profile.download_tables().into_iter().chain(next).collect();
        let is_sent = self.state.waiting == 0 && !self.outbox_is_uncounted;
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
