//! Look-ups in a run: what tills ask of what they do not keep, for two seeds in five, and what they hear.

use holdfast_protocol::look_up::{LookUpReply, LookUpRequest, Wanted};

use super::edit_rules::TABLE;
use super::look_up_rules::{self, Question};
use super::mutation::Mutation;
use super::rng::Rng;
use super::rules::Broken;
use super::scenario::{MINUTE_MS, Plan, Scenario};
use super::world::{Happening, World};
use crate::connectivity::Mode;
use crate::effect::{Call, Effect, Event, RequestId};
use crate::messages::LookUpFailure;

/// Two seeds in so many; the others mean what they meant before tills asked for anything. None of the seeds that were
/// found before is among these.
const SEEDS_IN: u64 = 5;
const SEEDS: [u64; 2] = [1, 4];
/// Codes a minute that a register does not know, at most: some goods are new, or never were of this shop.
const A_MINUTE_MAX: i64 = 6;
/// Of a thousand starts of a worker, so many are for a till that asks, or right before it does.
const ASKS_AT_START: u64 = 300;

/// Whether somebody asks right at a moment.
fn some_moments(rng: &mut Rng, from_ms: i64, for_ms: i64) -> Vec<i64> {
    let until_ms = from_ms + for_ms;
    let moments = [
        // Before it: what is on its way when it begins.
        from_ms - rng.between(0, 1_500),
        from_ms + rng.between(0, 1_500),
        rng.between(from_ms, until_ms),
        // A register that has slept or was killed starts with it, one that was cut off has not heard that it is over.
        until_ms + rng.between(0, 30),
        until_ms + rng.between(0, 3_000),
    ];
    moments.into_iter().filter(|_| rng.chance(400)).collect()
}

impl Scenario {
    /// Adds to what the seed means already, and takes nothing from its chance.
    pub(super) fn plan_look_ups(&mut self, is_long: bool) {
        if is_long || !SEEDS.contains(&(self.seed % SEEDS_IN)) {
            return;
        }
        let mut rng = Rng::new(self.seed ^ 0x100C_0A75_100C_0A75);
        self.rates.asks_at_start = ASKS_AT_START;
        let registers_count = self.registers_count;
        let some_register = |rng: &mut Rng| usize::try_from(rng.below(registers_count as u64)).unwrap_or(0);
        let mut asked: Vec<(i64, usize)> = Vec::new();
        for _ in 0..(self.faults_end_at_ms / MINUTE_MS) * rng.between(0, A_MINUTE_MAX) {
            asked.push((rng.between(0, self.faults_end_at_ms), some_register(&mut rng)));
        }
        for (at_ms, plan) in &self.plans {
            let Some((register, for_ms)) = absence(plan) else { continue };
            for moment_ms in some_moments(&mut rng, *at_ms, for_ms) {
                asked.push((moment_ms, register.unwrap_or_else(|| some_register(&mut rng))));
            }
        }
        for (at_ms, register) in asked {
            // Who hears that the store server is busy asks again, and some scan one thing after the other.
            let more = if rng.chance(200) { rng.between(1, 12) } else { 0 };
            let within_ms = if rng.chance(500) { 20 } else { 8_000 };
            for n in 0..=more {
                let at_ms = if n == 0 { at_ms } else { at_ms + rng.between(0, within_ms) };
                self.plans.push((at_ms.clamp(0, self.faults_end_at_ms), Plan::LookUp { register }));
            }
        }
    }
}

/// Whom something keeps from the store server or at it, and for how long; of no register it is all of them.
fn absence(plan: &Plan) -> Option<(Option<usize>, i64)> {
    match plan {
        Plan::Partition { register, for_ms }
        | Plan::Portal { register, for_ms }
        | Plan::Kill { register, for_ms }
        | Plan::Sleep { register, for_ms }
        | Plan::GoOffline { register, for_ms }
        | Plan::Lock { register, for_ms }
        | Plan::Slow { register, for_ms } => Some((Some(*register), *for_ms)),
        Plan::ServerDown { for_ms } => Some((None, *for_ms)),
        Plan::ClockJump { register, .. } | Plan::TryNow { register } => Some((Some(*register), 1_000)),
        Plan::Sale { .. }
        | Plan::Edit
        | Plan::EditCustomer { .. }
        | Plan::ShopEditsCustomer
        | Plan::CommitLate
        | Plan::Compact
        | Plan::RebuildSnapshots
        | Plan::Publish(_)
        | Plan::RaiseSchema
        | Plan::SetBack { .. }
        | Plan::PageRots { .. }
        | Plan::RowRots { .. }
        | Plan::Unsteady { .. }
        | Plan::CloseShift { .. }
        | Plan::NoRoom { .. }
        | Plan::Room { .. }
        | Plan::LookIfNobodyDoes { .. }
        | Plan::LookUp { .. }
        | Plan::DiskFull { .. }
        | Plan::SyncNow { .. }
        | Plan::Mend { .. }
        | Plan::BrowserOnline { .. } => None,
    }
}

