//! The ways through every screen of the till and of the back office.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::hands::Finger;
use holdfast_browser_tests::odd_register::OddRegister;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, SKUS, STAFF, Stage, Takings, sell};
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;
use holdfast_profile::{DataExportFolder, DatabaseExportSchedule};

use crate::data_export;

/// Goes from activation to an offline till, and calls `look` on every screen.
pub async fn through_till(
    size: (u32, u32),
    query: &str,
    mut look: impl AsyncFnMut(&Browser, &str) -> Outcome,
) -> Outcome {
    let mut stage = Stage::set(size).await?;
    let goods = format!(
        "sku,name,category,unit,tax_code,price,rank\n{},{GOODS_NAME},bakery,ea,zero,2.40,1\n",
        SKUS[0]
    );
    Admin::sign_in(&stage.server).await?.import("products", &goods).await?;
    let browser = &stage.browser;
    let till = TillPage::new(browser.driver());
    till.open(&format!("{}/{query}", stage.server.url())).await?;
    till.element("activation-code").await?;
    look(browser, "activation").await?;
    till.activate("AAAA-AAAA").await?;
    till.element("activation-error").await?;
    look(browser, "activation refused").await?;
    till.activate(&stage.server.activation_code(1)?).await?;
    till.element(&format!("staff-{}", STAFF.0)).await?;
    look(browser, "sign-in").await?;
    till.tap(&format!("staff-{}", STAFF.0)).await?;
    till.enter_pin("9999").await?;
    till.element("pin-error").await?;
    look(browser, "wrong PIN").await?;
    till.enter_pin(STAFF.1).await?;
    till.element("search").await?;
    look(browser, "empty sale").await?;
    till.find_customer("Tolliver").await?;
    look(browser, "customers").await?;
    till.enter("customer-search", "Nobody of that name").await?;
    till.element("customers-nobody").await?;
    look(browser, "no customer").await?;
    till.begin_to_change_customer("Tolliver").await?;
    till.enter("customer-name", " ").await?;
    till.tap("customer-save").await?;
    look(browser, "customer without a name").await?;
    till.enter("customer-name", "Agnes Tolliver").await?;
    till.tap("customer-save").await?;
    till.element("customer-remove").await?;
    look(browser, "sale of a customer").await?;
    for sku in SKUS {
        till.scan(sku).await?;
    }
    till.element("basket-line-3").await?;
    look(browser, "sale").await?;
    till.tap("pay").await?;
    till.element("quick-0").await?;
    look(browser, "pay").await?;
    till.tap("quick-0").await?;
    look(browser, "cash on the counter").await?;
    till.tap("finish-sale").await?;
    till.element("receipt-number").await?;
    look(browser, "done").await?;
    till.next_customer().await?;
    till.tap("menu").await?;
    till.element("menu-sales").await?;
    look(browser, "menu").await?;
    till.tap("menu-sales").await?;
    till.element("sale-row-1").await?;
    look(browser, "sales").await?;
    till.tap("back").await?;
    till.tap("menu").await?;
    till.tap("menu-offline-database").await?;
    till.element("scope-row-1").await?;
    look(browser, "offline database").await?;
    till.tap("back").await?;
    till.tap("menu").await?;
    till.tap("menu-close-shift").await?;
    till.element("shift-sales").await?;
    look(browser, "shift").await?;
    till.tap("close-shift").await?;
    till.element("shift-closed").await?;
    look(browser, "shift closed").await?;
    till.tap("back").await?;
    stage.server.kill()?;
    till.wait_for_mode("waiting", Duration::from_secs(20)).await?;
    look(browser, "waiting").await?;
    till.wait_for_mode("offline", Duration::from_secs(20)).await?;
    look(browser, "offline").await?;
    till.scan(SKUS[0]).await?;
    till.pay_exact_cash().await?;
    look(browser, "done offline").await?;
    till.next_customer().await?;
    till.tap("menu").await?;
    till.tap("menu-offline-database").await?;
    till.element("send-now").await?;
    look(browser, "offline database offline").await?;
    stage.browser.close().await
}

