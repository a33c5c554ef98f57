//! What moving to another version of a profile changes, in words: a sentence for each thing.

use holdfast_domain::money::Currency;
use holdfast_profile::{
    ChangePlan, Need, ScopeChange, ScopeDifference, StoppedOperation, TableChange, TableDifference,
    TableStep, TillOperation,
};
use holdfast_ui::messages::profiles as text;

use super::editor::field_words;
use super::value_words::{
    quoted_list, said_columns, said_direction, said_frequency, said_rows, said_rule, said_tables, value_words,
};
use super::words::{column_label, table_label};

/// All that changes, what stops working offline first.
pub fn all_sentences(plan: &ChangePlan, currency: Option<Currency>) -> Vec<String> {
    let mut sentences: Vec<String> = plan.stops_to_say().map(stopped_sentence).collect();
    sentences.extend(change_sentences(plan, currency));
    sentences
}

/// All that changes but for what stops working offline.
pub fn change_sentences(plan: &ChangePlan, currency: Option<Currency>) -> Vec<String> {
    let again = |operation: &TillOperation| text::plan_can_again(operation_words(*operation));
    let mut sentences: Vec<String> = plan.starts_offline.iter().map(again).collect();
    sentences.extend(plan.scopes.iter().map(scope_sentence));
    for change in &plan.tables {
        let differences = change.differences.iter();
        sentences.extend(differences.map(|difference| difference_sentence(change, difference, currency)));
        sentences.extend(step_sentences(change));
    }
    if let Some(order) = &plan.order {
        sentences.push(text::plan_order(&quoted_list(&order.scopes), &said_tables(&order.tables)));
    }
    sentences.extend(plan.settings.iter().map(|change| {
        let (before, after) =
            (value_words(&change.before, None, currency), value_words(&change.after, None, currency));
        text::plan_setting(&field_words(&change.field), &before, &after)
    }));
    sentences
}

/// What differs, and nothing of what registers would do for it.
pub fn difference_sentences(plan: &ChangePlan, currency: Option<Currency>) -> Vec<String> {
    let mut plan = plan.clone();
    plan.starts_offline.clear();
    for change in &mut plan.tables {
        (change.step, change.waits_for_upload) = (TableStep::Keep, false);
    }
    change_sentences(&plan, currency)
}

/// What a till can't do any more, offline or at all, and why.
pub fn stopped_sentence(stopped: &StoppedOperation) -> String {
    let lacks: Vec<String> = stopped.lacks.iter().map(|need| need_words(*need)).collect();
    let (operation, lacks) = (operation_words(stopped.operation), lacks.join(", "));
    if stopped.only_offline() {
        text::plan_can_no_more(operation, &lacks)
    } else {
        text::plan_can_no_more_at_all(operation, &lacks)
    }
}

/// Operations in a row, as in "sign in, take payments".
pub fn stopped_words(stopped: &[StoppedOperation]) -> String {
    let words: Vec<&str> = stopped.iter().map(|one| operation_words(one.operation)).collect();
    words.join(", ")
}

fn operation_words(operation: TillOperation) -> &'static str {
    match operation {
        TillOperation::SignIn => text::operation_sign_in(),
        TillOperation::SignInEverybody => text::operation_sign_in_everybody(),
        TillOperation::SellProducts => text::operation_sell_products(),
        TillOperation::SellEveryProduct => text::operation_sell_every_product(),
        TillOperation::ScanBarcodes => text::operation_scan_barcodes(),
        TillOperation::ScanEveryBarcode => text::operation_scan_every_barcode(),
        TillOperation::BrowseCategories => text::operation_browse_categories(),
        TillOperation::ShowBestSellers => text::operation_show_best_sellers(),
        TillOperation::ChooseCustomer => text::operation_choose_customer(),
        TillOperation::ChooseEveryCustomer => text::operation_choose_every_customer(),
        TillOperation::ChangeCustomers => text::operation_change_customers(),
        TillOperation::TakePayments => text::operation_take_payments(),
        TillOperation::TakeEveryTender => text::operation_take_every_tender(),
        TillOperation::PrintReceipts => text::operation_print_receipts(),
    }
}

fn need_words(need: Need) -> String {
    match need {
        Need::Rows { table } => text::lacks_rows(table_label(table)),
        Need::Column { table, column } => text::lacks_column(&column_label(column), table_label(table)),
        Need::EveryRow { table } | Need::EveryRowOfKept { table } => {
            text::lacks_every_row(table_label(table))
        }
        Need::Upload { table } => text::lacks_upload(table_label(table)),
    }
}

fn scope_sentence(change: &ScopeChange) -> String {
    let name = &change.name;
    match &change.difference {
        ScopeDifference::Added => text::plan_scope_added(name),
        ScopeDifference::Removed => text::plan_scope_removed(name),
        ScopeDifference::Renamed { before } => text::plan_scope_renamed(before, name),
        ScopeDifference::Described => text::plan_scope_described(name),
        ScopeDifference::Direction { before, after } => {
            text::plan_scope_direction(name, said_direction(*before), said_direction(*after))
        }
        ScopeDifference::Frequency { before, after } => {
            text::plan_scope_frequency(name, &said_frequency(*after), &said_frequency(*before))
        }
    }
}

