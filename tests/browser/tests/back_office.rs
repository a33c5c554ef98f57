//! The administrator sees what the tills have sent.

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, Stage, Takings, sell};
use holdfast_browser_tests::till_page::TillPage;

#[tokio::test]
async fn the_administrator_sees_registers_profiles_and_sales_and_makes_a_new_code() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = stage.till();
    let mut takings = Takings::default();
    for round in 0..2 {
        sell(&till, round, &mut takings).await?;
    }
    till.wait_until_sent(SENT_WITHIN).await?;

    let desk = tempfile::tempdir()?;
    let browser = Browser::open(desk.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
    let office = BackOfficePage::new(browser.driver());
    office.sign_in(&stage.server).await?;

    // Registers: the activated one with its last contact.
    office.page().tap("nav-registers").await?;
    office.wait_for_text("Front counter").await?;
    office.page().element("register-1").await?;

    // A code for the other register activates it.
    office.page().tap("new-code-2").await?;
    let code = office.page().text("new-code").await?;
    let counter = tempfile::tempdir()?;
    let second = Browser::open(counter.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
    let second_till = TillPage::new(second.driver());
    second_till.open(&stage.server.url()).await?;
    second_till.activate(&code).await?;
    second_till.element("staff-1").await?;
    second.close().await?;

    // Sales and profiles.
    office.page().tap("nav-sales").await?;
    for receipt in takings.receipts() {
        office.wait_for_text(receipt).await?;
    }
    office.page().tap("nav-profiles").await?;
    office.wait_for_text("Default pr.").await?;
    browser.close().await?;
    stage.browser.close().await
}

#[tokio::test]
async fn a_wrong_password_is_refused() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    office.open(&stage.server, "").await?;
    office.enter_password("wrong").await?;
    office.page().element("sign-in-error").await?;
    assert!(!office.page().has("nav-registers").await?);
    office.enter_password(stage.server.admin_password()).await?;
    office.page().element("nav-registers").await?;
    stage.browser.close().await
}
