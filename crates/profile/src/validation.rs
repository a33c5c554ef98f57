//! What must hold before a profile is saved; each finding names the field, the reason and the mend.

use std::collections::HashSet;

use crate::{
    Frequency, OFFLINE_TIMEOUT_S_MAX, OFFLINE_TIMEOUT_S_MIN, Profile, RECONNECT_INTERVAL_MIN_MAX,
    RECONNECT_INTERVAL_MIN_MIN, TableId, UploadTransactions,
};

/// Longest name of a profile or scope, characters.
const NAME_CHARS_MAX: usize = 60;
/// Longest description, characters.
const DESCRIPTION_CHARS_MAX: usize = 500;
/// Most scopes in a profile.
const SCOPES_MAX: usize = 100;

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
/// That its name is unique among profiles only the store database can tell.
pub fn validate(profile: &Profile) -> Vec<Finding> {
    let mut findings = Vec::new();
    check_text(&mut findings, "name", "The profile's name", &profile.name, 1, NAME_CHARS_MAX);
    check_text(
        &mut findings,
        "description",
        "The description",
        &profile.description,
        0,
        DESCRIPTION_CHARS_MAX,
    );
    check_device(&mut findings, profile);
    check_scopes(&mut findings, profile);
    check_order(&mut findings, profile);
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

fn check_text(findings: &mut Vec<Finding>, field: &str, what: &str, text: &str, min: usize, max: usize) {
    let chars = text.chars().count();
    if text.trim().chars().count() < min {
        add(findings, field, format!("{what} is empty."), "Type a name.");
    } else if chars > max {
        add(
            findings,
            field,
            format!("{what} has {chars} characters."),
            format!("Shorten it to {max} or fewer."),
        );
    }
    if text.chars().any(char::is_control) {
        add(findings, field, format!("{what} holds a control character."), "Remove line breaks and tabs.");
    }
}

fn check_device(findings: &mut Vec<Finding>, profile: &Profile) {
    let device = &profile.device;
    check_range(
        findings,
        "device.offline_timeout_s",
        "Offline timeout",
        "seconds",
        device.offline_timeout_s,
        OFFLINE_TIMEOUT_S_MIN..=OFFLINE_TIMEOUT_S_MAX,
    );
    check_range(
        findings,
        "device.reconnect_interval_min",
        "Reconnect attempt interval",
        "minutes",
        device.reconnect_interval_min,
        RECONNECT_INTERVAL_MIN_MIN..=RECONNECT_INTERVAL_MIN_MAX,
    );
    if let UploadTransactions::EveryMinutes { minutes } = device.upload_transactions {
        check_range(
            findings,
            "device.upload_transactions",
            "Upload transactions",
            "minutes",
            minutes,
            1..=1440,
        );
    }
}

fn check_range(
    findings: &mut Vec<Finding>,
    field: &str,
    what: &str,
    unit: &str,
    value: u32,
    range: std::ops::RangeInclusive<u32>,
) {
    let (low, high) = (*range.start(), *range.end());
    if value < low {
        add(
            findings,
            field,
            format!("{what} must be at least {low} {unit}."),
            format!("Type {low} to {high}."),
        );
    } else if value > high {
        add(
            findings,
            field,
            format!("{what} must be at most {high} {unit}."),
            format!("Type {low} to {high}."),
        );
    }
}

fn check_scopes(findings: &mut Vec<Finding>, profile: &Profile) {
    if profile.scopes.is_empty() {
        add(findings, "scopes", "The profile has no scope.", "Add at least one under Line details.");
    }
    if profile.scopes.len() > SCOPES_MAX {
        add(
            findings,
            "scopes",
            format!("The profile has {} scopes.", profile.scopes.len()),
            format!("Keep {SCOPES_MAX} or fewer."),
        );
    }
    let mut names = HashSet::new();
    let mut tables = HashSet::new();
    for (index, scope) in profile.scopes.iter().enumerate() {
        let field = format!("scopes[{index}]");
        check_text(findings, &format!("{field}.name"), "The scope's name", &scope.name, 1, NAME_CHARS_MAX);
        check_text(
            findings,
            &format!("{field}.description"),
            "The scope's description",
            &scope.description,
            0,
            DESCRIPTION_CHARS_MAX,
        );
        if !names.insert(scope.name.trim().to_lowercase()) {
            add(
                findings,
                format!("{field}.name"),
                format!("Two scopes are named “{}”.", scope.name),
                "Give one of them another name.",
            );
        }
        if scope.tables.is_empty() {
            add(
                findings,
                format!("{field}.tables"),
                format!("“{}” has no table.", scope.name),
                "Add a table or remove the scope.",
            );
        }
        match scope.frequency {
            Frequency::EveryMinutes { minutes } => {
                check_range(
                    findings,
                    &format!("{field}.frequency"),
                    "Synchronisation frequency",
                    "minutes",
                    minutes,
                    1..=1440,
                );
            }
            Frequency::DailyAt { minute_of_day } => {
                if minute_of_day > 1439 {
                    add(
                        findings,
                        format!("{field}.frequency"),
                        "The time of day is after 23:59.",
                        "Type a time from 00:00 to 23:59.",
                    );
                }
            }
            Frequency::WithEverySync | Frequency::ByHand => {}
        }
        for (table_index, entry) in scope.tables.iter().enumerate() {
            let field = format!("{field}.tables[{table_index}]");
            if !tables.insert(entry.table) {
                add(
                    findings,
                    &field,
                    format!("Table {} stands twice in the profile.", entry.table),
                    "Remove it from one of the scopes.",
                );
            }
            if !entry.table.allows(scope.direction) {
                add(
                    findings,
                    &field,
                    format!("Table {} can't be synchronised in this scope's direction.", entry.table),
                    "Change the direction or move the table to another scope.",
                );
            }
        }
    }
}

fn check_order(findings: &mut Vec<Finding>, profile: &Profile) {
    let order: Vec<TableId> =
        profile.scopes.iter().flat_map(|scope| scope.tables.iter().map(|entry| entry.table)).collect();
    let mut position = 0;
    for (index, scope) in profile.scopes.iter().enumerate() {
        for (table_index, entry) in scope.tables.iter().enumerate() {
            for referred in entry.table.refers_to() {
                if order.iter().skip(position + 1).any(|later| later == referred) {
                    add(
                        findings,
                        format!("scopes[{index}].tables[{table_index}]"),
                        format!("Table {} refers to {referred}, which comes later.", entry.table),
                        format!("Move {referred} above it."),
                    );
                }
            }
            position += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Direction, Scope, ScopeTable, default_profile};

    fn fields_after(change: impl FnOnce(&mut Profile)) -> Vec<String> {
        let mut profile = default_profile();
        change(&mut profile);
        validate(&profile).into_iter().map(|finding| finding.field).collect()
    }

    #[test]
    fn the_default_profile_is_valid() {
        assert_eq!(fields_after(|_| {}), Vec::<String>::new());
    }

    #[test]
    fn timeouts_outside_their_range_are_named() {
        assert_eq!(fields_after(|p| p.device.offline_timeout_s = 0), ["device.offline_timeout_s"]);
        assert_eq!(fields_after(|p| p.device.offline_timeout_s = 3601), ["device.offline_timeout_s"]);
        assert_eq!(fields_after(|p| p.device.reconnect_interval_min = 0), ["device.reconnect_interval_min"]);
        assert_eq!(
            fields_after(|p| p.device.reconnect_interval_min = 1441),
            ["device.reconnect_interval_min"]
        );
        assert_eq!(fields_after(|p| p.device.offline_timeout_s = 3600), Vec::<String>::new());
    }

    #[test]
    fn a_table_twice_is_named_at_its_second_place() {
        let fields = fields_after(|p| p.scopes[5].tables.push(ScopeTable::whole(TableId::Staff)));
        assert_eq!(fields, ["scopes[5].tables[1]"]);
    }

    #[test]
    fn a_table_that_cannot_take_the_direction_is_named() {
        assert_eq!(
            fields_after(|p| p.scopes[6].direction = Direction::Download),
            ["scopes[6].tables[0]", "scopes[6].tables[1]"]
        );
    }

    #[test]
    fn a_scope_that_refers_to_a_later_one_is_named() {
        // Products and barcodes before the tax rates they refer to.
        assert_eq!(fields_after(|p| p.scopes.swap(1, 3)), ["scopes[1].tables[1]"]);
    }

    #[test]
    fn empty_and_double_names_are_named() {
        assert_eq!(fields_after(|p| p.name = "  ".into()), ["name"]);
        assert_eq!(fields_after(|p| p.scopes[1].name = "STAFF".into()), ["scopes[2].name"]);
        assert_eq!(fields_after(|p| p.name = "a\u{7}b".into()), ["name"]);
        assert_eq!(fields_after(|p| p.name = "x".repeat(61)), ["name"]);
    }

    #[test]
    fn a_profile_or_scope_with_nothing_in_it_is_named() {
        assert_eq!(fields_after(|p| p.scopes.clear()), ["scopes"]);
        assert_eq!(fields_after(|p| p.scopes[5].tables.clear()), ["scopes[5].tables"]);
    }

    #[test]
    fn frequencies_outside_the_day_are_named() {
        let with = |frequency| {
            fields_after(|p: &mut Profile| p.scopes[0] = Scope { frequency, ..p.scopes[0].clone() })
        };
        assert_eq!(with(Frequency::DailyAt { minute_of_day: 1440 }), ["scopes[0].frequency"]);
        assert_eq!(with(Frequency::EveryMinutes { minutes: 0 }), ["scopes[0].frequency"]);
        assert_eq!(with(Frequency::ByHand), Vec::<String>::new());
    }
}
