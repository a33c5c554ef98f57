//! Chromium and its driver, for the browser tests.

use super::apt;
use crate::failure::Outcome;
use crate::process;

/// Gets both where one is missing.
pub fn ensure() -> Outcome {
    if process::find("chromium").is_some() && process::find("chromedriver").is_some() {
        return Ok(());
    }
    apt::install(
        &["chromium", "chromium-driver", "fonts-dejavu-core"],
        "the browser tests run in a real Chromium, driven through its WebDriver",
    )
}
