//! Times for people: clock times, what is left as 0:42, and, in the back office only, how long ago.
//!
//! Milliseconds since 1970 come in, as everywhere in Holdfast; the browser's time zone is used.

use std::time::Duration;

use js_sys::Date;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::messages::{self, locale};

/// Now, in milliseconds since 1970.
pub fn now_ms() -> i64 {
    Date::now() as i64
}

/// Minutes that the local clock is ahead of UTC at this time.
pub fn utc_offset_min(at_ms: i64) -> i16 {
    -date(at_ms).get_timezone_offset() as i16
}

/// `14:05`.
pub fn clock(at_ms: i64) -> String {
    let date = date(at_ms);
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

/// `14:05:09`.
pub fn clock_seconds(at_ms: i64) -> String {
    format!("{}:{:02}", clock(at_ms), date(at_ms).get_seconds())
}

/// `14:05` today, `24 Nov, 14:05` on another day, `24 Nov 2025, 14:05` in another year.
pub fn clock_or_date(at_ms: i64, now_ms: i64) -> String {
    let (at, now) = (date(at_ms), date(now_ms));
    if at.get_full_year() != now.get_full_year() {
        let day = with_options(at_ms, &[("day", "numeric"), ("month", month("short")), ("year", "numeric")]);
        return format!("{day}, {}", clock(at_ms));
    }
    let is_same_day = at.get_date() == now.get_date() && at.get_month() == now.get_month();
    if is_same_day { clock(at_ms) } else { format!("{}, {}", day(at_ms), clock(at_ms)) }
}

/// `24 Nov`.
pub fn day(at_ms: i64) -> String {
    with_options(at_ms, &[("day", "numeric"), ("month", month("short"))])
}

/// `24 November 2026, 14:05`.
pub fn full(at_ms: i64) -> String {
    let day = with_options(at_ms, &[("day", "numeric"), ("month", month("long")), ("year", "numeric")]);
    format!("{day}, {}", clock(at_ms))
}

/// What is left, as `0:42`; a started second counts as a whole one, and below nothing is `0:00`.
pub fn countdown(left_ms: i64) -> String {
    let seconds = (left_ms.max(0) + 999) / 1_000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// `3 minutes ago`; a time that lies ahead (another clock) is `just now`.
pub fn ago(at_ms: i64, now_ms: i64) -> String {
    let seconds = u64::try_from((now_ms - at_ms) / 1_000).unwrap_or(0);
    match seconds {
        0..=4 => messages::common::just_now().to_owned(),
        5..=59 => messages::common::seconds_ago(seconds),
        60..=3_599 => messages::common::minutes_ago(seconds / 60),
        3_600..=86_399 => messages::common::hours_ago(seconds / 3_600),
        _ => messages::common::days_ago(seconds / 86_400),
    }
}

/// The time, again and again: for countdowns. Ends with the component that asked for it.
pub fn use_now(every: Duration) -> ReadSignal<i64> {
    let (now, set_now) = signal(now_ms());
    match set_interval_with_handle(move || set_now.set(now_ms()), every) {
        Ok(handle) => on_cleanup(move || handle.clear()),
        Err(error) => leptos::logging::warn!("the clock on the screen stands still: {error:?}"),
    }
    now
}

fn month(style: &'static str) -> &'static str {
    if locale().names_months() { style } else { "numeric" }
}

fn date(at_ms: i64) -> Date {
    Date::new(&JsValue::from_f64(at_ms as f64))
}

fn with_options(at_ms: i64, options: &[(&str, &str)]) -> String {
    let wanted = js_sys::Object::new();
    for (name, value) in options {
        // Setting a property of a fresh plain object can't fail; without it the format is longer.
        if js_sys::Reflect::set(&wanted, &JsValue::from_str(name), &JsValue::from_str(value)).is_err() {
            leptos::logging::warn!("a date has the browser's own format");
        }
    }
    String::from(date(at_ms).to_locale_date_string(locale().date_tag(), &wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_counts_started_seconds() {
        assert_eq!(countdown(42_000), "0:42");
        assert_eq!(countdown(41_001), "0:42");
        assert_eq!(countdown(60_000), "1:00");
        assert_eq!(countdown(-5), "0:00");
    }

    #[test]
    fn how_long_ago_is_said_in_the_largest_whole_unit() {
        assert_eq!(ago(10_000, 9_000), "just now");
        assert_eq!(ago(0, 59_000), "59 seconds ago");
        assert_eq!(ago(0, 60_000), "1 minute ago");
        assert_eq!(ago(0, 7_200_000), "2 hours ago");
        assert_eq!(ago(0, 90_000_000), "1 day ago");
    }
}
