//! When a scope's tables are due, by its synchronisation frequency.

use holdfast_profile::Frequency;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// Whether a table that last equalled the store server's at `synced_at_ms` is due again.
pub(crate) fn is_due(
    frequency: Frequency,
    synced_at_ms: Option<i64>,
    now_ms: i64,
    utc_offset_min: i16,
) -> bool {
    // A time after now comes from a clock that was set back; it says nothing.
    let Some(synced_at_ms) = synced_at_ms.filter(|&at_ms| at_ms <= now_ms) else { return true };
    match frequency {
        Frequency::WithEverySync => true,
        Frequency::EveryMinutes { .. } | Frequency::DailyAt { .. } => {
            next_due_at_ms(frequency, synced_at_ms, utc_offset_min).is_some_and(|at_ms| now_ms >= at_ms)
        }
        Frequency::ByHand => false,
    }
}

/// When such a table is due, where that is a time and not an occasion, ms since 1970.
pub(super) fn next_due_at_ms(frequency: Frequency, synced_at_ms: i64, utc_offset_min: i16) -> Option<i64> {
    match frequency {
        Frequency::EveryMinutes { minutes } => Some(synced_at_ms + i64::from(minutes) * MINUTE_MS),
        Frequency::DailyAt { minute_of_day } => {
            let offset_ms = i64::from(utc_offset_min) * MINUTE_MS;
            let local_ms = synced_at_ms + offset_ms;
            let that_day_ms = local_ms - local_ms.rem_euclid(DAY_MS) + i64::from(minute_of_day) * MINUTE_MS;
            let next_ms = if that_day_ms > local_ms { that_day_ms } else { that_day_ms + DAY_MS };
            Some(next_ms - offset_ms)
        }
        Frequency::WithEverySync | Frequency::ByHand => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON_MS: i64 = 20_000 * DAY_MS + DAY_MS / 2;

    fn due(frequency: Frequency, hours_ago: i64) -> bool {
        is_due(frequency, Some(NOON_MS - hours_ago * 60 * MINUTE_MS), NOON_MS, 0)
    }

    #[test]
    fn a_scope_is_due_when_its_frequency_says_so() {
        assert!(due(Frequency::WithEverySync, 0));
        assert!(!due(Frequency::EveryMinutes { minutes: 120 }, 1));
        assert!(due(Frequency::EveryMinutes { minutes: 120 }, 2));
        assert!(!due(Frequency::ByHand, 1_000));
        assert!(is_due(Frequency::ByHand, None, NOON_MS, 0));
    }

    #[test]
    fn a_daily_scope_is_due_once_after_its_time() {
        let at_ten = Frequency::DailyAt { minute_of_day: 600 };
        assert!(due(at_ten, 3), "before ten, last at nine");
        assert!(!due(at_ten, 1), "already at eleven");
        let at_three = Frequency::DailyAt { minute_of_day: 15 * 60 };
        assert!(!due(at_three, 20), "yesterday at four, today's three is still to come");
        assert!(due(at_three, 22));
    }

    #[test]
    fn the_stores_day_is_not_utcs() {
        // Noon UTC is 21:00 nine hours east.
        let at_eight_pm = Frequency::DailyAt { minute_of_day: 20 * 60 };
        assert!(is_due(at_eight_pm, Some(NOON_MS - 2 * 60 * MINUTE_MS), NOON_MS, 9 * 60));
        assert!(!is_due(at_eight_pm, Some(NOON_MS - 2 * 60 * MINUTE_MS), NOON_MS, 0));
    }

    #[test]
    fn a_time_in_the_future_counts_for_nothing() {
        assert!(is_due(Frequency::ByHand, Some(NOON_MS + 1), NOON_MS, 0));
    }
}
