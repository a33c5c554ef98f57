//! The clock that an engine is given: the real one, or one that runs faster so that a reconnect attempt
//! interval of a minute does not take one.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A clock that started at the real time and runs `speed_up` times as fast. The engine's rules are the same
/// at any speed; only the waiting is shorter.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    started: Instant,
    started_at_ms: i64,
    speed_up: u32,
}

impl Clock {
    /// A clock at this speed; 1 is the real one.
    pub fn start(speed_up: u32) -> Clock {
        Clock { started: Instant::now(), started_at_ms: real_now_ms(), speed_up: speed_up.max(1) }
    }

    /// Now, ms since 1970.
    pub fn now_ms(&self) -> i64 {
        let elapsed_ms = self.started.elapsed().as_micros() * u128::from(self.speed_up) / 1_000;
        self.started_at_ms.saturating_add(i64::try_from(elapsed_ms).unwrap_or(i64::MAX))
    }

    /// How long this many milliseconds of the clock really take.
    pub fn real(&self, ms: i64) -> Duration {
        Duration::from_micros(u64::try_from(ms).unwrap_or(0).saturating_mul(1_000)) / self.speed_up
    }

    /// How many milliseconds of the clock go by in this real time.
    pub fn ms_in(&self, real: Duration) -> i64 {
        i64::try_from(real.as_millis() * u128::from(self.speed_up)).unwrap_or(i64::MAX)
    }
}

fn real_now_ms() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_at_twenty_times_takes_three_seconds() {
        let clock = Clock::start(20);
        assert_eq!(clock.real(60_000), Duration::from_secs(3));
        assert_eq!(clock.ms_in(Duration::from_secs(3)), 60_000);
        assert_eq!(clock.real(-5), Duration::ZERO);
    }
}
