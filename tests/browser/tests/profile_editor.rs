//! The original's two procedures, “set up an offline profile” and “set up an offline scope”: by keyboard alone and by
//! touch alone.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::hands::{Finger, Keyboard, key};
use holdfast_browser_tests::stage::{LANDSCAPE, PORTRAIT, Stage};
use holdfast_browser_tests::store_server::StoreServer;
use holdfast_browser_tests::till_page::TillPage;
use holdfast_profile::{
    Direction, FilterValue, Frequency, Profile, RowFilter, Scope, ScopeTable, TableId, Test, default_profile,
};

use crate::profile_assignment::wait_until_gone;

/// How long a save may take.
const SAVED_WITHIN: Duration = Duration::from_secs(20);

/// What both ways make of the profile that ships.
fn made() -> Profile {
    let mut profile = default_profile();
    profile.name = "Market stall".to_owned();
    profile.description = "For the stall on Saturdays.".to_owned();
    profile.device.offline_timeout_s = 9;
    profile.device.reconnect_interval_min = 3;
    let products = &mut profile.scopes[3].tables[1];
    products.fields =
        Some(["sku", "name", "category", "unit", "tax_code"].map(str::to_owned).into_iter().collect());
    let toys = FilterValue::Text("Toys".to_owned());
    products.filter = Some(RowFilter::of("category", Test::Is { value: toys }));
    // Added last, then moved above the transactions.
    let promotions = Scope {
        name: "Promotions".to_owned(),
        description: "What is cheaper today.".to_owned(),
        direction: Direction::Download,
        frequency: Frequency::EveryMinutes { minutes: 30 },
        tables: vec![ScopeTable::whole(TableId::Discount)],
    };
    profile.scopes.insert(6, promotions);
    profile
}

/// The store server has that.
async fn check_what_is_saved(server: &StoreServer) -> Outcome {
    let detail = Admin::sign_in(server).await?.profile("Market stall").await?;
    let draft: Profile = serde_json::from_value(detail["draft"].clone())?;
    assert_eq!(draft, made());
    Ok(())
}

/// Waits until a line is of this scope.
async fn wait_for_line(page: &TillPage<'_>, line: &str, scope: &str) -> Outcome {
    page.wait_for_text_in(line, scope, SAVED_WITHIN).await
}

#[tokio::test]
async fn a_profile_and_a_scope_are_set_up_by_keyboard_alone() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    let keys = Keyboard::new(stage.browser.driver());
    office.open(&stage.server, "").await?;
    keys.wait_until_at("admin-password").await?;
    keys.type_text(stage.server.admin_password()).await?;
    keys.press(&[key::ENTER]).await?;
    page.element("register-1").await?;
    keys.enter_on("nav-profiles").await?;
    page.element("profiles").await?;

    // Set up an offline profile: Ctrl+N, or Alt+N where the browser keeps that; name, description.
    keys.press(&[key::CONTROL, 'n']).await?;
    keys.wait_until_at("new-name").await?;
    keys.press(&[key::ESCAPE]).await?;
    wait_until_gone(page, "new-name").await?;
    keys.press(&[key::ALT, 'n']).await?;
    keys.wait_until_at("new-name").await?;
    keys.type_text("Market stall").await?;
    keys.tab_to("new-description").await?;
    keys.type_text("For the stall on Saturdays.").await?;
    keys.enter_on("new-create").await?;
    page.element("line-7").await?;

    // Line details: a line is removed, that is taken back and done again.
    keys.tab_to("line-6").await?;
    keys.press(&[key::DELETE]).await?;
    wait_for_line(page, "line-6", "Transactions").await?;
    keys.enter_on("undo").await?;
    wait_for_line(page, "line-6", "Customers").await?;
    keys.tab_back_to("line-6").await?;
    keys.press(&[key::DELETE]).await?;
    wait_for_line(page, "line-6", "Transactions").await?;

    // Add a scope that there is, and put it back to its place.
    keys.tab_back_to("scope-add").await?;
    keys.press(&[key::ENTER]).await?;
    keys.wait_until_at("scope-new-name").await?;
    keys.enter_on("scope-existing-1").await?;
    keys.wait_until_at("scope-heading").await?;
    keys.press(&[key::ESCAPE]).await?;
    keys.wait_until_at("line-7").await?;
    wait_for_line(page, "line-7", "Customers").await?;
    keys.press(&[key::ALT, key::UP]).await?;
    keys.wait_until_at("line-6").await?;

    // Select one that is in the profile: what is kept of a table of it, by columns and by rows.
    keys.tab_back_to("line-4").await?;
    keys.press(&[key::ENTER]).await?;
    keys.wait_until_at("scope-heading").await?;
    keys.enter_on("table-fields-product").await?;
    keys.tab_to("field-rank").await?;
    keys.press(&[key::SPACE]).await?;
    keys.enter_on("field-list-done").await?;
    wait_until_gone(page, "field-list-done").await?;
    keys.enter_on("table-filter-product").await?;
    keys.enter_on("condition-add").await?;
    keys.tab_to("condition-column-1").await?;
    keys.choose("category").await?;
    keys.tab_to("condition-value-1").await?;
    keys.type_anew("Toys").await?;
    keys.enter_on("row-filter-done").await?;
    wait_until_gone(page, "row-filter-done").await?;

    // And add a new one.
    keys.tab_back_to("scope-add").await?;
    keys.press(&[key::ENTER]).await?;
    keys.wait_until_at("scope-new-name").await?;
    keys.type_text("Promotions").await?;
    keys.enter_on("scope-new").await?;

    // Set up an offline scope: description, direction, frequency, tables.
    keys.wait_until_at("scope-heading").await?;
    keys.tab_to("scope-description").await?;
    keys.type_text("What is cheaper today.").await?;
    keys.tab_to("direction-download").await?;
    keys.press(&[key::RIGHT]).await?;
    keys.wait_until_at("direction-upload").await?;
    keys.press(&[key::LEFT]).await?;
    keys.wait_until_at("direction-download").await?;
    keys.tab_to("frequency").await?;
    keys.choose("minutes").await?;
    keys.tab_to("frequency-minutes").await?;
    keys.type_anew("30").await?;
    keys.tab_to("table-choose").await?;
    keys.choose("hardware").await?;
    keys.enter_on("table-add").await?;
    page.element("table-hardware").await?;
    keys.tab_back_to("table-choose").await?;
    keys.choose("discount").await?;
    keys.enter_on("table-add").await?;
    page.element("table-discount").await?;
    // One too many: it is removed, and its removal can be taken back and made again.
    keys.tab_back_to("table-remove-hardware").await?;
    keys.press(&[key::ENTER]).await?;
    wait_until_gone(page, "table-hardware").await?;
    keys.enter_on("undo").await?;
    page.element("table-hardware").await?;
    keys.tab_back_to("table-remove-hardware").await?;
    keys.press(&[key::ENTER]).await?;
    wait_until_gone(page, "table-hardware").await?;

    // The order of synchronisation.
    keys.tab_back_to("scope-name").await?;
    keys.press(&[key::ESCAPE]).await?;
    keys.wait_until_at("line-8").await?;
    keys.press(&[key::ALT, key::UP]).await?;
    keys.wait_until_at("line-7").await?;

    // The device configuration.
    keys.tab_back_to("tab-lines").await?;
    keys.press(&[key::RIGHT]).await?;
    keys.wait_until_at("tab-device").await?;
    keys.tab_to("device-offline-timeout").await?;
    keys.type_anew("0").await?;
    office.wait_for_text("Offline timeout must be at least 1").await?;
    keys.type_anew("9").await?;
    keys.tab_to("device-reconnect-interval").await?;
    keys.type_anew("3").await?;
    keys.enter_on("save").await?;
    page.wait_for_text("Saved ", SAVED_WITHIN).await?;
    check_what_is_saved(&stage.server).await?;
    stage.browser.close().await
}

