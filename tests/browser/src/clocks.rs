//! Moving a till's clocks: that of its page, which knows when an export is due and when a sale was made, and that of
//! its service worker, which knows when rows and sales are due to travel.

use serde_json::{Value, json};

use crate::Outcome;
use crate::browser::Browser;
use crate::waiting::wait_for;

/// Two heartbeats of a till, milliseconds: what is due by then has begun.
pub const TWO_BEATS_MS: u32 = 2_500;
/// Minutes of a day.
pub const DAY_MIN: i64 = 24 * 60;

/// Moves the page's clock on, or back.
///
/// # Errors
/// When the driver fails.
pub async fn pass_minutes_in_page(browser: &Browser, minutes: i64) -> Outcome {
    browser.script(&moving(minutes), vec![]).await.map(drop)
}

/// Moves the service worker's clock on. It is the old one again once the browser has ended the worker, which it does
/// not while a till's page is open and nobody asks for it.
///
/// # Errors
/// When the driver fails or no worker is there.
pub async fn pass_minutes_in_worker(browser: &Browser, minutes: i64) -> Outcome {
    let devtools = browser.driver().cdp();
    let target = wait_for("a service worker", crate::browser::DRIVER_WITHIN, || async {
        let targets = devtools.send_raw("Target.getTargets", json!({})).await;
        let targets = targets.map_err(|error| error.to_string())?;
        let all = targets["targetInfos"].as_array().cloned().unwrap_or_default();
        let found = all.into_iter().find(|target| target["type"] == "service_worker");
        found.map(|target| target["targetId"].clone()).ok_or_else(|| targets.to_string())
    })
    .await?;
    // Not flattened: the driver's own line to the page has no room for the messages of another session.
    let attached = json!({ "targetId": target, "flatten": false });
    let session = devtools.send_raw("Target.attachToTarget", attached).await?["sessionId"].clone();
    let evaluate =
        json!({ "id": 1, "method": "Runtime.evaluate", "params": { "expression": moving(minutes) } });
    let message = json!({ "sessionId": session, "message": evaluate.to_string() });
    devtools.send_raw("Target.sendMessageToTarget", message).await?;
    Ok(())
}

fn moving(minutes: i64) -> String {
    let by_ms = Value::from(minutes * 60_000);
    format!("{{ const now = Date.now; Date.now = () => now() + {by_ms}; }}")
}
