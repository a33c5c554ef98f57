//! A till's first download in a fresh browser, from the activation to a till that searches and sells.

use std::path::Path;
use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::stage::LANDSCAPE;
use holdfast_browser_tests::store_server::StoreServer;
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;

use super::frames::{self, Frames};

/// How long a download may take.
const WITHIN: Duration = Duration::from_secs(180);
/// How long a page that does nothing is watched, and one that has just begun to sell.
const WATCHED: Duration = Duration::from_secs(1);

/// What was seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FirstDownload {
    /// From the activation until everything is durable, in memory, indexed and shown, milliseconds.
    pub took_ms: f64,
    /// Rows of all tables.
    pub rows: f64,
    /// Frames before it, with nothing to do: what this machine alone costs.
    pub idle: Frames,
    /// Frames meanwhile.
    pub frames: Frames,
}

/// Opens a browser on `profile` with a till that waits for its activation code, its service worker running.
///
/// # Errors
/// When one of them does not come.
pub async fn before_activation(profile: &Path, url: &str) -> Outcome<Browser> {
    let browser = Browser::open(profile, LANDSCAPE.0, LANDSCAPE.1).await?;
    let till = TillPage::new(browser.driver());
    till.open(url).await?;
    till.element("activation-code").await?;
    // The app's own files are kept before; they are not what is measured.
    browser.script("return navigator.serviceWorker.ready.then(() => true)", vec![]).await?;
    Ok(browser)
}

/// Activates register 1 in it and waits until the till can sell.
///
/// # Errors
/// When it does not.
pub async fn download(browser: &Browser, server: &StoreServer) -> Outcome<FirstDownload> {
    frames::watch(browser).await?;
    tokio::time::sleep(WATCHED).await;
    let idle = frames::take(browser).await?;
    browser.script(include_str!("../../../scripts/watch_download.js"), vec![]).await?;
    let till = TillPage::new(browser.driver());
    till.activate(&server.activation_code(1)?).await?;
    let (took_ms, rows) = wait_for("a till that can sell", WITHIN, || async {
        let noted = browser.script("return globalThis.holdfastDownload", vec![]).await;
        let noted = noted.map_err(|error| error.to_string())?;
        match (noted["began"].as_f64(), noted["ready"].as_f64(), noted["rows"].as_f64()) {
            (Some(began), Some(ready), Some(rows)) if rows > 0.0 => Ok((ready - began, rows)),
            _ => Err(noted.to_string()),
        }
    })
    .await?;
    Ok(FirstDownload { took_ms, rows, idle, frames: frames::take(browser).await? })
}
