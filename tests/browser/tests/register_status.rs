//! What the administrator is told of a register: whatever it said of itself at its last contact.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::odd_register::{OddRegister, now_ms};
use holdfast_browser_tests::page_rules::breaches;
use holdfast_browser_tests::stage::{LANDSCAPE, PORTRAIT, Stage};
use holdfast_protocol::messages::{
    Building, ContactMode, ContactRequest, FaultPart, RegisterFault, ToldMode,
};

const DONE_WITHIN: Duration = Duration::from_secs(20);

/// A register in trouble.
fn in_trouble(odd: &OddRegister, since_ms: i64) -> ContactRequest {
    let fault = |part: FaultPart, text: &str| RegisterFault {
        part: part.number(),
        since_ms,
        text: text.to_owned(),
        no_room: None,
    };
    ContactRequest {
        app_version: "7.3.1 (odd)".to_owned(),
        profile_version: 1,
        waiting: 4,
        rejected: 2,
        storage_bytes: Some((90_000_000, 100_000_000)),
        faults: Some(vec![
            fault(FaultPart::Storage, "the disk does not answer"),
            fault(FaultPart::Digest, "products differ"),
        ]),
        building: Some(Building { version: 7, rows_have: 1_200, rows_wanted: 3_000 }),
        mode: Some(ToldMode { mode: ContactMode::OfflineForSlowness.number(), since_ms: Some(since_ms) }),
        ..odd.contact()
    }
}

#[tokio::test]
async fn the_register_pages_show_all_that_a_register_says_of_itself() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let odd = OddRegister::activate(&stage.server, 1).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    office.sign_in(&stage.server).await?;
    page.tap("nav-registers").await?;
    // Of one that has not spoken yet nothing is known.
    page.tap("open-register-1").await?;
    office.wait_for_text("Not known yet").await?;
    assert!(!page.has("register-error").await? && !page.has("register-building").await?);

    let contact = in_trouble(&odd, now_ms()? - 60_000);
    odd.say(&contact).await?;
    page.wait_for_text_in("register-error", "This does not work at the register now.", DONE_WITHIN).await?;
    let error = page.text("register-error").await?;
    assert!(error.contains("the disk does not answer · products differ"), "{error}");
    page.wait_for_text_in("register-building", "Building version 7 of the profile", DONE_WITHIN).await?;
    page.wait_for_text_in("register-building", "1,200 of 3,000 rows", DONE_WITHIN).await?;
    office.wait_for_text("90 MB of 100 MB").await?;
    office.wait_for_text("7.3.1 (odd)").await?;
    office.wait_for_text("Offline: the line is slow, since ").await?;
    assert!(!page.page_text().await?.contains("Not known yet"));
    for (width, height) in [PORTRAIT, LANDSCAPE] {
        stage.browser.set_viewport(width, height).await?;
        let found = breaches(&stage.browser).await?;
        assert!(found.is_empty(), "{width} × {height}: {}", found.join("\n"));
    }

    page.tap("nav-registers").await?;
    page.wait_for_text_in("register-rejected-1", "2 rejected", DONE_WITHIN).await?;
    page.wait_for_text_in("register-error-1", "Error", DONE_WITHIN).await?;
    page.wait_for_text_in("register-since-1", "the line is slow, since ", DONE_WITHIN).await?;
    let row = page.text("register-1").await?;
    assert!(row.contains("storage nearly full") && row.contains("Offline"), "{row}");

    // It is back, and nothing is wrong any more: the outage has an end, and the last fault is one of before.
    let mode = ToldMode { mode: ContactMode::Online.number(), since_ms: None };
    odd.say(&ContactRequest { faults: Some(Vec::new()), building: None, mode: Some(mode), ..contact })
        .await?;
    page.tap("open-register-1").await?;
    page.wait_for_text_in("register-error", "This did not work at the register before", DONE_WITHIN).await?;
    office.wait_for_text("Was offline").await?;
    assert!(!page.page_text().await?.contains("the line is slow"));
    assert!(!page.has("register-building").await?);
    stage.browser.close().await
}
