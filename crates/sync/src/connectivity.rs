//! The connectivity machine (DESIGN section 4): online, waiting, offline, reconnecting.
//!
//! `Online → (no exchange has succeeded for the offline timeout since the first failed or
//! unanswered one) → Offline → (every reconnect attempt interval) → Reconnecting → Online`.
//! Pure: time comes in as milliseconds, and every state that waits holds the time at which it ends, so
//! a retry is a state and never a timer that may fire where nobody listens.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// An exchange that has had no answer for this long counts as unanswered from its start, milliseconds.
pub const UNANSWERED_AFTER_MS: i64 = 1_000;

/// Where the register stands towards the store server. Times are ms since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The last exchange succeeded.
    #[n(0)]
    Online,
    /// An exchange failed; until the offline timeout is over it may only be a hiccup.
    #[n(1)]
    Waiting {
        /// Start of the first failed or unanswered exchange.
        #[n(0)]
        since_ms: i64,
        /// When the register goes offline.
        #[n(1)]
        offline_at_ms: i64,
    },
    /// Nothing is sent.
    #[n(2)]
    Offline {
        /// Since when.
        #[n(0)]
        since_ms: i64,
        /// When the next attempt is due; `None` while a cashier keeps the register offline by hand.
        #[n(1)]
        next_attempt_at_ms: Option<i64>,
    },
    /// One exchange tries whether the store server is back.
    #[n(3)]
    Reconnecting {
        /// Since when the register has been offline.
        #[n(0)]
        since_ms: i64,
        /// When the attempt counts as failed.
        #[n(1)]
        give_up_at_ms: i64,
    },
}

/// The machine's settings, from the profile's device configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Offline timeout, milliseconds.
    pub offline_ms: i64,
    /// Reconnect attempt interval, milliseconds.
    pub reconnect_ms: i64,
    /// Whether the browser's "online" event may bring an attempt forward.
    pub browser_online_hint: bool,
    /// When slow counts as offline; `None` is never.
    pub slow: Option<SlowLimits>,
}

/// When slow counts as offline, from the profile's device configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlowLimits {
    /// Answers that take longer than this are slow, milliseconds.
    pub latency_ms: i64,
    /// How long all answers must be slow, milliseconds.
    pub for_ms: i64,
}

impl SlowLimits {
    /// Below this a probe is fast: well below what is slow, so that a register does not go back and forth.
    fn fast_ms(&self) -> i64 {
        self.latency_ms / 4 * 3
    }
}

/// How many probes in a row must be fast until a register that is offline for slowness comes back.
pub const FAST_PROBES: u8 = 3;
/// Between two such probes, milliseconds.
pub const PROBE_EVERY_MS: i64 = 2_000;

/// What the machine knows of how slow answers are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct Slowness {
    /// Since when all answers have been slow, ms since 1970.
    #[n(0)]
    since_ms: Option<i64>,
    /// Whether the register is offline for it.
    #[n(1)]
    #[cbor(default)]
    is_offline: bool,
    /// Probes that have been fast in a row.
    #[n(2)]
    #[cbor(default)]
    fast_probes: u8,
    /// When the next probe is due.
    #[n(3)]
    probe_at_ms: Option<i64>,
}

impl Timeouts {
    /// Before a profile was downloaded: those of `Default pr.`.
    pub const INITIAL: Timeouts =
        Timeouts { offline_ms: 5_000, reconnect_ms: 60_000, browser_online_hint: true, slow: None };
}

/// The machine. It is stored over a kill of the worker, deadlines included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Connectivity {
    #[n(0)]
    mode: Mode,
    /// Machines of before had none.
    #[n(1)]
    slowness: Option<Slowness>,
}

impl Default for Connectivity {
    fn default() -> Self {
        Connectivity { mode: Mode::Online, slowness: None }
    }
}

impl Connectivity {
    /// Where the register stands.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether anything may be sent now. Offline, nothing is sent but the attempts.
    pub fn may_send(&self) -> bool {
        match self.mode {
            Mode::Online | Mode::Waiting { .. } | Mode::Reconnecting { .. } => true,
            Mode::Offline { .. } => false,
        }
    }

    /// Whether the register is offline, or on its way back, because answers were slow.
    pub fn is_offline_for_slowness(&self) -> bool {
        let is_offline = match self.mode {
            Mode::Online | Mode::Waiting { .. } => false,
            Mode::Offline { .. } | Mode::Reconnecting { .. } => true,
        };
        is_offline && self.slowness.is_some_and(|slowness| slowness.is_offline)
    }

    /// Whether the last live answer was slow, so that it is of interest how the next one is.
    pub fn is_getting_slow(&self) -> bool {
        self.slowness.is_some_and(|slowness| slowness.since_ms.is_some())
    }

