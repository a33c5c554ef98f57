//! Slows down guessing: of activation codes and of passwords.
//!
//! Counts an attempt before it is judged, so that many at once gain nothing. Kept in memory only: a restart
//! forgets, which gives a guesser no more than a few tries.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Attempts of one address that cost no wait.
const FREE_ATTEMPTS: u32 = 5;
/// The longest wait of one address.
const WAIT_S_MAX: i64 = 60;
/// Failed attempts of all addresses together in [`WINDOW_MS`].
const ATTEMPTS_IN_WINDOW_MAX: usize = 120;
const WINDOW_MS: i64 = 60_000;
/// Addresses remembered; beyond, the oldest is forgotten.
const PEERS_MAX: usize = 10_000;

/// How long to wait before the next attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Seconds, at least 1.
    pub seconds: u32,
}

/// Counts attempts by address and in all.
#[derive(Debug, Default)]
pub struct Attempts {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    peers: HashMap<IpAddr, Peer>,
    // Times of the attempts of all addresses, oldest first.
    recent_ms: VecDeque<i64>,
}

#[derive(Debug, Clone, Copy)]
struct Peer {
    failed: u32,
    next_at_ms: i64,
    last_at_ms: i64,
}

impl Attempts {
    /// Counts an attempt, as failed until [`Attempts::succeeded`] says otherwise.
    ///
    /// # Errors
    /// [`Wait`] when it comes too soon; then it must not be judged.
    pub fn begin(&self, peer: IpAddr, now_ms: i64) -> Result<(), Wait> {
        let mut state = self.lock();
        while state.recent_ms.front().is_some_and(|at| now_ms - at >= WINDOW_MS || *at > now_ms) {
            state.recent_ms.pop_front();
        }
        if state.recent_ms.len() >= ATTEMPTS_IN_WINDOW_MAX {
            let oldest = state.recent_ms.front().copied().unwrap_or(now_ms);
            return Err(wait_until(oldest + WINDOW_MS, now_ms));
        }
        if state.peers.len() >= PEERS_MAX && !state.peers.contains_key(&peer) {
            state.forget_oldest();
        }
        let known =
            state.peers.entry(peer).or_insert(Peer { failed: 0, next_at_ms: i64::MIN, last_at_ms: now_ms });
        // A clock set back must not lock anybody out for longer than the longest wait.
        if known.next_at_ms > now_ms && known.next_at_ms - now_ms <= WAIT_S_MAX * 1000 {
            return Err(wait_until(known.next_at_ms, now_ms));
        }
        known.failed = known.failed.saturating_add(1);
        known.last_at_ms = now_ms;
        let beyond_free = known.failed.saturating_sub(FREE_ATTEMPTS);
        if known.failed >= FREE_ATTEMPTS {
            let seconds = 1_i64.checked_shl(beyond_free.min(10)).unwrap_or(WAIT_S_MAX).min(WAIT_S_MAX);
            known.next_at_ms = now_ms + seconds * 1000;
        }
        state.recent_ms.push_back(now_ms);
        Ok(())
    }

    /// The attempt of this address was right.
    pub fn succeeded(&self, peer: IpAddr) {
        let mut state = self.lock();
        state.peers.remove(&peer);
        state.recent_ms.pop_back();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Counters are sound whatever panicked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn forget_oldest(&mut self) {
        let oldest = self.peers.iter().min_by_key(|(_, peer)| peer.last_at_ms).map(|(address, _)| *address);
        if let Some(oldest) = oldest {
            self.peers.remove(&oldest);
        }
    }
}

fn wait_until(at_ms: i64, now_ms: i64) -> Wait {
    let seconds = (at_ms - now_ms + 999) / 1000;
    Wait { seconds: u32::try_from(seconds.max(1)).unwrap_or(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn peer(last: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(192, 0, 2, last))
    }

    #[test]
    fn the_first_attempts_are_free_and_then_the_wait_doubles() {
        let attempts = Attempts::default();
        for _ in 0..5 {
            assert_eq!(attempts.begin(peer(1), 0), Ok(()));
        }
        assert_eq!(attempts.begin(peer(1), 0), Err(Wait { seconds: 1 }));
        assert_eq!(attempts.begin(peer(2), 0), Ok(()), "another address is not held up");
        assert_eq!(attempts.begin(peer(1), 1_000), Ok(()));
        assert_eq!(attempts.begin(peer(1), 2_000), Err(Wait { seconds: 1 }));
        assert_eq!(attempts.begin(peer(1), 3_000), Ok(()));
        assert_eq!(attempts.begin(peer(1), 3_000), Err(Wait { seconds: 4 }));
    }

    #[test]
    fn the_wait_ends_growing() {
        let attempts = Attempts::default();
        let mut now_ms = 0;
        for _ in 0..40 {
            assert_eq!(attempts.begin(peer(1), now_ms), Ok(()));
            now_ms += 60_000;
        }
        assert_eq!(attempts.begin(peer(1), now_ms - 60_000), Err(Wait { seconds: 60 }));
    }

    #[test]
    fn success_forgets_the_failures() {
        let attempts = Attempts::default();
        for _ in 0..20 {
            assert_eq!(attempts.begin(peer(1), 0), Ok(()));
            attempts.succeeded(peer(1));
        }
    }

    #[test]
    fn all_addresses_together_are_slowed_down_too() {
        let attempts = Attempts::default();
        for last in 0..120 {
            assert_eq!(attempts.begin(peer(last), 0), Ok(()));
        }
        assert_eq!(attempts.begin(peer(200), 10_000), Err(Wait { seconds: 50 }));
        assert_eq!(attempts.begin(peer(200), 60_000), Ok(()));
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let attempts = Attempts::default();
        for _ in 0..5 {
            assert_eq!(attempts.begin(peer(1), 1_000_000), Ok(()));
        }
        assert_eq!(attempts.begin(peer(1), 0), Ok(()));
    }
}
