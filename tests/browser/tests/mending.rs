//! An administrator mends what the store server did not apply.

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::odd_register::OddRegister;
use holdfast_browser_tests::stage::{LANDSCAPE, Stage};

#[tokio::test]
async fn a_rejected_sale_is_corrected_and_applied_from_the_back_office() -> Outcome {
    let Stage { server, browser, profile: _profile } = Stage::set(LANDSCAPE).await?;
    let mut register = OddRegister::activate(&server, 2).await?;
    let seq = register.send_sale_out_of_series().await?;
    let office = BackOfficePage::new(browser.driver());
    let page = office.page();
    office.sign_in(&server).await?;
    page.tap("nav-rejected").await?;
    page.tap_first(&format!("[data-testid=\"rejected-2-{seq}\"] a")).await?;
    page.element("sale-lines").await?;

    // A decision against the rules wants a reason, and says so at its field.
    page.tap("mend-apply_although").await?;
    page.tap("correct").await?;
    page.enter("correct-customer-name", "Agnes Tolliver").await?;
    page.tap("mend-confirm").await?;
    office.wait_for_text("A customer has a number").await?;
    page.enter("correct-customer-id", "C1001").await?;
    page.tap("mend-confirm").await?;
    office.wait_for_text("Say why").await?;
    page.enter("mend-note", "Restored from a copy.").await?;
    page.tap("mend-confirm").await?;
    page.element("mends").await?;
    office.wait_for_text("Restored from a copy.").await?;
    assert!(!page.has("decision").await?, "an applied entry can be applied again");
    let focused = browser.script("return document.activeElement.dataset.testid", vec![]).await?;
    assert_eq!(focused, "entry-state", "the focus is lost with the button that had it");

    let admin = Admin::sign_in(&server).await?;
    let sale = admin.get("sales/2/3").await?;
    assert_eq!((&sale["customer"], &sale["total_minor"]), (&"Agnes Tolliver".into(), &790.into()));
    page.tap("nav-rejected").await?;
    page.element("no-rejected").await?;
    browser.close().await
}

#[tokio::test]
async fn what_is_set_aside_needs_nobody_and_can_be_taken_back() -> Outcome {
    let Stage { server, browser, profile: _profile } = Stage::set(LANDSCAPE).await?;
    let mut register = OddRegister::activate(&server, 2).await?;
    let seq = register.send_edit_of_nobody().await?;
    let office = BackOfficePage::new(browser.driver());
    let page = office.page();
    office.sign_in(&server).await?;
    office.wait_for_text("needs you").await?;
    page.tap("nav-rejected").await?;
    page.tap_first(&format!("[data-testid=\"rejected-2-{seq}\"] a")).await?;
    office.wait_for_text("Ms Itō-Marlow").await?;
    page.tap("mend-set_aside").await?;
    page.enter("mend-note", "She has moved away.").await?;
    page.tap("mend-confirm").await?;
    page.element("mend-take_back").await?;
    page.tap("nav-registers").await?;
    office.wait_for_text("none needs you").await?;
    page.tap("nav-rejected").await?;
    page.tap_first(&format!("[data-testid=\"rejected-2-{seq}\"] a")).await?;
    page.tap("mend-take_back").await?;
    page.tap("mend-confirm").await?;
    page.element("mend-set_aside").await?;
    browser.close().await
}
