//! What must hold of slowness: who gets slow answers for long says offline, and comes back only once answers are fast.
//! Told plainly, from the times at which answers came, without the machine that decides.

use super::register::{Register, SentContact};
use super::rules::{Broken, Rule};
use crate::connectivity::{Mode, SlowLimits};

/// The contact that is on its way when the time is over, and a contact's longest interval.
const SLACK_MS: i64 = 20_000;
/// A device that was told nothing for so long may have slept; a little less than that.
const SILENT_MS: i64 = 14_500;
/// So many answers in a row take at most three quarters of what is slow before a register is back.
const FAST_ANSWERS: usize = 3;
/// So long after a clock was set, a probe of before may count.
const CLOCK_SLACK_MS: i64 = 60_000;

/// By the profile in force; none where the engine may not have heard of it yet.
fn limits(register: &Register) -> Option<SlowLimits> {
    if register.version_unheard.is_some() {
        return None;
    }
    let slow =
        register.store.with_profile(|profile| profile.and_then(|(_, kept)| kept.device.slow_is_offline))?;
    let (latency_ms, for_ms) = (i64::from(slow.latency_ms), i64::from(slow.for_s) * 1_000);
    Some(SlowLimits { latency_ms, for_ms })
}

/// Who was told nothing for long may have slept: how slow answers were before says nothing of those after.
pub(super) fn note_told(register: &mut Register, now_ms: i64) {
    if now_ms - register.told_at_ms >= SILENT_MS {
        register.slow_since_ms = None;
    }
    register.told_at_ms = now_ms;
}

/// A contact was answered; what a captive portal says is nothing by which anybody goes offline.
pub(super) fn note_latency(register: &mut Register, contact: SentContact, now_ms: i64, is_genuine: bool) {
    let sent_ms = contact.at_ms;
    let latency_ms = now_ms - sent_ms;
    register.latencies_ms.push(latency_ms);
    if register.version_unheard.is_some() {
        // Which limits the engine goes by is not known: it may count this answer among the slow ones, or not.
        register.slow_since_ms = None;
        if is_genuine {
            register.slow_run_since_ms.get_or_insert(sent_ms);
        }
        return;
    }
    match limits(register) {
        Some(limits) if latency_ms > limits.latency_ms => {
            if contact.is_alone {
                register.slow_since_ms.get_or_insert(sent_ms);
                register.slow_last_ms = now_ms;
            }
            if is_genuine {
                register.slow_run_since_ms.get_or_insert(sent_ms);
            }
        }
        Some(_) | None => {
            register.slow_since_ms = None;
            if is_genuine {
                register.slow_run_since_ms = None;
            }
        }
    }
}

/// Who goes offline for slowness has had nothing but slow answers for long enough, all of them since the last outage.
pub(super) fn check_departure(
    register: &Register,
    was_slow: bool,
    slow_run_since_ms: Option<i64>,
    sent_ms: i64,
    now_ms: i64,
) -> Result<(), Broken> {
    let goes = !was_slow && is_offline_for_slowness(register);
    let Some(limits) = limits(register).filter(|_| goes) else { return Ok(()) };
    let since_ms = slow_run_since_ms.unwrap_or(now_ms);
    // A clock that is set makes answers slow, or seem long ago.
    let is_by_clock = register.clock_set_at_ms >= since_ms.min(sent_ms);
    if now_ms - since_ms < limits.for_ms && !is_by_clock {
        let slow_ms = now_ms - since_ms;
        let detail = format!("register {} went offline after {slow_ms} ms of slow answers", register.number);
        return Err((Rule::SlowIsOffline, detail));
    }
    Ok(())
}

/// Whether it goes on with what the store server says.
pub(super) fn is_in_contact(register: &Register) -> bool {
    let mode = register.engine.as_ref().map(|engine| engine.status().mode);
    matches!(mode, Some(Mode::Online | Mode::Waiting { .. }))
}

pub(super) fn is_offline_for_slowness(register: &Register) -> bool {
    register.engine.as_ref().is_some_and(|engine| engine.status().is_slow)
}

/// Whoever has had nothing but slow answers for long enough is not online.
pub(super) fn check_mode(register: &Register, mode: Mode, now_ms: i64) -> Result<(), Broken> {
    let (Some(limits), Some(since_ms)) = (limits(register), register.slow_since_ms) else { return Ok(()) };
    let last_ms = register.latencies_ms.last().copied().unwrap_or(0);
    // What took long beside something else says nothing.
    let slow_ms = register.slow_last_ms - since_ms;
    if mode == Mode::Online
        && last_ms > limits.latency_ms
        && slow_ms > limits.for_ms + SLACK_MS
        && slow_ms - register.slept_ms(now_ms) > 0
    {
        let detail = format!("register {} is online after {slow_ms} ms of slow answers", register.number);
        return Err((Rule::SlowIsOffline, detail));
    }
    Ok(())
}

/// Who comes back from slowness by an answer has had several fast ones in a row, as far as they are known since the
/// worker's start.
pub(super) fn check_return(register: &Register, was_slow: bool, now_ms: i64) -> Result<(), Broken> {
    if now_ms - register.clock_set_at_ms < CLOCK_SLACK_MS {
        // It measured something else.
        return Ok(());
    }
    let Some(limits) = limits(register).filter(|_| was_slow) else { return Ok(()) };
    let is_online = register.engine.as_ref().is_some_and(|engine| engine.status().mode == Mode::Online);
    let last: Vec<i64> = register.latencies_ms.iter().rev().take(FAST_ANSWERS).copied().collect();
    if is_online && last.iter().any(|&latency_ms| latency_ms > limits.latency_ms * 3 / 4) {
        let detail = format!("register {} came back though answers took {last:?} ms", register.number);
        return Err((Rule::SlowIsOffline, detail));
    }
    Ok(())
}
