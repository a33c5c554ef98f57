//! The profile: when a newer one is looked for, and what is dropped with the old one.

use holdfast_profile::{CheckForNewDatabase, TableId, validate};
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
    /// Whether a version was compared since the start.
    compared: bool,
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
        self.wanted.is_some() && self.back_off.is_over(now_ms)
    }

    /// None is looked for until the next comparison.
    pub(super) fn want_none(&mut self) {
        self.wanted = None;
    }
}

impl Engine {
    pub(super) fn compare_profile_version(&mut self, published: u64) {
        let before = self.profile_check.wanted;
        let looks = match &self.state.profile {
            None => true,
            Some((_, profile)) => match profile.device.check_for_new_database {
                CheckForNewDatabase::AtStart => !self.profile_check.compared,
                CheckForNewDatabase::AtEachSync => true,
                CheckForNewDatabase::Never => false,
            },
        };
        self.profile_check.compared = true;
        let looks = looks || before.is_some();
        let here = self.state.profile.as_ref().map(|(version, _)| *version);
        self.profile_check.wanted = (looks && published > 0 && here != Some(published)).then_some(published);
        if self.profile_check.wanted.is_some() && self.profile_check.wanted != before {
            self.abandon_download();
        }
    }

    pub(super) fn check_profile_if_due(&mut self) {
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
        let ProfileReply { version, profile } = reply;
        if let Some(finding) = validate(&profile).first() {
            self.profile_check.back_off.failed_for_long(self.now_ms);
            self.faults.profile = Some(format!("the store server's profile is not valid: {finding}"));
            return;
        }
        self.profile_check.saving = true;
        let step = Step::SaveProfile { version, profile: profile.clone() };
        self.storage.enqueue(Owner::Engine, step, StoreCall::SaveProfile { version, profile });
    }

    /// A profile is in the database now: what it doesn't name goes, the outbox never.
    pub(super) fn profile_saved(&mut self) {
        self.profile_check.wanted = None;
        self.profile_check.back_off.reset();
        self.faults.profile = None;
        self.want_drop();
        self.contact.now();
    }

    /// After each profile, and at each start: a kill may have come between the two.
    pub(super) fn want_drop(&mut self) {
        self.profile_check.drop_due = true;
    }

    pub(super) fn drop_tables_if_due(&mut self) {
        let Some((_, profile)) = &self.state.profile else { return };
        if !self.profile_check.drop_due || !self.profile_check.drop_back_off.is_over(self.now_ms) {
            return;
        }
        self.profile_check.drop_due = false;
        let kept = profile.download_tables();
        let dropped: Vec<TableId> = TableId::ALL.into_iter().filter(|table| !kept.contains(table)).collect();
        self.storage.enqueue(
            Owner::Engine,
            Step::DropTables(dropped.clone()),
            StoreCall::DropTables(dropped),
        );
    }

    pub(super) fn drop_failed(&mut self) {
        self.profile_check.drop_due = true;
        self.profile_check.drop_back_off.failed(self.now_ms);
    }
}
