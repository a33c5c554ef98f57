//! The words for what a profile is made of.

use holdfast_domain::money::{Currency, Money};
use holdfast_profile::{
    ConflictRule, Direction, Join, LockReason, RowFilter, SentencePart, ShownValue, TableId, TestKind,
    percent_digits, sentence_of,
};
use holdfast_ui::messages::{common, profiles as text};
pub use holdfast_ui::table_words::table as table_label;
use holdfast_ui::{Icon, money};

/// A direction in a word.
pub fn direction_label(direction: Direction) -> &'static str {
    match direction {
        Direction::Download => text::direction_download(),
        Direction::Upload => text::direction_upload(),
        Direction::Bidirectional => text::direction_both(),
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

/// Who wins where two changes meet.
pub fn conflict_rule_label(rule: ConflictRule) -> &'static str {
    match rule {
        ConflictRule::ServerWins => text::conflict_server_wins(),
        ConflictRule::RegisterWins => text::conflict_register_wins(),
        ConflictRule::Latest => text::conflict_latest(),
    }
}

/// A column in words; one that this page does not know stands by its name.
pub fn column_label(name: &str) -> String {
    let known = match name {
        "id" => text::column_id(),
        "name" => text::column_name(),
        "address" => text::column_address(),
        "tax_number" => text::column_tax_number(),
        "currency" => text::column_currency(),
        "prices_include_tax" => text::column_prices_include_tax(),
        "receipt_footer" => text::column_receipt_footer(),
        "number" => text::column_number(),
        "is_manager" => text::column_is_manager(),
        "pin_salt" => text::column_pin_salt(),
        "pin_rounds" => text::column_pin_rounds(),
        "pin_verifier" => text::column_pin_verifier(),
        "code" => text::column_code(),
        "rate_ppm" => text::column_rate_ppm(),
        "sign" => text::column_sign(),
        "cash_increment_minor" => text::column_cash_increment_minor(),
        "offline_limit_minor" => text::column_offline_limit_minor(),
        "position" => text::column_position(),
        "hue" => text::column_hue(),
        "sku" => text::column_sku(),
        "category" => text::column_category(),
        "unit" => text::column_unit(),
        "tax_code" => text::column_tax_code(),
        "rank" => text::column_rank(),
        "gtin" => text::column_gtin(),
        "price_minor" => text::column_price_minor(),
        "country" => text::column_country(),
        "phone" => text::column_phone(),
        "email" => text::column_email(),
        other => return other.to_owned(),
    };
    known.to_owned()
}

/// Why a column can't be left out.
pub fn lock_label(reason: LockReason) -> &'static str {
    match reason {
        LockReason::NamesTheRow => text::lock_names_the_row(),
        LockReason::OnReceipts => text::lock_on_receipts(),
        LockReason::ShownWhileSelling => text::lock_shown_while_selling(),
        LockReason::SignsIn => text::lock_signs_in(),
        LockReason::CountsAmounts => text::lock_counts_amounts(),
        LockReason::CountsTax => text::lock_counts_tax(),
        LockReason::CountsQuantities => text::lock_counts_quantities(),
        LockReason::NamesTheProduct => text::lock_names_the_product(),
        LockReason::LimitsOfflinePayments => text::lock_limits_offline_payments(),
    }
}

/// What a condition asks.
pub fn test_label(test: TestKind) -> &'static str {
    match test {
        TestKind::Is => text::test_is(),
        TestKind::IsNot => text::test_is_not(),
        TestKind::OneOf => text::test_one_of(),
        TestKind::Contains => text::test_contains(),
        TestKind::Over => text::test_over(),
        TestKind::Under => text::test_under(),
        TestKind::Between => text::test_between(),
    }
}

/// A row filter as a sentence.
pub fn filter_sentence(filter: &RowFilter, table: TableId, currency: Option<Currency>) -> String {
    sentence_of(&filter.sentence(table), |part| sentence_word(part, currency))
}

fn sentence_word(part: &SentencePart, currency: Option<Currency>) -> String {
    match part {
        SentencePart::Column(name) => column_label(name),
        SentencePart::Test(kind) => test_label(*kind).to_owned(),
        SentencePart::Value(value) => shown_value(value, currency),
        SentencePart::ListComma => ",".to_owned(),
        SentencePart::RangeAnd | SentencePart::Join(Join::All) => text::word_and().to_owned(),
        SentencePart::Join(Join::Any) => text::word_or().to_owned(),
        SentencePart::GroupStart => "(".to_owned(),
        SentencePart::GroupEnd => ")".to_owned(),
    }
}

fn shown_value(value: &ShownValue, currency: Option<Currency>) -> String {
    match value {
        ShownValue::Empty => text::word_empty().to_owned(),
        ShownValue::Text(text) => format!("“{text}”"),
        ShownValue::Number(number) => number.to_string(),
        ShownValue::MoneyMinor(minor) => currency.map_or_else(
            || minor.to_string(),
            |currency| money::with_sign(Money::from_minor(*minor), currency),
        ),
        ShownValue::RatePpm(ppm) => format!("{}\u{a0}%", percent_digits(*ppm)),
        ShownValue::YesNo(true) => common::yes().to_owned(),
        ShownValue::YesNo(false) => common::no().to_owned(),
    }
}
