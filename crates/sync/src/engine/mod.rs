//! The synchronisation engine: contact, uploads, profile, downloads.
//!
//! Owns every decision about what is sent and stored when; each part has a file of its own. Never reads a
//! clock, sends or stores anything itself, and never panics: what can't be is noted in
//! [`Status::last_error`] and the engine reads its databases again.

mod answers;
mod back_off;
mod contact;
mod download;
mod faults;
mod later_outcomes;
mod look_up;
mod pictures;
mod profile_check;
mod profile_move;
mod requests;
mod schedule;
mod status_view;
mod storage;
mod stored;
#[cfg(test)]
mod tests;
mod upload;
mod wait;

pub(crate) use schedule::is_due;

#[cfg(any(test, feature = "simulator"))]
pub(crate) use download::COMPARED_EVERY_MS;

use std::collections::VecDeque;

use holdfast_protocol::Versions;

use crate::Status;
use crate::connectivity::{Connectivity, Mode, SlowLimits, Timeouts};
use crate::effect::{Call, Effect, Event, RequestId};
use crate::messages::LookUpFailure;
use crate::random::SplitMix;
use crate::store::{RegisterState, StoreCall};
use back_off::BackOff;
use contact::Contact;
use download::Download;
use faults::{FaultTimes, Faults};
use look_up::EarlyLookUps;
use profile_check::ProfileCheck;
use profile_move::ProfileMove;
use requests::{Purpose, Requests};
use storage::{Owner, Step, Storage};
use upload::Upload;
use wait::Wait;

/// A request other than a contact has no answer for this long: it failed, milliseconds.
const REQUEST_TIMEOUT_MS: i64 = 30_000;
/// No driver lets this much time pass between two events unless the device slept, milliseconds.
const SLEEP_GAP_MS: i64 = 15_000;
/// Longest pause that a busy store server gets, milliseconds.
const PAUSE_MS_MAX: i64 = 60_000;
/// Largest share of the reconnect attempt interval that is added to it, so that a chain does not come back at once.
const JITTER_DIVISOR: i64 = 10;
/// Most that is added to the reconnect attempt interval, milliseconds.
const JITTER_MS_MAX: i64 = 3_000;

/// What an engine must be told about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineConfig {
    /// Version of the app.
    pub app_version: String,
    /// Seed of nonces and jitter; another one at each start.
    pub nonce_seed: u64,
}

/// The engine. See the crate's documentation for its contract.
#[derive(Debug)]
pub struct Engine {
    config: EngineConfig,
    versions: Versions,
    random: SplitMix,
    /// Where this register is in the spread of waits, 0–999 thousandths.
    jitter_thousandths: i64,
    utc_offset_min: i16,
    now_ms: i64,
    next_id: u64,
    connectivity: Connectivity,
    /// The mode that was last reacted to.
    mode_seen: Mode,
    /// What the databases hold, as far as confirmed; only while `loaded`.
    state: RegisterState,
    loaded: bool,
    /// Whether the databases were read at all; then the mode here is newer than theirs.
    loaded_once: bool,
    /// Whether more may wait in the outbox than was counted: the count is still to come, or has failed.
    outbox_is_uncounted: bool,
    /// What people asked for before the databases were read, in order.
    wishes: Vec<Event>,
    early_look_ups: EarlyLookUps,
    load_back_off: BackOff,
    requests: Requests,
    storage: Storage,
    contact: Contact,
    upload: Upload,
    profile_check: ProfileCheck,
    profile_move: ProfileMove,
    download: Download,
    last_exchange_at_ms: Option<i64>,
    pictures_head: Option<u64>,
    /// The store server wants to be left alone.
    pause: Option<Wait>,
    /// The store server does not know this register; it is asked again afterwards.
    deactivated: Option<Wait>,
    update_required: bool,
    faults: Faults,
    fault_times: FaultTimes,
    /// The last wish of an administrator that all be synchronised, that was heeded.
    retry_heeded_at_ms: Option<i64>,
    /// Bytes used and allowed by the register's storage, as last measured.
    storage_bytes: Option<(u64, u64)>,
    effects: VecDeque<Effect>,
    shown: Option<Status>,
}

impl Engine {
    /// An engine that has read nothing yet; its first effect loads the databases.
    pub fn new(config: EngineConfig) -> Engine {
        Engine::speaking(config, Versions::OF_THIS_BUILD)
    }

