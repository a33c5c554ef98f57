//! The pictures of the guide `web/help/offline-profiles.html`, taken in its order, and whether everybody can read the
//! guides. `HOLDFAST_GUIDE_PICTURES=1` puts the pictures into the guide. Its steps are gone through by `profile_editor`
//! and `profile_changes`.

use std::path::PathBuf;
use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::barriers::barriers_in;
use holdfast_browser_tests::browser::{Browser, Colours};
use holdfast_browser_tests::stage::{LANDSCAPE, PHONE, PORTRAIT, Stage};
use holdfast_browser_tests::store_server::workspace;

use crate::related_row_filter::filter_dear_toys;

const GUIDES: [&str; 3] = ["offline-profiles.html", "administrators.html", ""];
/// In which a scope's tables and its rules are seen, CSS pixels.
const SCOPE_HEIGHT: u32 = 1320;
/// In which all of the device configuration is seen, CSS pixels.
const DEVICE_HEIGHT: u32 = 1180;
/// Says that the pictures are to become those of the guide.
const VARIABLE: &str = "HOLDFAST_GUIDE_PICTURES";
/// How long a register may take to move to a new version.
const MOVES_WITHIN: Duration = Duration::from_secs(60);

/// Takes a picture for the guide, as high as what it is to show.
async fn picture(browser: &Browser, name: &str, height: u32) -> Outcome {
    browser.set_viewport(LANDSCAPE.0, height).await?;
    let of_guide = std::env::var_os(VARIABLE).is_some();
    let folder = if of_guide { "web/help/pictures" } else { "target/guide-pictures" };
    let folder: PathBuf = workspace().join(folder);
    std::fs::create_dir_all(&folder)?;
    browser.driver().screenshot(&folder.join(format!("{name}.png"))).await?;
    browser.set_viewport(LANDSCAPE.0, LANDSCAPE.1).await
}

#[tokio::test]
async fn the_screens_that_the_guide_shows_are_reached_and_everybody_can_read_the_guides() -> Outcome {
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
    picture(&browser, "profiles", LANDSCAPE.1).await?;
    page.tap_first("[data-testid^=\"open-profile-\"]").await?;
    page.element("line-7").await?;
    page.tap("line-4").await?;
    page.element("scope").await?;
    page.wait_for_text_in("line-4", " rows", MOVES_WITHIN).await?;
    picture(&browser, "lines", LANDSCAPE.1).await?;
    page.tap("tab-device").await?;
    page.element("device-export-schedule").await?;
    picture(&browser, "device", DEVICE_HEIGHT).await?;

    // Set up an offline scope.
    page.tap("tab-lines").await?;
    page.tap("line-6").await?;
    page.element("table-customer").await?;
    picture(&browser, "scope", SCOPE_HEIGHT).await?;
    filter_dear_toys(&office).await?;
    // Counted with the filter, out of all of them.
    page.wait_for_text(" of 626", MOVES_WITHIN).await?;
    picture(&browser, "filter", LANDSCAPE.1).await?;
    page.tap("row-filter-done").await?;

    // Publish it.
    page.tap("preview-publish").await?;
    page.element("plan-register-1").await?;
    picture(&browser, "publish", LANDSCAPE.1).await?;
    browser
        .script(
            "document.querySelector('[data-testid=plan-registers]').scrollIntoView({ block: 'end' })",
            vec![],
        )
        .await?;
    picture(&browser, "registers", LANDSCAPE.1).await?;
    page.tap("publish").await?;
    page.element("rollout-1").await?;
    page.wait_for_text("Has it", MOVES_WITHIN).await?;
    picture(&browser, "rollout", LANDSCAPE.1).await?;

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
    picture(&browser, "assign", LANDSCAPE.1).await?;
    page.tap("assign-confirm").await?;
    page.wait_for_text("Registers with this profile", MOVES_WITHIN).await?;

    // The guides themselves: every picture is there and as large as the page says, and they can be read by everybody.
    for guide in GUIDES {
        browser.driver().goto(format!("{}/help/{guide}", stage.server.url())).await?;
        let wrong = "return [...document.images].filter((i) => !i.naturalWidth || i.naturalWidth != i.getAttribute('width') \
            || i.naturalHeight != i.getAttribute('height')).map((i) => i.src)";
        assert_eq!(browser.script(wrong, vec![]).await?, serde_json::json!([]));
        for (width, height) in [LANDSCAPE, PORTRAIT, PHONE] {
            browser.set_viewport(width, height).await?;
            for colours in [Colours::Light, Colours::Dark, Colours::Forced] {
                browser.show_in(colours).await?;
                let found = barriers_in(&browser, colours).await?;
                assert_eq!(found, Vec::<String>::new(), "{guide}, {width} × {height}, {}", colours.name());
                let name = guide.strip_suffix(".html").unwrap_or("index");
                browser.screenshot(&format!("help-{name}-{width}x{height}-{}", colours.name())).await?;
            }
            let beyond = "return document.scrollingElement.scrollWidth - innerWidth";
            let beyond = browser.script(beyond, vec![]).await?;
            assert_eq!(beyond, 0, "{guide}, {width} × {height}: px beyond the view");
        }
    }
    browser.close().await?;
    stage.browser.close().await
}
