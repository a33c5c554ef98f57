//! The run itself: one queue of happenings, one clock; an event into an engine, its effects carried out.

use std::collections::BTreeMap;

use super::edit_rules;
use super::look_up_rules;
use super::model_server::ModelServer;
use super::mutation::Mutation;
use super::network::{Delivery, ReplyFate};
use super::pace_rules;
use super::register::{Register, SentContact};
use super::rng::Rng;
use super::rules::{self, Broken, Rule};
use super::scenario::{Plan, Rates, Scenario};
use super::shop::Shop;
use super::slow_rules;
use super::storage::StoreFate;
use super::version_rules;
use super::{Report, Violation};
use crate::connectivity::Mode;
use crate::effect::{Call, CallError, CallReply, Effect, Event, RequestId};
use crate::engine::COMPARED_EVERY_MS;
use crate::store::{StoreCall, StoreError, StoreReply};

/// A run begins at this time, ms since 1970.
pub(super) const BEGIN_MS: i64 = 1_790_000_000_000;
/// Once the faults have ended, everything is right within this: a storage call's and a request's deadline, the
/// longest back-off, the reconnect attempt interval, a pause and the slowest schedule, one after the other.
const REST_AFTER_MS: i64 = 6 * 60_000;
/// At the end of that, how long nothing but contacts may be sent.
const CALM_MS: i64 = 20_000;
/// More than this in one run is work without end.
const EVENTS_MAX: u64 = 3_000_000;
/// Effects of one event, at most.
const EFFECTS_MAX: usize = 200;
/// Without an answer for this long beyond the offline timeout and the health-check interval, online is a lie: the
/// longest pause, a contact's time-out, and the driver's lateness.
const HONEST_SLACK_MS: i64 = 90_000;
/// A driver's timer comes so late at most.
pub(super) const TIMER_LATE_MS_MAX: i64 = 15;

/// Something that happens at a time.
#[derive(Debug)]
pub(super) enum Happening {
    Planned(Plan),
    FaultsEnd,
    CalmBegins,
    End,
    ServerUp,
    Start { at: usize },
    EndGoOffline { at: usize },
    Timer { at: usize, incarnation: u32, serial: u64 },
    JournalGrew { at: usize, incarnation: u32 },
    SaleReachesDisk { at: usize, incarnation: u32, sold_at_ms: i64 },
    RequestArrives(Delivery),
    ReplyArrives { at: usize, incarnation: u32, id: RequestId, result: Result<CallReply, CallError> },
    StoreRuns { at: usize, incarnation: u32, id: RequestId, call: StoreCall, fate: StoreFate },
    StoreAnswers { at: usize, incarnation: u32, id: RequestId, result: Result<StoreReply, StoreError> },
}

impl Happening {
    /// Whose engine would hear of it, so that a device that sleeps hears it later.
    fn awaited_by(&self) -> Option<usize> {
        match self {
            Happening::EndGoOffline { at }
            | Happening::Timer { at, .. }
            | Happening::JournalGrew { at, .. }
            | Happening::ReplyArrives { at, .. }
            | Happening::StoreAnswers { at, .. } => Some(*at),
            // Nobody asks anything at a device that sleeps.
            Happening::Planned(Plan::LookUp { register }) => Some(*register),
            Happening::Planned(_)
            | Happening::FaultsEnd
            | Happening::CalmBegins
            | Happening::End
            | Happening::ServerUp
            | Happening::Start { .. }
            | Happening::SaleReachesDisk { .. }
            | Happening::RequestArrives(_)
            | Happening::StoreRuns { .. } => None,
        }
    }
}

/// A run.
#[derive(Debug)]
pub(super) struct World {
    pub(super) rng: Rng,
    pub(super) rates: Rates,
    pub(super) mutation: Option<Mutation>,
    pub(super) now_ms: i64,
    pub(super) server: ModelServer,
    pub(super) server_down_until_ms: i64,
    pub(super) registers: Vec<Register>,
    pub(super) shop: Shop,
    queue: BTreeMap<(i64, u64), Happening>,
    serial: u64,
    seed: u64,
    calm: bool,
    events_count: u64,
    pub(super) requests_count: u64,
    look_ups: BTreeMap<&'static str, u64>,
    /// The store server's version when it was last noted what it has of what tills ask for.
    pub(super) rows_noted_at_version: u64,
    pub(super) faults: BTreeMap<&'static str, u64>,
    /// Kill a register at this storage call, counted over the run: for the exhaustive run.
    pub(super) crash_at_store_call: Option<(u64, bool)>,
    pub(super) store_calls_count: u64,
    /// Kill the store server at this request, before or after it had its effect: likewise.
    pub(super) crash_server_at_request: Option<(u64, bool)>,
    pub(super) requests_arrived_count: u64,
    /// What happened, where somebody wants to read it.
    pub(super) trace: Option<Vec<String>>,
}