/// Goes through the back office of a store whose register 1 has sold something, and calls `look` on every screen.
pub async fn through_back_office(
    (width, height): (u32, u32),
    query: &str,
    mut look: impl AsyncFnMut(&Browser, &str) -> Outcome,
) -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let mut takings = Takings::default();
    for round in 0..3 {
        sell(&stage.till(), round, &mut takings).await?;
    }
    stage.till().wait_until_sent(SENT_WITHIN).await?;
    let hourly = DatabaseExportSchedule::EveryHours { hours: 1 };
    data_export::publish(&stage.server, DataExportFolder::StoreServer, hourly)?;
    let receipt = takings.receipts().next().ok_or("nothing was sold")?;

    let desk = tempfile::tempdir()?;
    let browser = Browser::open(desk.path(), width, height).await?;
    let office = BackOfficePage::new(browser.driver());
    office.open(&stage.server, query).await?;
    look(&browser, "sign-in").await?;
    office.enter_password("wrong").await?;
    office.page().element("sign-in-error").await?;
    look(&browser, "wrong password").await?;
    office.enter_password(stage.server.admin_password()).await?;
    office.page().element("register-1").await?;
    look(&browser, "registers").await?;
    office.page().tap("new-code-2").await?;
    office.page().element("new-code").await?;
    look(&browser, "new code").await?;
    office.page().tap("close-new-code").await?;
    office.page().tap("open-register-1").await?;
    office.page().element("register-tables").await?;
    office.page().element("register-exports").await?;
    look(&browser, "register").await?;
    office.page().tap("nav-sales").await?;
    office.page().element(&format!("sale-{receipt}")).await?;
    look(&browser, "sales").await?;
    office.page().tap_first(&format!("[data-testid=\"sale-{receipt}\"] a")).await?;
    office.page().element("sale-lines").await?;
    look(&browser, "sale").await?;
    office.page().tap("nav-profiles").await?;
    office.page().element("profiles").await?;
    look(&browser, "profiles").await?;
    office.page().tap("nav-rejected").await?;
    office.page().element("no-rejected").await?;
    look(&browser, "nothing rejected").await?;
    office.page().tap("nav-conflicts").await?;
    office.page().element("no-conflicts").await?;
    look(&browser, "no conflicts").await?;
    office.page().tap("nav-import").await?;
    office.page().element("import-products").await?;
    look(&browser, "import").await?;
    browser.close().await?;
    stage.browser.close().await
}

/// Goes through the rejected entries of a store, and calls `look` on every screen.
pub async fn through_rejected(
    (width, height): (u32, u32),
    query: &str,
    mut look: impl AsyncFnMut(&Browser, &str) -> Outcome,
) -> Outcome {
    let Stage { server, browser, profile: _profile } = Stage::set((width, height)).await?;
    let mut register = OddRegister::activate(&server, 2).await?;
    let sale = register.send_sale_out_of_series().await?;
    let shift = register.send_foreign_shift().await?;
    let edit = register.send_edit_of_nobody().await?;
    let office = BackOfficePage::new(browser.driver());
    let page = office.page();
    office.open(&server, query).await?;
    office.enter_password(server.admin_password()).await?;
    page.tap("nav-rejected").await?;
    page.element(&format!("rejected-2-{edit}")).await?;
    look(&browser, "rejected").await?;
    for (seq, screen) in [(shift, "rejected shift"), (edit, "rejected row")] {
        page.tap_first(&format!("[data-testid=\"rejected-2-{seq}\"] a")).await?;
        page.element("entry-says").await?;
        look(&browser, screen).await?;
        page.tap("nav-rejected").await?;
    }
    page.tap_first(&format!("[data-testid=\"rejected-2-{sale}\"] a")).await?;
    page.element("sale-lines").await?;
    look(&browser, "rejected sale").await?;
    page.tap("mend-apply_although").await?;
    page.tap("mend-confirm").await?;
    page.tap("correct").await?;
    page.element("correct-customer-id").await?;
    look(&browser, "decision without a note").await?;
    page.enter("mend-note", "The tablet was restored from a copy.").await?;
    page.tap("mend-confirm").await?;
    page.element("mends").await?;
    look(&browser, "applied entry").await?;
    browser.close().await
}

