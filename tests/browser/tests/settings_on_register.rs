//! Settings of a profile, changed by publishing while a till runs: each has its effect there, without a reload.

use std::time::{Duration, Instant};

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::clocks::{TWO_BEATS_MS, pass_minutes_in_worker};
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, SKUS, Stage, Takings, sell};
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;
use serde_json::{Value, json};

/// How long a till may take until it keeps what a published profile says.
pub const TAKEN_WITHIN: Duration = Duration::from_secs(30);

async fn rows(admin: &Admin, table: &str) -> Result<u64, String> {
    let kept = admin.rows_kept(1).await.map_err(|error| error.to_string())?;
    kept.get(table).copied().ok_or_else(|| format!("no {table}"))
}

/// Waits until the till says to the store server that it has so many rows of a table, as far as `right` goes.
pub async fn wait_for_rows(admin: &Admin, table: &str, right: impl Fn(u64) -> bool) -> Outcome<u64> {
    wait_for(&format!("other rows of {table}"), TAKEN_WITHIN, || async {
        let count = rows(admin, table).await?;
        if right(count) { Ok(count) } else { Err(format!("{count} rows")) }
    })
    .await
}

async fn waits(till: &TillPage<'_>, count: u64, words: &str) -> Outcome {
    wait_for(words, Duration::from_secs(15), || async {
        let (mode, waiting) = till.connection().await.map_err(|error| error.to_string())?;
        let said = till.text("connection").await.map_err(|error| error.to_string())?;
        if mode == "online" && waiting == count && said.contains(words) {
            Ok(())
        } else {
            Err(format!("{mode}, {waiting}: {said}"))
        }
    })
    .await
}

#[tokio::test]
async fn the_offline_timeout_holds_on_a_running_till_as_soon_as_it_is_published() -> Outcome {
    let Stage { mut server, browser, profile: _folder } = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = TillPage::new(browser.driver());
    // The long one first: a till that did not take the short one after it would wait as long again.
    for (timeout_s, at_least_s, at_most_s) in [(20, 14, 30), (2, 0, 10)] {
        let admin = Admin::sign_in(&server).await?;
        admin.publish_to_till(|profile| profile["device"]["offline_timeout_s"] = json!(timeout_s)).await?;
        server.kill()?;
        till.wait_for_mode("waiting", Duration::from_secs(20)).await?;
        let first_failure = Instant::now();
        till.wait_for_mode("offline", Duration::from_secs(at_most_s)).await?;
        assert!(first_failure.elapsed() >= Duration::from_secs(at_least_s), "{:?}", first_failure.elapsed());
        server.start()?;
        till.tap("try-now").await?;
        till.wait_for_mode("online", Duration::from_secs(30)).await?;
    }
    browser.close().await
}

#[tokio::test]
async fn sales_go_up_when_the_profile_says_and_the_till_says_so() -> Outcome {
    let Stage { server, browser, profile: _folder } = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = TillPage::new(browser.driver());
    let admin = Admin::sign_in(&server).await?;
    let mut takings = Takings::default();
    sell(&till, 0, &mut takings).await?;
    till.wait_until_sent(SENT_WITHIN).await?;

    let upload = |mode: Value| move |profile: &mut Value| profile["device"]["upload_transactions"] = mode;
    admin.publish_to_till(upload(json!({ "kind": "by_hand" }))).await?;
    sell(&till, 1, &mut takings).await?;
    waits(&till, 1, "kept until it is sent by hand").await?;
    browser.stop_service_workers().await?;
    waits(&till, 1, "kept until it is sent by hand").await?;
    till.tap("menu").await?;
    till.tap("menu-offline-database").await?;
    till.tap("send-now").await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    till.tap("back").await?;

    admin.publish_to_till(upload(json!({ "kind": "every_minutes", "minutes": 60 }))).await?;
    sell(&till, 0, &mut takings).await?;
    waits(&till, 1, "kept until ").await?;
    // Ten minutes too early, then late enough; nobody touches the till.
    pass_minutes_in_worker(&browser, 50).await?;
    browser.pause(TWO_BEATS_MS).await?;
    waits(&till, 1, "kept until ").await?;
    pass_minutes_in_worker(&browser, 11).await?;
    till.wait_until_sent(SENT_WITHIN).await?;

    admin.publish_to_till(upload(json!({ "kind": "at_shift_close" }))).await?;
    sell(&till, 2, &mut takings).await?;
    waits(&till, 1, "kept until shift close").await?;
    till.tap("menu").await?;
    till.tap("menu-close-shift").await?;
    assert!(till.text("shift-sales").await?.contains('4'), "{}", till.text("shift-sales").await?);
    till.tap("close-shift").await?;
    till.element("shift-closed").await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    till.tap("back").await?;

    admin.publish_to_till(upload(json!({ "kind": "at_once" }))).await?;
    sell(&till, 0, &mut takings).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&server).await?;
    browser.close().await
}