impl World {
    pub(super) fn new(scenario: Scenario, mutation: Option<Mutation>) -> World {
        let mut rng = Rng::new(scenario.seed);
        let mut server = ModelServer::new(scenario.profile, scenario.habits, mutation);
        server.schema_version = scenario.schema_version;
        let mut shop = Shop::default();
        shop.stock(&mut server.feed, &mut rng);
        let registers = (1..).take(scenario.registers_count).map(Register::new).collect();
        let mut world = World {
            rng,
            rates: scenario.rates,
            mutation,
            now_ms: BEGIN_MS,
            server,
            server_down_until_ms: 0,
            registers,
            shop,
            queue: BTreeMap::new(),
            serial: 0,
            seed: scenario.seed,
            calm: false,
            events_count: 0,
            requests_count: 0,
            look_ups: BTreeMap::new(),
            rows_noted_at_version: 0,
            faults: BTreeMap::new(),
            crash_at_store_call: None,
            store_calls_count: 0,
            crash_server_at_request: None,
            requests_arrived_count: 0,
            trace: None,
        };
        for at in 0..scenario.registers_count {
            world.after(0, Happening::Start { at });
        }
        let rots = scenario.plans.iter().any(|(_, plan)| plan.is_rot());
        for (at_ms, plan) in scenario.plans {
            world.after(at_ms, Happening::Planned(plan));
        }
        // A table that was compared before it rotted is compared again an interval later.
        let rest_after_ms = REST_AFTER_MS + if rots { COMPARED_EVERY_MS } else { 0 };
        world.after(scenario.faults_end_at_ms, Happening::FaultsEnd);
        world.after(scenario.faults_end_at_ms + rest_after_ms - CALM_MS, Happening::CalmBegins);
        world.after(scenario.faults_end_at_ms + rest_after_ms, Happening::End);
        world
    }

    pub(super) fn after(&mut self, wait_ms: i64, happening: Happening) {
        self.serial += 1;
        self.queue.insert((self.now_ms + wait_ms.max(0), self.serial), happening);
    }

