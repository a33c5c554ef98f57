//! What moving from one version of a profile to another takes.

use holdfast_domain::Currency;
use holdfast_profile::{
    ChangePlan, ConflictRule, Direction, FieldValue, FilterValue, Frequency, Need, OfflineCustomers,
    OfflineProducts, Profile, RowFilter, ScopeDifference, TableDifference, TableId, TableStep, Test,
    TillOperation, change_plan, default_profile,
};
use proptest::prelude::*;

use crate::builders::{any_profile, three_versions};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nothing_changes_where_nothing_differs(profile in any_profile()) {
        prop_assert!(change_plan(&profile, &profile).is_empty());
        prop_assert_eq!(change_plan(&profile, &profile).english(Currency::GBP), Vec::<String>::new());
    }

    #[test]
    fn something_changes_where_something_differs((base, mine, theirs) in three_versions(), other in any_profile()) {
        for (old, new) in [(&base, &mine), (&mine, &theirs), (&theirs, &base), (&base, &other)] {
            let plan = change_plan(old, new);
            prop_assert_eq!(plan.is_empty(), old == new);
            prop_assert_eq!(plan.english(Currency::GBP).is_empty(), old == new);
        }
    }

    #[test]
    fn a_plan_that_was_written_is_read(old in any_profile(), new in any_profile()) {
        let plan = change_plan(&old, &new);
        let text = serde_json::to_string(&plan).unwrap();
        prop_assert_eq!(serde_json::from_str::<ChangePlan>(&text).unwrap(), plan);
    }

    #[test]
    fn what_starts_one_way_stops_the_other_way(old in any_profile(), new in any_profile()) {
        let (there, back) = (change_plan(&old, &new), change_plan(&new, &old));
        let stopped: Vec<TillOperation> = there.stops_offline.iter().map(|stopped| stopped.operation).collect();
        prop_assert_eq!(stopped, back.starts_offline);
    }

    #[test]
    fn rows_are_downloaded_whenever_others_may_be_kept((old, new, _) in three_versions()) {
        let plan = change_plan(&old, &new);
        for table in TableId::ALL {
            let (Some(before), Some(after)) = (old.entry(table), new.entry(table)) else { continue };
            if before.0.direction.downloads() && after.0.direction.downloads() && before.1.filter != after.1.filter {
                prop_assert_eq!(plan.table(table).map(|change| change.step), Some(TableStep::Rebuild));
            }
        }
    }
}

fn plan(change: impl FnOnce(&mut Profile)) -> ChangePlan {
    let old = default_profile();
    let mut new = old.clone();
    change(&mut new);
    change_plan(&old, &new)
}

fn steps(plan: &ChangePlan) -> Vec<(TableId, TableStep)> {
    plan.tables.iter().map(|change| (change.table, change.step)).collect()
}

fn stops(plan: &ChangePlan) -> Vec<TillOperation> {
    plan.stops_offline.iter().map(|stopped| stopped.operation).collect()
}

#[test]
fn a_removed_scope_drops_its_tables_and_stops_what_needs_them() {
    let plan = plan(|new| drop(new.scopes.remove(5)));
    assert_eq!(steps(&plan), [(TableId::Customer, TableStep::Drop)]);
    assert_eq!(
        stops(&plan),
        [TillOperation::ChooseCustomer, TillOperation::ChooseEveryCustomer, TillOperation::ChangeCustomers]
    );
    assert_eq!(
        plan.english(Currency::GBP),
        [
            "Offline, a till can't choose a customer any more: no rows of table customer.",
            "A till can't add or change customers any more, not even with a connection: no upload of table customer.",
            "Scope “Customers” goes.",
            "Table customer of scope “Customers” (bidirectional) goes.",
            "Registers remove the rows of table customer.",
            "What waits of table customer is sent to the store server first.",
        ]
    );
}

#[test]
fn what_waits_is_sent_before_an_uploaded_table_goes() {
    let plan = plan(|new| drop(new.scopes[6].tables.remove(1)));
    let change = plan.table(TableId::Shift).unwrap();
    assert_eq!((change.step, change.waits_for_upload), (TableStep::Drop, true));
    assert_eq!(stops(&plan), []);
}

