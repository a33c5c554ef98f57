//! The settings of a profile, one by one.

use super::conflicts::{Picker, Three};
use crate::{DeviceConfiguration, FieldValue, Profile};

/// The merged profile without its scopes.
pub(super) fn merge(picker: &mut Picker<'_>, base: &Profile, mine: &Profile, theirs: &Profile) -> Profile {
    let three = Three { base, mine, theirs };
    Profile {
        name: text(picker, "name", three.map(|profile| &profile.name)),
        description: text(picker, "description", three.map(|profile| &profile.description)),
        scopes: Vec::new(),
        device: device(picker, three.map(|profile| &profile.device)),
        offline_products: picker
            .pick(
                "offline_products",
                Some(&base.offline_products),
                &mine.offline_products,
                &theirs.offline_products,
                |&products| Some(FieldValue::OfflineProducts(products.clone())),
            )
            .clone(),
        offline_customers: copied(
            picker,
            "offline_customers",
            three.map(|profile| profile.offline_customers),
            FieldValue::OfflineCustomers,
        ),
    }
}

fn device(picker: &mut Picker<'_>, three: Three<&DeviceConfiguration>) -> DeviceConfiguration {
    DeviceConfiguration {
        offline_timeout_s: copied(
            picker,
            "device.offline_timeout_s",
            three.map(|device| device.offline_timeout_s),
            FieldValue::Seconds,
        ),
        reconnect_interval_min: copied(
            picker,
            "device.reconnect_interval_min",
            three.map(|device| device.reconnect_interval_min),
            FieldValue::Minutes,
        ),
        check_for_new_database: copied(
            picker,
            "device.check_for_new_database",
            three.map(|device| device.check_for_new_database),
            FieldValue::CheckForNewDatabase,
        ),
        upload_transactions: copied(
            picker,
            "device.upload_transactions",
            three.map(|device| device.upload_transactions),
            FieldValue::UploadTransactions,
        ),
        browser_online_hint: copied(
            picker,
            "device.browser_online_hint",
            three.map(|device| device.browser_online_hint),
            FieldValue::YesNo,
        ),
        image_folder: copied(
            picker,
            "device.image_folder",
            three.map(|device| device.image_folder),
            FieldValue::ImageFolder,
        ),
        data_export_folder: copied(
            picker,
            "device.data_export_folder",
            three.map(|device| device.data_export_folder),
            FieldValue::DataExportFolder,
        ),
        database_export_schedule: copied(
            picker,
            "device.database_export_schedule",
            three.map(|device| device.database_export_schedule),
            FieldValue::DatabaseExportSchedule,
        ),
        slow_is_offline: copied(
            picker,
            "device.slow_is_offline",
            three.map(|device| device.slow_is_offline),
            FieldValue::SlowIsOffline,
        ),
        upload_batch_entries: copied(
            picker,
            "device.upload_batch_entries",
            three.map(|device| device.upload_batch_entries),
            |batch| FieldValue::Entries(batch.entries),
        ),
        health_check_s: copied(
            picker,
            "device.health_check_s",
            three.map(|device| device.health_check_s),
            |check| FieldValue::Seconds(check.seconds),
        ),
    }
}

fn text(picker: &mut Picker<'_>, field: &str, three: Three<&String>) -> String {
    let Three { base, mine, theirs } = three;
    picker.pick(field, Some(base), mine, theirs, |&text| Some(FieldValue::Text(text.clone()))).clone()
}

fn copied<T: Copy + PartialEq>(
    picker: &mut Picker<'_>,
    field: &str,
    three: Three<T>,
    shown: impl Fn(T) -> FieldValue,
) -> T {
    let Three { base, mine, theirs } = three;
    picker.pick(field, Some(base), mine, theirs, |&value| Some(shown(value)))
}
