//! Nothing typed into a profile is lost: not by a reload, not by a store server that went away, not by another
//! administrator.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::look::{Of, look};
use holdfast_browser_tests::stage::{LANDSCAPE, Stage};
use holdfast_browser_tests::store_server::StoreServer;
use holdfast_browser_tests::waiting::wait_for;

/// How long a save may take, and to see that there is no answer.
const SAVED_WITHIN: Duration = Duration::from_secs(30);

/// Signs in and opens the store's profile in the editor.
pub async fn open_default(office: &BackOfficePage<'_>, server: &StoreServer) -> Outcome {
    office.sign_in(server).await?;
    show_default(office).await
}

/// Opens the store's profile in the editor.
async fn show_default(office: &BackOfficePage<'_>) -> Outcome {
    office.page().tap("nav-profiles").await?;
    office.page().tap_first("[data-testid^=\"open-profile-\"]").await?;
    office.page().element("line-7").await?;
    Ok(())
}

#[tokio::test]
async fn what_was_typed_survives_a_reload_and_a_stopped_store_server() -> Outcome {
    let mut stage = Stage::set(LANDSCAPE).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    open_default(&office, &stage.server).await?;
    page.tap("tab-device").await?;
    page.enter("device-offline-timeout", "seven").await?;
    office.wait_for_text("“seven” is not a whole number.").await?;
    stage.browser.driver().refresh().await?;
    page.tap("tab-device").await?;
    assert_eq!(page.value("device-offline-timeout").await?, "seven");
    office.wait_for_text("Not saved yet · kept in this browser").await?;

    page.enter("device-offline-timeout", "7").await?;
    stage.server.kill()?;
    page.enter("device-reconnect-interval", "4").await?;
    page.tap("save").await?;
    page.wait_for_text("what you typed is kept in this browser", SAVED_WITHIN).await?;
    stage.server.start()?;
    stage.browser.driver().refresh().await?;
    page.tap("tab-device").await?;
    assert_eq!(page.value("device-offline-timeout").await?, "7");
    assert_eq!(page.value("device-reconnect-interval").await?, "4");
    page.tap("save").await?;
    page.wait_for_text("Saved ", SAVED_WITHIN).await?;
    let draft = Admin::sign_in(&stage.server).await?.profile("Default pr.").await?["draft"].clone();
    assert_eq!(draft["device"]["offline_timeout_s"], 7);
    assert_eq!(draft["device"]["reconnect_interval_min"], 4);
    stage.browser.close().await
}

#[tokio::test]
async fn what_was_typed_into_a_dialog_survives_a_reload() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    office.sign_in(&stage.server).await?;
    page.tap("nav-profiles").await?;
    page.tap("profile-new").await?;
    page.enter("new-name", "Kiosk").await?;
    page.enter("new-description", "Sells <b>ice</b>.").await?;
    stage.browser.driver().refresh().await?;
    assert_eq!(page.value("new-name").await?, "Kiosk");
    assert_eq!(page.value("new-description").await?, "Sells <b>ice</b>.");
    page.tap("new-create").await?;

    page.element("line-1").await?;
    page.tap("scope-add").await?;
    page.enter("scope-new-name", "Ice only").await?;
    stage.browser.driver().refresh().await?;
    assert_eq!(page.value("scope-new-name").await?, "Ice only");
    page.tap("scope-new").await?;
    stage.browser.driver().refresh().await?;
    office.wait_for_text("Ice only").await?;

    // What was sent is not there a second time.
    page.tap("nav-profiles").await?;
    page.tap("profile-new").await?;
    assert_eq!(page.value("new-name").await?, "");
    assert_eq!(page.value("new-description").await?, "");
    stage.browser.close().await
}

/// Waits until an element of the page has the focus.
async fn wait_for_focus(browser: &Browser, id: &str) -> Outcome {
    wait_for(&format!("focus on {id}"), SAVED_WITHIN, || async {
        let focused = browser.script("return document.activeElement.dataset.testid ?? null", vec![]).await;
        let focused = focused.map_err(|error| error.to_string())?;
        if focused == id { Ok(()) } else { Err(focused.to_string()) }
    })
    .await
}

