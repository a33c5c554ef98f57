//! The device configuration: ranges, and settings that contradict each other.

use super::{Finding, add, check_minute_of_day, check_range};
use crate::{
    DataExportFolder, DatabaseExportSchedule, EXPORT_EVERY_HOURS_MAX, HEALTH_CHECK_S_MAX, HEALTH_CHECK_S_MIN,
    IMAGE_CAP_MB_MAX, IMAGE_CAP_MB_MIN, ImageFolder, OFFLINE_TIMEOUT_S_MAX, OFFLINE_TIMEOUT_S_MIN, Profile,
    RECONNECT_INTERVAL_MIN_MAX, RECONNECT_INTERVAL_MIN_MIN, SLOW_FOR_S_MAX, SLOW_LATENCY_MS_MAX,
    SLOW_LATENCY_MS_MIN, TableId, UPLOAD_BATCH_ENTRIES_MAX, UPLOAD_BATCH_ENTRIES_MIN, UploadTransactions,
};

pub(super) fn check(findings: &mut Vec<Finding>, profile: &Profile) {
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
    check_range(
        findings,
        "device.health_check_s",
        "Health-check interval",
        "seconds",
        device.health_check_s.seconds,
        HEALTH_CHECK_S_MIN..=HEALTH_CHECK_S_MAX,
    );
    check_range(
        findings,
        "device.upload_batch_entries",
        "Upload batch size",
        "entries",
        device.upload_batch_entries.entries,
        UPLOAD_BATCH_ENTRIES_MIN..=UPLOAD_BATCH_ENTRIES_MAX,
    );
    match device.upload_transactions {
        UploadTransactions::EveryMinutes { minutes } => {
            let field = "device.upload_transactions";
            check_range(findings, field, "Upload transactions", "minutes", minutes, 1..=1440);
        }
        UploadTransactions::AtOnce | UploadTransactions::AtShiftClose | UploadTransactions::ByHand => {}
    }
    check_images(findings, profile);
    check_export(findings, profile);
    check_slow(findings, profile);
}

fn check_images(findings: &mut Vec<Finding>, profile: &Profile) {
    let field = "device.image_folder";
    match profile.device.image_folder {
        ImageFolder::Off => {}
        ImageFolder::On { size_cap_mb } => {
            let range = IMAGE_CAP_MB_MIN..=IMAGE_CAP_MB_MAX;
            check_range(findings, field, "The image folder's size cap", "MB", size_cap_mb, range);
            if profile.entry(TableId::Product).is_none() {
                add(
                    findings,
                    field,
                    "Pictures are kept, but no scope holds the table product.",
                    "Add the table to a scope or switch the image folder off.",
                );
            }
        }
    }
}

fn check_export(findings: &mut Vec<Finding>, profile: &Profile) {
    let field = "device.database_export_schedule";
    let schedule = profile.device.database_export_schedule;
    match schedule {
        DatabaseExportSchedule::Never | DatabaseExportSchedule::AtShiftClose => {}
        DatabaseExportSchedule::DailyAt { minute_of_day } => {
            check_minute_of_day(findings, field, minute_of_day)
        }
        DatabaseExportSchedule::EveryHours { hours } => {
            let range = 1..=EXPORT_EVERY_HOURS_MAX;
            check_range(findings, field, "The database export schedule", "hours", hours, range);
        }
    }
    if schedule != DatabaseExportSchedule::Never && profile.device.data_export_folder == DataExportFolder::Off
    {
        add(
            findings,
            field,
            "Exports are scheduled, but there is no data export folder.",
            "Choose a data export folder or set the schedule to never.",
        );
    }
}

fn check_slow(findings: &mut Vec<Finding>, profile: &Profile) {
    let Some(slow) = profile.device.slow_is_offline else { return };
    check_range(
        findings,
        "device.slow_is_offline.latency_ms",
        "The time after which an answer is slow",
        "milliseconds",
        slow.latency_ms,
        SLOW_LATENCY_MS_MIN..=SLOW_LATENCY_MS_MAX,
    );
    check_range(
        findings,
        "device.slow_is_offline.for_s",
        "The time that slowness must last",
        "seconds",
        slow.for_s,
        1..=SLOW_FOR_S_MAX,
    );
    let timeout_ms = u64::from(profile.device.offline_timeout_s) * 1000;
    let in_range = (SLOW_LATENCY_MS_MIN..=SLOW_LATENCY_MS_MAX).contains(&slow.latency_ms);
    if in_range && u64::from(slow.latency_ms) >= timeout_ms {
        add(
            findings,
            "device.slow_is_offline.latency_ms",
            format!(
                "An answer that takes {} ms is slow only after the offline timeout of {} s.",
                slow.latency_ms, profile.device.offline_timeout_s
            ),
            "Type fewer milliseconds than the offline timeout has.",
        );
    }
}
