//! The page that says how far registers have come with a published profile, and has one try again.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::odd_register::OddRegister;
use holdfast_browser_tests::page_rules::breaches;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, Stage};
use holdfast_protocol::messages::{ContactRequest, FaultPart, RegisterFault};
use serde_json::json;

const DONE_WITHIN: Duration = Duration::from_secs(20);

/// Opens the rollout of the profile that a new store has.
async fn open_rollout(office: &BackOfficePage<'_>, stage: &Stage) -> Outcome {
    office.sign_in(&stage.server).await?;
    office.page().open(&format!("{}/back-office/profiles/1/rollout", stage.server.url())).await?;
    office.page().element("rollout-1").await.map(drop)
}

#[tokio::test]
async fn try_again_moves_a_till_that_never_looks_by_itself() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let admin = Admin::sign_in(&stage.server).await?;
    let never =
        |profile: &mut serde_json::Value| profile["device"]["check_for_new_database"] = json!("never");
    admin.publish_to_till(never).await?;
    let version = admin.publish(|profile| profile["device"]["offline_timeout_s"] = json!(9)).await?;
    let desk = tempfile::tempdir()?;
    let browser = Browser::open(desk.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
    let office = BackOfficePage::new(browser.driver());
    open_rollout(&office, &stage).await?;
    let page = office.page();
    page.wait_for_text_in("rollout-1", "Moves when somebody looks for it there", DONE_WITHIN).await?;
    page.wait_for_text_in("rollout-done", "Registers that have it: 0 of 1", DONE_WITHIN).await?;
    page.tap("rollout-retry-1").await?;
    page.wait_for_text_in("rollout-1", "Has it", SENT_WITHIN).await?;
    page.wait_for_text_in("rollout-done", "Registers that have it: 1 of 1", DONE_WITHIN).await?;
    assert!(!page.has("rollout-retry-1").await?);
    admin.wait_for_version(1, version).await?;
    browser.close().await?;
    stage.browser.close().await
}

#[tokio::test]
async fn the_rollout_says_what_hinders_a_register_until_it_has_tried_again() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let admin = Admin::sign_in(&stage.server).await?;
    let odd = OddRegister::activate(&stage.server, 1).await?;
    let version = admin.publish(|profile| profile["device"]["offline_timeout_s"] = json!(9)).await?;
    let fault = |part: FaultPart, text: &str| RegisterFault {
        part: part.number(),
        since_ms: 5,
        text: text.to_owned(),
        no_room: None,
    };
    let mut contact = ContactRequest {
        profile_version: version - 1,
        faults: Some(vec![fault(FaultPart::Upload, "a sale was refused"), fault(FaultPart::Move, "no room")]),
        ..odd.contact()
    };
    odd.say(&contact).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    open_rollout(&office, &stage).await?;
    let page = office.page();
    page.wait_for_text_in("rollout-1", "Error", DONE_WITHIN).await?;
    let row = page.text("rollout-1").await?;
    assert!(row.contains("no room") && !row.contains("a sale was refused"), "{row}");
    let found = breaches(&stage.browser).await?;
    assert!(found.is_empty(), "{}", found.join("\n"));
    page.tap("rollout-retry-1").await?;
    page.wait_for_text_in("rollout-1", "Tries again at its next contact", DONE_WITHIN).await?;
    let reply = odd.say(&contact).await?;
    assert!(reply.retry_asked_at_ms.is_some());
    (contact.profile_version, contact.faults) = (version, Some(Vec::new()));
    contact.retry_heeded_at_ms = reply.retry_asked_at_ms;
    assert_eq!(odd.say(&contact).await?.retry_asked_at_ms, None);
    page.wait_for_text_in("rollout-1", "Has it", DONE_WITHIN).await?;
    let row = page.text("rollout-1").await?;
    assert!(!row.contains("Tries again") && !row.contains("no room"), "{row}");
    stage.browser.close().await
}
