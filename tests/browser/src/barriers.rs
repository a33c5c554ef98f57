//! What keeps people with disabilities from using a page, as axe finds it: the rules of WCAG 2.2, levels A and AA.
//!
//! axe is a library that runs in the page. `cargo xtask test` fetches it and names it in `HOLDFAST_AXE`.

use std::path::PathBuf;

use crate::Outcome;
use crate::browser::{Browser, Colours};

/// Names the file of axe.
const VARIABLE: &str = "HOLDFAST_AXE";

/// The barriers on the page as it is shown now, in sentences.
///
/// # Errors
/// When axe is not there, the driver fails, or axe itself does.
pub async fn barriers(browser: &Browser) -> Outcome<Vec<String>> {
    find(browser, &[]).await
}

/// The barriers on the page that is [shown in](Browser::show_in) these colours. Of a person's own axe knows nothing, so it
/// does not judge their contrast.
///
/// # Errors
/// When axe is not there, the driver fails, or axe itself does.
pub async fn barriers_in(browser: &Browser, colours: Colours) -> Outcome<Vec<String>> {
    match colours {
        Colours::Light | Colours::Dark => barriers(browser).await,
        Colours::Forced => find(browser, &["color-contrast"]).await,
    }
}

async fn find(browser: &Browser, rules_off: &[&str]) -> Outcome<Vec<String>> {
    if browser.script("return typeof axe", Vec::new()).await? != "object" {
        let path = std::env::var_os(VARIABLE).map(PathBuf::from);
        let path = path.ok_or_else(|| format!("{VARIABLE} names no file; `cargo xtask test` sets it"))?;
        let axe = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        browser.script(&axe, Vec::new()).await?;
    }
    let found = browser.script_async(include_str!("scripts/barriers.js"), vec![rules_off.into()]).await?;
    Ok(serde_json::from_value(found)?)
}
