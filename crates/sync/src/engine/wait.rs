//! A wait with an end; a clock that is set back does not stretch it.

/// Waiting until a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wait {
    until_ms: i64,
    /// How long it was when it began: no more than this is ever left.
    length_ms: i64,
}

impl Wait {
    pub(super) fn begin(now_ms: i64, length_ms: i64) -> Wait {
        Wait { until_ms: now_ms + length_ms, length_ms }
    }

    pub(super) fn is_over(&self, now_ms: i64) -> bool {
        now_ms >= self.until_ms
    }

    pub(super) fn until_ms(&self) -> i64 {
        self.until_ms
    }

    pub(super) fn clamp_to_clock(&mut self, now_ms: i64) {
        self.until_ms = self.until_ms.min(now_ms + self.length_ms);
    }
}

/// Whether there is nothing to wait for.
pub(super) fn is_over(wait: Option<&Wait>, now_ms: i64) -> bool {
    wait.is_none_or(|wait| wait.is_over(now_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_back_does_not_stretch_a_wait() {
        let mut wait = Wait::begin(1_000_000, 500);
        wait.clamp_to_clock(0);
        assert!(!wait.is_over(499));
        assert!(wait.is_over(500));
    }
}
