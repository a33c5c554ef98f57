//! When a register's export is due, by the profile's *Database export schedule*.

use holdfast_profile::{DatabaseExportSchedule, Frequency};

use crate::engine::is_due as is_frequency_due;

/// How long an export that failed waits for the next try, milliseconds.
const AGAIN_AFTER_MS: i64 = 10 * 60 * 1_000;

/// Whether an export is due. One that was due while nobody was there is due still.
///
/// `exported_at_ms` is when the last one was made, `failed_at_ms` when the last try after it failed; `lacks_shift` is
/// whether a shift was closed that is in no export.
pub fn is_due(
    schedule: DatabaseExportSchedule,
    exported_at_ms: Option<i64>,
    failed_at_ms: Option<i64>,
    lacks_shift: bool,
    now_ms: i64,
    utc_offset_min: i16,
) -> bool {
    // A time after now comes from a clock that was set back; it says nothing.
    let waits = failed_at_ms.is_some_and(|at_ms| at_ms <= now_ms && now_ms - at_ms < AGAIN_AFTER_MS);
    let frequency = match schedule {
        DatabaseExportSchedule::Never => return false,
        DatabaseExportSchedule::AtShiftClose => return lacks_shift && !waits,
        DatabaseExportSchedule::DailyAt { minute_of_day } => Frequency::DailyAt { minute_of_day },
        DatabaseExportSchedule::EveryHours { hours } => {
            Frequency::EveryMinutes { minutes: hours.saturating_mul(60) }
        }
    };
    // Whoever asks for ten in the evening at noon does not want the first one at noon.
    if let (DatabaseExportSchedule::DailyAt { minute_of_day }, None) = (schedule, exported_at_ms) {
        let minute = (now_ms / 60_000 + i64::from(utc_offset_min)).rem_euclid(24 * 60);
        return !waits && minute >= i64::from(minute_of_day);
    }
    !waits && is_frequency_due(frequency, exported_at_ms, now_ms, utc_offset_min)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 60 * 60 * 1_000;
    const NOON_MS: i64 = 20_000 * 24 * HOUR_MS + 12 * HOUR_MS;

    fn due(schedule: DatabaseExportSchedule, exported_hours_ago: Option<i64>) -> bool {
        is_due(schedule, exported_hours_ago.map(|hours| NOON_MS - hours * HOUR_MS), None, true, NOON_MS, 0)
    }

    #[test]
    fn the_clock_asks_for_none_where_the_schedule_says_never_or_at_shift_close() {
        assert!(!due(DatabaseExportSchedule::Never, None));
        let at_close = DatabaseExportSchedule::AtShiftClose;
        assert!(!is_due(at_close, None, None, false, NOON_MS, 0));
        assert!(!is_due(at_close, Some(NOON_MS - 600 * HOUR_MS), None, false, NOON_MS, 0));
    }

    #[test]
    fn a_closed_shift_asks_for_one_until_one_holds_it() {
        let after = |failed_ms_ago: Option<i64>| {
            let failed_at_ms = failed_ms_ago.map(|ago_ms| NOON_MS - ago_ms);
            is_due(DatabaseExportSchedule::AtShiftClose, Some(NOON_MS - 1), failed_at_ms, true, NOON_MS, 0)
        };
        assert!(after(None));
        assert!(!after(Some(1_000)), "it has just failed");
        assert!(after(Some(AGAIN_AFTER_MS)));
    }

    #[test]
    fn every_so_many_hours_and_at_once_where_there_was_none() {
        let every = DatabaseExportSchedule::EveryHours { hours: 6 };
        assert!(due(every, None));
        assert!(!due(every, Some(5)));
        assert!(due(every, Some(6)));
        assert!(due(every, Some(600)), "nobody was there");
        assert!(due(every, Some(-1)), "a clock that was set back");
    }

    #[test]
    fn once_a_day_after_its_time_on_the_stores_clock() {
        let at_ten = DatabaseExportSchedule::DailyAt { minute_of_day: 600 };
        assert!(due(at_ten, Some(3)));
        assert!(!due(at_ten, Some(1)));
        // The first one waits for its time.
        assert!(due(at_ten, None));
        assert!(!due(DatabaseExportSchedule::DailyAt { minute_of_day: 721 }, None));
        assert!(!is_due(at_ten, None, None, false, NOON_MS, -3 * 60), "nine in the morning");
        // Noon UTC is 21:00 nine hours east.
        assert!(!is_due(at_ten, Some(NOON_MS - 3 * HOUR_MS), None, false, NOON_MS, 9 * 60));
    }

    #[test]
    fn after_a_failure_it_is_tried_again_later() {
        let every = DatabaseExportSchedule::EveryHours { hours: 1 };
        let after =
            |failed_ms_ago: i64| is_due(every, None, Some(NOON_MS - failed_ms_ago), false, NOON_MS, 0);
        assert!(!after(1_000));
        assert!(after(AGAIN_AFTER_MS));
        assert!(after(-HOUR_MS), "a clock that was set back");
    }
}
