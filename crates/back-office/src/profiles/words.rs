//! The words for what a profile is made of.

use holdfast_profile::{CheckForNewDatabase, Direction, Frequency, TableId, UploadTransactions};
use holdfast_ui::Icon;
use holdfast_ui::messages::{back_office as text, common};

/// A direction in a word.
pub fn direction_label(direction: Direction) -> &'static str {
    match direction {
        Direction::Download => common::direction_download(),
        Direction::Upload => common::direction_upload(),
        Direction::Bidirectional => common::direction_both(),
    }
}

/// A direction in a sentence.
pub fn direction_note(direction: Direction) -> &'static str {
    match direction {
        Direction::Download => text::direction_download_note(),
        Direction::Upload => text::direction_upload_note(),
        Direction::Bidirectional => text::direction_both_note(),
    }
}

/// A direction as a picture.
pub fn direction_icon(direction: Direction) -> Icon {
    match direction {
        Direction::Download => Icon::Down,
        Direction::Upload => Icon::Up,
        Direction::Bidirectional => Icon::Both,
    }
}

/// How often a scope runs.
pub fn frequency_label(frequency: Frequency) -> String {
    match frequency {
        Frequency::WithEverySync => text::frequency_with_every_sync().to_owned(),
        Frequency::EveryMinutes { minutes } => text::frequency_every_minutes(u64::from(minutes)),
        Frequency::DailyAt { minute_of_day } => {
            text::frequency_daily_at(&format!("{:02}:{:02}", minute_of_day / 60, minute_of_day % 60))
        }
        Frequency::ByHand => text::by_hand().to_owned(),
    }
}

/// When a newer profile or schema is looked for.
pub fn check_label(check: CheckForNewDatabase) -> &'static str {
    match check {
        CheckForNewDatabase::AtStart => text::check_at_start(),
        CheckForNewDatabase::AtEachSync => text::check_at_each_sync(),
        CheckForNewDatabase::Never => text::never(),
    }
}

/// When transactions are sent.
pub fn upload_label(upload: UploadTransactions) -> String {
    match upload {
        UploadTransactions::AtOnce => text::upload_at_once().to_owned(),
        UploadTransactions::EveryMinutes { minutes } => text::frequency_every_minutes(u64::from(minutes)),
        UploadTransactions::AtShiftClose => text::upload_at_shift_close().to_owned(),
        UploadTransactions::ByHand => text::by_hand().to_owned(),
    }
}

/// A table in words.
pub fn table_label(table: TableId) -> &'static str {
    match table {
        TableId::Store => common::table_store(),
        TableId::Register => common::table_register(),
        TableId::Hardware => common::table_hardware(),
        TableId::Staff => common::table_staff(),
        TableId::TaxRate => common::table_tax_rate(),
        TableId::Currency => common::table_currency(),
        TableId::TenderType => common::table_tender_type(),
        TableId::Category => common::table_category(),
        TableId::Product => common::table_product(),
        TableId::Barcode => common::table_barcode(),
        TableId::Price => common::table_price(),
        TableId::Discount => common::table_discount(),
        TableId::Customer => common::table_customer(),
        TableId::Sale => common::table_sale(),
        TableId::Shift => common::table_shift(),
        TableId::SuspendedSale => common::table_suspended_sale(),
    }
}