#[tokio::test]
async fn a_profile_and_a_scope_are_set_up_by_touch_alone() -> Outcome {
    let stage = Stage::set(PORTRAIT).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    let finger = Finger::new(stage.browser.driver());
    office.open(&stage.server, "").await?;
    finger.enter("admin-password", stage.server.admin_password()).await?;
    finger.tap("sign-in").await?;
    finger.tap("nav-profiles").await?;

    finger.tap("profile-new").await?;
    finger.enter("new-name", "Market stall").await?;
    finger.enter("new-description", "For the stall on Saturdays.").await?;
    finger.tap("new-create").await?;
    page.element("line-7").await?;

    // A line is removed, that is taken back and done again; then the scope is added, and moved to its place.
    finger.tap("line-6").await?;
    finger.tap("scope-remove").await?;
    wait_for_line(page, "line-6", "Transactions").await?;
    finger.tap("undo").await?;
    wait_for_line(page, "line-6", "Customers").await?;
    finger.tap("line-6").await?;
    finger.tap("scope-remove").await?;
    wait_for_line(page, "line-6", "Transactions").await?;
    finger.tap("scope-add").await?;
    finger.tap("scope-existing-1").await?;
    wait_for_line(page, "line-7", "Customers").await?;
    for (button, line) in [("line-up-7", "line-6"), ("line-down-6", "line-7"), ("line-up-7", "line-6")] {
        finger.tap(button).await?;
        wait_for_line(page, line, "Customers").await?;
    }

    finger.tap("line-4").await?;
    finger.tap("table-fields-product").await?;
    finger.tap("field-rank").await?;
    finger.tap("field-list-done").await?;
    finger.tap("table-filter-product").await?;
    finger.tap("condition-add").await?;
    finger.pick("condition-column-1", "category").await?;
    finger.enter("condition-value-1", "Toys").await?;
    finger.tap("row-filter-done").await?;

    finger.tap("scope-add").await?;
    finger.enter("scope-new-name", "Promotions").await?;
    finger.tap("scope-new").await?;
    finger.enter("scope-description", "What is cheaper today.").await?;
    finger.tap("direction-both").await?;
    finger.tap("direction-download").await?;
    finger.pick("frequency", "minutes").await?;
    finger.enter("frequency-minutes", "30").await?;
    for table in ["hardware", "discount"] {
        finger.pick("table-choose", table).await?;
        finger.tap("table-add").await?;
        page.element(&format!("table-{table}")).await?;
    }
    for (button, place) in [("table-up-discount", "1"), ("table-down-discount", "2")] {
        finger.tap(button).await?;
        page.wait_for_text_in("table-discount", place, SAVED_WITHIN).await?;
    }
    finger.tap("table-remove-hardware").await?;
    wait_until_gone(page, "table-hardware").await?;
    finger.tap("undo").await?;
    page.element("table-hardware").await?;
    finger.tap("table-remove-hardware").await?;
    wait_until_gone(page, "table-hardware").await?;

    // Dragged by its handle to where the transactions are.
    finger.drag("line-drag-8", "line-7").await?;
    wait_for_line(page, "line-7", "Promotions").await?;

    finger.tap("tab-device").await?;
    finger.enter("device-offline-timeout", "9").await?;
    finger.enter("device-reconnect-interval", "3").await?;
    finger.tap("save").await?;
    page.wait_for_text("Saved ", SAVED_WITHIN).await?;
    check_what_is_saved(&stage.server).await?;
    stage.browser.close().await
}
