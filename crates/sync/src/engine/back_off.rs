//! Waiting longer after each failure; the wait is a state with its own deadline.

use super::wait::{self, Wait};

/// First wait, milliseconds.
const FIRST_MS: i64 = 1_000;
/// Longest wait, milliseconds: once the faults end, work goes on within this.
const LONGEST_MS: i64 = 60_000;

/// How often something failed in a row and when it may be tried again.
#[derive(Debug, Clone, Default)]
pub(super) struct BackOff {
    failures: u32,
    wait: Option<Wait>,
}

impl BackOff {
    /// It failed: 1 s, 2 s, 4 s, ... 60 s.
    pub(super) fn failed(&mut self, now_ms: i64) {
        let wait_ms = FIRST_MS.saturating_mul(1 << self.failures.min(10)).min(LONGEST_MS);
        self.failures = self.failures.saturating_add(1);
        self.wait = Some(Wait::begin(now_ms, wait_ms));
    }

    /// It failed in a way that trying soon can't mend.
    pub(super) fn failed_for_long(&mut self, now_ms: i64) {
        self.failures = self.failures.saturating_add(1);
        self.wait = Some(Wait::begin(now_ms, LONGEST_MS));
    }

    /// It succeeded, or somebody wants it now.
    pub(super) fn reset(&mut self) {
        *self = BackOff::default();
    }

    pub(super) fn is_over(&self, now_ms: i64) -> bool {
        wait::is_over(self.wait.as_ref(), now_ms)
    }

    pub(super) fn deadline_ms(&self) -> Option<i64> {
        self.wait.as_ref().map(Wait::until_ms)
    }

    /// A clock that was set back must not stretch the wait.
    pub(super) fn clamp_to_clock(&mut self, now_ms: i64) {
        if let Some(wait) = &mut self.wait {
            wait.clamp_to_clock(now_ms);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_doubles_the_wait_up_to_a_minute() {
        let mut back_off = BackOff::default();
        let mut waits = Vec::new();
        for _ in 0..8 {
            back_off.failed(0);
            waits.push(back_off.deadline_ms().unwrap() / 1000);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        back_off.reset();
        assert!(back_off.is_over(0));
    }
}
