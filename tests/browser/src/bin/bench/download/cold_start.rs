//! A register that was switched off with its store server gone: from the opened page to a till that can sell.

use std::path::Path;
use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::stage::LANDSCAPE;
use holdfast_browser_tests::waiting::wait_for;
use serde_json::{Value, json};

use crate::peer_server::PeerServer;

/// How long a start may take.
const WITHIN: Duration = Duration::from_secs(60);

/// What was seen, milliseconds since the navigation began.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColdStart {
    /// The first paint.
    pub painted_ms: f64,
    /// Everything is in memory, indexed, and somebody may sign in.
    pub ready_ms: f64,
}

/// Opens a browser on a folder that has a till and starts it.
///
/// # Errors
/// When the till does not start.
pub async fn start(profile: &Path, url: &str) -> Outcome<(Browser, ColdStart)> {
    let browser = Browser::open(profile, LANDSCAPE.0, LANDSCAPE.1).await?;
    let script = json!({ "source": include_str!("../../../scripts/watch_start.js") });
    browser.driver().cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", script).await?;
    browser.driver().goto(url).await?;
    let seen = noted(&browser, "holdfastStart", "ready").await?;
    let number = |name: &str| seen[name].as_f64().unwrap_or(f64::NAN);
    Ok((browser, ColdStart { painted_ms: number("painted"), ready_ms: number("ready") }))
}

/// The same for the packed pages in plain JS, in a browser that has just been opened too; milliseconds since the
/// navigation began.
///
/// # Errors
/// When they are not read back.
pub async fn read_back(profile: &Path, peer_server: &PeerServer) -> Outcome<f64> {
    let browser = Browser::open(profile, LANDSCAPE.0, LANDSCAPE.1).await?;
    browser.driver().goto(format!("{}#read-back", peer_server.url())).await?;
    let seen = noted(&browser, "answer", "sinceNavigationMs").await?;
    browser.close().await?;
    seen["sinceNavigationMs"]
        .as_f64()
        .ok_or_else(|| format!("the packed pages were not read back: {seen}").into())
}

async fn noted(browser: &Browser, global: &str, field: &str) -> Outcome<Value> {
    let script = format!("return globalThis.{global} ?? null");
    wait_for(global, WITHIN, || async {
        let noted = browser.script(&script, vec![]).await.map_err(|error| error.to_string())?;
        if noted[field].is_number() { Ok(noted) } else { Err(noted.to_string()) }
    })
    .await
}
