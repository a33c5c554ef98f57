//! *Health-check interval* and *Upload batch size*: how soon an idle till notices that the store server is gone, and in
//! how many requests a backlog goes up.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, Stage, Takings, sell};
use holdfast_browser_tests::till_page::TillPage;
use serde_json::{Value, json};

#[tokio::test]
async fn an_idle_till_notices_that_the_store_server_is_gone_when_it_next_asks() -> Outcome {
    let Stage { mut server, browser, profile: _folder } = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = TillPage::new(browser.driver());
    // The question before was at most a few seconds ago when the store server goes. The long interval comes first: a
    // till that did not take the short one after it would notice as late again.
    for (interval_s, at_least_s, at_most_s, heard_for_ms) in [(20, 10, 28, 50_000), (2, 0, 9, 20_000)] {
        let admin = Admin::sign_in(&server).await?;
        let change = |profile: &mut Value| {
            profile["device"]["health_check_s"] = json!(interval_s);
            profile["device"]["offline_timeout_s"] = json!(60);
        };
        admin.publish_to_till(change).await?;
        assert_eq!(admin.register(1).await?["heard_for_ms"], heard_for_ms);
        server.kill()?;
        let killed = Instant::now();
        till.wait_for_mode("waiting", Duration::from_secs(at_most_s)).await?;
        let noticed_after = killed.elapsed();
        assert!(noticed_after >= Duration::from_secs(at_least_s), "{interval_s} s: {noticed_after:?}");
        // From then on it asks every second, so that it is back as soon as the store server is.
        server.start()?;
        till.wait_for_mode("online", Duration::from_secs(10)).await?;
    }
    browser.close().await
}

#[tokio::test]
async fn a_backlog_goes_up_in_batches_of_the_size_that_the_profile_says() -> Outcome {
    let Stage { mut server, browser, profile: _folder } = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = TillPage::new(browser.driver());
    let mut takings = Takings::default();
    for (entries, requests_count) in [(2, 2), (500, 1)] {
        let admin = Admin::sign_in(&server).await?;
        let change = |profile: &mut Value| profile["device"]["upload_batch_entries"] = json!(entries);
        admin.publish_to_till(change).await?;
        server.kill()?;
        till.wait_for_mode("offline", Duration::from_secs(20)).await?;
        for round in 0..4 {
            sell(&till, round, &mut takings).await?;
        }
        server.start()?;
        till.tap("try-now").await?;
        till.wait_until_sent(SENT_WITHIN).await?;
        takings.check(&server).await?;
        // What came in one request came at one time.
        let document = Admin::sign_in(&server).await?.get("sales?register=1&limit=4").await?;
        let sales = document["sales"].as_array().ok_or("no sales")?;
        let times: BTreeSet<i64> = sales.iter().filter_map(|sale| sale["received_at_ms"].as_i64()).collect();
        assert_eq!((sales.len(), times.len()), (4, requests_count), "batches of {entries}: {times:?}");
    }
    browser.close().await
}
