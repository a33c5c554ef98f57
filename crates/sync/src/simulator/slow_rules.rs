//! What must hold of slowness: who gets slow answers for long says offline, and comes back only once answers are fast.
//! Told plainly, from the times at which answers came, without the machine that decides.

use super::register::Register;
use super::rules::{Broken, Rule};
use crate::connectivity::{FAST_PROBES, Mode, SlowLimits};

/// The contact that is on its way when the time is over, and a contact's longest interval.
const SLACK_MS: i64 = 20_000;

fn limits(register: &Register) -> Option<SlowLimits> {
    let slow = register.store.state().profile?.1.device.slow_is_offline?;
    let (latency_ms, for_ms) = (i64::from(slow.latency_ms), i64::from(slow.for_s) * 1_000);
    Some(SlowLimits { latency_ms, for_ms })
}

/// A contact was answered; what a captive portal says is nothing by which anybody goes offline.
pub(super) fn note_latency(register: &mut Register, sent_ms: i64, now_ms: i64, is_genuine: bool) {
    let latency_ms = now_ms - sent_ms;
    register.latencies_ms.push(latency_ms);
    match limits(register) {
        Some(limits) if latency_ms > limits.latency_ms => {
            register.slow_since_ms.get_or_insert(sent_ms);
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

pub(super) fn is_offline_for_slowness(register: &Register) -> bool {
    register.engine.as_ref().is_some_and(|engine| engine.status().is_slow)
}

/// Whoever has had nothing but slow answers for long enough is not online.
pub(super) fn check_mode(register: &Register, mode: Mode, now_ms: i64) -> Result<(), Broken> {
    let (Some(limits), Some(since_ms)) = (limits(register), register.slow_since_ms) else { return Ok(()) };
    let last_ms = register.latencies_ms.last().copied().unwrap_or(0);
    let slow_ms = now_ms - since_ms;
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

/// Who comes back from slowness by an answer has had several fast ones.
pub(super) fn check_return(register: &Register, was_slow: bool) -> Result<(), Broken> {
    let Some(limits) = limits(register).filter(|_| was_slow) else { return Ok(()) };
    let is_online = register.engine.as_ref().is_some_and(|engine| engine.status().mode == Mode::Online);
    let last: Vec<i64> = register.latencies_ms.iter().rev().take(FAST_PROBES.into()).copied().collect();
    if is_online && last.iter().any(|&latency_ms| latency_ms > limits.latency_ms) {
        let detail = format!("register {} came back though answers took {last:?} ms", register.number);
        return Err((Rule::SlowIsOffline, detail));
    }
    Ok(())
}