    /// The same, speaking other versions than this build's.
    pub fn speaking(config: EngineConfig, versions: Versions) -> Engine {
        let mut random = SplitMix::new(config.nonce_seed);
        let jitter_thousandths = random.thousandths();
        let connectivity = Connectivity::default();
        let mut engine = Engine {
            config,
            versions,
            random,
            jitter_thousandths,
            utc_offset_min: 0,
            now_ms: 0,
            next_id: 1,
            connectivity,
            mode_seen: connectivity.mode(),
            state: RegisterState::default(),
            loaded: false,
            loaded_once: false,
            outbox_is_uncounted: false,
            wishes: Vec::new(),
            early_look_ups: EarlyLookUps::default(),
            load_back_off: BackOff::default(),
            requests: Requests::default(),
            storage: Storage::default(),
            contact: Contact::default(),
            upload: Upload::spread(jitter_thousandths),
            profile_check: ProfileCheck::spread(jitter_thousandths),
            profile_move: ProfileMove::spread(jitter_thousandths),
            download: Download::spread(jitter_thousandths),
            last_exchange_at_ms: None,
            pictures_head: None,
            pause: None,
            deactivated: None,
            update_required: false,
            faults: Faults::default(),
            fault_times: FaultTimes::default(),
            retry_heeded_at_ms: None,
            storage_bytes: None,
            effects: VecDeque::new(),
            shown: None,
        };
        engine.storage.enqueue(Owner::Engine, Step::Load, StoreCall::Load);
        engine
    }

    /// Minutes by which the store's wall clock is ahead of UTC, for scopes synchronised daily at a time.
    pub fn set_utc_offset_min(&mut self, utc_offset_min: i16) {
        self.utc_offset_min = utc_offset_min;
    }

    /// Whether something is on its way to or from the store server that the engine did not ask for, such as pictures:
    /// answers that are slow meanwhile say nothing of the line.
    pub fn set_others_busy(&mut self, are_busy: bool) {
        self.requests.set_others_busy(are_busy);
    }

    /// Whether the answer to this request is still awaited.
    #[cfg(any(test, feature = "simulator"))]
    pub(crate) fn awaits(&self, id: RequestId) -> bool {
        self.requests.are_awaiting(id)
    }

    /// Takes in what has happened. Drain [`Engine::poll_effect`] afterwards.
    pub fn handle(&mut self, event: Event, now_ms: i64) {
        self.take_in_time(now_ms);
        // What the time itself has brought comes first: an event may no longer send what it could have before.
        self.let_time_pass();
        if !self.loaded_once && is_wish(&event) {
            // A worker that was just started must not forget why: what is loaded would undo it.
            self.wishes.retain(|wish| *wish != event);
            self.wishes.push(event);
        } else {
            self.take_in(event);
        }
        self.advance();
    }

    fn take_in(&mut self, event: Event) {
        match event {
            Event::Tick => {}
            Event::Answered { id, result } => self.answered(id, result),
            Event::Stored { id, result } => self.stored(id, result),
            Event::JournalGrew => self.count_outbox(),
            Event::TryNow => self.try_now(),
            Event::SyncNow => self.sync_now(),
            Event::StorageMeasured { used_bytes, allowed_bytes } => {
                self.storage_bytes = Some((used_bytes, allowed_bytes));
            }
            Event::SendNow => self.send_now(),
            Event::TillStarted => {
                if self.profile_check.till_started() {
                    self.contact.now();
                }
            }
            Event::LookForNewDatabase => {
                self.profile_check.ask();
                self.try_move_now();
                self.reach_out();
            }
            Event::LookUp { asked, request } => self.look_up(asked, request),
            Event::GoOffline => self.connectivity.go_offline(self.now_ms),
            Event::GoOnline => self.try_now(),
            Event::BrowserOnline => {
                self.connectivity.browser_online(self.now_ms, &self.timeouts());
                self.contact.now();
            }
        }
    }

