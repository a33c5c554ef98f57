//! Administrators are people: whoever signs in stands in the trail under their own name.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::hands::{Keyboard, key};
use holdfast_browser_tests::stage::{LANDSCAPE, Stage};
use holdfast_browser_tests::store_server::StoreServer;

/// How long a tab may take to notice what another one did.
const NOTICED_WITHIN: Duration = Duration::from_secs(20);

/// Has a password made.
fn password(server: &StoreServer, command: &str, name: &str) -> Outcome<String> {
    let printed = server.command(&["administrators", command, name])?;
    Ok(printed.rsplit(' ').next().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn whoever_signs_in_by_name_stands_in_the_trail_and_comes_back_after_the_session_ended() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    let keys = Keyboard::new(stage.browser.driver());
    let first = password(&stage.server, "add", "Ann Baker")?;

    // By keyboard: the first administrator's name is there, and another one is typed in its place.
    office.open(&stage.server, "").await?;
    keys.wait_until_at("admin-password").await?;
    assert_eq!(page.value("admin-name").await?, "admin");
    keys.tab_back_to("admin-name").await?;
    keys.type_anew("ann baker").await?;
    keys.tab_to("admin-password").await?;
    keys.type_text(&first).await?;
    keys.press(&[key::ENTER]).await?;
    page.element("register-1").await?;
    assert!(page.text("who").await?.contains("Ann Baker"));
    page.tap("new-code-2").await?;
    page.element("new-code").await?;

    // Her session ends while she types: only the password is asked for, and what she typed is there.
    page.tap("nav-profiles").await?;
    page.tap("profile-new").await?;
    page.enter("new-name", "Market stall").await?;
    let second = password(&stage.server, "set-password", "Ann Baker")?;
    keys.wait_until_at("admin-password").await?;
    assert_eq!(page.value("admin-name").await?, "Ann Baker");
    office.enter_password(&second).await?;
    page.element("new-name").await?;
    assert_eq!(page.value("new-name").await?, "Market stall");
    page.tap("new-create").await?;
    page.element("line-7").await?;

    stage.browser.driver().goto(format!("{}/back-office/profiles/changes", stage.server.url())).await?;
    page.element("changes").await?;
    let rows = "[data-testid^=\"change-\"]";
    let trail = page.cells(rows, 4).await?;
    let trail: Vec<&str> =
        trail.iter().filter_map(|row| row.split_once(" | ")).map(|(_, rest)| rest).collect();
    assert_eq!(
        trail,
        [
            "Profile created | Market stall | Ann Baker",
            "Password set | Ann Baker | command line",
            "Activation code made | 2 | Ann Baker",
            "Administrator added | Ann Baker | command line",
        ]
    );

    // Another tab signs in as another: the session is of both, and so is the name.
    stage.browser.driver().execute("window.open('about:blank')", vec![]).await?;
    let tabs = stage.browser.driver().windows().await?;
    stage.browser.driver().switch_to_window(tabs[1].clone()).await?;
    stage.browser.driver().goto(format!("{}/back-office/", stage.server.url())).await?;
    page.tap("sign-out").await?;
    page.enter("admin-name", "admin").await?;
    office.enter_password(stage.server.admin_password()).await?;
    page.element("register-1").await?;
    stage.browser.driver().switch_to_window(tabs[0].clone()).await?;
    page.wait_for_text("Signed in as admin", NOTICED_WITHIN).await?;
    stage.browser.close().await
}
