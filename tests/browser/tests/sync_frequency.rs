//! *Synchronisation frequency* of a scope: its rows come with every synchronisation, or wait until they are due or
//! somebody asks for them.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::clocks::pass_minutes_in_worker;
use holdfast_browser_tests::stage::{LANDSCAPE, Stage};
use holdfast_browser_tests::till_page::TillPage;
use serde_json::{Value, json};

/// How long a change may take to come down to a till.
const COMES_WITHIN: Duration = Duration::from_secs(30);

/// Waits until the tile of a product says this.
async fn wait_for_tile(till: &TillPage<'_>, sku: &str, words: &str) -> Outcome {
    till.wait_for_text_in(&format!("result-{sku}"), words, COMES_WITHIN).await
}

/// Has the prices come so often; everything else comes with every synchronisation.
fn prices_come(frequency: Value) -> impl FnOnce(&mut Value) {
    move |profile| {
        let scopes = profile["scopes"].as_array_mut().into_iter().flatten();
        for scope in scopes.filter(|scope| scope["tables"][0]["table"] == "price") {
            scope["frequency"] = frequency.clone();
        }
    }
}

/// Changes name and price of one product, then the name of another one, until the till has both names. What comes with
/// every synchronisation has come twice since the price was changed.
async fn change(admin: &Admin, till: &TillPage<'_>, name: &str, price: &str) -> Outcome {
    let of = |sku: u32, name: &str, price: &str| {
        format!(
            "sku,name,category,unit,tax_code,price,rank\n{sku},{name},bakery,ea,zero,{price},{}\n",
            sku - 1000
        )
    };
    admin.import("products", &of(1001, name, price)).await?;
    wait_for_tile(till, "1001", name).await?;
    admin.import("products", &of(1002, name, "2.60")).await?;
    wait_for_tile(till, "1002", name).await
}

/// The minute of the day in which the page is.
async fn store_minute(browser: &Browser) -> Outcome<u64> {
    let clock = "const now = new Date(); return now.getHours() * 60 + now.getMinutes();";
    Ok(browser.script(clock, vec![]).await?.as_u64().ok_or("no clock")?)
}

#[tokio::test]
async fn a_scope_comes_as_often_as_its_frequency_says_on_a_running_till() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let (till, browser) = (stage.till(), &stage.browser);
    let admin = Admin::sign_in(&stage.server).await?;
    wait_for_tile(&till, "1001", "2.40").await?;

    admin.publish_to_till(prices_come(json!({ "kind": "by_hand" }))).await?;
    change(&admin, &till, "Loaf one", "3.10").await?;
    wait_for_tile(&till, "1001", "2.40").await?;
    assert!(!admin.is_current(1, "price").await?, "the register has prices that nobody asked for");
    till.tap("menu").await?;
    till.tap("menu-offline-database").await?;
    till.tap("sync-now").await?;
    till.tap("back").await?;
    wait_for_tile(&till, "1001", "3.10").await?;

    // They came less than an hour ago.
    admin.publish_to_till(prices_come(json!({ "kind": "every_minutes", "minutes": 60 }))).await?;
    pass_minutes_in_worker(browser, 50).await?;
    change(&admin, &till, "Loaf two", "3.20").await?;
    wait_for_tile(&till, "1001", "3.10").await?;
    pass_minutes_in_worker(browser, 11).await?;
    wait_for_tile(&till, "1001", "3.20").await?;

    // The worker's clock is an hour and a minute ahead by now; in half an hour they are due.
    let minute_of_day = (store_minute(browser).await? + 61 + 30) % 1440;
    let daily = json!({ "kind": "daily_at", "minute_of_day": minute_of_day });
    admin.publish_to_till(prices_come(daily)).await?;
    change(&admin, &till, "Loaf three", "3.30").await?;
    wait_for_tile(&till, "1001", "3.20").await?;
    pass_minutes_in_worker(browser, 31).await?;
    wait_for_tile(&till, "1001", "3.30").await?;
    // Once a day, and not again a while later.
    pass_minutes_in_worker(browser, 60).await?;
    change(&admin, &till, "Loaf four", "3.40").await?;
    wait_for_tile(&till, "1001", "3.30").await?;
    admin.publish_to_till(prices_come(json!({ "kind": "with_every_sync" }))).await?;
    wait_for_tile(&till, "1001", "3.40").await?;

    // The price on the tile is the price that is paid.
    till.scan("1001").await?;
    till.element("basket-line-1").await?;
    assert_eq!(till.total_minor().await?, 340);
    stage.browser.close().await
}
