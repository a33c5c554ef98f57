//! What must hold before a profile is saved; each finding names the field, the reason and the mend.

mod device;
mod field_list;
mod filter;
mod offline_data;
mod order;
mod scopes;
mod text;

use std::ops::RangeInclusive;

pub use text::{DESCRIPTION_CHARS_MAX, NAME_CHARS_MAX, is_bidi_control, is_control, name_key};

use crate::Profile;

/// One thing that keeps a profile from being saved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
#[error("{field}: {reason} {mend}")]
pub struct Finding {
    /// Path of the field, such as `device.offline_timeout_s` or `scopes[2].tables[0]`.
    pub field: String,
    /// What is wrong, a whole sentence.
    pub reason: String,
    /// What to do about it, a whole sentence.
    pub mend: String,
}

/// Everything that is wrong with `profile`, in the order of its fields; empty when it may be saved.
///
/// That its name is unique among profiles only the store database can tell; it compares [`name_key`]s.
pub fn validate(profile: &Profile) -> Vec<Finding> {
    let mut findings = Vec::new();
    text::check_name(&mut findings, "name", "The profile's name", &profile.name);
    text::check_description(&mut findings, "description", "The description", &profile.description);
    device::check(&mut findings, profile);
    offline_data::check(&mut findings, profile);
    scopes::check(&mut findings, profile);
    order::check(&mut findings, profile);
    findings
}

fn add(
    findings: &mut Vec<Finding>,
    field: impl Into<String>,
    reason: impl Into<String>,
    mend: impl Into<String>,
) {
    findings.push(Finding { field: field.into(), reason: reason.into(), mend: mend.into() });
}

fn check_range(
    findings: &mut Vec<Finding>,
    field: &str,
    what: &str,
    unit: &str,
    value: u32,
    range: RangeInclusive<u32>,
) {
    let (low, high) = (*range.start(), *range.end());
    let (bound, limit) = if value < low {
        ("at least", low)
    } else if value > high {
        ("at most", high)
    } else {
        return;
    };
    // Units that are words are said of one, too.
    let one = match unit {
        "entries" => Some("entry"),
        unit => unit.strip_suffix('s').filter(|unit| unit.len() > 2),
    };
    let unit = one.filter(|_| limit == 1).unwrap_or(unit);
    add(findings, field, format!("{what} must be {bound} {limit} {unit}."), format!("Type {low} to {high}."));
}

fn check_minute_of_day(findings: &mut Vec<Finding>, field: &str, minute_of_day: u16) {
    if minute_of_day > 1439 {
        add(findings, field, "The time of day is after 23:59.", "Type a time from 00:00 to 23:59.");
    }
}
