//! The store server refuses what an administrator does to a profile, does not answer, or answers late: what was typed
//! stays, and it is said what came of it.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::stage::{LANDSCAPE, Stage};
use holdfast_browser_tests::waiting::wait_for;
use serde_json::{Value, json};

use crate::profile_drafts::open_default;

/// How long an answer may take, or to see that there is none.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// Long enough for an answer that is here to be taken, milliseconds.
const TAKEN_MS: u32 = 300;
/// A profile beside the store's.
const SECOND: &str = "Second";

async fn draft(stage: &Stage) -> Outcome<Value> {
    Ok(Admin::sign_in(&stage.server).await?.profile("Default pr.").await?["draft"].clone())
}

async fn add_second(stage: &Stage) -> Outcome<u64> {
    let order = json!({ "name": SECOND, "description": "", "copy_of": null });
    let added = Admin::sign_in(&stage.server).await?.change("POST", "profiles", &order).await?;
    Ok(added["id"].as_u64().ok_or("no id")?)
}

#[tokio::test]
async fn what_is_refused_or_not_answered_stays_with_a_word_of_why() -> Outcome {
    let mut stage = Stage::set(LANDSCAPE).await?;
    let second = add_second(&stage).await?;
    let driver = stage.browser.driver().clone();
    let office = BackOfficePage::new(&driver);
    let page = office.page();
    open_default(&office, &stage.server).await?;

    // Only the store server knows which names are taken.
    page.tap("tab-general").await?;
    page.enter("profile-name", SECOND).await?;
    page.tap("save").await?;
    page.wait_for_text_in("first-finding", "name", ANSWER_WITHIN).await?;
    page.wait_for_text_in("save-state", "It was not saved.", ANSWER_WITHIN).await?;
    stage.browser.screenshot("profile-refused-1280x800").await?;
    driver.refresh().await?;
    page.tap("tab-general").await?;
    assert_eq!(page.value("profile-name").await?, SECOND);
    page.enter("profile-name", "Default pr.").await?;

    // A store server that is gone while it saves: what is typed meanwhile stays, too.
    page.enter("profile-description", "Typed before.").await?;
    stage.server.kill()?;
    let nobody = stage.server.stand_in()?;
    page.tap("save").await?;
    page.wait_for_text_in("save", "Saving…", ANSWER_WITHIN).await?;
    page.enter("profile-description", "Typed while it was saved.").await?;
    drop(nobody);
    page.wait_for_text_in("save-state", "what you typed is kept in this browser", ANSWER_WITHIN).await?;
    stage.browser.screenshot("profile-away-1280x800").await?;
    assert_eq!(page.value("profile-description").await?, "Typed while it was saved.");
    stage.server.start()?;
    page.tap("save").await?;
    page.wait_for_text_in("save-state", "Saved ", ANSWER_WITHIN).await?;
    assert_eq!(draft(&stage).await?["description"], "Typed while it was saved.");

    // The same while a profile is deleted.
    page.tap("nav-profiles").await?;
    page.tap(&format!("delete-{second}")).await?;
    page.element("undo-delete").await?;
    stage.server.kill()?;
    let nobody = stage.server.stand_in()?;
    page.wait_for_text(&format!("“{SECOND}” is being deleted."), ANSWER_WITHIN).await?;
    stage.browser.screenshot("profile-deleting-1280x800").await?;
    drop(nobody);
    page.wait_for_text(&format!("“{SECOND}” was not deleted."), ANSWER_WITHIN).await?;
    stage.browser.screenshot("profile-not-deleted-1280x800").await?;
    stage.server.start()?;
    assert!(Admin::sign_in(&stage.server).await?.profile(SECOND).await.is_ok());
    page.tap("undo-retry").await?;
    wait_for("one profile", ANSWER_WITHIN, || async {
        match page.has(&format!("profile-{second}")).await {
            Ok(false) => Ok(()),
            Ok(true) => Err("it is still there".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    })
    .await?;
    assert!(Admin::sign_in(&stage.server).await?.profile(SECOND).await.is_err());
    stage.browser.close().await
}

#[tokio::test]
async fn a_publish_that_is_refused_or_not_answered_says_so_and_can_be_done_again() -> Outcome {
    let mut stage = Stage::set(LANDSCAPE).await?;
    let driver = stage.browser.driver().clone();
    let office = BackOfficePage::new(&driver);
    let page = office.page();
    let id = Admin::sign_in(&stage.server).await?.profile("Default pr.").await?["id"].clone();
    open_default(&office, &stage.server).await?;
    page.tap("tab-device").await?;
    page.enter("device-offline-timeout", "7").await?;
    page.tap("preview-publish").await?;
    page.element("plan-tables").await?;
    stage.server.kill()?;
    page.tap("publish").await?;
    page.wait_for_text_in("publish-refused", "it is not known whether it was published", ANSWER_WITHIN)
        .await?;
    stage.server.start()?;

    // Another administrator saves, and this page has not heard of it yet.
    stage.browser.hold_answers("GET", &format!("/profiles/{id}")).await?;
    stage.browser.wait_for_held_answer().await?;
    let admin = Admin::sign_in(&stage.server).await?;
    let detail = admin.profile("Default pr.").await?;
    let mut other = detail["draft"].clone();
    other["device"]["reconnect_interval_min"] = 9.into();
    let order = json!({
        "base_revision": detail["revision"], "profile": other, "renamed_scopes": [], "choices": {},
    });
    admin.change("PUT", &format!("profiles/{id}"), &order).await?;
    page.tap("publish").await?;
    page.wait_for_text_in("publish-refused", "The draft was saved again meanwhile.", ANSWER_WITHIN).await?;
    stage.browser.screenshot("profile-publish-refused-1280x800").await?;
    assert_eq!(admin.profile("Default pr.").await?["published"]["version"], detail["published"]["version"]);
    stage.browser.release_answers().await?;
    page.wait_for_text_in("plan-changes", "9", ANSWER_WITHIN).await?;
    page.tap("publish").await?;
    page.element("rollout-1").await?;
    let published = admin.profile("Default pr.").await?["published"]["profile"]["device"].clone();
    assert_eq!([&published["offline_timeout_s"], &published["reconnect_interval_min"]], [7, 9]);
    stage.browser.close().await
}

#[tokio::test]
async fn an_answer_that_comes_late_overwrites_nothing() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let browser = &stage.browser;
    let office = BackOfficePage::new(browser.driver());
    let page = office.page();
    let id = Admin::sign_in(&stage.server).await?.profile("Default pr.").await?["id"].clone();
    let address = format!("/profiles/{id}");
    open_default(&office, &stage.server).await?;
    page.tap("tab-device").await?;

    // Of a save, after the next edit, of the same field too.
    page.enter("device-offline-timeout", "7").await?;
    browser.hold_answers("PUT", &address).await?;
    page.tap("save").await?;
    browser.wait_for_held_answer().await?;
    page.enter("device-offline-timeout", "8").await?;
    page.enter("device-reconnect-interval", "4").await?;
    browser.release_answers().await?;
    page.wait_for_text_in("save", "Save", ANSWER_WITHIN).await?;
    browser.pause(TAKEN_MS).await?;
    assert_eq!(draft(&stage).await?["device"]["offline_timeout_s"], 7);
    assert_eq!(page.value("device-offline-timeout").await?, "8");
    assert_eq!(page.value("device-reconnect-interval").await?, "4");
    page.wait_for_text_in("save-state", "Not saved yet · kept in this browser", ANSWER_WITHIN).await?;

    // Of a question from before a save.
    browser.hold_answers("GET", &address).await?;
    browser.wait_for_held_answer().await?;
    page.tap("save").await?;
    page.wait_for_text_in("save-state", "Saved ", ANSWER_WITHIN).await?;
    browser.release_answers().await?;
    browser.pause(TAKEN_MS).await?;
    assert_eq!(page.value("device-offline-timeout").await?, "8");
    assert_eq!(page.value("device-reconnect-interval").await?, "4");
    page.wait_for_text_in("save-state", "Saved ", ANSWER_WITHIN).await?;
    let saved = draft(&stage).await?["device"].clone();
    assert_eq!([&saved["offline_timeout_s"], &saved["reconnect_interval_min"]], [8, 4]);

    // Of a count from before an edit.
    page.tap("tab-customers").await?;
    page.wait_for_text_in("count-customer", " of ", ANSWER_WITHIN).await?;
    let all = page.text("count-customer").await?;
    browser.hold_answers("POST", &format!("{address}/preview")).await?;
    page.tap("customers-none").await?;
    browser.wait_for_held_answer().await?;
    page.tap("customers-all").await?;
    browser.release_answers().await?;
    browser.pause(TAKEN_MS).await?;
    assert_eq!(page.text("count-customer").await?, all);
    stage.browser.close().await
}

#[tokio::test]
async fn a_preview_that_was_not_answered_is_asked_again_by_itself() -> Outcome {
    let mut stage = Stage::set(LANDSCAPE).await?;
    let driver = stage.browser.driver().clone();
    let office = BackOfficePage::new(&driver);
    let page = office.page();
    Admin::sign_in(&stage.server)
        .await?
        .publish(|draft| draft["device"]["offline_timeout_s"] = 9.into())
        .await?;
    open_default(&office, &stage.server).await?;
    page.tap("tab-versions").await?;
    page.element("roll-back-1").await?;
    stage.server.kill()?;
    page.tap("roll-back-1").await?;
    page.element("roll-back-not-counted").await?;
    stage.server.start()?;
    page.element("roll-back-preview").await?;
    stage.browser.close().await
}
