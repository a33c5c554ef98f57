//! A profile that leaves the store's table out. Nobody knows then in which currency prices are and whether they hold
//! their tax: the till sells nothing rather than guess, says why, and goes on once the table is back.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, STAFF, Stage, Takings, sell};
use holdfast_browser_tests::waiting::wait_for;
use serde_json::Value;

/// How long a till may take until it does by a new version.
const READ_WITHIN: Duration = Duration::from_secs(30);

fn without_store(profile: &mut Value) {
    let Some(scopes) = profile["scopes"].as_array_mut() else { return };
    for tables in scopes.iter_mut().filter_map(|scope| scope["tables"].as_array_mut()) {
        tables.retain(|entry| entry["table"] != "store");
    }
    scopes.retain(|scope| scope["tables"].as_array().is_some_and(|tables| !tables.is_empty()));
}

#[tokio::test]
async fn a_till_without_the_store_sells_nothing_says_why_and_goes_on_once_it_is_back() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = stage.till();
    let admin = Admin::sign_in(&stage.server).await?;
    let mut takings = Takings::default();
    let whole = admin.profile("Default pr.").await?["draft"]["scopes"].clone();
    till.scan("1001").await?;
    till.element("basket-line-1").await?;

    admin.publish_to_till(without_store).await?;
    wait_for("a product that is not sold", READ_WITHIN, || async {
        till.scan("1002").await.map_err(|error| error.to_string())?;
        match till.page_text().await {
            Ok(text) if text.contains("nobody knows the currency") => Ok(()),
            Ok(text) => Err(text),
            Err(error) => Err(error.to_string()),
        }
    })
    .await?;
    // What was in the basket has its currency and its taxes.
    let due = till.total_minor().await?;
    takings.add(till.pay_exact_cash().await?, due);
    till.next_customer().await?;
    till.wait_until_sent(SENT_WITHIN).await?;

    stage.browser.driver().refresh().await?;
    till.wait_for_text_in("download-lacks", "leaves out what this till needs", READ_WITHIN).await?;
    admin.publish_to_till(|profile| profile["scopes"] = whole).await?;
    till.sign_in(STAFF.0, STAFF.1).await?;
    sell(&till, 1, &mut takings).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&stage.server).await?;
    stage.browser.close().await
}
