//! Back-off after wrong PINs, so that four digits can't be tried out at the till.

/// Wrong PINs tried in a row and when the last one was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PinAttempts {
    /// Wrong PINs since the last right one.
    pub failed: u32,
    /// When the last wrong one was tried, ms since 1970.
    pub last_failed_at_ms: i64,
}

impl PinAttempts {
    /// How long to wait before the next try, milliseconds. The first three tries are free.
    ///
    /// A clock that was set back neither shortens nor lengthens the wait beyond its step.
    pub fn wait_ms(&self, now_ms: i64) -> i64 {
        let step = self.step_ms();
        step - now_ms.saturating_sub(self.last_failed_at_ms).clamp(0, step)
    }

    /// A wrong PIN was tried.
    pub fn failed(&mut self, now_ms: i64) {
        self.failed = self.failed.saturating_add(1);
        self.last_failed_at_ms = now_ms;
    }

    /// The right PIN was tried.
    pub fn succeeded(&mut self) {
        *self = PinAttempts::default();
    }

    /// Notes the clock, so that a wait which began before the clock was set back begins anew and ends.
    pub fn observe_clock(&mut self, now_ms: i64) {
        self.last_failed_at_ms = self.last_failed_at_ms.min(now_ms);
    }

    fn step_ms(&self) -> i64 {
        match self.failed {
            0..=2 => 0,
            3 => 5_000,
            4 => 15_000,
            5 => 60_000,
            6.. => 300_000,
        }
    }
}
