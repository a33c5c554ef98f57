//! The words for what a profile is made of.

use holdfast_domain::money::{Currency, Money};
use holdfast_profile::{
    ConflictRule, Direction, Join, LockReason, RowFilter, SentencePart, ShownValue, TableId, TestKind,
    percent_digits, sentence_of,
};
use holdfast_ui::messages::{columns, common, profiles as text};
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

/// A column in words, with the related row that it is of where a filter asks that; one that this page does not know
/// stands by its name.
pub fn column_label(name: &str) -> String {
    let known = match name {
        "id" => columns::id(),
        "name" => columns::name(),
        "address" => columns::address(),
        "tax_number" => columns::tax_number(),
        "currency" => columns::currency(),
        "prices_include_tax" => columns::prices_include_tax(),
        "receipt_footer" => columns::receipt_footer(),
        "number" => columns::number(),
        "is_manager" => columns::is_manager(),
        "pin_salt" => columns::pin_salt(),
        "pin_rounds" => columns::pin_rounds(),
        "pin_verifier" => columns::pin_verifier(),
        "code" => columns::code(),
        "rate_ppm" => columns::rate_ppm(),
        "sign" => columns::sign(),
        "cash_increment_minor" => columns::cash_increment_minor(),
        "offline_limit_minor" => columns::offline_limit_minor(),
        "position" => columns::position(),
        "hue" => columns::hue(),
        "sku" => columns::sku(),
        "category" => columns::category(),
        "unit" => columns::unit(),
        "tax_code" => columns::tax_code(),
        "rank" => columns::rank(),
        "gtin" => columns::gtin(),
        "price_minor" => columns::price_minor(),
        "country" => columns::country(),
        "phone" => columns::phone(),
        "email" => columns::email(),
        "category.name" => columns::category_name(),
        "category.position" => columns::category_position(),
        "category.hue" => columns::category_hue(),
        "tax_rate.name" => columns::tax_rate_name(),
        "tax_rate.rate_ppm" => columns::tax_rate_rate_ppm(),
        "price.price_minor" => columns::price_minor(),
        "product.name" => columns::product_name(),
        "product.category" => columns::product_category(),
        "product.unit" => columns::product_unit(),
        "product.tax_code" => columns::product_tax_code(),
        "product.rank" => columns::product_rank(),
        other => return other.to_owned(),
    };
    known.to_owned()
}

/// One related row of a table, as the heading of what a filter may ask of it.
pub fn related_label(table: TableId) -> &'static str {
    match table {
        TableId::Category => columns::related_category(),
        TableId::TaxRate => columns::related_tax_rate(),
        TableId::Price => columns::related_price(),
        TableId::Product => columns::related_product(),
        TableId::Store
        | TableId::Register
        | TableId::Hardware
        | TableId::Staff
        | TableId::Currency
        | TableId::TenderType
        | TableId::Barcode
        | TableId::Discount
        | TableId::Customer
        | TableId::Sale
        | TableId::Shift
        | TableId::SuspendedSale => table_label(table),
    }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn whatever_a_filter_may_ask_has_words_of_its_own() {
        for table in TableId::ALL.into_iter().filter(|table| table.may_be_filtered()) {
            let names = table.filter_columns().into_iter().map(|column| column.name());
            let words: Vec<(String, String)> = names.map(|name| (column_label(&name), name)).collect();
            assert!(words.iter().all(|(label, name)| label != name), "{table}: {words:?}");
            let labels: BTreeSet<&String> = words.iter().map(|(label, _)| label).collect();
            assert_eq!(labels.len(), words.len(), "{table}: {words:?}");
        }
    }
}