#[tokio::test]
async fn a_till_that_never_looks_for_a_new_database_takes_one_when_somebody_asks() -> Outcome {
    let Stage { server, browser, profile: _folder } = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = TillPage::new(browser.driver());
    let admin = Admin::sign_in(&server).await?;
    let check = |when: &'static str| move |p: &mut Value| p["device"]["check_for_new_database"] = json!(when);
    admin.publish_to_till(check("never")).await?;
    let next = admin.publish(check("at_start")).await?;
    let mut takings = Takings::default();
    sell(&till, 0, &mut takings).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    let here = admin.register(1).await?["profile_version"].clone();
    assert_eq!(here.as_u64(), Some(next - 1), "it took a profile that it was not to look for");
    till.tap("menu").await?;
    till.tap("menu-offline-database").await?;
    till.tap("look-for-new-database").await?;
    admin.wait_for_version(1, next).await?;
    // At its start is not with every synchronisation: an exchange alone does not bring it.
    till.tap("back").await?;
    let last = admin.publish(check("at_each_sync")).await?;
    sell(&till, 1, &mut takings).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    let here = admin.register(1).await?["profile_version"].clone();
    assert_eq!(
        here.as_u64(),
        Some(next),
        "it looked for a profile although it was to look at its start only"
    );
    browser.driver().refresh().await?;
    admin.wait_for_version(1, last).await?;
    browser.close().await
}

#[tokio::test]
async fn rows_appear_and_leave_with_filters_while_a_till_sells() -> Outcome {
    let Stage { server, browser, profile: _folder } = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = TillPage::new(browser.driver());
    let admin = Admin::sign_in(&server).await?;
    let all_products = wait_for_rows(&admin, "product", |count| count > 0).await?;
    let all_customers = wait_for_rows(&admin, "customer", |count| count > 0).await?;
    let mut takings = Takings::default();
    let categories = admin.get("categories").await?;
    let code = categories["categories"][0]["code"].clone();
    till.scan(SKUS[0]).await?;
    till.element("basket-line-1").await?;
    let due = till.total_minor().await?;
    admin
        .publish_to_till(|p| p["offline_products"] = json!({ "kind": "categories", "codes": [code] }))
        .await?;
    // The open basket's lines stay as they were sold, whatever becomes of the product.
    assert_eq!(till.total_minor().await?, due);
    takings.add(till.pay_exact_cash().await?, due);
    till.next_customer().await?;
    wait_for_rows(&admin, "product", |count| count < all_products && count > 0).await?;
    admin
        .publish_to_till(|profile| {
            profile["offline_products"] = json!({ "kind": "all" });
            profile["offline_customers"] = json!({ "kind": "none" });
        })
        .await?;
    wait_for_rows(&admin, "product", |count| count == all_products).await?;
    wait_for_rows(&admin, "customer", |count| count == 0).await?;
    admin
        .publish_to_till(|profile| {
            profile["offline_customers"] = json!({ "kind": "all_of_this_store" });
            let scopes = profile["scopes"].as_array_mut().into_iter().flatten();
            for entry in scopes.filter_map(|scope| scope["tables"].as_array_mut()).flatten() {
                if entry["table"] == "price" {
                    let test = json!({ "kind": "over", "number": 500 });
                    let part = json!({ "kind": "condition", "column": "price_minor", "test": test });
                    entry["filter"] = json!({ "join": "all", "parts": [part] });
                }
            }
        })
        .await?;
    wait_for_rows(&admin, "price", |count| count < all_products && count > 0).await?;
    till.wait_for_text_in(&format!("result-{}", SKUS[0]), "no price", TAKEN_WITHIN).await?;
    wait_for_rows(&admin, "customer", |count| count == all_customers).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&server).await?;
    browser.close().await
}
