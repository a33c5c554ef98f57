//! A field's value as data, for showing two of them side by side: in a change plan before and after, in a merge
//! mine and theirs.

use crate::{
    CheckForNewDatabase, ConflictRule, DataExportFolder, DatabaseExportSchedule, Direction, Frequency,
    ImageFolder, OfflineCustomers, OfflineProducts, Profile, RowFilter, Scope, ScopeTable, SlowIsOffline,
    TableId, UploadTransactions,
};

/// The value of one field of a profile.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum FieldValue {
    /// A name or description.
    Text(String),
    /// Seconds.
    Seconds(u32),
    /// Minutes.
    Minutes(u32),
    /// Entries of the outbox.
    Entries(u32),
    /// Yes or no.
    YesNo(bool),
    /// *Check for new database*.
    CheckForNewDatabase(CheckForNewDatabase),
    /// *Upload transactions*.
    UploadTransactions(UploadTransactions),
    /// *Image folder*.
    ImageFolder(ImageFolder),
    /// *Data export folder*.
    DataExportFolder(DataExportFolder),
    /// *Database export schedule*.
    DatabaseExportSchedule(DatabaseExportSchedule),
    /// When slow counts as offline.
    SlowIsOffline(Option<SlowIsOffline>),
    /// *Offline products*.
    OfflineProducts(OfflineProducts),
    /// *Offline customers*.
    OfflineCustomers(OfflineCustomers),
    /// A scope's direction.
    Direction(Direction),
    /// A scope's frequency.
    Frequency(Frequency),
    /// A table's field list.
    FieldList(Option<Vec<String>>),
    /// A table's row filter.
    RowFilter(Option<RowFilter>),
    /// A table's rule for fields that were changed on both sides.
    ConflictRule(Option<ConflictRule>),
    /// The scope that a table stands in, by name.
    ScopeName(String),
    /// A whole scope.
    Scope(Scope),
    /// A whole table entry.
    Table {
        /// Name of the scope that it stands in.
        scope: String,
        /// The entry.
        entry: ScopeTable,
    },
    /// The order of scopes, by name.
    ScopeOrder(Vec<String>),
    /// The order of tables in a scope.
    TableOrder(Vec<TableId>),
}

/// Every setting of a profile that is not a scope, by its field's path, in the order of the editor.
pub(crate) fn settings(profile: &Profile) -> Vec<(&'static str, FieldValue)> {
    // Taken apart field by field, so that a new field can't be forgotten here.
    let Profile { name, description, scopes: _, device, offline_products, offline_customers } = profile;
    let crate::DeviceConfiguration {
        offline_timeout_s,
        reconnect_interval_min,
        check_for_new_database,
        upload_transactions,
        browser_online_hint,
        image_folder,
        data_export_folder,
        database_export_schedule,
        slow_is_offline,
        upload_batch_entries,
        health_check_s,
    } = device;
    vec![
        ("name", FieldValue::Text(name.clone())),
        ("description", FieldValue::Text(description.clone())),
        ("device.offline_timeout_s", FieldValue::Seconds(*offline_timeout_s)),
        ("device.reconnect_interval_min", FieldValue::Minutes(*reconnect_interval_min)),
        ("device.health_check_s", FieldValue::Seconds(health_check_s.seconds)),
        ("device.check_for_new_database", FieldValue::CheckForNewDatabase(*check_for_new_database)),
        ("device.upload_transactions", FieldValue::UploadTransactions(*upload_transactions)),
        ("device.upload_batch_entries", FieldValue::Entries(upload_batch_entries.entries)),
        ("device.browser_online_hint", FieldValue::YesNo(*browser_online_hint)),
        ("device.image_folder", FieldValue::ImageFolder(*image_folder)),
        ("device.data_export_folder", FieldValue::DataExportFolder(*data_export_folder)),
        ("device.database_export_schedule", FieldValue::DatabaseExportSchedule(*database_export_schedule)),
        ("device.slow_is_offline", FieldValue::SlowIsOffline(*slow_is_offline)),
        ("offline_products", FieldValue::OfflineProducts(offline_products.clone())),
        ("offline_customers", FieldValue::OfflineCustomers(*offline_customers)),
    ]
}