fn difference_sentence(
    change: &TableChange,
    difference: &TableDifference,
    currency: Option<Currency>,
) -> String {
    let table = table_label(change.table);
    match difference {
        TableDifference::Added { scope, direction } => {
            text::plan_table_added(table, scope, said_direction(*direction))
        }
        TableDifference::Removed { scope, direction } => {
            text::plan_table_removed(table, scope, said_direction(*direction))
        }
        TableDifference::Moved { before, after } => text::plan_table_moved(table, before, after),
        TableDifference::Direction { before, after } => {
            text::plan_table_direction(table, said_direction(*before), said_direction(*after))
        }
        TableDifference::Filter { before, after } => {
            let rows = |filter| said_rows(filter, Some(change.table), currency);
            text::plan_table_filter(table, &rows(after.as_ref()), &rows(before.as_ref()))
        }
        TableDifference::Fields { added, removed, .. } => match (added.is_empty(), removed.is_empty()) {
            (true, true) => text::plan_table_fields_rewritten(table),
            (false, true) => text::plan_table_gains(table, &said_columns(added)),
            (true, false) => text::plan_table_loses(table, &said_columns(removed)),
            (false, false) => {
                text::plan_table_gains_and_loses(table, &said_columns(added), &said_columns(removed))
            }
        },
        TableDifference::ConflictRule { before, after } => {
            text::plan_table_conflict_rule(table, said_rule(*after), said_rule(*before))
        }
        TableDifference::Choice => text::plan_table_choice(table),
        TableDifference::Related { of } => text::plan_table_related(table, table_label(*of)),
    }
}

fn step_sentences(change: &TableChange) -> impl Iterator<Item = String> {
    let table = table_label(change.table);
    let step = match change.step {
        TableStep::Keep => None,
        TableStep::Build => Some(text::plan_table_build(table)),
        TableStep::Rebuild => Some(text::plan_table_rebuild(table)),
        TableStep::Drop => Some(text::plan_table_drop(table)),
    };
    step.into_iter().chain(change.waits_for_upload.then(|| text::plan_table_waits(table)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_profile::{
        Condition, Direction, FilterPart, Join, OfflineProducts, Profile, RowFilter, Test, change_plan,
        default_profile,
    };

    fn sentences(change: impl FnOnce(&mut Profile)) -> Vec<String> {
        let mut next = default_profile();
        change(&mut next);
        all_sentences(&change_plan(&default_profile(), &next), Currency::from_code("GBP").ok())
    }

    #[test]
    fn a_row_filter_is_said_in_the_words_of_the_page() {
        let said = sentences(|profile| {
            let test = Test::Over { number: 200 };
            let part = FilterPart::Condition(Condition { column: "price_minor".to_owned(), test });
            profile.scopes[4].tables[0].filter = Some(RowFilter { join: Join::All, parts: vec![part] });
        });
        assert!(
            said.contains(
                &"Of Prices, registers keep rows where Price is over £\u{a0}2.00 instead of all rows."
                    .to_owned()
            ),
            "{said:?}"
        );
    }

    #[test]
    fn what_goes_and_why_something_stops_is_said() {
        let said = sentences(|profile| profile.scopes.retain(|scope| scope.name != "Customers"));
        for expected in [
            "Offline, a till can't choose a customer any more: no rows of Customers.",
            "Scope “Customers” goes.",
            "Customers of scope “Customers” (bidirectional) goes.",
            "Registers remove the rows of Customers.",
            "What waits of Customers is sent to the store server first.",
        ] {
            assert!(said.iter().any(|one| one == expected), "{expected}: {said:?}");
        }
    }

    #[test]
    fn what_no_connection_brings_back_is_said_so_and_once() {
        let said = sentences(|profile| profile.scopes.retain(|scope| scope.name != "Staff"));
        let stops: Vec<&String> = said.iter().filter(|one| one.contains("sign in")).collect();
        assert_eq!(
            stops,
            ["A till can't sign in any more, not even with a connection: no rows of Staff."],
            "{said:?}"
        );
    }

    #[test]
    fn settings_change_from_one_label_to_another() {
        let said = sentences(|profile| {
            profile.device.offline_timeout_s = 7;
            profile.device.health_check_s.seconds = 60;
            profile.device.upload_batch_entries.entries = 1;
            profile.offline_products = OfflineProducts::TopBySales { count: 250 };
            profile.scopes[5].direction = Direction::Download;
        });
        for expected in [
            "Offline timeout (sec) changes from 5 s to 7 s.",
            "Health-check interval (sec) changes from 5 s to 60 s.",
            "Upload batch size (entries) changes from 500 entries to 1 entry.",
            "Offline products changes from “All products” to the 250 best sellers.",
            "Scope “Customers” changes its direction from bidirectional to download.",
        ] {
            assert!(said.iter().any(|one| one == expected), "{expected}: {said:?}");
        }
    }
}
