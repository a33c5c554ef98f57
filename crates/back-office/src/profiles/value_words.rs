//! The values of a profile's fields in words, as they stand inside a sentence.

use holdfast_domain::money::Currency;
use holdfast_profile::{
    CheckForNewDatabase, ConflictRule, DataExportFolder, DatabaseExportSchedule, Direction, FieldValue,
    Frequency, ImageFolder, OfflineCustomers, OfflineProducts, RowFilter, TableId, UploadTransactions,
    time_of_day,
};
use holdfast_ui::messages::{common, profiles as text};

use super::words::{column_label, filter_sentence, table_label};

/// A value; `table` is the one that a row filter is about.
pub fn value_words(value: &FieldValue, table: Option<TableId>, currency: Option<Currency>) -> String {
    match value {
        FieldValue::Text(words) | FieldValue::ScopeName(words) => text::quoted(words),
        FieldValue::Seconds(seconds) => text::said_seconds(u64::from(*seconds)),
        FieldValue::Minutes(minutes) => text::said_minutes(u64::from(*minutes)),
        FieldValue::Entries(entries) => text::said_entries(u64::from(*entries)),
        FieldValue::YesNo(yes) => if *yes { common::yes() } else { common::no() }.to_owned(),
        FieldValue::CheckForNewDatabase(when) => text::quoted(match when {
            CheckForNewDatabase::AtStart => text::check_at_start(),
            CheckForNewDatabase::AtEachSync => text::check_at_each_sync(),
            CheckForNewDatabase::Never => text::never(),
        }),
        FieldValue::UploadTransactions(when) => match when {
            UploadTransactions::AtOnce => text::quoted(text::upload_at_once()),
            UploadTransactions::EveryMinutes { minutes } => text::said_every_minutes(u64::from(*minutes)),
            UploadTransactions::AtShiftClose => text::quoted(text::upload_at_shift_close()),
            UploadTransactions::ByHand => text::quoted(text::by_hand()),
        },
        FieldValue::ImageFolder(ImageFolder::Off) => text::quoted(text::image_folder_off()),
        FieldValue::ImageFolder(ImageFolder::On { size_cap_mb }) => {
            text::said_up_to_mb(u64::from(*size_cap_mb))
        }
        FieldValue::DataExportFolder(folder) => text::quoted(match folder {
            DataExportFolder::Off => text::export_off(),
            DataExportFolder::GrantedFolder => text::export_granted(),
            DataExportFolder::Download => text::export_download(),
            DataExportFolder::StoreServer => text::export_server(),
        }),
        FieldValue::DatabaseExportSchedule(schedule) => match schedule {
            DatabaseExportSchedule::Never => text::quoted(text::never()),
            DatabaseExportSchedule::AtShiftClose => text::quoted(text::export_at_shift_close()),
            DatabaseExportSchedule::DailyAt { minute_of_day } => daily(*minute_of_day),
            DatabaseExportSchedule::EveryHours { hours } => text::said_every_hours(u64::from(*hours)),
        },
        FieldValue::SlowIsOffline(None) => text::quoted(text::never()),
        FieldValue::SlowIsOffline(Some(slow)) => {
            text::said_slow(u64::from(slow.latency_ms), u64::from(slow.for_s))
        }
        FieldValue::OfflineProducts(products) => match products {
            OfflineProducts::All => text::quoted(text::products_all()),
            OfflineProducts::Categories { codes } => text::said_categories(&quoted_list(codes)),
            OfflineProducts::SoldInLastDays { days } => text::said_sold(u64::from(*days)),
            OfflineProducts::TopBySales { count } => text::said_top(u64::from(*count)),
        },
        FieldValue::OfflineCustomers(customers) => match customers {
            OfflineCustomers::AllOfThisStore => text::quoted(text::customers_all()),
            OfflineCustomers::SeenInLastDays { days } => text::said_seen(u64::from(*days)),
            OfflineCustomers::None => text::quoted(text::customers_none()),
        },
        FieldValue::Direction(direction) => said_direction(*direction).to_owned(),
        FieldValue::Frequency(frequency) => said_frequency(*frequency),
        FieldValue::FieldList(None) => text::all_fields().to_owned(),
        FieldValue::FieldList(Some(fields)) => said_columns(fields),
        FieldValue::RowFilter(filter) => said_rows(filter.as_ref(), table, currency),
        FieldValue::ConflictRule(rule) => said_rule(*rule).to_owned(),
        FieldValue::Scope(scope) => text::said_scope(&scope.name),
        FieldValue::Table { scope, entry } => text::said_table(table_label(entry.table), scope),
        FieldValue::ScopeOrder(names) => quoted_list(names),
        FieldValue::TableOrder(tables) => said_tables(tables),
    }
}

/// A direction.
pub fn said_direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Download => text::said_download(),
        Direction::Upload => text::said_upload(),
        Direction::Bidirectional => text::said_both(),
    }
}

/// A frequency.
pub fn said_frequency(frequency: Frequency) -> String {
    match frequency {
        Frequency::WithEverySync => text::said_with_every_sync().to_owned(),
        Frequency::EveryMinutes { minutes } => text::said_every_minutes(u64::from(minutes)),
        Frequency::DailyAt { minute_of_day } => daily(minute_of_day),
        Frequency::ByHand => text::said_by_hand().to_owned(),
    }
}

/// Who wins where two changes meet.
pub fn said_rule(rule: Option<ConflictRule>) -> &'static str {
    match rule {
        None => text::said_default_rule(),
        Some(ConflictRule::ServerWins) => text::said_server_wins(),
        Some(ConflictRule::RegisterWins) => text::said_register_wins(),
        Some(ConflictRule::Latest) => text::said_latest_wins(),
    }
}

/// Which rows a filter keeps.
pub fn said_rows(filter: Option<&RowFilter>, table: Option<TableId>, currency: Option<Currency>) -> String {
    match (filter, table) {
        (None, _) => text::said_all_rows().to_owned(),
        (Some(filter), Some(table)) => text::said_rows_where(&filter_sentence(filter, table, currency)),
        (Some(_), None) => text::said_some_rows().to_owned(),
    }
}

/// Columns, one after the other.
pub fn said_columns(names: &[String]) -> String {
    list(names.iter().map(|name| column_label(name)).collect())
}

/// Tables, one after the other.
pub fn said_tables(tables: &[TableId]) -> String {
    list(tables.iter().map(|table| table_label(*table).to_owned()).collect())
}

/// Names, one after the other.
pub fn quoted_list(names: &[String]) -> String {
    list(names.iter().map(|name| text::quoted(name)).collect())
}

fn list(items: Vec<String>) -> String {
    if items.is_empty() { text::said_nothing().to_owned() } else { items.join(", ") }
}

fn daily(minute_of_day: u16) -> String {
    text::said_daily(&time_of_day(minute_of_day))
}
