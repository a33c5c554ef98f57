//! *Reconnect attempt interval*: how long an offline till waits until it tries by itself; and whether the browser's
//! “online” event may bring that forward.

use std::time::{Duration, Instant};

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::stage::{LANDSCAPE, Stage, Takings, sell};
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;
use serde_json::{Value, json};

/// Up to so much later, so that a chain of registers does not come back at once.
const SPREAD_S: u64 = 3;
/// What stands before the time until the next attempt.
const NEXT_TRY: &str = "next try ";

/// Seconds until the next attempt, as the till says it.
async fn next_try_s(till: &TillPage<'_>) -> Outcome<u64> {
    wait_for("when the next attempt is", Duration::from_secs(10), || async {
        let said = till.text("connection").await.map_err(|error| error.to_string())?;
        let left = said.split_once(NEXT_TRY).and_then(|(_, rest)| rest.split_whitespace().next());
        let (minutes, seconds) = left.and_then(|left| left.split_once(':')).ok_or_else(|| said.clone())?;
        let number = |text: &str| text.parse::<u64>().map_err(|_| said.clone());
        Ok::<_, String>(number(minutes)? * 60 + number(seconds)?)
    })
    .await
}

#[tokio::test]
async fn an_offline_till_tries_when_the_interval_is_over_or_where_the_profile_says_so_a_network_is_found()
-> Outcome {
    let Stage { mut server, browser, profile: _folder } = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = TillPage::new(browser.driver());
    let interval = |minutes: u32, hint_counts: bool| {
        move |profile: &mut Value| {
            profile["device"]["offline_timeout_s"] = json!(1);
            profile["device"]["reconnect_interval_min"] = json!(minutes);
            profile["device"]["browser_online_hint"] = json!(hint_counts);
        }
    };
    Admin::sign_in(&server).await?.publish_to_till(interval(5, true)).await?;
    server.kill()?;
    till.wait_for_mode("offline", Duration::from_secs(20)).await?;
    let left_s = next_try_s(&till).await?;
    assert!((240..=300 + SPREAD_S).contains(&left_s), "{left_s} s");
    server.start()?;
    browser.lose_and_find_network().await?;
    till.wait_for_mode("online", Duration::from_secs(30)).await?;

    Admin::sign_in(&server).await?.publish_to_till(interval(1, false)).await?;
    let mut takings = Takings::default();
    server.kill()?;
    till.wait_for_mode("offline", Duration::from_secs(20)).await?;
    let offline_since = Instant::now();
    let left_s = next_try_s(&till).await?;
    assert!((30..=60 + SPREAD_S).contains(&left_s), "{left_s} s");
    sell(&till, 1, &mut takings).await?;
    // It is back at once, and nobody taps anything; that a network was found says nothing any more.
    server.start()?;
    browser.lose_and_find_network().await?;
    till.wait_for_mode("online", Duration::from_secs(90)).await?;
    let offline_s = offline_since.elapsed().as_secs();
    assert!((55..=75).contains(&offline_s), "{offline_s} s offline");
    till.wait_until_sent(Duration::from_secs(30)).await?;
    takings.check(&server).await?;
    browser.close().await
}