impl World {
    /// Somebody at a till scans a customer's number that is not kept there.
    ///
    /// To a page its worker is always there: a browser starts one for a message to it, and the engine that starts with it
    /// has the question before it has read its databases. What a worker had been asked dies with it, since nothing of it
    /// is in the databases. The page can't see that; it gives up by its own deadline, later than any worker that lives may
    /// answer, and no answer of the next worker has the number of that question. So here, too, a worker that was killed
    /// owes nobody an answer ([`Register::end`](super::register::Register::end)).
    pub(super) fn till_looks_up(&mut self, at: usize) -> Result<(), Broken> {
        if self.registers[at].engine.is_none() {
            if !self.registers[at].page_is_open() {
                return Ok(());
            }
            self.start(at)?;
        }
        let Some(status) = self.registers[at].engine.as_ref().map(crate::Engine::status) else {
            return Ok(());
        };
        let key = self.some_customer();
        let register = &mut self.registers[at];
        register.last_asked += 1;
        let asked = register.last_asked;
        let question = Question::new(key.clone(), &status, &self.server, self.now_ms);
        register.questions.insert(asked, question);
        self.tell(at, Event::LookUp { asked, request: request(key) })
    }

    /// Whoever starts a worker may be about to ask.
    pub(super) fn asks_when_started(&mut self, at: usize) {
        if self.rates.asks_at_start > 0 && self.rng.chance(self.rates.asks_at_start) {
            let wait_ms = self.rng.between(0, 30);
            self.after(wait_ms, Happening::Planned(Plan::LookUp { register: at }));
        }
    }

    /// Notes what the store server has of what tills wait for, where that may have changed.
    pub(super) fn note_rows(&mut self) {
        let version = self.server.feed.version();
        if std::mem::replace(&mut self.rows_noted_at_version, version) != version {
            for register in &mut self.registers {
                look_up_rules::note_rows(register, &self.server);
            }
        }
    }

    /// A customer of the store, one who was, or nobody.
    fn some_customer(&mut self) -> String {
        let keys = self.server.feed.keys(TABLE);
        let picked = self.rng.pick(&keys).cloned();
        match picked.filter(|_| self.rng.chance(700)) {
            Some(key) => key,
            None => format!("{:06}", self.rng.below(60)),
        }
    }

    /// A worker tells its till what a look-up came to.
    pub(super) fn tell_till(
        &mut self,
        at: usize,
        asked: u32,
        result: &Result<LookUpReply, LookUpFailure>,
        mode: Mode,
    ) -> Result<(), Broken> {
        let questions = &self.registers[at].questions;
        let mut asked = asked;
        match (self.mutation, result) {
            (Some(Mutation::LookUpForgottenOffline), Err(LookUpFailure::Offline)) => {
                if questions.get(&asked).is_some_and(|question| question.is_of_before(self.now_ms)) {
                    return Ok(());
                }
            }
            (Some(Mutation::LookUpSentOffline), Err(LookUpFailure::Offline)) => {
                if let Some(question) = questions.get(&asked) {
                    let call = Call::LookUp(request(question.key.clone()));
                    let sent = Effect::Request { id: RequestId(u64::MAX), call, timeout_ms: 1_000 };
                    return self.carry_out_effect(at, sent, mode);
                }
            }
            (Some(Mutation::LookUpAnsweredTwice), Ok(_)) => self.till_hears(at, asked, result)?,
            (Some(Mutation::LookUpsMixedUp), Ok(_)) => {
                asked = questions.last_key_value().map_or(asked, |(last, _)| *last);
            }
            (_, _) => {}
        }
        self.till_hears(at, asked, result)
    }

    fn till_hears(
        &mut self,
        at: usize,
        asked: u32,
        result: &Result<LookUpReply, LookUpFailure>,
    ) -> Result<(), Broken> {
        self.count_look_up(match result {
            Ok(reply) if reply.customers.is_empty() => "not there",
            Ok(_) => "found",
            Err(LookUpFailure::Offline) => "offline",
            Err(LookUpFailure::NoAnswer) => "no answer",
            Err(LookUpFailure::Busy) => "busy",
            Err(LookUpFailure::Refused) => "refused",
        });
        look_up_rules::check_answer(&mut self.registers[at], asked, result, self.now_ms)
    }
}

fn request(text: String) -> LookUpRequest {
    LookUpRequest { wanted: Wanted::Code, text }
}
