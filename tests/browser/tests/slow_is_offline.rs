//! *Slow is offline too*: a till whose answers come late goes offline where the profile says so, says why, and comes
//! back by itself when they have been fast for a while.

use std::time::{Duration, Instant};

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::clocks::pass_minutes_in_worker;
use holdfast_browser_tests::line::Line;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, Stage, Takings, sell};
use holdfast_browser_tests::waiting::wait_for;
use serde_json::json;

const WATCH_MODES: &str = include_str!("../src/scripts/watch_modes.js");
/// What the profile calls slow.
const LATENCY_MS: u64 = 600;
/// For how long all answers must be.
const FOR_S: u64 = 2;
/// Slow, and yet within the second after which an answer counts as missing.
const LATE: Duration = Duration::from_millis(LATENCY_MS + 200);
/// The line is fast again: three answers in a row must be, two seconds between them.
const BACK_AFTER_MS: f64 = 3_500.0;
const CHANGES_WITHIN: Duration = Duration::from_secs(20);

/// The modes that the pill has shown since they were watched, and when, milliseconds; without those in which it waited
/// for one answer.
async fn modes(browser: &Browser) -> Outcome<Vec<(String, f64)>> {
    let shown = browser.script("return window.modesShown", vec![]).await?;
    let mut shown: Vec<(String, f64)> = serde_json::from_value(shown)?;
    shown.retain(|(mode, _)| mode != "waiting");
    shown.dedup_by(|later, earlier| later.0 == earlier.0);
    Ok(shown)
}

/// Waits until the last modes that the pill has shown are these; gives when.
async fn wait_for_modes(browser: &Browser, last: &[&str]) -> Outcome<Vec<f64>> {
    wait_for(&format!("modes that end in {last:?}"), CHANGES_WITHIN, || async {
        let all = modes(browser).await.map_err(|error| error.to_string())?;
        let from = all.len().saturating_sub(last.len());
        let is_so = all[from..].iter().map(|(mode, _)| mode).eq(last);
        if is_so {
            Ok(all[from..].iter().map(|(_, at_ms)| *at_ms).collect())
        } else {
            Err(format!("{all:?}"))
        }
    })
    .await
}

#[tokio::test]
async fn a_till_on_a_slow_line_goes_offline_says_why_and_is_back_when_it_is_fast() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let line = Line::to(stage.server.port()).await?;
    stage.begin_to_sell_at(&line.url()).await?;
    let (till, browser) = (stage.till(), &stage.browser);
    let mut takings = Takings::default();
    browser.script(WATCH_MODES, vec![]).await?;

    // As long as the profile says nothing of it, slow is no more than slow.
    line.delay(LATE);
    let began = Instant::now();
    while began.elapsed() < 2 * Duration::from_secs(FOR_S) {
        sell(&till, 0, &mut takings).await?;
        till.wait_until_sent(SENT_WITHIN).await?;
    }
    let shown = modes(browser).await?;
    assert!(matches!(shown.as_slice(), [(mode, _)] if mode == "online"), "{shown:?}");

    let admin = Admin::sign_in(&stage.server).await?;
    let slow = json!({ "latency_ms": LATENCY_MS, "for_s": FOR_S });
    admin.publish_to_till(|profile| profile["device"]["slow_is_offline"] = slow).await?;
    till.wait_for_mode("offline", CHANGES_WITHIN).await?;
    till.wait_for_text_in("connection", "the store server is slow", CHANGES_WITHIN).await?;
    till.wait_for_text_in("connection", "next try ", CHANGES_WITHIN).await?;
    // Whoever can't see the pill hears it.
    let spoken =
        "return [...document.querySelectorAll('[role=status].unseen')].map((one) => one.textContent).join();";
    let spoken = browser.script(spoken, vec![]).await?.to_string();
    assert!(spoken.contains("the store server is slow"), "{spoken}");
    browser.screenshot("till-1280x800-slow").await?;
    sell(&till, 1, &mut takings).await?;
    assert_eq!(till.connection().await?, ("offline".to_owned(), 1));

    // Whoever wants it now has a slow store server rather than none, for as long as it takes to see that it is slow.
    till.tap("try-now").await?;
    wait_for_modes(browser, &["offline", "reconnecting", "online", "offline"]).await?;
    // By itself it tries when the interval is over: still slow.
    pass_minutes_in_worker(browser, 2).await?;
    wait_for_modes(browser, &["online", "offline", "reconnecting", "offline"]).await?;
    till.wait_for_text_in("connection", "the store server is slow", CHANGES_WITHIN).await?;
    // Fast for once is not enough.
    line.delay(Duration::ZERO);
    pass_minutes_in_worker(browser, 2).await?;
    let at_ms = wait_for_modes(browser, &["reconnecting", "offline", "reconnecting", "online"]).await?;
    assert!(at_ms[3] - at_ms[2] >= BACK_AFTER_MS, "{at_ms:?}");
    assert!(!till.has("slow").await?);
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&stage.server).await?;
    stage.browser.close().await
}
