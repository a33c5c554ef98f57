//! Who has a profile and how it gets to them: given to the store and to a register on its page, made of scopes that
//! others use, reached from a till, taken from a file, and published although no register has room for it.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::hands::{Keyboard, key};
use holdfast_browser_tests::odd_register::OddRegister;
use holdfast_browser_tests::stage::{LANDSCAPE, Stage};
use holdfast_browser_tests::waiting::wait_for;
use serde_json::Value;
use thirtyfour::{By, Key};

use crate::profile_assignment::{SECOND, wait_for_own, wait_until_gone};
use crate::profile_drafts::open_default;

/// How long the store server and the page may take to agree.
const DONE_WITHIN: Duration = Duration::from_secs(30);
/// A cashier of the demo shop who is no manager.
const CASHIER: (&str, &str) = ("2", "2468");
#[tokio::test]
async fn a_profile_of_scopes_that_others_use_is_given_to_the_store_and_to_a_register() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let admin = Admin::sign_in(&stage.server).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    office.sign_in(&stage.server).await?;
    page.tap("nav-profiles").await?;
    page.tap("profile-new").await?;
    page.enter("new-name", SECOND).await?;
    page.tap("new-create").await?;
    page.element("line-7").await?;

    // A line that is removed comes back to its place, and so does a table.
    office.press("line-6").await?;
    office.press("scope-remove").await?;
    page.wait_for_text_in("line-6", "Transactions", DONE_WITHIN).await?;
    office.press("undo").await?;
    page.wait_for_text_in("line-6", "Customers", DONE_WITHIN).await?;
    office.press("line-4").await?;
    office.press("table-remove-product").await?;
    page.element("undo").await?;
    assert!(!page.has("table-product").await?);
    office.press("undo").await?;
    assert!(page.element("table-product").await?.text().await?.starts_with('2'));

    // A scope of the store is added, and moved to where it was.
    office.press("line-6").await?;
    office.press("scope-remove").await?;
    office.press("scope-add").await?;
    page.element("scope-existing-1").await?;
    assert!(!page.has("scope-existing-2").await?, "all others are in the profile");
    office.press("scope-existing-1").await?;
    page.wait_for_text_in("line-7", "Customers", DONE_WITHIN).await?;
    assert_eq!(page.value("scope-name").await?, "Customers");
    page.wait_for_text_in("scope-used-by", "used by 1 other profile", DONE_WITHIN).await?;
    assert!(page.text("scope").await?.contains("changes these profiles too: Default pr."));
    for (button, line) in [("line-up-7", "line-6"), ("line-down-6", "line-7"), ("line-up-7", "line-6")] {
        office.press(button).await?;
        page.wait_for_text_in(line, "Customers", DONE_WITHIN).await?;
    }
    office.press("line-2").await?;
    for (button, place) in
        [("table-down-currency", '2'), ("table-up-currency", '1'), ("table-down-currency", '2')]
    {
        office.press(button).await?;
        page.wait_for_text_in("table-currency", &place.to_string(), DONE_WITHIN).await?;
    }
    office.press("save").await?;
    page.wait_for_text("Saved ", DONE_WITHIN).await?;
    let mut expected = admin.profile("Default pr.").await?["draft"].clone();
    assert_eq!(expected["scopes"][1]["tables"][1]["table"], "currency", "the scope is in both profiles");
    expected["name"] = SECOND.into();
    let mut draft = admin.profile(SECOND).await?["draft"].clone();
    draft["description"] = expected["description"].clone();
    assert_eq!(draft, expected);

    // Registers can have it once it is published.
    page.tap("tab-general").await?;
    for id in ["make-store-profile", "assign-register-2"] {
        assert!(!page.element(id).await?.is_enabled().await?, "{id}");
    }
    page.tap("preview-publish").await?;
    page.element("plan-no-registers").await?;
    page.tap("publish").await?;
    page.element("rollout-nobody").await?;
    page.tap("nav-profiles").await?;
    let id = admin.profile(SECOND).await?["id"].clone();
    page.tap(&format!("open-profile-{id}")).await?;
    page.tap("tab-general").await?;
    page.tap("assign-register-2").await?;
    page.wait_for_text_in("assign-dialog", "No device is this register", DONE_WITHIN).await?;
    Keyboard::new(stage.browser.driver()).press(&[key::ESCAPE]).await?;
    wait_until_gone(page, "assign-preview").await?;
    assert!(!page.element("assign-register-2").await?.is_selected().await?);
    wait_for_own(&admin, &[]).await?;
    page.tap("assign-register-2").await?;
    page.tap("assign-confirm").await?;
    wait_for_own(&admin, &[2]).await?;
    page.tap("make-store-profile").await?;
    page.tap("assign-confirm").await?;
    page.element("is-store-profile").await?;
    assert_eq!(admin.get("profiles").await?["store_profile"], id);
    assert!(page.element("assign-register-2").await?.is_selected().await?);
    page.tap("assign-register-2").await?;
    page.wait_for_text_in("assign-preview", "goes by this profile already", DONE_WITHIN).await?;
    page.tap("assign-confirm").await?;
    wait_for_own(&admin, &[]).await?;
    // The list of profiles gives the store another one the same way.
    page.tap("nav-profiles").await?;
    office.choose("store-profile", "1").await?;
    page.tap("store-profile-assign").await?;
    page.wait_for_text_in("assign-dialog", "From Sunday market", DONE_WITHIN).await?;
    page.tap("assign-confirm").await?;
    office.wait_for_text("Assigned. Registers move at their next contact.").await?;
    assert_eq!(admin.get("profiles").await?["store_profile"], 1);
    stage.browser.close().await
}