    fn note(&mut self, what: &impl std::fmt::Debug) {
        let at_ms = self.now_ms - BEGIN_MS;
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{at_ms:>9} {what:?}"));
        }
    }

    pub(super) fn count_fault(&mut self, kind: &'static str) {
        *self.faults.entry(kind).or_insert(0) += 1;
    }

    pub(super) fn count_look_up(&mut self, came_to: &'static str) {
        *self.look_ups.entry(came_to).or_insert(0) += 1;
    }

    /// Runs to the end or to the first broken rule.
    pub(super) fn run(&mut self) -> Report {
        let broken = self.run_to_end().err();
        let at_ms = self.now_ms - BEGIN_MS;
        Report {
            seed: self.seed,
            registers_count: self.registers.len(),
            events_count: self.events_count,
            simulated_ms: at_ms,
            sales_count: self.registers.iter().map(|register| register.finished.len() as u64).sum(),
            requests_count: self.requests_count,
            look_ups: self.look_ups.clone(),
            faults: self.faults.clone(),
            violation: broken.map(|(rule, detail)| Violation { rule, detail, at_ms }),
        }
    }

    pub(super) fn run_to_end(&mut self) -> Result<(), Broken> {
        while let Some(((at_ms, _), happening)) = self.queue.pop_first() {
            self.now_ms = at_ms;
            self.events_count += 1;
            if self.events_count > EVENTS_MAX {
                return Err((Rule::Bounded, format!("more than {EVENTS_MAX} events")));
            }
            if matches!(happening, Happening::End) {
                return self.registers.iter().try_for_each(|one| self.check_at_rest(one));
            }
            self.happen(happening)?;
            self.note_rows();
        }
        Ok(())
    }

    fn happen(&mut self, happening: Happening) -> Result<(), Broken> {
        let asleep_for_ms =
            happening.awaited_by().map_or(0, |at| self.registers[at].asleep_until_ms - self.now_ms);
        if asleep_for_ms > 0 {
            self.after(asleep_for_ms, happening);
            return Ok(());
        }
        self.note(&happening);
        match happening {
            Happening::Planned(plan) => self.carry_out(plan),
            Happening::FaultsEnd => self.end_faults(),
            Happening::CalmBegins => {
                self.calm = true;
                Ok(())
            }
            Happening::End => Ok(()),
            Happening::ServerUp => {
                self.server.restart();
                self.registers.iter().try_for_each(|one| rules::check_custody(one, &self.server))
            }
            Happening::Start { at } => self.start(at),
            Happening::EndGoOffline { at } => self.tell(at, Event::GoOnline),
            Happening::Timer { at, incarnation, serial } => {
                if self.is_current(at, incarnation) && self.registers[at].timer_serial == serial {
                    let says_so = self.mutation == Some(Mutation::NetworkComesBackEverySecond);
                    return self.tell(at, if says_so { Event::BrowserOnline } else { Event::Tick });
                }
                Ok(())
            }
            Happening::JournalGrew { at, incarnation } => {
                if self.is_current(at, incarnation) {
                    return self.tell(at, Event::JournalGrew);
                }
                Ok(())
            }
            Happening::SaleReachesDisk { at, incarnation, sold_at_ms } => {
                if self.is_current(at, incarnation) {
                    self.sell(at, sold_at_ms);
                }
                Ok(())
            }
            Happening::RequestArrives(delivery) => {
                self.arrive(delivery);
                self.server.edits.take_seen().iter().try_for_each(edit_rules::check_merge)
            }
            Happening::ReplyArrives { at, incarnation, id, result } => {
                if !self.is_current(at, incarnation) {
                    return Ok(());
                }
                self.registers[at].nonces.remove(&id);
                self.registers[at].others_awaited_until_ms.remove(&id);
                let contact = self.registers[at].contacts_sent.remove(&id);
                // What nobody waits for any more tells nobody how fast the line is.
                let engine = self.registers[at].engine.as_ref();
                let contact = contact.filter(|_| engine.is_some_and(|engine| engine.awaits(id)));
                if let (Some(contact), Ok(CallReply::Contact(_))) = (contact, &result) {
                    return self.tell_of_contact(at, contact, Event::Answered { id, result });
                }
                if let Ok(CallReply::Profile(reply)) = &result {
                    self.drop_unnamed(at, &reply.profile)?;
                }
                match &result {
                    Err(CallError::NoAnswer(_)) => {}
                    Ok(CallReply::Contact(reply)) if reply.server_time_ms == 0 => {}
                    Ok(_) | Err(CallError::Refused(_) | CallError::Busy { .. }) => {
                        self.registers[at].last_genuine_ms = self.now_ms;
                    }
                }
                self.tell(at, Event::Answered { id, result })
            }
            Happening::StoreRuns { at, incarnation, id, call, fate } => {
                self.run_store_call(at, incarnation, id, call, fate)
            }
            Happening::StoreAnswers { at, incarnation, id, result } => {
                if !self.is_current(at, incarnation) {
                    return Ok(());
                }
                if matches!(result, Ok(StoreReply::State(_))) {
                    self.registers[at].loaded = true;
                    self.registers[at].last_genuine_ms = self.now_ms;
                }
                let told = self.tell(at, Event::Stored { id, result });
                version_rules::note_heard(&mut self.registers[at]);
                told
            }
        }
    }

    /// Hands in a contact's answer, and notes how long it took.
    fn tell_of_contact(&mut self, at: usize, contact: SentContact, event: Event) -> Result<(), Broken> {
        let sent_ms = contact.at_ms;
        let is_genuine = matches!(
            &event,
            Event::Answered { result: Ok(CallReply::Contact(reply)), .. } if reply.server_time_ms != 0
        );
        if is_genuine {
            self.registers[at].last_genuine_ms = self.now_ms;
        }
        slow_rules::note_latency(&mut self.registers[at], contact, self.now_ms, is_genuine);
        if !slow_rules::is_in_contact(&self.registers[at]) {
            // An attempt's answer does not count as one of those while it is online.
            self.registers[at].slow_since_ms = None;
        }
        let slow_run_since_ms = self.registers[at].slow_run_since_ms;
        let was_slow = slow_rules::is_offline_for_slowness(&self.registers[at]);
        let now_ms = self.now_ms;
        let was_fast =
            self.registers[at].latencies_ms.iter().rev().nth(1).is_some_and(|&before_ms| before_ms < 500);
        if self.mutation == Some(Mutation::LatencyUnmeasured)
            || (self.mutation == Some(Mutation::OneFastProbeIsEnough) && was_slow && was_fast)
        {
            self.now_ms = sent_ms;
        }
        let told = self.tell(at, event);
        self.now_ms = now_ms;
        told?;
        slow_rules::check_departure(&self.registers[at], was_slow, slow_run_since_ms, sent_ms, now_ms)?;
        slow_rules::check_return(&self.registers[at], was_slow, now_ms)
    }

    fn is_current(&self, at: usize, incarnation: u32) -> bool {
        self.registers[at].incarnation == incarnation && self.registers[at].engine.is_some()
    }

    /// Hands an event to an engine and carries out what it wants.
    pub(super) fn tell(&mut self, at: usize, event: Event) -> Result<(), Broken> {
        let local_ms = self.now_ms + self.registers[at].clock_offset_ms;
        let Some(engine) = &mut self.registers[at].engine else { return Ok(()) };
        let is_wish = !matches!(
            event,
            Event::Tick
                | Event::Answered { .. }
                | Event::Stored { .. }
                | Event::JournalGrew
                | Event::LookUp { .. }
                | Event::StorageMeasured { .. }
        );
        engine.handle(event, local_ms);
        slow_rules::note_told(&mut self.registers[at], self.now_ms);
        if std::mem::take(&mut self.registers[at].clock_is_unseen) {
            // By a clock that was set, a wait that had begun begins anew, and only here: it may have been set in a sleep.
            self.registers[at].last_genuine_ms = self.now_ms;
        }
        let Some(engine) = &mut self.registers[at].engine else { return Ok(()) };
        let mut effects = Vec::new();
        while let Some(effect) = engine.poll_effect() {
            effects.push(effect);
            if effects.len() > EFFECTS_MAX {
                return Err((Rule::Bounded, format!("more than {EFFECTS_MAX} effects of one event")));
            }
        }
        let status = engine.status();
        let mode = status.mode;
        // Who was told that it is unknown says so, and asks again an interval later.
        let told_off_ms =
            if status.deactivated { i64::from(status.reconnect_interval_min) * 66_000 } else { 0 };
        let deadline_ms = engine.next_deadline_ms();
        self.registers[at].page_sees(status.looked_for_profile_at_ms, local_ms);
        pace_rules::note_version(&mut self.registers[at], &status);
        self.check_honest(at, mode, told_off_ms + pace_rules::asks_every_ms(&status, &self.server))?;
        rules::check_differing(&self.registers[at])?;
        version_rules::check_settings(at, &status, &self.server)?;
        if is_wish || !matches!(mode, Mode::Online | Mode::Waiting { .. }) {
            // An outage begins anew, and who wants the store server now wants a slow one, too.
            self.registers[at].slow_since_ms = None;
        }
        if !matches!(mode, Mode::Online | Mode::Waiting { .. }) {
            self.registers[at].slow_run_since_ms = None;
        }
        slow_rules::check_mode(&self.registers[at], mode, self.now_ms)?;
        for effect in effects {
            if !self.rates_kill(at)? {
                return Ok(());
            }
            self.carry_out_effect(at, effect, mode)?;
        }
        look_up_rules::check_waiting(&mut self.registers[at], mode, self.now_ms)?;
        self.set_timer(at, deadline_ms.map(|deadline_ms| deadline_ms - local_ms));
        Ok(())
    }

    /// Whether the register lives on.
    fn rates_kill(&mut self, at: usize) -> Result<bool, Broken> {
        if self.rng.chance(self.rates.kill_at_effect) {
            let for_ms = self.rng.between(10, 5_000);
            self.kill(at, for_ms)?;
        }
        Ok(self.registers[at].engine.is_some())
    }

    pub(super) fn carry_out_effect(&mut self, at: usize, effect: Effect, mode: Mode) -> Result<(), Broken> {
        self.note(&effect);
        match effect {
            Effect::Request { id, call, timeout_ms } => {
                self.requests_count += 1;
                rules::check_request(mode, &call)?;
                match &call {
                    Call::Contact(request) => {
                        version_rules::check_told(&self.registers[at], request)?;
                        self.registers[at].contacts_at_rest += i64::from(self.calm);
                    }
                    Call::Upload(request) => {
                        let count = request.entries.len();
                        pace_rules::check_upload(&mut self.registers[at], count, &self.server)?;
                    }
                    Call::Profile | Call::Manifest(_) | Call::Page(_) | Call::Pull(_) | Call::LookUp(_) => {}
                }
                // Now and then somebody looks whether there is a newer snapshot to fold deltas into.
                if self.calm && !matches!(call, Call::Contact(_) | Call::Manifest(_)) {
                    self.registers[at].requests_at_rest += 1;
                }
                self.send(at, id, call, timeout_ms);
                Ok(())
            }
            Effect::Store { id, call } => self.begin_store_call(at, id, call),
            Effect::StatusChanged => {
                // The first one comes once the databases are read.
                if let Some(status) = self.registers[at].engine.as_ref().map(crate::Engine::status) {
                    look_up_rules::note_read(&mut self.registers[at], &status, self.now_ms);
                }
                Ok(())
            }
            Effect::TablesChanged(_) => Ok(()),
            Effect::LookedUp { asked, result } => self.tell_till(at, asked, &result, mode),
        }
    }

    fn set_timer(&mut self, at: usize, wait_ms: Option<i64>) {
        let register = &mut self.registers[at];
        register.timer_serial += 1;
        let (incarnation, serial) = (register.incarnation, register.timer_serial);
        let Some(mut wait_ms) = wait_ms else { return };
        if self.mutation == Some(Mutation::NetworkComesBackEverySecond) {
            wait_ms = wait_ms.min(1_000);
        }
        if self.mutation != Some(Mutation::DeadlinesForgotten) {
            let late_ms = self.rng.between(0, TIMER_LATE_MS_MAX);
            self.after(wait_ms + late_ms, Happening::Timer { at, incarnation, serial });
        }
    }

    fn check_honest(&self, at: usize, mode: Mode, unasked_ms: i64) -> Result<(), Broken> {
        let register = &self.registers[at];
        let silent_ms = self.now_ms - register.last_genuine_ms;
        let timeout_ms = i64::from(self.server.profile.1.device.offline_timeout_s.max(10)) * 1_000;
        let limit_ms = timeout_ms + HONEST_SLACK_MS + unasked_ms + register.slept_ms(self.now_ms);
        if register.loaded && mode == Mode::Online && silent_ms > limit_ms {
            let detail = format!("register {} is online after {silent_ms} ms of silence", register.number);
            return Err((Rule::HonestMode, detail));
        }
        Ok(())
    }

    fn check_at_rest(&self, register: &Register) -> Result<(), Broken> {
        rules::check_at_rest(register, &self.server)?;
        look_up_rules::check_none_is_overdue(register, self.now_ms)?;
        // Where somebody is killed at a certain step, that may be one of these.
        if self.crash_at_store_call.is_some() || self.crash_server_at_request.is_some() {
            return Ok(());
        }
        pace_rules::check_at_rest(register, &self.server.profile.1, CALM_MS)
    }

    /// How an answer of the server fares; also what a captive portal would say.
    pub(super) fn reply_fate(&mut self) -> ReplyFate {
        if self.rng.chance(self.rates.reply_lost) {
            self.count_fault("reply lost");
            return ReplyFate::Lost;
        }
        ReplyFate::Arrives { wait_ms: self.latency_ms() }
    }

    pub(super) fn latency_ms(&mut self) -> i64 {
        if self.rng.chance(self.rates.slow) {
            self.count_fault("slow");
            return self.rng.between(300, 8_000);
        }
        self.rng.between(2, 60)
    }
}
