//! Waiting longer after each failure; the wait is a state with its own deadline.

use super::wait::{self, Wait};

/// First wait, milliseconds.
const FIRST_MS: i64 = 1_000;
/// Longest wait, milliseconds: once the faults end, work goes on within this.
const LONGEST_MS: i64 = 60_000;

/// Part of a wait by which it may be longer: registers that failed together do not try again together.
const SPREAD_DIVISOR: i64 = 4;

/// How often something failed in a row and when it may be tried again.
#[derive(Debug, Clone, Default)]
pub(super) struct BackOff {
    failures: u32,
    wait: Option<Wait>,
    /// Where this register is in the spread, 0–999 thousandths.
    spread_thousandths: i64,
}

impl BackOff {
    /// One for a register that is somewhere in the spread, 0–999 thousandths.
    pub(super) fn spread(spread_thousandths: i64) -> BackOff {
        BackOff { spread_thousandths, ..BackOff::default() }
    }

    /// It failed: 1 s, 2 s, 4 s, ... 60 s, the shorter ones with up to a quarter more.
    pub(super) fn failed(&mut self, now_ms: i64) {
        let wait_ms = FIRST_MS.saturating_mul(1 << self.failures.min(10));
        let more_ms = wait_ms / SPREAD_DIVISOR * self.spread_thousandths / 1_000;
        let wait_ms = (wait_ms + more_ms).min(LONGEST_MS);
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
        *self = BackOff::spread(self.spread_thousandths);
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

    #[test]
    fn registers_that_fail_together_wait_up_to_a_quarter_longer_each() {
        let wait_ms = |spread_thousandths, failures| {
            let mut back_off = BackOff::spread(spread_thousandths);
            (0..failures).for_each(|_| back_off.failed(0));
            back_off.deadline_ms().unwrap()
        };
        assert_eq!([0, 500, 999].map(|spread| wait_ms(spread, 4)), [8_000, 9_000, 9_998]);
        assert_eq!(wait_ms(999, 20), LONGEST_MS, "the bound is one");
        let mut back_off = BackOff::spread(400);
        back_off.failed(0);
        back_off.reset();
        back_off.failed(0);
        assert_eq!(back_off.deadline_ms(), Some(1_100), "success does not move a register in the spread");
    }
}
