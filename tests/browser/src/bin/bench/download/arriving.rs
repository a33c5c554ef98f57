//! A whole price list that arrives while somebody sells.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::store_server::StoreServer;
use holdfast_browser_tests::waiting::wait_for;

use super::frames::{self, Frames};
use crate::products::{self, Product};

/// How long the list may take.
const WITHIN: Duration = Duration::from_secs(180);

/// Raises all prices on the store server and watches a till that shows one of the products until it shows its new
/// price; gives the frames meanwhile and how long it took from the word to synchronise, milliseconds.
///
/// # Errors
/// When the new price never shows.
pub async fn watch(browser: &Browser, server: &StoreServer, before: &[Product]) -> Outcome<(Frames, f64)> {
    let folder = tempfile::tempdir()?;
    let raised: Vec<Product> = before
        .iter()
        .map(|product| Product { price_minor: product.price_minor + 1, ..product.clone() })
        .collect();
    let [list, _] = products::write_files(&raised, folder.path())?;
    server.command(&["import", "products", &list.display().to_string()])?;
    let shown = before.last().ok_or("there are no products")?;
    let price = |minor: u64| format!("{}.{:02}", minor / 100, minor % 100);
    let (old, new) = (price(shown.price_minor), price(shown.price_minor + 1));
    let tile = format!("result-{}", shown.sku);
    browser
        .script(
            "const field = document.querySelector('[data-testid=\"search\"]'); field.value = arguments[0]; \
             field.dispatchEvent(new InputEvent('input', { bubbles: true }));",
            vec![shown.sku.clone().into()],
        )
        .await?;
    let text = format!("return document.querySelector('[data-testid=\"{tile}\"]')?.textContent ?? ''");
    wait_for("the product with its old price", WITHIN, || shows(browser, &text, &old)).await?;
    frames::watch(browser).await?;
    let began = "globalThis.began = performance.now(); globalThis.shown = null; \
                 new MutationObserver(() => { if (document.body.textContent.includes(arguments[0])) \
                 shown ??= performance.now(); }).observe(document.querySelector('.tiles'), \
                 { subtree: true, childList: true, characterData: true }); \
                 navigator.serviceWorker.controller.postMessage({ type: 'sync_now' });";
    browser.script(began, vec![new.clone().into()]).await?;
    wait_for("the product with its new price", WITHIN, || shows(browser, &text, &new)).await?;
    let seen = frames::take(browser).await?;
    let took = browser.script("return (shown ?? performance.now()) - began", vec![]).await?;
    Ok((seen, took.as_f64().unwrap_or(f64::NAN)))
}

async fn shows(browser: &Browser, script: &str, price: &str) -> Result<(), String> {
    let seen = browser.script(script, vec![]).await.map_err(|error| error.to_string())?;
    let seen = seen.as_str().unwrap_or_default().to_owned();
    if seen.contains(price) { Ok(()) } else { Err(seen) }
}