    /// The next thing to do, until `None`.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When to call again with [`Event::Tick`] at the latest, ms since 1970.
    pub fn next_deadline_ms(&self) -> Option<i64> {
        let deadlines = [
            self.storage.deadline_ms(),
            self.requests.next_deadline_ms(),
            self.loaded_once.then(|| self.connectivity.deadline_ms()).flatten(),
            self.loaded_once.then(|| self.contact_deadline_ms()).flatten(),
            if self.loaded { None } else { self.load_back_off.deadline_ms() },
            self.early_look_ups.deadline_ms(),
            self.upload_deadline_ms(),
            self.download_deadline_ms(),
        ];
        // What is past was done when it was due, or waits for something with a deadline of its own.
        deadlines.into_iter().flatten().filter(|&at_ms| at_ms > self.now_ms).min()
    }

    fn take_in_time(&mut self, now_ms: i64) {
        if self.now_ms > 0 && now_ms - self.now_ms > SLEEP_GAP_MS {
            self.requests.forgive_sleep(now_ms);
            // How slow answers were before says nothing of those after.
            self.connectivity.forget_slow_answers();
        }
        self.now_ms = now_ms;
        self.requests.clamp_to_clock(now_ms);
        self.storage.clamp_to_clock(now_ms);
        self.contact.clamp_to_clock(now_ms);
        self.load_back_off.clamp_to_clock(now_ms);
        self.early_look_ups.clamp_to_clock(now_ms);
        self.upload.clamp_to_clock(now_ms);
        self.profile_check.clamp_to_clock(now_ms);
        self.profile_move.back_off.clamp_to_clock(now_ms);
        self.download.clamp_to_clock(now_ms);
        self.last_exchange_at_ms = self.last_exchange_at_ms.map(|at_ms| at_ms.min(now_ms));
        for wait in [&mut self.pause, &mut self.deactivated].into_iter().flatten() {
            wait.clamp_to_clock(now_ms);
        }
    }

    /// Does everything that is due.
    fn advance(&mut self) {
        self.let_time_pass();
        if self.loaded_once {
            // Only now is the mode that was read also that of this moment.
            self.look_up_early_ones();
            // Whatever becomes of the databases, the mode is honest.
            self.contact_if_due();
        }
        if self.loaded {
            self.upload_if_due();
            self.check_profile_if_due();
            self.move_if_due();
            self.drop_tables_if_due();
            self.download_if_due();
        } else {
            self.load_if_due();
        }
        let id = RequestId(self.next_id);
        if let Some(call) = self.storage.start_next(id, self.now_ms) {
            self.next_id += 1;
            self.effects.push_back(Effect::Store { id, call });
        }
        self.fault_times.note(&self.faults, self.now_ms);
        self.show_status();
    }

    fn let_time_pass(&mut self) {
        self.expire();
        if self.loaded_once {
            let timeouts = self.timeouts();
            self.connectivity.tick(self.now_ms, &timeouts);
            self.react_to_mode();
        }
    }

    fn expire(&mut self) {
        if let Some(job) = self.storage.take_expired(self.now_ms) {
            self.store_went_silent(job);
        }
        // In a reconnect attempt only its own end counts: a slow store server is back, too.
        if !matches!(self.connectivity.mode(), Mode::Reconnecting { .. }) {
            for started_at_ms in self.requests.newly_unanswered(self.now_ms) {
                self.exchange_failed(started_at_ms);
            }
        }
        while let Some(request) = self.requests.take_expired(self.now_ms) {
            self.request_failed(request, "no answer in time");
        }
        self.give_up_early_look_ups();
    }

    /// Follows the connectivity machine: what must end and begin when its mode changes.
    fn react_to_mode(&mut self) {
        let (before, now) = (self.mode_seen, self.connectivity.mode());
        if before == now {
            return;
        }
        self.mode_seen = now;
        self.save_connectivity();
        match now {
            Mode::Online => {
                if !matches!(before, Mode::Waiting { .. }) {
                    self.upload.reconnected();
                    self.download.reconnected();
                    self.profile_check.back_off.reset();
                    self.try_move_now();
                }
            }
            Mode::Waiting { .. } => {}
            Mode::Offline { .. } => {
                // Nothing that is on its way is awaited any more: the next attempt begins anew.
                self.forget_requests(LookUpFailure::Offline);
                self.abandon_upload();
                self.abandon_download();
            }
            // Between the probes of one attempt it only has more time.
            Mode::Reconnecting { .. } if matches!(before, Mode::Reconnecting { .. }) => {}
            Mode::Reconnecting { .. } => self.contact.begin_attempt(),
        }
    }

