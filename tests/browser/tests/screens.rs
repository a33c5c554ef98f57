//! The way through every screen of the till.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::stage::{SKUS, STAFF, Stage};
use holdfast_browser_tests::till_page::TillPage;

/// Goes from activation to an offline till, and calls `look` on every screen.
pub async fn through_all(
    size: (u32, u32),
    query: &str,
    mut look: impl AsyncFnMut(&Browser, &str) -> Outcome,
) -> Outcome {
    let mut stage = Stage::set(size).await?;
    let browser = &stage.browser;
    let till = TillPage::new(browser.driver());
    till.open(&format!("{}/{query}", stage.server.url())).await?;
    till.element("activation-code").await?;
    look(browser, "activation").await?;
    till.activate("AAAA-AAAA").await?;
    till.element("activation-error").await?;
    look(browser, "activation refused").await?;
    till.activate(&stage.server.activation_code(1)?).await?;
    till.element(&format!("staff-{}", STAFF.0)).await?;
    look(browser, "sign-in").await?;
    till.tap(&format!("staff-{}", STAFF.0)).await?;
    till.enter_pin("9999").await?;
    till.element("pin-error").await?;
    look(browser, "wrong PIN").await?;
    till.enter_pin(STAFF.1).await?;
    till.element("search").await?;
    look(browser, "empty sale").await?;
    for sku in SKUS {
        till.scan(sku).await?;
    }
    till.element("basket-line-3").await?;
    look(browser, "sale").await?;
    till.tap("pay").await?;
    till.element("quick-0").await?;
    look(browser, "pay").await?;
    till.tap("quick-0").await?;
    look(browser, "cash on the counter").await?;
    till.tap("finish-sale").await?;
    till.element("receipt-number").await?;
    look(browser, "done").await?;
    till.next_customer().await?;
    till.tap("menu").await?;
    till.element("menu-sales").await?;
    look(browser, "menu").await?;
    till.tap("menu-sales").await?;
    till.element("sale-row-1").await?;
    look(browser, "sales").await?;
    till.tap("back").await?;
    till.tap("menu").await?;
    till.tap("menu-offline-database").await?;
    till.element("scope-row-1").await?;
    look(browser, "offline database").await?;
    till.tap("back").await?;
    stage.server.kill()?;
    till.wait_for_mode("waiting", Duration::from_secs(20)).await?;
    look(browser, "waiting").await?;
    till.wait_for_mode("offline", Duration::from_secs(20)).await?;
    look(browser, "offline").await?;
    stage.browser.close().await
}
