//! *The browser's “online” event may bring an attempt forward*: a switch of the profile.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::clocks::TWO_BEATS_MS;
use holdfast_browser_tests::stage::{LANDSCAPE, Stage};
use serde_json::{Value, json};

/// An attempt by itself is an hour away.
fn hint_counts(counts: bool) -> impl FnOnce(&mut Value) {
    move |profile| {
        profile["device"]["offline_timeout_s"] = json!(1);
        profile["device"]["reconnect_interval_min"] = json!(60);
        profile["device"]["browser_online_hint"] = json!(counts);
    }
}

#[tokio::test]
async fn a_network_that_is_found_again_is_a_reason_to_try_only_where_the_profile_says_so() -> Outcome {
    let mut stage = Stage::ready_to_sell(LANDSCAPE).await?;
    Admin::sign_in(&stage.server).await?.publish_to_till(hint_counts(false)).await?;
    stage.server.kill()?;
    stage.till().wait_for_mode("offline", Duration::from_secs(20)).await?;
    let in_its_place = stage.server.stand_in()?;
    stage.browser.lose_and_find_network().await?;
    stage.browser.pause(TWO_BEATS_MS).await?;
    assert!(!in_its_place.was_called()?, "it tried, though the hint does not count");
    assert_eq!(stage.till().connection().await?.0, "offline");
    drop(in_its_place);
    stage.server.start()?;
    stage.till().tap("try-now").await?;
    stage.till().wait_for_mode("online", Duration::from_secs(30)).await?;

    Admin::sign_in(&stage.server).await?.publish_to_till(hint_counts(true)).await?;
    stage.server.kill()?;
    stage.till().wait_for_mode("offline", Duration::from_secs(20)).await?;
    stage.server.start()?;
    stage.browser.lose_and_find_network().await?;
    stage.till().wait_for_mode("online", Duration::from_secs(20)).await?;
    stage.browser.close().await
}
