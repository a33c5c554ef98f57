//! Contacts: the heartbeat that tells both sides where the other stands, and the reconnect attempt.

use holdfast_profile::HealthCheck;
use holdfast_protocol::messages::{
    Building, ContactMode, ContactReply, ContactRequest, TableState, ToldMode,
};

use super::requests::{AtSending, Purpose};
use super::schedule::next_due_at_ms;
use super::{Engine, wait};
use crate::connectivity::Mode;
use crate::effect::Call;

/// Between two contacts while something else is on its way for long, milliseconds, at most: they tell how far it has
/// come, and hear whether the store server is there.
const WATCHED_EVERY_MS: i64 = 5_000;
/// Between two contacts while it is not known whether the store server is gone, milliseconds.
const WAITING_EVERY_MS: i64 = 1_000;
/// Shortest time that a contact is given, milliseconds.
const TIMEOUT_MS_MIN: i64 = 1_000;
/// Longest time that a contact is given, milliseconds.
const TIMEOUT_MS_MAX: i64 = 10_000;
/// Contacts on their way at once while waiting: one that was lost must not keep the next from trying.
const IN_FLIGHT_MAX: usize = 4;

/// When contacts are due.
#[derive(Debug, Default)]
pub(super) struct Contact {
    last_sent_at_ms: Option<i64>,
    /// Whether one is due before its time.
    at_once: bool,
    /// Whether this reconnect attempt has sent its contact.
    attempt_sent: bool,
}

impl Contact {
    /// The next one is due now.
    pub(super) fn now(&mut self) {
        self.at_once = true;
    }

    pub(super) fn begin_attempt(&mut self) {
        self.attempt_sent = false;
    }

    pub(super) fn clamp_to_clock(&mut self, now_ms: i64) {
        self.last_sent_at_ms = self.last_sent_at_ms.map(|at_ms| at_ms.min(now_ms));
    }

    fn due_at_ms(&self, every_ms: i64) -> Option<i64> {
        self.last_sent_at_ms.map(|at_ms| at_ms + every_ms)
    }

    fn is_due(&self, every_ms: i64, now_ms: i64) -> bool {
        self.at_once || self.due_at_ms(every_ms).is_none_or(|at_ms| now_ms >= at_ms)
    }
}

impl Engine {
    pub(super) fn contact_if_due(&mut self) {
        if !wait::is_over(self.pause.as_ref(), self.now_ms)
            || !wait::is_over(self.deactivated.as_ref(), self.now_ms)
        {
            return;
        }
        let on_their_way = self.contacts_on_their_way();
        let offline_ms = self.timeouts().offline_ms;
        let longest_ms = offline_ms.clamp(TIMEOUT_MS_MIN, TIMEOUT_MS_MAX);
        match self.connectivity.mode() {
            Mode::Online => {
                let scope_is_due = self.scope_due_at_ms().is_some_and(|at_ms| self.now_ms >= at_ms);
                let is_due = scope_is_due || self.contact.is_due(self.online_every_ms(), self.now_ms);
                if on_their_way == 0 && is_due {
                    self.send_contact(longest_ms, None);
                }
            }
            Mode::Waiting { offline_at_ms, .. } => {
                let due = self.contact.is_due(WAITING_EVERY_MS, self.now_ms);
                if due && on_their_way < IN_FLIGHT_MAX {
                    let rest_ms = (offline_at_ms - self.now_ms).clamp(TIMEOUT_MS_MIN, longest_ms);
                    self.send_contact(rest_ms, None);
                }
            }
            Mode::Offline { .. } => {}
            Mode::Reconnecting { since_ms, give_up_at_ms } => {
                if !self.contact.attempt_sent {
                    self.contact.attempt_sent = true;
                    self.connectivity.probe_sent();
                    let timeout_ms = (give_up_at_ms - self.now_ms).max(TIMEOUT_MS_MIN);
                    self.send_contact(timeout_ms, Some(since_ms));
                } else if on_their_way == 0
                    && self.connectivity.probe_at_ms().is_some_and(|at_ms| self.now_ms >= at_ms)
                {
                    self.connectivity.probe_sent();
                    let timeout_ms = (give_up_at_ms - self.now_ms).max(TIMEOUT_MS_MIN);
                    self.send_contact(timeout_ms, Some(since_ms));
                }
            }
        }
    }

    pub(super) fn contacts_on_their_way(&self) -> usize {
        self.requests.count(|purpose| matches!(purpose, Purpose::Contact(_)))
    }

    pub(super) fn contact_deadline_ms(&self) -> Option<i64> {
        let waits = [self.deactivated, self.pause].into_iter().flatten();
        if let Some(until_ms) = waits.map(|wait| wait.until_ms()).filter(|&at_ms| at_ms > self.now_ms).max() {
            return Some(until_ms);
        }
        match self.connectivity.mode() {
            Mode::Online => {
                let due = [self.contact.due_at_ms(self.online_every_ms()), self.scope_due_at_ms()];
                due.into_iter().flatten().min()
            }
            Mode::Waiting { .. } => self.contact.due_at_ms(WAITING_EVERY_MS),
            Mode::Offline { .. } => None,
            Mode::Reconnecting { .. } => self.connectivity.probe_at_ms(),
        }
    }

    /// The profile's health-check interval, or less where somebody waits for answers: whether they stay slow is looked at
    /// more closely, and one that is late may not look like an outage because nobody asked meanwhile.
    fn online_every_ms(&self) -> i64 {
        let most_ms = if self.connectivity.is_getting_slow() {
            WAITING_EVERY_MS
        } else if self.requests.are_to_be_watched() {
            WATCHED_EVERY_MS
        } else {
            i64::MAX
        };
        self.health_check().interval_ms().min(most_ms)
    }