#[tokio::test]
async fn what_is_discarded_can_be_taken_back() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    open_default(&office, &stage.server).await?;
    page.tap("tab-general").await?;
    page.enter("profile-description", "Mine, and not saved.").await?;
    page.tap("discard").await?;
    // The focus does not go with the button that had it.
    wait_for_focus(&stage.browser, "undo").await?;
    page.tap("undo").await?;
    assert_eq!(page.value("profile-description").await?, "Mine, and not saved.");
    wait_for_focus(&stage.browser, "discard").await?;
    page.tap("discard").await?;
    office.wait_for_text("All is saved").await?;
    stage.browser.driver().refresh().await?;
    page.tap("tab-general").await?;
    assert_ne!(page.value("profile-description").await?, "Mine, and not saved.");
    stage.browser.close().await
}

/// What another administrator saves meanwhile: a timeout, and a description.
async fn save_as_another(server: &StoreServer, description: &str) -> Outcome {
    let admin = Admin::sign_in(server).await?;
    let detail = admin.profile("Default pr.").await?;
    let mut profile = detail["draft"].clone();
    profile["description"] = description.into();
    profile["device"]["offline_timeout_s"] = 11.into();
    let order = serde_json::json!({
        "base_revision": detail["revision"], "profile": profile, "renamed_scopes": [], "choices": {},
    });
    let (status, answer) = admin.send("PUT", &format!("profiles/{}", detail["id"]), &order).await?;
    assert_eq!(status, 200, "{answer}");
    Ok(())
}

#[tokio::test]
async fn where_two_administrators_changed_the_same_one_chooses_and_the_rest_is_merged() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    open_default(&office, &stage.server).await?;
    page.tap("tab-general").await?;
    page.enter("profile-description", "Mine.").await?;
    page.tap("tab-device").await?;
    page.enter("device-reconnect-interval", "6").await?;

    save_as_another(&stage.server, "Theirs.").await?;
    page.element("others-saved").await?;
    page.tap("save").await?;
    page.element("merge").await?;
    assert!(!page.element("merge-save").await?.is_enabled().await?, "nothing is chosen yet");
    for said in ["Mine.", "Theirs.", "Everything a register needs to sell on its own."] {
        assert!(page.text("merge").await?.contains(said), "{said}");
    }
    let before = Admin::sign_in(&stage.server).await?.profile("Default pr.").await?;
    assert_eq!(before["draft"]["description"], "Theirs.", "nothing was overwritten");
    look(&stage.browser, Of::BackOffice, "meeting", "merge").await?;
    page.tap("merge-1-mine").await?;
    stage.browser.driver().refresh().await?;
    page.element("merge").await?;
    assert!(page.element("merge-1-mine").await?.is_selected().await?, "a reload took what was chosen");
    page.tap("merge-save").await?;
    page.element("merged").await?;
    let draft = Admin::sign_in(&stage.server).await?.profile("Default pr.").await?["draft"].clone();
    assert_eq!(draft["description"], "Mine.");
    assert_eq!(draft["device"]["offline_timeout_s"], 11);
    assert_eq!(draft["device"]["reconnect_interval_min"], 6);
    page.tap("tab-device").await?;
    assert_eq!(page.value("device-offline-timeout").await?, "11");
    stage.browser.close().await
}

#[tokio::test]
async fn two_browsers_never_overwrite_each_other() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    let desk = tempfile::tempdir()?;
    let second = Browser::open(desk.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
    let other = BackOfficePage::new(second.driver());
    for (office, id, text) in
        [(&office, "device-offline-timeout", "8"), (&other, "device-reconnect-interval", "5")]
    {
        open_default(office, &stage.server).await?;
        office.page().tap("tab-device").await?;
        office.page().enter(id, text).await?;
    }
    for office in [&office, &other] {
        office.page().tap("save").await?;
        office.page().wait_for_text("Saved ", SAVED_WITHIN).await?;
    }
    other.page().element("merged").await?;
    let draft = Admin::sign_in(&stage.server).await?.profile("Default pr.").await?["draft"].clone();
    assert_eq!(draft["device"]["offline_timeout_s"], 8);
    assert_eq!(draft["device"]["reconnect_interval_min"], 5);
    second.close().await?;
    stage.browser.close().await
}