#[test]
fn without_the_store_nothing_is_sold_as_nobody_knows_its_currency_and_taxes() {
    let plan = plan(|new| {
        for scope in &mut new.scopes {
            scope.tables.retain(|entry| entry.table != TableId::Store);
        }
    });
    assert_eq!(steps(&plan), [(TableId::Store, TableStep::Drop)]);
    assert_eq!(
        stops(&plan),
        [TillOperation::SignIn, TillOperation::SellProducts, TillOperation::PrintReceipts]
    );
    assert!(
        plan.stops_offline.iter().all(|stopped| stopped.lacks == [Need::Rows { table: TableId::Store }]),
        "{plan:?}"
    );
}

#[test]
fn an_added_table_is_built() {
    let mut old = default_profile();
    let staff = old.scopes.iter_mut().find_map(|scope| {
        let place = scope.tables.iter().position(|entry| entry.table == TableId::Staff)?;
        Some(scope.tables.remove(place))
    });
    assert!(staff.is_some());
    let plan = change_plan(&old, &default_profile());
    assert_eq!(steps(&plan), [(TableId::Staff, TableStep::Build)]);
    assert_eq!(plan.starts_offline, [TillOperation::SignIn, TillOperation::SignInEverybody]);
}

#[test]
fn another_filter_downloads_the_table_and_those_that_follow_it_again() {
    let filter = RowFilter::of("rank", Test::Between { low: 1, high: 500 });
    let plan = plan(|new| new.scopes[3].tables[1].filter = Some(filter.clone()));
    assert_eq!(
        steps(&plan),
        [TableId::Product, TableId::Barcode, TableId::Price].map(|table| (table, TableStep::Rebuild))
    );
    let change = plan.table(TableId::Product).unwrap();
    assert_eq!(change.differences, [TableDifference::Filter { before: None, after: Some(filter) }]);
    assert_eq!(stops(&plan), [TillOperation::SellEveryProduct]);
    assert_eq!(plan.stops_offline[0].lacks, [Need::EveryRow { table: TableId::Product }]);
}

#[test]
fn a_filter_stops_what_takes_the_rows_that_it_leaves_out() {
    let filtered = |table: TableId, filter: RowFilter| {
        plan(|new| {
            let entries = new.scopes.iter_mut().flat_map(|scope| &mut scope.tables);
            for entry in entries.filter(|entry| entry.table == table) {
                entry.filter = Some(filter.clone());
            }
        })
    };
    let managers =
        filtered(TableId::Staff, RowFilter::of("is_manager", Test::Is { value: FilterValue::YesNo(true) }));
    assert_eq!(stops(&managers), [TillOperation::SignInEverybody]);
    assert_eq!(
        managers.english(Currency::GBP)[0],
        "A till can't let everybody of the store sign in any more, not even with a connection: not every row of table \
         staff."
    );
    let cash = filtered(TableId::TenderType, RowFilter::of("name", Test::Contains { text: "Cash".into() }));
    assert_eq!(stops(&cash), [TillOperation::TakeEveryTender]);
    let codes = filtered(TableId::Barcode, RowFilter::of("code", Test::Contains { text: "50".into() }));
    assert_eq!(stops(&codes), [TillOperation::ScanEveryBarcode]);
    // Barcodes that go with their products are said by the products.
    let goods = filtered(TableId::Product, RowFilter::of("name", Test::Contains { text: "a".into() }));
    assert_eq!(stops(&goods), [TillOperation::SellEveryProduct]);
    let best = plan(|new| new.offline_products = OfflineProducts::TopBySales { count: 100 });
    assert_eq!(stops(&best), [TillOperation::SellEveryProduct]);
}

#[test]
fn rows_that_come_along_with_others_are_downloaded_again_with_them() {
    let mut old = default_profile();
    old.scopes[3].tables[0].filter = Some(RowFilter::of("position", Test::Under { number: 5 }));
    let mut new = old.clone();
    new.offline_products = OfflineProducts::TopBySales { count: 100 };
    let plan = change_plan(&old, &new);
    let related = TableDifference::Related { of: TableId::Product };
    assert_eq!(plan.table(TableId::Category).unwrap().differences, [related]);
    assert_eq!(plan.table(TableId::Product).unwrap().differences, [TableDifference::Choice]);
    assert_eq!(plan.table(TableId::TaxRate), None, "without a filter all its rows are there");
}

