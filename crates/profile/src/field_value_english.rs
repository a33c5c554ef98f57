//! Field values and field names in English, for logs, files and tests; pages word them from their messages.

use holdfast_domain::Currency;

use crate::{
    CheckForNewDatabase, ConflictRule, DataExportFolder, DatabaseExportSchedule, Direction, FieldValue,
    Frequency, ImageFolder, OfflineCustomers, OfflineProducts, RowFilter, TableId, UploadTransactions,
};

impl FieldValue {
    /// The value in English; `table` is the one that a row filter is about.
    pub fn english(&self, table: Option<TableId>, currency: Currency) -> String {
        match self {
            FieldValue::Text(text) | FieldValue::ScopeName(text) => format!("“{text}”"),
            FieldValue::Seconds(seconds) => format!("{seconds} s"),
            FieldValue::Minutes(minutes) => format!("{minutes} min"),
            FieldValue::Entries(1) => "1 entry".to_owned(),
            FieldValue::Entries(entries) => format!("{entries} entries"),
            FieldValue::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            FieldValue::CheckForNewDatabase(when) => check_english(*when).to_owned(),
            FieldValue::UploadTransactions(when) => upload_english(*when),
            FieldValue::ImageFolder(ImageFolder::Off) => "off".to_owned(),
            FieldValue::ImageFolder(ImageFolder::On { size_cap_mb }) => format!("up to {size_cap_mb} MB"),
            FieldValue::DataExportFolder(folder) => export_folder_english(*folder).to_owned(),
            FieldValue::DatabaseExportSchedule(schedule) => schedule_english(*schedule),
            FieldValue::SlowIsOffline(None) => "never".to_owned(),
            FieldValue::SlowIsOffline(Some(slow)) => {
                format!("over {} ms for {} s", slow.latency_ms, slow.for_s)
            }
            FieldValue::OfflineProducts(products) => products_english(products),
            FieldValue::OfflineCustomers(customers) => customers_english(*customers),
            FieldValue::Direction(direction) => direction_english(*direction).to_owned(),
            FieldValue::Frequency(frequency) => frequency_english(*frequency),
            FieldValue::FieldList(None) => "all columns".to_owned(),
            FieldValue::FieldList(Some(fields)) => list(fields),
            FieldValue::RowFilter(filter) => filter_english(filter.as_ref(), table, currency),
            FieldValue::ConflictRule(rule) => conflict_rule_english(*rule).to_owned(),
            FieldValue::Scope(scope) => format!("the scope “{}”", scope.name),
            FieldValue::Table { scope, entry } => format!("the table {} in scope “{scope}”", entry.table),
            FieldValue::ScopeOrder(names) => list(names),
            FieldValue::TableOrder(tables) => list(tables),
        }
    }
}

/// A setting's name as the editor shows it in English; the path itself where it has no name.
pub fn setting_english(field: &str) -> &str {
    match field {
        "name" => "Name",
        "description" => "Description",
        "device.offline_timeout_s" => "Offline timeout",
        "device.reconnect_interval_min" => "Reconnect attempt interval",
        "device.health_check_s" => "Health-check interval",
        "device.check_for_new_database" => "Check for new database",
        "device.upload_transactions" => "Upload transactions",
        "device.upload_batch_entries" => "Upload batch size",
        "device.browser_online_hint" => "Reconnect when the browser is online",
        "device.image_folder" => "Image folder",
        "device.data_export_folder" => "Data export folder",
        "device.database_export_schedule" => "Database export schedule",
        "device.slow_is_offline" => "Slow is offline",
        "offline_products" => "Offline products",
        "offline_customers" => "Offline customers",
        other => other,
    }
}

pub(crate) fn list<T: ToString>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(T::to_string).collect();
    if items.is_empty() { "nothing".to_owned() } else { items.join(", ") }
}

pub(crate) fn filter_english(
    filter: Option<&RowFilter>,
    table: Option<TableId>,
    currency: Currency,
) -> String {
    match (filter, table) {
        (None, _) => "all rows".to_owned(),
        (Some(filter), Some(table)) => format!("rows whose {}", filter.english(table, currency)),
        (Some(_), None) => "some rows".to_owned(),
    }
}

pub(crate) fn direction_english(direction: Direction) -> &'static str {
    match direction {
        Direction::Download => "download",
        Direction::Upload => "upload",
        Direction::Bidirectional => "bidirectional",
    }
}

pub(crate) fn conflict_rule_english(rule: Option<ConflictRule>) -> &'static str {
    match rule {
        None => "the table's default",
        Some(ConflictRule::ServerWins) => "the store server wins",
        Some(ConflictRule::RegisterWins) => "the register wins",
        Some(ConflictRule::Latest) => "the later change wins",
    }
}

pub(crate) fn frequency_english(frequency: Frequency) -> String {
    match frequency {
        Frequency::WithEverySync => "with every synchronisation".to_owned(),
        Frequency::EveryMinutes { minutes } => format!("every {minutes} min"),
        Frequency::DailyAt { minute_of_day } => format!("daily at {}", time_of_day(minute_of_day)),
        Frequency::ByHand => "by hand".to_owned(),
    }
}

fn check_english(when: CheckForNewDatabase) -> &'static str {
    match when {
        CheckForNewDatabase::AtStart => "at start",
        CheckForNewDatabase::AtEachSync => "at each synchronisation",
        CheckForNewDatabase::Never => "never",
    }
}

fn upload_english(when: UploadTransactions) -> String {
    match when {
        UploadTransactions::AtOnce => "at once".to_owned(),
        UploadTransactions::EveryMinutes { minutes } => format!("every {minutes} min"),
        UploadTransactions::AtShiftClose => "at shift close".to_owned(),
        UploadTransactions::ByHand => "by hand".to_owned(),
    }
}

fn export_folder_english(folder: DataExportFolder) -> &'static str {
    match folder {
        DataExportFolder::Off => "off",
        DataExportFolder::GrantedFolder => "a folder that the user grants",
        DataExportFolder::Download => "downloads",
        DataExportFolder::StoreServer => "the store server",
    }
}

fn schedule_english(schedule: DatabaseExportSchedule) -> String {
    match schedule {
        DatabaseExportSchedule::Never => "never".to_owned(),
        DatabaseExportSchedule::AtShiftClose => "at shift close".to_owned(),
        DatabaseExportSchedule::DailyAt { minute_of_day } => {
            format!("daily at {}", time_of_day(minute_of_day))
        }
        DatabaseExportSchedule::EveryHours { hours } => format!("every {hours} h"),
    }
}

fn products_english(products: &OfflineProducts) -> String {
    match products {
        OfflineProducts::All => "all".to_owned(),
        OfflineProducts::Categories { codes } => format!("categories {}", list(codes)),
        OfflineProducts::SoldInLastDays { days } => format!("sold in the last {days} days"),
        OfflineProducts::TopBySales { count } => format!("the {count} best sellers"),
    }
}

fn customers_english(customers: OfflineCustomers) -> String {
    match customers {
        OfflineCustomers::AllOfThisStore => "all of this store".to_owned(),
        OfflineCustomers::SeenInLastDays { days } => format!("seen in the last {days} days"),
        OfflineCustomers::None => "none".to_owned(),
    }
}

/// A minute of a day as a time, `22:30`.
pub fn time_of_day(minute_of_day: u16) -> String {
    format!("{:02}:{:02}", minute_of_day / 60, minute_of_day % 60)
}
