//! The guide's steps, gone through in the order in which `web/help/offline-profiles.html` tells them, with a picture of
//! each that it shows. `HOLDFAST_GUIDE_PICTURES=1` puts them into the guide.

use std::path::PathBuf;
use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::barriers::{barriers, barriers_in_forced_colours};
use holdfast_browser_tests::browser::{Browser, Colours};
use holdfast_browser_tests::stage::{LANDSCAPE, PHONE, PORTRAIT, Stage};
use holdfast_browser_tests::store_server::workspace;

use crate::related_row_filter::filter_dear_toys;

const GUIDE: &str = "/help/offline-profiles.html";
/// Says that the pictures are to become those of the guide.
const VARIABLE: &str = "HOLDFAST_GUIDE_PICTURES";
/// How long a register may take to move to a new version.
const MOVES_WITHIN: Duration = Duration::from_secs(60);

/// Takes a picture for the guide.
async fn picture(browser: &Browser, name: &str) -> Outcome {
    let of_guide = std::env::var_os(VARIABLE).is_some();
    let folder = if of_guide { "web/help/pictures" } else { "target/guide-pictures" };
    let folder: PathBuf = workspace().join(folder);
    std::fs::create_dir_all(&folder)?;
    browser.driver().screenshot(&folder.join(format!("{name}.png"))).await?;
    Ok(())
}

#[tokio::test]
async fn the_guides_steps_can_be_gone_and_look_as_it_shows() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let desk = tempfile::tempdir()?;
    let browser = Browser::open(desk.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
    let office = BackOfficePage::new(browser.driver());
    let page = office.page();
    office.sign_in(&stage.server).await?;
    browser.show_in(Colours::Light).await?;

    // Set up an offline profile.
    page.tap("nav-profiles").await?;
    page.element("profiles").await?;
    picture(&browser, "profiles").await?;
    page.tap_first("[data-testid^=\"open-profile-\"]").await?;
    page.element("line-7").await?;
    page.tap("line-4").await?;
    page.element("scope").await?;
    picture(&browser, "lines").await?;
    page.tap("tab-device").await?;
    page.element("device-offline-timeout").await?;
    picture(&browser, "device").await?;

    // Set up an offline scope.
    page.tap("tab-lines").await?;
    page.tap("line-6").await?;
    page.element("table-customer").await?;
    picture(&browser, "scope").await?;
    filter_dear_toys(&office).await?;
    // Counted with the filter, out of all of them.
    page.wait_for_text(" of 626", MOVES_WITHIN).await?;
    picture(&browser, "filter").await?;
    page.tap("row-filter-done").await?;

    // Publish it.
    page.tap("preview-publish").await?;
    page.element("plan-register-1").await?;
    picture(&browser, "publish").await?;
    page.tap("publish").await?;
    page.element("rollout-1").await?;
    page.wait_for_text("Has it", MOVES_WITHIN).await?;
    picture(&browser, "rollout").await?;

    // Give another one to a register.
    page.tap("nav-profiles").await?;
    page.tap("profile-new").await?;
    page.enter("new-name", "Market stall").await?;
    page.tap("new-create").await?;
    page.element("line-7").await?;
    page.tap("tab-products").await?;
    page.tap("products-top").await?;
    page.tap("save").await?;
    page.wait_for_text("Saved ", MOVES_WITHIN).await?;
    page.tap("preview-publish").await?;
    page.element("plan-no-registers").await?;
    page.tap("publish").await?;
    page.element("rollout-nobody").await?;
    page.tap("nav-profiles").await?;
    page.tap_first("[data-testid^=\"open-profile-\"]:not([data-testid=\"open-profile-1\"])").await?;
    page.tap("tab-general").await?;
    page.tap("assign-register-1").await?;
    page.element("plan-register-1").await?;
    picture(&browser, "assign").await?;
    page.tap("assign-confirm").await?;
    page.wait_for_text("Registers with this profile", MOVES_WITHIN).await?;

    // The guide itself: every picture is there, and it can be read by everybody.
    browser.driver().goto(format!("{}{GUIDE}", stage.server.url())).await?;
    let missing = browser
        .script("return [...document.images].filter((i) => !i.naturalWidth).map((i) => i.src)", Vec::new())
        .await?;
    assert_eq!(missing, serde_json::json!([]));
    for (width, height) in [LANDSCAPE, PORTRAIT, PHONE] {
        browser.set_viewport(width, height).await?;
        for colours in [Colours::Light, Colours::Dark, Colours::Forced] {
            browser.show_in(colours).await?;
            let found = match colours {
                Colours::Forced => barriers_in_forced_colours(&browser).await?,
                Colours::Light | Colours::Dark => barriers(&browser).await?,
            };
            assert_eq!(found, Vec::<String>::new(), "{width} × {height}, {}", colours.name());
            browser.screenshot(&format!("help-{width}x{height}-{}", colours.name())).await?;
        }
        let beyond = "return document.scrollingElement.scrollWidth - innerWidth";
        assert_eq!(browser.script(beyond, Vec::new()).await?, 0, "{width} × {height}: px beyond the view");
    }
    browser.close().await?;
    stage.browser.close().await
}
