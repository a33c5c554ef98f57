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
#[serde(tag = "kind", rename_all = "snake_case")]
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
}

impl Timeouts {
    /// Before a profile was downloaded: those of `Default pr.`.
    pub const INITIAL: Timeouts =
        Timeouts { offline_ms: 5_000, reconnect_ms: 60_000, browser_online_hint: true };
}

/// The machine. It is stored over a kill of the worker, deadlines included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Connectivity {
    #[n(0)]
    mode: Mode,
}

impl Default for Connectivity {
    fn default() -> Self {
        Connectivity { mode: Mode::Online }
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

    /// When the machine must be ticked at the latest, ms since 1970.
    pub fn deadline_ms(&self) -> Option<i64> {
        match self.mode {
            Mode::Online => None,
            Mode::Waiting { offline_at_ms, .. } => Some(offline_at_ms),
            Mode::Offline { next_attempt_at_ms, .. } => next_attempt_at_ms,
            Mode::Reconnecting { give_up_at_ms, .. } => Some(give_up_at_ms),
        }
    }

    /// An exchange succeeded.
    pub fn succeeded(&mut self) {
        match self.mode {
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
            Mode::Reconnecting { since_ms, .. } => {
                self.mode =
                    Mode::Offline { since_ms, next_attempt_at_ms: Some(now_ms + timeouts.reconnect_ms) };
            }
            Mode::Offline { .. } => {}
        }
    }

    /// Lets time pass.
    pub fn tick(&mut self, now_ms: i64, timeouts: &Timeouts) {
        self.clamp_to_clock(now_ms, timeouts);
        match self.mode {
            Mode::Online => {}
            Mode::Waiting { offline_at_ms, .. } => {
                if now_ms >= offline_at_ms {
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
                    self.mode =
                        Mode::Offline { since_ms, next_attempt_at_ms: Some(now_ms + timeouts.reconnect_ms) };
                }
            }
        }
    }

    /// A cashier wants an attempt now; also ends being offline by hand.
    pub fn try_now(&mut self, now_ms: i64, timeouts: &Timeouts) {
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
        self.mode = Mode::Offline { since_ms, next_attempt_at_ms: None };
    }

    fn attempt(&mut self, since_ms: i64, now_ms: i64, timeouts: &Timeouts) {
        self.mode = Mode::Reconnecting { since_ms, give_up_at_ms: now_ms + timeouts.offline_ms };
    }

    /// A clock that was set back must not stretch a wait, and shorter timeouts hold at once.
    fn clamp_to_clock(&mut self, now_ms: i64, timeouts: &Timeouts) {
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
                *give_up_at_ms = (*give_up_at_ms).min(now_ms + timeouts.offline_ms);
            }
        }
    }
}

#[cfg(test)]
mod tests;