    fn health_check(&self) -> HealthCheck {
        let profile = self.state.profile.as_ref();
        profile.map(|(_, profile)| profile.device.health_check_s).unwrap_or_default()
    }

    /// When a contact is due before its interval is over, because a scope is to be synchronised then.
    fn scope_due_at_ms(&self) -> Option<i64> {
        let (_, profile) = self.state.profile.as_ref()?;
        let last_sent_at_ms = self.contact.last_sent_at_ms?;
        if self.health_check().interval_ms() <= WATCHED_EVERY_MS {
            // Soon enough, for minutes.
            return None;
        }
        let scopes = profile.scopes.iter().filter(|scope| scope.direction.downloads());
        let dues = scopes.flat_map(|scope| {
            let records = scope.tables.iter().filter_map(|entry| self.state.tables.get(&entry.table));
            let times = records.filter_map(|record| record.synced_at_ms);
            times.filter_map(|at_ms| next_due_at_ms(scope.frequency, at_ms, self.utc_offset_min))
        });
        // What was due at the last contact was synchronised with it, or will be tried again with the next.
        dues.filter(|&at_ms| at_ms > last_sent_at_ms).min()
    }

    fn send_contact(&mut self, timeout_ms: i64, was_offline_since_ms: Option<i64>) {
        // A message that the journal grew may be lost with its sender; the outbox is counted with each contact.
        self.count_outbox();
        self.upload.save_again();
        self.contact.at_once = false;
        self.contact.last_sent_at_ms = Some(self.now_ms);
        let nonce = self.random.next();
        let version = self.profile_version();
        let moving_to = self.moving_to();
        let tables = self.state.tables.iter().map(|(&table, record)| TableState {
            table,
            cursor: record.cursor,
            rows: record.rows,
            synced_at_ms: record.synced_at_ms,
        });
        let request = ContactRequest {
            nonce,
            protocol_version: self.versions.protocol,
            app_version: self.config.app_version.clone(),
            profile_version: version,
            schema_version: self.state.tables.values().map(|record| record.schema_version).min().unwrap_or(0),
            waiting: self.state.waiting,
            rejected: self.state.rejected,
            tables: tables.collect(),
            was_offline_since_ms,
            storage_bytes: self.storage_bytes,
            outcomes_seen: Some(self.state.outcomes_seen),
            faults: Some(self.fault_times.told(&self.faults)),
            building: self.download.progress().map(|(rows_have, rows_wanted)| Building {
                version: if self.download.is_moving() { moving_to.unwrap_or(version) } else { version },
                rows_have,
                rows_wanted,
            }),
            retry_heeded_at_ms: self.retry_heeded_at_ms,
            moving_to,
            app_schema_version: Some(self.versions.schema),
            mode: Some(self.told_mode()),
        };
        let settled_count = self.upload.settled_count();
        let shown_count = self.download.shown_count();
        let at_sending = AtSending { nonce, settled_count, shown_count, profile_version: version, moving_to };
        let purpose = Purpose::Contact(at_sending);
        self.send(purpose, Call::Contact(request), timeout_ms);
    }

    fn told_mode(&self) -> ToldMode {
        let (mode, since_ms) = match self.connectivity.mode() {
            Mode::Online => (ContactMode::Online, None),
            Mode::Waiting { since_ms, .. } => (ContactMode::Waiting, Some(since_ms)),
            Mode::Offline { since_ms, .. } | Mode::Reconnecting { since_ms, .. } => {
                let is_slow = self.connectivity.is_offline_for_slowness();
                let mode = if is_slow { ContactMode::OfflineForSlowness } else { ContactMode::Reconnecting };
                (mode, Some(since_ms))
            }
        };
        ToldMode { mode: mode.number(), since_ms }
    }

    /// Version of the profile in force; 0 for none.
    pub(super) fn profile_version(&self) -> u64 {
        self.state.profile.as_ref().map_or(0, |(version, _)| *version)
    }

    /// A reply that holds the request's nonce.
    pub(super) fn contact_answered(&mut self, mut reply: ContactReply, at_sending: AtSending) {
        let AtSending { settled_count, shown_count, profile_version, moving_to, .. } = at_sending;
        self.faults.contact = None;
        self.deactivated = None;
        // Those sent before know nothing newer.
        self.requests.forget(|purpose| matches!(purpose, Purpose::Contact(_)));
        self.compare_acknowledged(reply.acknowledged_seq, settled_count);
        self.pictures_head = reply.pictures;
        self.take_later_outcomes(reply.later_outcomes.take(), reply.acknowledged_seq, settled_count);
        if let Some(asked_at_ms) = reply.retry_asked_at_ms
            && self.retry_heeded_at_ms != Some(asked_at_ms)
        {
            // Before the heads of this reply are looked at: they are what is wanted.
            self.retry_heeded_at_ms = Some(asked_at_ms);
            self.profile_check.ask();
            self.upload.ask();
            self.download.ask();
            self.try_move_now();
            self.contact.now();
        }
        if reply.update_required || reply.schema_version > self.versions.schema {
            return self.only_upload();
        }
        self.update_required = false;
        self.compare_profile_version(reply.profile_version);
        self.take_next_heads(moving_to, &mut reply);
        if profile_version == self.profile_version() {
            self.take_heads(&reply, shown_count);
        } else {
            // It was told where the tables of the version before stand.
            self.contact.now();
        }
    }

    /// What the store server has is for a newer app. It still takes what this one sends.
    pub(super) fn only_upload(&mut self) {
        self.update_required = true;
        self.profile_check.want_none();
        self.download.forget_heads();
        self.abandon_download();
    }
}