/// How often tabs answer each other in a test.
const TURNS: u64 = 20;
/// Has a tab answer each number that another one writes with the next, the way that drafts go from tab to tab.
const ANSWER_TURNS: &str = "addEventListener('storage', ({ key, newValue }) => { \
    if (key === 'turns' && Number(newValue) < 20) localStorage.setItem('turns', Number(newValue) + 1); })";

/// The working copies that the browser keeps.
async fn kept_here(browser: &Browser) -> Outcome<serde_json::Value> {
    let script =
        "return Object.entries(localStorage).filter(([name]) => name.startsWith('holdfast-profile-draft:'))";
    let kept = browser.script(script, vec![]).await?;
    assert_eq!(kept.as_array().map(Vec::len), Some(1), "{kept}");
    Ok(kept)
}

#[tokio::test]
async fn two_tabs_of_one_browser_keep_what_was_typed_in_both() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let driver = stage.browser.driver();
    let office = BackOfficePage::new(driver);
    let page = office.page();
    open_default(&office, &stage.server).await?;
    page.tap("tab-device").await?;
    let first = driver.window().await?;
    let second = driver.new_tab().await?;
    driver.switch_to_window(second.clone()).await?;
    driver.goto(format!("{}/back-office/", stage.server.url())).await?;
    show_default(&office).await?;
    page.tap("tab-device").await?;
    page.enter("device-reconnect-interval", "5").await?;
    office.wait_for_text("Not saved yet · kept in this browser").await?;

    // The first change of the other tab takes in what this one kept, and this one takes in what the other adds.
    driver.switch_to_window(first.clone()).await?;
    page.enter("device-offline-timeout", "8").await?;
    let shows = |id: &'static str, wanted: &'static str| async move {
        wait_for(&format!("{wanted} in {id}"), SAVED_WITHIN, || async {
            let value = page.value(id).await.map_err(|error| error.to_string())?;
            if value == wanted { Ok(()) } else { Err(value) }
        })
        .await
    };
    shows("device-reconnect-interval", "5").await?;
    driver.switch_to_window(second.clone()).await?;
    shows("device-offline-timeout", "8").await?;

    // Both hold the same now, and neither writes again: not while as many turns pass as an answer of theirs would take.
    let kept = kept_here(&stage.browser).await?;
    for tab in [&second, &first] {
        driver.switch_to_window(tab.clone()).await?;
        stage.browser.script(ANSWER_TURNS, vec![]).await?;
    }
    stage.browser.script("localStorage.setItem('turns', '1')", vec![]).await?;
    wait_for("turns of both tabs", SAVED_WITHIN, || async {
        let turns = stage.browser.script("return Number(localStorage.getItem('turns'))", vec![]).await;
        match turns.map_err(|error| error.to_string())?.as_u64() {
            Some(turns) if turns >= TURNS => Ok(()),
            turns => Err(format!("{turns:?}")),
        }
    })
    .await?;
    assert_eq!(kept_here(&stage.browser).await?, kept, "two tabs that hold the same write to each other");

    // What is discarded in one tab is kept by the other.
    driver.switch_to_window(first).await?;
    page.tap("discard").await?;
    office.wait_for_text("All is saved").await?;
    driver.switch_to_window(second).await?;
    driver.refresh().await?;
    page.tap("tab-device").await?;
    assert_eq!(page.value("device-offline-timeout").await?, "8");
    assert_eq!(page.value("device-reconnect-interval").await?, "5");
    page.tap("save").await?;
    page.wait_for_text("Saved ", SAVED_WITHIN).await?;
    let draft = Admin::sign_in(&stage.server).await?.profile("Default pr.").await?["draft"].clone();
    assert_eq!(draft["device"]["offline_timeout_s"], 8);
    assert_eq!(draft["device"]["reconnect_interval_min"], 5);
    stage.browser.close().await
}