/// Goes through the editor of offline profiles and what follows a save, and calls `look` on every screen.
pub async fn through_profiles(
    (width, height): (u32, u32),
    query: &str,
    mut look: impl AsyncFnMut(&Browser, &str) -> Outcome,
) -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let desk = tempfile::tempdir()?;
    let browser = Browser::open(desk.path(), width, height).await?;
    let office = BackOfficePage::new(browser.driver());
    let page = office.page();
    office.open(&stage.server, query).await?;
    office.enter_password(stage.server.admin_password()).await?;
    page.tap("nav-profiles").await?;
    page.tap("profile-new").await?;
    page.element("new-name").await?;
    look(&browser, "new profile").await?;
    page.enter("new-name", LONG_NAME).await?;
    page.tap("new-create").await?;
    page.element("line-7").await?;
    page.element("table-choose").await?;
    look(&browser, "profile lines").await?;
    page.tap("scope-add").await?;
    page.element("scope-new-name").await?;
    look(&browser, "add scope").await?;
    page.enter("scope-new-name", HOSTILE_NAME).await?;
    page.tap("scope-new").await?;
    page.element("first-finding").await?;
    look(&browser, "scope without a table").await?;
    // The foot of the editor floats over what is below: a finger scrolls first.
    Finger::new(browser.driver()).tap("scope-remove").await?;
    page.element("undo").await?;
    look(&browser, "removed line").await?;
    page.tap("line-4").await?;
    page.tap("table-fields-product").await?;
    page.element("field-sku").await?;
    look(&browser, "field list").await?;
    page.tap("field-list-done").await?;
    page.tap("table-filter-product").await?;
    page.tap("condition-add").await?;
    page.tap("group-add").await?;
    page.element("condition-value-1").await?;
    page.element("condition-value-2-1").await?;
    look(&browser, "row filter").await?;
    page.tap("row-filter-done").await?;
    page.tap("line-6").await?;
    page.element("conflict-rule-customer").await?;
    look(&browser, "bidirectional scope").await?;
    for (tab, waits_for) in [
        ("general", "profile-name"),
        ("device", "device-offline-timeout"),
        ("products", "products-all"),
        ("customers", "customers-all"),
        ("versions", "no-versions"),
    ] {
        page.tap(&format!("tab-{tab}")).await?;
        page.element(waits_for).await?;
        look(&browser, &format!("profile {tab}")).await?;
    }
    page.tap("tab-device").await?;
    page.enter("device-reconnect-interval", "0").await?;
    page.element("first-finding").await?;
    look(&browser, "profile with something to mend").await?;
    page.tap("discard").await?;
    page.tap("preview-publish").await?;
    page.element("plan-changes").await?;
    page.element("plan-tables").await?;
    look(&browser, "publish").await?;
    page.tap("publish").await?;
    page.element("rollout-nobody").await?;
    look(&browser, "rollout to nobody").await?;
    page.tap("nav-profiles").await?;
    page.tap_first("[data-testid^=\"open-profile-\"]").await?;
    page.tap("tab-device").await?;
    page.enter("device-offline-timeout", "6").await?;
    page.tap("preview-publish").await?;
    page.element("plan-register-1").await?;
    look(&browser, "publish to registers").await?;
    page.tap("publish").await?;
    page.element("rollout-1").await?;
    wait_for("a register that has it", SENT_WITHIN, || async {
        // In whatever language: there is nothing to try again.
        match page.has("rollout-retry-1").await {
            Ok(false) => Ok(()),
            Ok(true) => Err("not yet".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    })
    .await?;
    look(&browser, "rollout").await?;
    page.tap("nav-profiles").await?;
    page.element("profiles").await?;
    look(&browser, "profiles").await?;
    page.tap_first("[data-testid^=\"open-profile-\"]").await?;
    page.tap("tab-versions").await?;
    page.element("roll-back-1").await?;
    look(&browser, "versions").await?;
    page.tap("roll-back-1").await?;
    page.element("roll-back-preview").await?;
    look(&browser, "roll back").await?;
    page.tap("roll-back-confirm").await?;
    page.element("rolled-back").await?;
    look(&browser, "rolled back").await?;
    page.tap("nav-profiles").await?;
    page.tap("profile-changes").await?;
    page.element("changes").await?;
    look(&browser, "changes").await?;
    browser.close().await?;
    stage.browser.close().await
}

/// Of a product: letters that are written from right to left, and what they may turn round.
pub const GOODS_NAME: &str = "خبز أبيض (400 g)";
/// As long as a name may be, without a blank.
pub const LONG_NAME: &str = "Saturday-market-stall-with-a-name-as-long-as-names-may-be-60";
/// Markup and letters that are written from right to left.
pub const HOSTILE_NAME: &str = "<b>קופה</b> & «ראשית»";
