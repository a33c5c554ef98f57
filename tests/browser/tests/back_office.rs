//! The administrator sees what the tills have sent.

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::look::{Of, look};
use holdfast_browser_tests::odd_register::OddRegister;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, Stage, Takings, sell};
use holdfast_browser_tests::till_page::TillPage;

use crate::export_schedule::close_shift;

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

#[tokio::test]
async fn a_closed_shift_is_shown_with_what_is_here_of_it_and_what_it_lacks() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = stage.till();
    let mut takings = Takings::default();
    for round in 0..2 {
        sell(&till, round, &mut takings).await?;
    }
    close_shift(&till).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    // Of the three sales that the other register says, one was rejected and two never came.
    let mut odd = OddRegister::activate(&stage.server, 2).await?;
    odd.send_sale_out_of_series().await?;
    odd.send_closing(3, 2_370).await?;

    let desk = tempfile::tempdir()?;
    let browser = Browser::open(desk.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
    let office = BackOfficePage::new(browser.driver());
    let page = office.page();
    office.sign_in(&stage.server).await?;
    for (register, said) in [
        (1, ["All here", "2 · £"].as_slice()),
        (2, &["1 sale of this shift was rejected", "2 sales of this shift are not here"]),
    ] {
        page.tap("nav-registers").await?;
        page.tap(&format!("open-register-{register}")).await?;
        let shifts = page.text("register-shifts").await?;
        for said in said {
            assert!(shifts.contains(said), "{said}: {shifts}");
        }
        let name = format!("register-{register}-shifts");
        look(&browser, Of::BackOffice, &name, "register-shifts").await?;
    }
    browser.close().await?;
    stage.browser.close().await
}
