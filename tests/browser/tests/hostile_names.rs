//! Names of markup, of letters from right to left and without an end are saved, published and given to a register:
//! wherever they stand then they are shown as they are, and turn nothing round.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::barriers::barriers;
use holdfast_browser_tests::browser::{Browser, Colours};
use holdfast_browser_tests::page_rules::breaches;
use holdfast_browser_tests::stage::{LANDSCAPE, PHONE, PORTRAIT, Stage};
use holdfast_browser_tests::till_page::TillPage;

use crate::data_export::open_page;
use crate::screens::{GOODS_NAME, HOSTILE_NAME, LONG_NAME};

/// How long a page may take to show what was done, and a register to move.
const DONE_WITHIN: Duration = Duration::from_secs(60);

/// What is found wrong with a screen, in these sizes.
async fn look(found: &mut Vec<String>, browser: &Browser, screen: &str, sizes: &[(u32, u32)]) -> Outcome {
    let page = TillPage::new(browser.driver());
    page.wait_for_text(HOSTILE_NAME, DONE_WITHIN).await.map_err(|error| format!("{screen}: {error}"))?;
    for &(width, height) in sizes {
        browser.set_viewport(width, height).await?;
        browser.show_in(Colours::Light).await?;
        browser.screenshot(&format!("hostile-{width}x{height}-{}", screen.replace(' ', "-"))).await?;
        let here = [breaches(browser).await?, barriers(browser).await?].concat();
        found.extend(here.iter().map(|one| format!("{width} × {height}, {screen}: {one}")));
    }
    browser.set_viewport(LANDSCAPE.0, LANDSCAPE.1).await
}

#[tokio::test]
async fn names_of_markup_and_from_right_to_left_are_shown_as_they_are() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let admin = Admin::sign_in(&stage.server).await?;
    let desk = tempfile::tempdir()?;
    let browser = Browser::open(desk.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
    let office = BackOfficePage::new(browser.driver());
    let page = office.page();
    let mut found = Vec::new();
    let sizes = [LANDSCAPE, PORTRAIT, PHONE];
    office.sign_in(&stage.server).await?;
    page.tap("nav-profiles").await?;
    page.tap("profile-new").await?;
    page.enter("new-name", HOSTILE_NAME).await?;
    page.enter("new-description", &"מכירה".repeat(100)).await?;
    page.tap("new-create").await?;
    page.element("line-7").await?;
    for (line, name) in [("line-4", GOODS_NAME), ("line-5", HOSTILE_NAME), ("line-6", LONG_NAME)] {
        office.press(line).await?;
        page.enter("scope-name", name).await?;
        page.enter("scope-description", &"W".repeat(500)).await?;
    }
    office.press("save").await?;
    page.wait_for_text("Saved ", DONE_WITHIN).await?;
    let profile = admin.profile(HOSTILE_NAME).await?;
    let id = &profile["id"];
    for (place, name) in [(3, GOODS_NAME), (4, HOSTILE_NAME), (5, LONG_NAME)] {
        assert_eq!(profile["draft"]["scopes"][place]["name"], name);
    }
    look(&mut found, &browser, "lines", &sizes).await?;
    page.tap("preview-publish").await?;
    page.element("plan-tables").await?;
    look(&mut found, &browser, "publish", &sizes).await?;
    page.tap("publish").await?;
    page.element("rollout-nobody").await?;
    page.tap("nav-profiles").await?;
    page.tap(&format!("open-profile-{id}")).await?;
    page.tap("tab-general").await?;
    page.tap("assign-register-1").await?;
    page.element("plan-register-1").await?;
    look(&mut found, &browser, "assign", &sizes).await?;
    page.tap("assign-confirm").await?;
    let version = admin.profile(HOSTILE_NAME).await?["published"]["version"].as_u64();
    admin.wait_for_version(1, version.ok_or("not published")?).await?;
    look(&mut found, &browser, "general", &sizes).await?;

    let office_url = format!("{}/back-office", stage.server.url());
    for (address, screen, waits_for) in [
        (format!("profiles/{id}/rollout"), "rollout", "rollout-1"),
        ("profiles".to_owned(), "profiles", "profiles"),
        ("profiles/changes".to_owned(), "changes", "changes"),
        ("registers/1".to_owned(), "register", "register-tables"),
    ] {
        browser.driver().goto(format!("{office_url}/{address}")).await?;
        page.element(waits_for).await?;
        look(&mut found, &browser, screen, &sizes).await?;
    }
    open_page(&stage.till()).await?;
    look(&mut found, &stage.browser, "till", &[LANDSCAPE, PORTRAIT]).await?;
    assert!(found.is_empty(), "{}", found.join("\n"));
    browser.close().await?;
    stage.browser.close().await
}
