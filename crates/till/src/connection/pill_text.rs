//! The words of the connection pill, from the mode and the time.

use holdfast_sync::{Mode, NextUpload, Status};
use holdfast_ui::messages::{common, till};
use holdfast_ui::{Icon, Tone, time};

/// What the pill shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// The service worker has not said anything yet.
    Starting,
    /// The store server answers, and does not know this register: it was locked, or another device has its place.
    NotActivated,
    /// As the engine says.
    Mode(Mode),
}

impl Face {
    /// Of what the engine says last; none before it has said anything.
    pub fn of(status: Option<&Status>) -> Face {
        match status {
            None => Face::Starting,
            Some(Status { mode: Mode::Online, deactivated: true, .. }) => Face::NotActivated,
            Some(status) => Face::Mode(status.mode),
        }
    }

    /// For tests and styles.
    pub fn name(self) -> &'static str {
        match self {
            Face::Starting => "starting",
            Face::NotActivated => "not-activated",
            Face::Mode(Mode::Online) => "online",
            Face::Mode(Mode::Waiting { .. }) => "waiting",
            Face::Mode(Mode::Offline { .. }) => "offline",
            Face::Mode(Mode::Reconnecting { .. }) => "reconnecting",
        }
    }

    /// The picture beside the word.
    pub fn icon(self) -> Icon {
        match self {
            Face::Starting | Face::Mode(Mode::Reconnecting { .. }) => Icon::Again,
            Face::NotActivated => Icon::Lock,
            Face::Mode(Mode::Online) => Icon::Tick,
            Face::Mode(Mode::Waiting { .. }) => Icon::Clock,
            Face::Mode(Mode::Offline { .. }) => Icon::Offline,
        }
    }

    /// The colour behind both.
    pub fn tone(self) -> Tone {
        match self {
            Face::Starting => Tone::Neutral,
            Face::NotActivated => Tone::Wait,
            Face::Mode(Mode::Online) => Tone::Ok,
            Face::Mode(Mode::Waiting { .. } | Mode::Offline { .. } | Mode::Reconnecting { .. }) => Tone::Wait,
        }
    }

    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Face::Starting => till::connection_starting(),
            Face::NotActivated => till::connection_not_activated(),
            Face::Mode(Mode::Online) => till::connection_online(),
            Face::Mode(Mode::Waiting { .. }) => till::connection_waiting(),
            Face::Mode(Mode::Offline { .. }) => till::connection_offline(),
            Face::Mode(Mode::Reconnecting { .. }) => till::connection_reconnecting(),
        }
    }

    /// Since when; only where there is room.
    pub fn since(self) -> Option<String> {
        match self {
            Face::Mode(Mode::Offline { since_ms, .. } | Mode::Reconnecting { since_ms, .. }) => {
                Some(till::connection_since(&time::clock(since_ms)))
            }
            Face::Starting | Face::NotActivated | Face::Mode(Mode::Online | Mode::Waiting { .. }) => None,
        }
    }

    /// How many sales wait.
    pub fn waiting(self, waiting: u64) -> Option<String> {
        match self {
            Face::Starting | Face::Mode(Mode::Online) if waiting == 0 => {
                (self != Face::Starting).then(|| till::connection_all_sent().to_owned())
            }
            Face::NotActivated
            | Face::Mode(Mode::Waiting { .. } | Mode::Offline { .. } | Mode::Reconnecting { .. })
                if waiting == 0 =>
            {
                None
            }
            Face::Starting | Face::NotActivated | Face::Mode(_) => Some(common::sales_waiting(waiting)),
        }
    }

    /// How many sales wait, and for what where they are kept on purpose: then nothing is stuck.
    pub fn kept_until(self, waiting: u64, schedule: Option<NextUpload>) -> Option<String> {
        let (Face::Mode(Mode::Online), Some(next)) = (self, schedule.filter(|_| waiting > 0)) else {
            return self.waiting(waiting);
        };
        match next {
            NextUpload::AtOnce => self.waiting(waiting),
            NextUpload::At { at_ms } => Some(till::connection_kept_until(waiting, &time::clock(at_ms))),
            NextUpload::AtShiftClose => Some(till::connection_kept_until_shift_close(waiting)),
            NextUpload::ByHand => Some(till::connection_kept_until_sent(waiting)),
        }
    }

    /// What the clock adds: for how long it has waited, when the next attempt is.
    pub fn clock(self, now_ms: i64) -> Option<String> {
        match self {
            Face::Starting | Face::NotActivated | Face::Mode(Mode::Online | Mode::Reconnecting { .. }) => {
                None
            }
            Face::Mode(Mode::Waiting { since_ms, .. }) => {
                let seconds = u64::try_from((now_ms - since_ms) / 1_000).unwrap_or(0);
                Some(till::connection_waiting_for(seconds.max(1)))
            }
            Face::Mode(Mode::Offline { next_attempt_at_ms: Some(at_ms), .. }) => {
                Some(till::connection_next_try(&time::countdown(at_ms - now_ms)))
            }
            Face::Mode(Mode::Offline { next_attempt_at_ms: None, .. }) => {
                Some(till::connection_by_hand().to_owned())
            }
        }
    }

    /// Whether an attempt can be asked for.
    pub fn can_try_now(self) -> bool {
        match self {
            Face::Mode(Mode::Offline { .. }) => true,
            Face::Starting
            | Face::NotActivated
            | Face::Mode(Mode::Online | Mode::Waiting { .. } | Mode::Reconnecting { .. }) => false,
        }
    }

    /// All of it, for a screen reader: said when the mode changes, not each second.
    pub fn spoken(self, waiting: u64, is_slow: bool, schedule: Option<NextUpload>) -> String {
        let why = is_slow.then(|| slow().to_owned());
        let parts = [Some(self.word().to_owned()), self.since(), why, self.kept_until(waiting, schedule)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Why the till is offline where answers were too slow.
pub fn slow() -> &'static str {
    till::connection_slow()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn online_says_that_all_is_sent_or_what_still_waits() {
        let online = Face::Mode(Mode::Online);
        assert_eq!(online.waiting(0).as_deref(), Some("all sales sent"));
        assert_eq!(online.waiting(2).as_deref(), Some("2 sales waiting"));
        assert_eq!((online.clock(0), online.can_try_now()), (None, false));
    }

    #[test]
    fn what_is_kept_on_purpose_is_said_so() {
        let online = Face::Mode(Mode::Online);
        let kept = |next| online.kept_until(3, Some(next)).unwrap_or_default();
        assert_eq!(kept(NextUpload::AtShiftClose), "3 sales kept until shift close");
        assert_eq!(kept(NextUpload::ByHand), "3 sales kept until they are sent by hand");
        assert_eq!(kept(NextUpload::AtOnce), "3 sales waiting");
        assert_eq!(online.kept_until(3, None).as_deref(), Some("3 sales waiting"), "on their way");
        assert_eq!(online.kept_until(0, Some(NextUpload::ByHand)).as_deref(), Some("all sales sent"));
        let said = online.spoken(3, false, Some(NextUpload::ByHand));
        assert_eq!(said, "Online, 3 sales kept until they are sent by hand");
    }

    #[test]
    fn waiting_counts_its_seconds() {
        let waiting = Face::Mode(Mode::Waiting { since_ms: 10_000, offline_at_ms: 15_000 });
        assert_eq!(waiting.clock(13_900).as_deref(), Some("3 s"));
        assert_eq!(waiting.clock(10_100).as_deref(), Some("1 s"));
    }

    #[test]
    fn offline_counts_down_to_the_next_attempt_unless_it_is_by_hand() {
        let offline = Face::Mode(Mode::Offline { since_ms: 0, next_attempt_at_ms: Some(60_000) });
        assert_eq!(offline.clock(18_000).as_deref(), Some("next try 0:42"));
        assert!(offline.can_try_now());
        let by_hand = Face::Mode(Mode::Offline { since_ms: 0, next_attempt_at_ms: None });
        assert_eq!(by_hand.clock(18_000).as_deref(), Some("by hand"));
    }
}