#[tokio::test]
async fn where_two_tabs_typed_different_words_into_one_field_neither_drops_the_others() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let driver = stage.browser.driver();
    let office = BackOfficePage::new(driver);
    let page = office.page();
    open_default(&office, &stage.server).await?;
    page.tap("tab-general").await?;
    let first = driver.window().await?;
    let second = driver.new_tab().await?;
    driver.switch_to_window(second.clone()).await?;
    driver.goto(format!("{}/back-office/", stage.server.url())).await?;
    show_default(&office).await?;
    page.tap("tab-general").await?;
    page.enter("profile-description", "Theirs.").await?;
    office.wait_for_text("Not saved yet · kept in this browser").await?;

    driver.switch_to_window(first.clone()).await?;
    page.enter("profile-description", "Mine.").await?;
    office.wait_for_text("Not saved yet · another tab has changed the same").await?;
    assert_eq!(page.value("profile-description").await?, "Mine.");
    driver.switch_to_window(second.clone()).await?;
    assert_eq!(page.value("profile-description").await?, "Theirs.");
    // Saved in one of them, the other one chooses.
    driver.switch_to_window(first).await?;
    page.tap("save").await?;
    page.wait_for_text("Saved ", SAVED_WITHIN).await?;
    driver.switch_to_window(second).await?;
    page.tap("save").await?;
    page.element("merge").await?;
    for said in ["Mine.", "Theirs."] {
        assert!(page.text("merge").await?.contains(said), "{said}");
    }
    page.tap("merge-1-mine").await?;
    page.tap("merge-save").await?;
    page.wait_for_text("Saved ", SAVED_WITHIN).await?;
    let draft = Admin::sign_in(&stage.server).await?.profile("Default pr.").await?["draft"].clone();
    assert_eq!(draft["description"], "Theirs.");
    stage.browser.close().await
}

#[tokio::test]
async fn a_profile_that_is_deleted_while_it_is_edited_can_be_made_again_with_all_that_was_typed() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    let admin = Admin::sign_in(&stage.server).await?;
    let made = admin.change("POST", "profiles", &serde_json::json!({ "name": "Kiosk" })).await?;
    let gone = made["id"].as_u64().ok_or("no id")?;
    office.sign_in(&stage.server).await?;
    page.tap("nav-profiles").await?;
    page.tap(&format!("open-profile-{gone}")).await?;
    page.tap("tab-general").await?;
    page.enter("profile-description", "Sells <b>ice</b>.").await?;
    page.tap("tab-device").await?;
    page.enter("device-reconnect-interval", "six").await?;
    admin.change("DELETE", &format!("profiles/{gone}"), &serde_json::Value::Null).await?;

    // It is said without a save, after a reload, and in the list.
    page.element("profile-gone").await?;
    look(&stage.browser, Of::BackOffice, "profile-gone", "profile-gone").await?;
    stage.browser.driver().refresh().await?;
    page.element("gone-create").await?;
    page.tap("nav-profiles").await?;
    look(&stage.browser, Of::BackOffice, "profile-gone-list", "unsaved-of-gone").await?;
    page.tap(&format!("gone-{gone}")).await?;

    // A name that is taken says so.
    page.enter("gone-name", "Default pr.").await?;
    page.tap("gone-create").await?;
    office.wait_for_text("There is a profile “Default pr.” already.").await?;
    page.enter("gone-name", "Kiosk").await?;
    page.tap("gone-create").await?;
    page.tap("tab-device").await?;
    assert_eq!(page.value("device-reconnect-interval").await?, "six");
    page.enter("device-reconnect-interval", "6").await?;
    page.tap("save").await?;
    page.wait_for_text("Saved ", SAVED_WITHIN).await?;
    let detail = admin.profile("Kiosk").await?;
    assert_ne!(detail["id"].as_u64(), Some(gone));
    assert_eq!(detail["draft"]["description"], "Sells <b>ice</b>.");
    assert_eq!(detail["draft"]["device"]["reconnect_interval_min"], 6);
    assert_eq!(detail["draft"]["scopes"], made["draft"]["scopes"]);

    // Nothing is kept of the one that is gone any more.
    page.tap("nav-profiles").await?;
    page.element(&format!("open-profile-{}", detail["id"])).await?;
    assert!(!page.has("unsaved-of-gone").await?);
    stage.browser.driver().goto(format!("{}/back-office/profiles/{gone}", stage.server.url())).await?;
    office.wait_for_text("There is nothing at this address").await?;
    stage.browser.close().await
}