    /// What answers there were is too long ago: they do not count towards offline any more.
    pub fn forget_slow_answers(&mut self) {
        self.slowness = self.slowness.filter(|slowness| slowness.is_offline);
    }

    /// When the next probe of an attempt is due, ms since 1970; none where none is wanted.
    pub fn probe_at_ms(&self) -> Option<i64> {
        match self.mode {
            Mode::Reconnecting { .. } => self.slowness.and_then(|slowness| slowness.probe_at_ms),
            Mode::Online | Mode::Waiting { .. } | Mode::Offline { .. } => None,
        }
    }

    /// The probe that was due is on its way.
    pub fn probe_sent(&mut self) {
        if let Some(slowness) = &mut self.slowness {
            slowness.probe_at_ms = None;
        }
    }

    /// The same of an exchange that had the line not for itself: that it was fast says something, that it was slow does
    /// not. An attempt is judged all the same, since nothing but it is sent by the engine.
    pub fn answered_beside_others(&mut self, started_at_ms: i64, now_ms: i64, timeouts: &Timeouts) {
        let is_slow = timeouts.slow.is_some_and(|limits| now_ms - started_at_ms > limits.latency_ms);
        match self.mode {
            Mode::Online | Mode::Waiting { .. } if is_slow => self.succeeded(),
            Mode::Online | Mode::Waiting { .. } | Mode::Offline { .. } | Mode::Reconnecting { .. } => {
                self.answered(started_at_ms, now_ms, timeouts);
            }
        }
    }

    /// A live exchange that began at `started_at_ms` was answered.
    pub fn answered(&mut self, started_at_ms: i64, now_ms: i64, timeouts: &Timeouts) {
        let Some(limits) = timeouts.slow else {
            self.slowness = None;
            return self.succeeded();
        };
        let latency_ms = now_ms - started_at_ms;
        let mut slowness = self.slowness.unwrap_or_default();
        match self.mode {
            Mode::Online | Mode::Waiting { .. } => {
                self.mode = Mode::Online;
                if latency_ms <= limits.latency_ms {
                    self.slowness = None;
                    return;
                }
                let since_ms = *slowness.since_ms.get_or_insert(started_at_ms.min(now_ms));
                if now_ms - since_ms >= limits.for_ms {
                    slowness = Slowness { is_offline: true, ..Slowness::default() };
                    self.mode = Mode::Offline {
                        since_ms: now_ms,
                        next_attempt_at_ms: Some(now_ms + timeouts.reconnect_ms),
                    };
                }
            }
            Mode::Reconnecting { .. } if !slowness.is_offline => {
                self.slowness = None;
                self.mode = Mode::Online;
                return;
            }
            Mode::Reconnecting { since_ms, .. } => {
                if latency_ms > limits.fast_ms() {
                    slowness.fast_probes = 0;
                    self.mode =
                        Mode::Offline { since_ms, next_attempt_at_ms: Some(now_ms + timeouts.reconnect_ms) };
                } else if slowness.fast_probes + 1 < FAST_PROBES {
                    slowness.fast_probes += 1;
                    slowness.probe_at_ms = Some(now_ms + PROBE_EVERY_MS);
                    // The next probe has as much time as the first.
                    let give_up_at_ms = now_ms + PROBE_EVERY_MS + timeouts.offline_ms;
                    self.mode = Mode::Reconnecting { since_ms, give_up_at_ms };
                } else {
                    self.slowness = None;
                    self.mode = Mode::Online;
                    return;
                }
            }
            // An answer to something sent before changes nothing.
            Mode::Offline { .. } => return,
        }
        self.slowness = Some(slowness);
    }

    /// When the machine must be ticked at the latest, ms since 1970.
    pub fn deadline_ms(&self) -> Option<i64> {
        match self.mode {
            Mode::Online => None,
            Mode::Waiting { offline_at_ms, .. } => Some(offline_at_ms),
            Mode::Offline { next_attempt_at_ms, .. } => next_attempt_at_ms,
            Mode::Reconnecting { give_up_at_ms, .. } => Some(give_up_at_ms),
        }
    }

    /// An exchange succeeded, one of which it does not matter how long it took.
    pub fn succeeded(&mut self) {
        match self.mode {
            // Fast enough is what probes say.
            Mode::Reconnecting { .. } if self.is_offline_for_slowness() => {}
            Mode::Online | Mode::Waiting { .. } | Mode::Reconnecting { .. } => self.mode = Mode::Online,
            // An answer to something sent before a cashier went offline by hand changes nothing.
            Mode::Offline { .. } => {}
        }
    }

    /// An exchange that began at `started_at_ms` failed, or has not been answered for [`UNANSWERED_AFTER_MS`].
    pub fn failed(&mut self, started_at_ms: i64, now_ms: i64, timeouts: &Timeouts) {
        match self.mode {
            Mode::Online => {
                let since_ms = started_at_ms.min(now_ms);
                self.mode = Mode::Waiting { since_ms, offline_at_ms: since_ms + timeouts.offline_ms };
                self.tick(now_ms, timeouts);
            }
            Mode::Waiting { .. } => self.tick(now_ms, timeouts),
            Mode::Reconnecting { since_ms, .. } => self.give_up(since_ms, now_ms, timeouts),
            Mode::Offline { .. } => {}
        }
    }

