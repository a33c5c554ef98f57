//! *Database export schedule*: at shift close and daily; what is exported says so, and the back office gives the files.

use std::path::Path;
use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::clocks::{TWO_BEATS_MS, pass_minutes_in_page};
use holdfast_browser_tests::look::{Of, look};
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, Stage, Takings, sell};
use holdfast_browser_tests::store_server::StoreServer;
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;
use holdfast_profile::{DataExportFolder, DatabaseExportSchedule, time_of_day};

use crate::data_export::{
    MADE_WITHIN, check, downloaded, open_page, publish, wait_for_export, wait_for_plan,
};

/// Far from UTC: the day of the store is not that of the tests' machine.
const TIME_ZONE: &str = "Pacific/Auckland";

/// How many exports of register 1 the store server has.
async fn exports_count(server: &StoreServer) -> Outcome<usize> {
    let list = Admin::sign_in(server).await?.get("registers/1/exports").await?;
    Ok(list["exports"].as_array().map_or(0, Vec::len))
}

/// Closes the shift that is open.
pub async fn close_shift(till: &TillPage<'_>) -> Outcome {
    till.tap("menu").await?;
    till.tap("menu-close-shift").await?;
    till.tap("close-shift").await?;
    till.element("shift-closed").await?;
    till.tap("back").await
}

/// An administrator opens the register's page and downloads the newest export.
async fn download_in_back_office(server: &StoreServer, folder: &Path) -> Outcome {
    let desk = tempfile::tempdir()?;
    let browser = Browser::open(desk.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
    browser.download_into(folder).await?;
    let office = BackOfficePage::new(browser.driver());
    let page = office.page();
    office.sign_in(server).await?;
    page.tap("open-register-1").await?;
    page.element("register-exports").await?;
    let rows = page.cells("[data-testid=\"register-exports\"] tbody tr", 5).await?;
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows.iter().all(|row| row.contains("Whole")), "{rows:?}");
    look(&browser, Of::BackOffice, "exports", "register-exports").await?;
    page.tap_first("[data-testid=\"register-exports\"] a").await?;
    downloaded(folder).await?;
    browser.close().await
}

/// What the till's list of sales says of where each is, the newest first.
async fn wait_for_custody(till: &TillPage<'_>, right: &[&str]) -> Outcome {
    till.tap("menu").await?;
    till.tap("menu-sales").await?;
    wait_for(&format!("{right:?}"), Duration::from_secs(15), || async {
        let rows = till.cells("[data-testid^=\"sale-row-\"]", 6).await.map_err(|error| error.to_string())?;
        let is_right =
            rows.len() == right.len() && rows.iter().zip(right).all(|(row, words)| row.contains(words));
        if is_right { Ok(()) } else { Err(format!("{rows:?}")) }
    })
    .await?;
    till.tap("back").await
}

#[tokio::test]
async fn exports_come_at_shift_close_and_daily_and_the_back_office_has_them() -> Outcome {
    let mut stage = Stage::set(LANDSCAPE).await?;
    stage.browser.live_in(TIME_ZONE).await?;
    stage.begin_to_sell().await?;
    let till = stage.till();
    let mut takings = Takings::default();
    publish(&stage.server, DataExportFolder::StoreServer, DatabaseExportSchedule::AtShiftClose)?;
    open_page(&till).await?;
    wait_for_plan(&till, "to the store server, when a shift is closed").await?;
    till.tap("back").await?;
    sell(&till, 0, &mut takings).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    assert_eq!(exports_count(&stage.server).await?, 0, "nothing is due before the shift is closed");
    close_shift(&till).await?;
    open_page(&till).await?;
    let (at_close, said) = wait_for_export(&till, "0").await?;
    assert!(said.contains("Store server has it"), "{said}");

    // In an hour by the store's clock: today's or, late in the evening, tomorrow's.
    let clock = "const now = new Date(); return now.getHours() * 60 + now.getMinutes();";
    let minute = stage.browser.script(clock, vec![]).await?.as_u64().ok_or("no clock")?;
    let minute_of_day = u16::try_from((minute + 60) % 1440)?;
    publish(&stage.server, DataExportFolder::StoreServer, DatabaseExportSchedule::DailyAt { minute_of_day })?;
    wait_for_plan(&till, &format!("daily at {}", time_of_day(minute_of_day))).await?;
    pass_minutes_in_page(&stage.browser, 55).await?;
    stage.browser.pause(TWO_BEATS_MS).await?;
    assert_eq!(till.attribute("export-last", "data-at").await?, at_close, "five minutes too early");
    pass_minutes_in_page(&stage.browser, 6).await?;
    let (daily, _) = wait_for_export(&till, &at_close).await?;
    pass_minutes_in_page(&stage.browser, 60).await?;
    stage.browser.pause(TWO_BEATS_MS).await?;
    assert_eq!(till.attribute("export-last", "data-at").await?, daily, "once a day");
    assert_eq!(exports_count(&stage.server).await?, 2);

    let folder = tempfile::tempdir()?;
    download_in_back_office(&stage.server, folder.path()).await?;
    let file = std::fs::read(downloaded(folder.path()).await?)?;
    check(&stage.browser, &stage.server, &file, &takings, 0).await?;

    // What only an export has beside this register says so, until the store server has it.
    stage.server.kill()?;
    let till = stage.till();
    till.wait_for_mode("offline", Duration::from_secs(30)).await?;
    till.tap("back").await?;
    sell(&till, 1, &mut takings).await?;
    wait_for_custody(&till, &["Waits for the store server", "Store server has it"]).await?;
    let folder = tempfile::tempdir()?;
    stage.browser.download_into(folder.path()).await?;
    open_page(&till).await?;
    till.tap("export-save-here").await?;
    wait_for_export(&till, &daily).await?;
    downloaded(folder.path()).await?;
    till.tap("back").await?;
    sell(&till, 0, &mut takings).await?;
    let places =
        ["Waits for the store server", "Exported, waits for the store server", "Store server has it"];
    wait_for_custody(&till, &places).await?;
    stage.server.start()?;
    let till = stage.till();
    till.tap("try-now").await?;
    till.wait_until_sent(MADE_WITHIN).await?;
    wait_for_custody(&till, &["Store server has it"; 3]).await?;
    stage.browser.close().await
}