    fn try_now(&mut self) {
        // Whether the store server knows it again is said by the store server.
        self.deactivated = self.deactivated.map(|_| Wait::begin(self.now_ms, 0));
        self.pause = None;
        self.connectivity.try_now(self.now_ms, &self.timeouts());
        if self.contacts_on_their_way() == 0 {
            // Also between two probes of an attempt: from now on one answer is enough, and somebody must ask for it.
            self.contact.begin_attempt();
        }
        self.contact.now();
        self.upload.reconnected();
        self.download.reconnected();
        self.profile_check.back_off.reset();
    }

    fn sync_now(&mut self) {
        self.upload.ask();
        self.download.ask();
        self.try_move_now();
        self.reach_out();
    }

    fn send_now(&mut self) {
        self.upload.ask();
        self.count_outbox();
        self.reach_out();
    }

    /// Somebody wants something of the store server now.
    fn reach_out(&mut self) {
        // Who took the register offline by hand ends that by hand, too.
        if !matches!(self.connectivity.mode(), Mode::Offline { next_attempt_at_ms: None, .. }) {
            self.try_now();
        }
    }

    fn timeouts(&self) -> Timeouts {
        let Some((_, profile)) = &self.state.profile else { return self.with_jitter(Timeouts::INITIAL) };
        self.with_jitter(Timeouts {
            offline_ms: i64::from(profile.device.offline_timeout_s) * 1_000,
            reconnect_ms: i64::from(profile.device.reconnect_interval_min) * 60_000,
            browser_online_hint: profile.device.browser_online_hint,
            slow: profile.device.slow_is_offline.map(|slow| SlowLimits {
                latency_ms: i64::from(slow.latency_ms),
                for_ms: i64::from(slow.for_s) * 1_000,
            }),
        })
    }

    fn with_jitter(&self, timeouts: Timeouts) -> Timeouts {
        let most_ms = (timeouts.reconnect_ms / JITTER_DIVISOR).min(JITTER_MS_MAX);
        let reconnect_ms = timeouts.reconnect_ms + most_ms * self.jitter_thousandths / 1_000;
        Timeouts { reconnect_ms, ..timeouts }
    }

    /// Whether anything but a contact may be sent now.
    fn may_sync(&self) -> bool {
        self.loaded
            && self.connectivity.mode() == Mode::Online
            && self.deactivated.is_none()
            && wait::is_over(self.pause.as_ref(), self.now_ms)
    }

    fn send(&mut self, purpose: Purpose, call: Call, timeout_ms: i64) {
        let id = RequestId(self.next_id);
        self.next_id += 1;
        self.requests.add(id, purpose, self.now_ms, timeout_ms);
        self.effects.push_back(Effect::Request { id, call, timeout_ms });
    }

    fn count_outbox(&mut self) {
        self.outbox_is_uncounted = true;
        if self.loaded && !self.storage.has_queued(&Step::CountOutbox) {
            self.storage.enqueue(Owner::Engine, Step::CountOutbox, StoreCall::CountOutbox);
        }
    }

    fn save_connectivity(&mut self) {
        let call = StoreCall::SaveConnectivity(self.connectivity);
        self.storage.enqueue_latest(Owner::Engine, Step::SaveConnectivity, call);
    }

    /// Reads the databases again: what is believed of them may be wrong.
    fn distrust_state(&mut self) {
        self.abandon_upload();
        self.abandon_download();
        self.loaded = false;
        self.load_back_off.failed(self.now_ms);
    }

    fn load_if_due(&mut self) {
        if self.load_back_off.is_over(self.now_ms)
            && !self.storage.has_queued(&Step::Load)
            && !self.storage.is_running(&Step::Load)
        {
            self.storage.enqueue(Owner::Engine, Step::Load, StoreCall::Load);
        }
    }
}

/// Whether somebody asked for it, as opposed to something that happened, and it keeps until the databases are read: who
/// looks something up does not wait for ever.
fn is_wish(event: &Event) -> bool {
    match event {
        Event::TryNow
        | Event::SyncNow
        | Event::SendNow
        | Event::TillStarted
        | Event::LookForNewDatabase
        | Event::GoOffline
        | Event::GoOnline
        | Event::BrowserOnline => true,
        Event::Tick
        | Event::Answered { .. }
        | Event::Stored { .. }
        | Event::JournalGrew
        | Event::LookUp { .. }
        | Event::StorageMeasured { .. } => false,
    }
}
