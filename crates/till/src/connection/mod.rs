//! What the till knows of its connection: from the service worker's status and from its own journal.

pub mod pill;
pub mod pill_text;

use holdfast_sync::{Mode, Status};
use leptos::prelude::*;

/// The connection as the screens show it. Decides nothing: going offline and coming back is the engine's.
#[derive(Debug, Clone, Copy)]
pub struct Connection {
    /// The service worker's last word; `None` until it has said one.
    pub status: RwSignal<Option<Status>>,
    /// Entries of the journal that the store server has not settled, counted in the journal itself: the
    /// worker's number lags behind a sale that was just finished.
    pub waiting: RwSignal<u64>,
    /// Entries that it rejected.
    pub rejected: RwSignal<u64>,
}

impl Connection {
    /// Nothing known yet.
    pub fn new() -> Connection {
        Connection { status: RwSignal::new(None), waiting: RwSignal::new(0), rejected: RwSignal::new(0) }
    }

    /// Where the register stands.
    pub fn mode(&self) -> Option<Mode> {
        self.status.with(|status| status.as_ref().map(|status| status.mode))
    }

    /// Whether nothing is sent but attempts: then a limit for offline payments holds.
    pub fn is_offline(&self) -> bool {
        is_offline(self.mode())
    }

    /// The same, looked at once.
    pub fn is_offline_now(&self) -> bool {
        is_offline(self.status.with_untracked(|status| status.as_ref().map(|status| status.mode)))
    }

    /// Whether somebody keeps the register offline by hand.
    pub fn is_offline_by_hand(&self) -> bool {
        match self.mode() {
            Some(Mode::Offline { next_attempt_at_ms, .. }) => next_attempt_at_ms.is_none(),
            Some(Mode::Online | Mode::Waiting { .. } | Mode::Reconnecting { .. }) | None => false,
        }
    }
}

fn is_offline(mode: Option<Mode>) -> bool {
    match mode {
        Some(Mode::Offline { .. } | Mode::Reconnecting { .. }) => true,
        Some(Mode::Online | Mode::Waiting { .. }) | None => false,
    }
}

impl Default for Connection {
    fn default() -> Self {
        Connection::new()
    }
}