#[tokio::test]
async fn the_tills_menu_leads_those_with_the_right_to_the_profiles() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let driver = stage.browser.driver();
    let till = stage.till();
    let at_the_till = driver.window().await?;
    till.tap("menu").await?;
    till.tap("menu-profiles").await?;
    let other = wait_for("a tab of its own", DONE_WITHIN, || async {
        let tabs = driver.windows().await.map_err(|error| error.to_string())?;
        tabs.into_iter().find(|tab| *tab != at_the_till).ok_or_else(|| "only the till's".to_owned())
    });
    driver.switch_to_window(other.await?).await?;
    let office = BackOfficePage::new(driver);
    office.page().element("admin-password").await?;
    office.enter_password(stage.server.admin_password()).await?;
    office.page().element("profiles").await?;

    // The till goes on in its own; whoever is no manager there finds no way.
    driver.close_window().await?;
    driver.switch_to_window(at_the_till).await?;
    driver.refresh().await?;
    till.sign_in(CASHIER.0, CASHIER.1).await?;
    till.tap("menu").await?;
    till.element("menu-sales").await?;
    assert!(!till.has("menu-profiles").await?);
    stage.browser.close().await
}

#[tokio::test]
async fn a_file_takes_the_place_of_a_draft_and_gives_it_back() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let driver = stage.browser.driver();
    let office = BackOfficePage::new(driver);
    let page = office.page();
    let admin = Admin::sign_in(&stage.server).await?;
    let before = admin.profile("Default pr.").await?;
    let mut file = admin.get(&format!("profiles/{}/file", before["id"])).await?;
    file["profile"]["description"] = "From the file.".into();
    file["profile"]["device"]["reconnect_interval_min"] = 8.into();
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("profile.json");
    std::fs::write(&path, file.to_string())?;
    let replace = async || {
        page.tap("nav-profiles").await?;
        page.element("profiles").await?;
        let input = driver.find(By::Css("[data-testid=\"profile-file\"]")).await?;
        input.send_keys(path.to_string_lossy()).await?;
        page.tap("import-replace").await?;
        page.element("undo").await?;
        page.tap("tab-general").await?;
        assert_eq!(page.value("profile-description").await?, "From the file.");
        Outcome::Ok(())
    };
    open_default(&office, &stage.server).await?;
    page.tap("tab-general").await?;
    page.enter("profile-description", "Typed, and not saved.").await?;
    replace().await?;
    page.tap("undo").await?;
    assert_eq!(page.value("profile-description").await?, "Typed, and not saved.");
    assert_eq!(admin.profile("Default pr.").await?["draft"], before["draft"]);
    replace().await?;
    page.tap("save").await?;
    page.wait_for_text("Saved ", DONE_WITHIN).await?;
    assert_eq!(admin.profile("Default pr.").await?["draft"], file["profile"]);
    stage.browser.close().await
}

#[tokio::test]
async fn what_no_register_has_room_for_is_published_only_when_somebody_insists() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let admin = Admin::sign_in(&stage.server).await?;
    OddRegister::activate(&stage.server, 1).await?.tell_storage(90_000, 100_000).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    open_default(&office, &stage.server).await?;
    for id in ["line-4", "table-fields-product", "field-rank", "field-list-done"] {
        office.press(id).await?;
    }
    page.tap("preview-publish").await?;
    page.element("plan-register-1").await?;
    let plan = page.text("plan-register-1").await?;
    assert!(plan.contains("does not fit"), "{plan}");
    let version = async || {
        let published: Value = admin.profile("Default pr.").await?["published"]["version"].clone();
        Outcome::Ok(published.as_u64())
    };
    let before = version().await?;
    page.tap("publish").await?;
    let said = page.text("publish-refused").await?;
    assert!(said.contains("No register that uses this profile has room"), "{said}");
    stage.browser.screenshot("profile-no-room-1280x800").await?;
    assert_eq!(version().await?, before);
    page.tap("publish-anyway").await?;
    page.element("rollout-1").await?;
    assert!(version().await? > before);
    stage.browser.close().await
}

#[tokio::test]
async fn a_new_scope_takes_no_name_that_the_store_has() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    open_default(&office, &stage.server).await?;
    page.tap("scope-add").await?;
    page.enter("scope-new-name", " customers ").await?;
    office.wait_for_text("This profile has a scope of this name.").await?;
    assert!(!page.element("scope-new").await?.is_enabled().await?);
    // Removed from the profile it is in the store all the same, and other profiles may have it.
    stage.browser.driver().action_chain().send_keys(Key::Escape).perform().await?;
    page.tap("line-3").await?;
    page.tap("scope-remove").await?;
    page.tap("scope-add").await?;
    page.enter("scope-new-name", "Staff").await?;
    office.wait_for_text("The store has a scope of this name.").await?;
    assert!(!page.element("scope-new").await?.is_enabled().await?);
    page.enter("scope-new-name", "Staff of the kiosk").await?;
    page.tap("scope-new").await?;
    office.wait_for_text("Staff of the kiosk").await?;
    stage.browser.close().await
}