    /// An attempt was in vain: this is an outage like any other.
    fn give_up(&mut self, since_ms: i64, now_ms: i64, timeouts: &Timeouts) {
        self.slowness = None;
        self.mode = Mode::Offline { since_ms, next_attempt_at_ms: Some(now_ms + timeouts.reconnect_ms) };
    }

    /// Lets time pass.
    pub fn tick(&mut self, now_ms: i64, timeouts: &Timeouts) {
        if timeouts.slow.is_none() {
            // The profile no longer minds.
            self.slowness = None;
        }
        self.clamp_to_clock(now_ms, timeouts);
        match self.mode {
            Mode::Online => {}
            Mode::Waiting { offline_at_ms, .. } => {
                if now_ms >= offline_at_ms {
                    // After an outage it is counted anew for how long answers have been slow.
                    self.slowness = None;
                    self.mode = Mode::Offline {
                        since_ms: now_ms,
                        next_attempt_at_ms: Some(now_ms + timeouts.reconnect_ms),
                    };
                }
            }
            Mode::Offline { since_ms, next_attempt_at_ms } => {
                if next_attempt_at_ms.is_some_and(|at_ms| now_ms >= at_ms) {
                    self.attempt(since_ms, now_ms, timeouts);
                }
            }
            Mode::Reconnecting { since_ms, give_up_at_ms } => {
                if now_ms >= give_up_at_ms {
                    self.give_up(since_ms, now_ms, timeouts);
                }
            }
        }
    }

    /// A cashier wants an attempt now; also ends being offline by hand.
    pub fn try_now(&mut self, now_ms: i64, timeouts: &Timeouts) {
        // Whoever wants it now wants a slow store server rather than none.
        self.slowness = None;
        if let Mode::Offline { since_ms, .. } = self.mode {
            self.attempt(since_ms, now_ms, timeouts);
        }
    }

    /// The browser believes that a network came back. Never more than a hint, and none where a cashier
    /// keeps the register offline by hand.
    pub fn browser_online(&mut self, now_ms: i64, timeouts: &Timeouts) {
        if let Mode::Offline { since_ms, next_attempt_at_ms: Some(_) } = self.mode
            && timeouts.browser_online_hint
        {
            self.attempt(since_ms, now_ms, timeouts);
        }
    }

    /// A cashier takes the register offline by hand.
    pub fn go_offline(&mut self, now_ms: i64) {
        let since_ms = match self.mode {
            Mode::Online => now_ms,
            Mode::Waiting { since_ms, .. }
            | Mode::Offline { since_ms, .. }
            | Mode::Reconnecting { since_ms, .. } => since_ms,
        };
        self.slowness = None;
        self.mode = Mode::Offline { since_ms, next_attempt_at_ms: None };
    }

    fn attempt(&mut self, since_ms: i64, now_ms: i64, timeouts: &Timeouts) {
        self.mode = Mode::Reconnecting { since_ms, give_up_at_ms: now_ms + timeouts.offline_ms };
    }

    /// A clock that was set back must not stretch a wait, and shorter timeouts hold at once.
    fn clamp_to_clock(&mut self, now_ms: i64, timeouts: &Timeouts) {
        let mut attempt_ms = timeouts.offline_ms;
        if let Some(slowness) = &mut self.slowness {
            if slowness.fast_probes > 0 {
                attempt_ms += PROBE_EVERY_MS;
            }
            slowness.since_ms = slowness.since_ms.map(|at_ms| at_ms.min(now_ms));
            slowness.probe_at_ms = slowness.probe_at_ms.map(|at_ms| at_ms.min(now_ms + PROBE_EVERY_MS));
        }
        match &mut self.mode {
            Mode::Online => {}
            Mode::Waiting { since_ms, offline_at_ms } => {
                *since_ms = (*since_ms).min(now_ms);
                *offline_at_ms = (*offline_at_ms).min(now_ms + timeouts.offline_ms);
            }
            Mode::Offline { since_ms, next_attempt_at_ms } => {
                *since_ms = (*since_ms).min(now_ms);
                if let Some(at_ms) = next_attempt_at_ms {
                    *at_ms = (*at_ms).min(now_ms + timeouts.reconnect_ms);
                }
            }
            Mode::Reconnecting { since_ms, give_up_at_ms } => {
                *since_ms = (*since_ms).min(now_ms);
                *give_up_at_ms = (*give_up_at_ms).min(now_ms + attempt_ms);
            }
        }
    }
}

#[cfg(test)]
mod tests;
