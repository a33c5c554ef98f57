//! Slows down guessing: of activation codes and of passwords.
//!
//! Owns the decision; the counters are in the store database, so that a guesser gains nothing by asking another server
//! process, or by a restart. An attempt is counted before it is judged, so that many at once gain nothing either.

/// Attempts of one address that cost no wait.
const FREE_ATTEMPTS: i64 = 5;
/// The longest wait of one address.
const WAIT_S_MAX: i64 = 60;
/// Failed attempts of all addresses together in [`WINDOW_MS`]. It bounds how many addresses are remembered, too.
const ATTEMPTS_IN_WINDOW_MAX: i64 = 120;
const WINDOW_MS: i64 = 60_000;
/// How long an address is remembered after its last attempt.
pub const REMEMBER_MS: i64 = 60 * 60 * 1000;

/// What is guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// An activation code.
    Activation,
    /// An administrator's password.
    Password,
}

impl Door {
    /// Its name in the store database.
    pub fn name(self) -> &'static str {
        match self {
            Door::Activation => "activation",
            Door::Password => "password",
        }
    }
}

/// How long to wait before the next attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Seconds, at least 1.
    pub seconds: u32,
}

/// What is kept of an address, or of all addresses together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Attempts that were not right, or are not judged yet.
    pub failed: i64,
    /// Of an address: when it may try again. Of all: when their window ends.
    pub until_ms: i64,
}

/// Counts an attempt, as failed until it is known to be right; gives what to keep of all addresses and of this one.
///
/// # Errors
/// [`Wait`] when it comes too soon; then it is not counted, and must not be judged.
pub fn count(all: Tally, peer: Tally, now_ms: i64) -> Result<(Tally, Tally), Wait> {
    // A clock set back must not lock anybody out for longer than the longest wait.
    let window_is_over = all.until_ms <= now_ms || all.until_ms - now_ms > WINDOW_MS;
    let mut all = if window_is_over { Tally { failed: 0, until_ms: now_ms + WINDOW_MS } } else { all };
    if all.failed >= ATTEMPTS_IN_WINDOW_MAX {
        return Err(wait_until(all.until_ms, now_ms));
    }
    if peer.until_ms > now_ms && peer.until_ms - now_ms <= WAIT_S_MAX * 1000 {
        return Err(wait_until(peer.until_ms, now_ms));
    }
    all.failed += 1;
    let mut peer = Tally { failed: peer.failed.saturating_add(1), until_ms: 0 };
    if peer.failed >= FREE_ATTEMPTS {
        let doubled = 1_i64 << (peer.failed - FREE_ATTEMPTS).min(10);
        peer.until_ms = now_ms + doubled.min(WAIT_S_MAX) * 1000;
    }
    Ok((all, peer))
}

fn wait_until(at_ms: i64, now_ms: i64) -> Wait {
    let seconds = (at_ms - now_ms + 999) / 1000;
    Wait { seconds: u32::try_from(seconds.max(1)).unwrap_or(1) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// What a store database would keep.
    #[derive(Default)]
    struct Kept {
        all: Tally,
        peers: BTreeMap<u8, Tally>,
    }

    impl Kept {
        fn begin(&mut self, peer: u8, now_ms: i64) -> Result<(), Wait> {
            let known = self.peers.get(&peer).copied().unwrap_or_default();
            let (all, known) = count(self.all, known, now_ms)?;
            self.all = all;
            self.peers.insert(peer, known);
            Ok(())
        }
    }

    #[test]
    fn the_first_attempts_are_free_and_then_the_wait_doubles() {
        let mut kept = Kept::default();
        for _ in 0..5 {
            assert_eq!(kept.begin(1, 0), Ok(()));
        }
        assert_eq!(kept.begin(1, 0), Err(Wait { seconds: 1 }));
        assert_eq!(kept.begin(2, 0), Ok(()), "another address is not held up");
        assert_eq!(kept.begin(1, 1_000), Ok(()));
        assert_eq!(kept.begin(1, 2_000), Err(Wait { seconds: 1 }));
        assert_eq!(kept.begin(1, 3_000), Ok(()));
        assert_eq!(kept.begin(1, 3_000), Err(Wait { seconds: 4 }));
    }

    #[test]
    fn the_wait_ends_growing() {
        let mut kept = Kept::default();
        let mut now_ms = 0;
        for _ in 0..40 {
            assert_eq!(kept.begin(1, now_ms), Ok(()));
            now_ms += 60_000;
        }
        assert_eq!(kept.begin(1, now_ms - 60_000), Err(Wait { seconds: 60 }));
    }

    #[test]
    fn all_addresses_together_are_slowed_down_too() {
        let mut kept = Kept::default();
        for peer in 0..120 {
            assert_eq!(kept.begin(peer, 0), Ok(()));
        }
        assert_eq!(kept.begin(200, 10_000), Err(Wait { seconds: 50 }));
        assert_eq!(kept.begin(200, 60_000), Ok(()));
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let mut kept = Kept::default();
        for _ in 0..5 {
            assert_eq!(kept.begin(1, 1_000_000), Ok(()));
        }
        assert_eq!(kept.begin(1, 0), Ok(()));
    }
}
