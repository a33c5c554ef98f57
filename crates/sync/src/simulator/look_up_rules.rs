//! What must hold of look-ups: each that was asked of a worker that lives on is answered once and in time, at once where
//! the register is offline, and by what the store server has or had of that row since it was asked. Told plainly, without
//! the engine that decides.
//!
//! How late an answer may be: the worker tells at the instant at which its wait is over, so a look-up waits for the offline
//! timeout of the profile that was in force when it was asked, at most half a minute. What may come to that:
//! - the driver's timer comes a little late ([`TIMER_LATE_MS_MAX`]);
//! - a device that sleeps tells when it wakes, at once;
//! - a clock that is set back begins the wait anew when the worker next looks at it;
//! - a worker that has not read its databases waits for them first, no longer than the timeout that it begins with.

use holdfast_protocol::look_up::{FoundCustomer, LookUpReply};

use super::edit_rules::TABLE;
use super::model_server::{ModelServer, RowKey};
use super::register::Register;
use super::rules::{Broken, Rule};
use super::world::TIMER_LATE_MS_MAX;
use crate::Status;
use crate::connectivity::{Mode, Timeouts};
use crate::messages::LookUpFailure;

/// No look-up waits longer than this, milliseconds: a till gives up by itself soon after.
const WAIT_MS_MAX: i64 = 30_000;

/// What a till has asked and waits for.
#[derive(Debug)]
pub(super) struct Question {
    /// The customer.
    pub(super) key: String,
    asked_at_ms: i64,
    /// How long its wait is that runs now.
    wait_ms: i64,
    /// When that is over at the latest.
    until_ms: i64,
    /// Whether the clock was set since the worker last looked at it.
    begins_anew: bool,
    /// What the store server has and had of the customer since, the newest last.
    states: Vec<Option<FoundCustomer>>,
}

impl Question {
    /// One that is asked now of a register in this state.
    pub(super) fn new(key: String, status: &Status, server: &ModelServer, now_ms: i64) -> Question {
        let wait_ms = wait_ms(status, WAIT_MS_MAX);
        let states = vec![state(server, &key)];
        let until_ms = now_ms + wait_ms;
        Question { key, asked_at_ms: now_ms, wait_ms, until_ms, begins_anew: false, states }
    }

    /// Whether the engine has had it since before this event.
    pub(super) fn is_of_before(&self, now_ms: i64) -> bool {
        self.asked_at_ms < now_ms
    }
}

/// The offline timeout that the engine goes by, which is that of its version of the profile (`version_rules`).
fn wait_ms(status: &Status, longest_ms: i64) -> i64 {
    (i64::from(status.offline_timeout_s) * 1_000).min(longest_ms)
}

fn state(server: &ModelServer, key: &str) -> Option<FoundCustomer> {
    let row: RowKey = (TABLE, key.to_owned());
    let row = server.row_in(0, &row)?;
    Some(FoundCustomer { body: row.body.clone()?, version: row.version })
}

/// The store server's rows may have changed.
pub(super) fn note_rows(register: &mut Register, server: &ModelServer) {
    for question in register.questions.values_mut() {
        let state = state(server, &question.key);
        if question.states.last() != Some(&state) {
            question.states.push(state);
        }
    }
}

/// The engine has read its databases: what was asked before that is asked of the store server now.
pub(super) fn note_read(register: &mut Register, status: &Status, now_ms: i64) {
    if std::mem::replace(&mut register.has_read, true) {
        return;
    }
    for question in register.questions.values_mut() {
        question.wait_ms = wait_ms(status, WAIT_MS_MAX - Timeouts::INITIAL.offline_ms);
        question.until_ms = now_ms + question.wait_ms;
    }
}

/// The clock was set: no wait is longer than it was when it began, but it may begin anew.
pub(super) fn note_clock_set(register: &mut Register) {
    register.questions.values_mut().for_each(|question| question.begins_anew = true);
}

/// The worker answers a look-up.
pub(super) fn check_answer(
    register: &mut Register,
    asked: u32,
    result: &Result<LookUpReply, LookUpFailure>,
    now_ms: i64,
) -> Result<(), Broken> {
    let number = register.number;
    let Some(question) = register.questions.remove(&asked) else {
        let detail = format!("register {number} answers {asked}, which nobody asks or has been answered");
        return Err((Rule::LookUpAnsweredOnce, detail));
    };
    let latest_ms = question.until_ms.max(register.asleep_until_ms) + TIMER_LATE_MS_MAX;
    if now_ms > latest_ms {
        let late_ms = now_ms - latest_ms;
        let detail = format!("register {number} answers {asked} {late_ms} ms late: {question:?}");
        return Err((Rule::LookUpAnsweredOnce, detail));
    }
    let Ok(reply) = result else { return Ok(()) };
    let found = reply.customers.first().cloned();
    if reply.customers.len() <= 1 && reply.products.is_empty() && question.states.contains(&found) {
        return Ok(());
    }
    let detail = format!("register {number} answers {asked} by {reply:?}: {question:?}");
    Err((Rule::LookUpIsTrue, detail))
}

/// After whatever the worker has done: nobody waits for longer than that, and nobody at all while it is offline.
pub(super) fn check_waiting(register: &mut Register, mode: Mode, now_ms: i64) -> Result<(), Broken> {
    for question in register.questions.values_mut().filter(|question| question.begins_anew) {
        question.begins_anew = false;
        question.until_ms = now_ms + question.wait_ms;
    }
    let is_offline = matches!(mode, Mode::Offline { .. } | Mode::Reconnecting { .. });
    // Before it has read its databases it knows no mode.
    let none_may = is_offline && register.has_read;
    let forgotten = register.questions.iter().find(|(_, one)| none_may || one.until_ms <= now_ms);
    let Some((asked, question)) = forgotten else { return Ok(()) };
    let detail = format!("register {} leaves {asked} without an answer: {question:?}", register.number);
    Err((Rule::LookUpAnsweredOnce, detail))
}

/// At the end of a run and of a worker.
pub(super) fn check_none_is_overdue(register: &Register, now_ms: i64) -> Result<(), Broken> {
    let latest_ms = |question: &Question| question.until_ms.max(register.asleep_until_ms) + TIMER_LATE_MS_MAX;
    match register.questions.iter().find(|(_, question)| now_ms > latest_ms(question)) {
        None => Ok(()),
        Some((asked, question)) => {
            let detail = format!("register {} never answered {asked}: {question:?}", register.number);
            Err((Rule::LookUpAnsweredOnce, detail))
        }
    }
}