#[test]
fn another_choice_of_customers_downloads_them_again() {
    let plan = plan(|new| new.offline_customers = OfflineCustomers::None);
    assert_eq!(steps(&plan), [(TableId::Customer, TableStep::Rebuild)]);
    assert_eq!(plan.settings[0].after, FieldValue::OfflineCustomers(OfflineCustomers::None));
    assert_eq!(stops(&plan), [TillOperation::ChooseCustomer, TillOperation::ChooseEveryCustomer]);
}

#[test]
fn another_conflict_rule_leaves_the_rows_as_they_are() {
    let plan = plan(|new| new.scopes[5].tables[0].conflict_rule = Some(ConflictRule::ServerWins));
    assert_eq!(steps(&plan), [(TableId::Customer, TableStep::Keep)]);
    assert_eq!(
        plan.english(Currency::GBP),
        [
            "Where both sides changed a field of table customer, the store server wins instead of the table's default."
        ]
    );
}

#[test]
fn a_field_list_says_what_comes_and_goes() {
    let without_category = ["sku", "name", "unit", "tax_code", "rank"].map(str::to_owned).to_vec();
    let left_out = plan(|new| new.scopes[3].tables[1].fields = Some(without_category.clone()));
    let change = left_out.table(TableId::Product).unwrap();
    assert_eq!(change.step, TableStep::Rebuild);
    assert_eq!(change.english(Currency::GBP)[0], "Table product loses category.");
    assert_eq!(stops(&left_out), [TillOperation::BrowseCategories]);
    assert_eq!(left_out.table(TableId::Barcode), None, "the rows are the same");

    let all: Vec<String> = TableId::Product.columns().iter().map(|column| column.name.to_owned()).collect();
    let spelled_out = plan(|new| new.scopes[3].tables[1].fields = Some(all));
    assert_eq!(steps(&spelled_out), [(TableId::Product, TableStep::Keep)]);
}

#[test]
fn another_direction_keeps_the_rows() {
    let only_down = plan(|new| new.scopes[5].direction = Direction::Download);
    let change = only_down.table(TableId::Customer).unwrap();
    assert_eq!((change.step, change.waits_for_upload), (TableStep::Keep, true));
    assert_eq!(stops(&only_down), [TillOperation::ChangeCustomers]);

    let mut old = default_profile();
    old.scopes[5].direction = Direction::Download;
    let back = change_plan(&old, &default_profile());
    assert_eq!(steps(&back), [(TableId::Customer, TableStep::Keep)]);
    assert_eq!(back.starts_offline, [TillOperation::ChangeCustomers]);
}

#[test]
fn another_order_is_a_change_of_its_own() {
    let plan = plan(|new| new.scopes.swap(4, 5));
    assert_eq!((plan.tables.len(), plan.scopes.len()), (0, 0));
    let order = plan.order.unwrap();
    assert_eq!(order.scopes[4..], ["Customers", "Prices and discounts", "Transactions"]);
    assert_eq!(order.tables[9..11], [TableId::Customer, TableId::Price]);
}

#[test]
fn a_renamed_scope_keeps_its_tables() {
    let plan = plan(|new| new.scopes[2].name = "People".into());
    assert_eq!(plan.tables, []);
    assert_eq!(plan.scopes[0].difference, ScopeDifference::Renamed { before: "Staff".into() });
}

#[test]
fn settings_show_their_values() {
    let plan = plan(|new| {
        new.device.offline_timeout_s = 20;
        new.device.health_check_s.seconds = 60;
        new.device.upload_batch_entries.entries = 1;
        new.offline_products = OfflineProducts::SoldInLastDays { days: 90 };
        new.scopes[2].frequency = Frequency::DailyAt { minute_of_day: 210 };
    });
    let english = plan.english(Currency::GBP);
    for sentence in [
        "Scope “Staff” is synchronised daily at 03:30 instead of with every synchronisation.",
        "Offline timeout changes from 5 s to 20 s.",
        "Health-check interval changes from 5 s to 60 s.",
        "Upload batch size changes from 500 entries to 1 entry.",
        "Offline products changes from all to sold in the last 90 days.",
    ] {
        assert!(english.iter().any(|found| found == sentence), "{sentence} in {english:#?}");
    }
}
