//! The original's two procedures, “set up an offline profile” and “set up an offline scope”: by keyboard alone and by
//! touch alone.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::hands::{Finger, Keyboard, key};
use holdfast_browser_tests::stage::{LANDSCAPE, PORTRAIT, Stage};
use holdfast_browser_tests::store_server::StoreServer;
use holdfast_browser_tests::waiting::wait_for;
use serde_json::Value;

/// How long a save may take.
const SAVED_WITHIN: Duration = Duration::from_secs(20);

/// What both ways have made of it, as the store server has it.
async fn check_what_is_saved(server: &StoreServer) -> Outcome {
    let detail = Admin::sign_in(server).await?.profile("Market stall").await?;
    let draft = &detail["draft"];
    assert_eq!(draft["description"], "For the stall on Saturdays.");
    assert_eq!(draft["device"]["offline_timeout_s"], 9);
    assert_eq!(draft["device"]["reconnect_interval_min"], 3);
    let scopes = draft["scopes"].as_array().ok_or("no scopes")?;
    let names: Vec<&str> = scopes.iter().filter_map(|scope| scope["name"].as_str()).collect();
    // Added last, then moved above the transactions.
    assert_eq!(names[6..], ["Promotions", "Transactions"]);
    let scope = &scopes[6];
    assert_eq!(
        (&scope["direction"], &scope["description"]),
        (&"download".into(), &"What is cheaper today.".into())
    );
    let tables: Vec<&Value> =
        scope["tables"].as_array().ok_or("no tables")?.iter().map(|one| &one["table"]).collect();
    assert_eq!(tables, ["discount"]);
    Ok(())
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

    // Set up an offline profile: Ctrl+N, name, description.
    keys.press(&[key::CONTROL, 'n']).await?;
    keys.wait_until_at("new-name").await?;
    keys.type_text("Market stall").await?;
    keys.tab_to("new-description").await?;
    keys.type_text("For the stall on Saturdays.").await?;
    keys.enter_on("new-create").await?;
    page.element("line-7").await?;

    // Line details: add a scope, here a new one.
    keys.enter_on("scope-add").await?;
    keys.wait_until_at("scope-new-name").await?;
    keys.type_text("Promotions").await?;
    keys.enter_on("scope-new").await?;

    // Set up an offline scope: description, direction, tables.
    keys.wait_until_at("scope-heading").await?;
    keys.tab_to("scope-description").await?;
    keys.type_text("What is cheaper today.").await?;
    keys.tab_to("direction-download").await?;
    keys.press(&[key::RIGHT]).await?;
    keys.wait_until_at("direction-upload").await?;
    keys.press(&[key::LEFT]).await?;
    keys.wait_until_at("direction-download").await?;
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
    page.element("undo").await?;
    assert!(!page.has("table-hardware").await?);

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

    finger.tap("scope-add").await?;
    finger.enter("scope-new-name", "Promotions").await?;
    finger.tap("scope-new").await?;
    finger.enter("scope-description", "What is cheaper today.").await?;
    finger.tap("direction-both").await?;
    finger.tap("direction-download").await?;
    finger.pick("table-choose", "discount").await?;
    finger.tap("table-add").await?;
    page.element("table-discount").await?;

    // Dragged by its handle to where the transactions are.
    finger.drag("line-drag-8", "line-7").await?;
    wait_for("another order", SAVED_WITHIN, || async {
        match page.text("line-7").await {
            Ok(line) if line.contains("Promotions") => Ok(()),
            Ok(line) => Err(line),
            Err(error) => Err(error.to_string()),
        }
    })
    .await?;

    finger.tap("tab-device").await?;
    finger.enter("device-offline-timeout", "9").await?;
    finger.enter("device-reconnect-interval", "3").await?;
    finger.tap("save").await?;
    page.wait_for_text("Saved ", SAVED_WITHIN).await?;
    check_what_is_saved(&stage.server).await?;
    stage.browser.close().await
}
