//! What a cashier waits for with a large catalogue: a scan's line, a key's results, a sale's receipt.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::browser::Browser;
use serde_json::{Value, json};

use crate::products::Product;

/// How long all scans and keys may take.
const WITHIN: Duration = Duration::from_secs(110);
/// How many products are scanned; each gets a line of its own.
const SCANS: usize = 40;
/// How many names are typed.
const NAMES: usize = 24;
/// How many letters of each.
const LETTERS: usize = 8;
/// How many sales are finished.
const SALES: usize = 40;

/// Milliseconds of each scan and each key.
#[derive(Debug, Clone, PartialEq)]
pub struct Waits {
    /// From a scan to its line.
    pub scans_ms: Vec<f64>,
    /// From a key to its results.
    pub keys_ms: Vec<f64>,
}

/// Scans and types with the processor `slower` times slower than it is.
///
/// # Errors
/// When the till does not answer, or does not know a code.
pub async fn scan_and_type(
    browser: &Browser,
    products: &[Product],
    slower: f64,
    from: usize,
) -> Outcome<Waits> {
    let every = |count: usize| (products.len() / count).max(1);
    let codes: Vec<&str> =
        products.iter().skip(from).step_by(every(SCANS)).map(|product| product.barcode.as_str()).collect();
    let mut queries: Vec<String> = products
        .iter()
        .skip(from)
        .step_by(every(NAMES))
        .map(|product| product.name.chars().take(LETTERS).collect())
        .collect();
    // The worst case: all names are looked through for nothing.
    queries.push("zzqxv".to_owned());
    throttle(browser, slower).await?;
    browser.driver().set_script_timeout(WITHIN).await?;
    let script = include_str!("../../../scripts/time_at_the_till.js");
    let times = browser.script_async(script, vec![json!(codes), json!(queries)]).await?;
    throttle(browser, 1.0).await?;
    match times["missing"].as_array() {
        Some(missing) if missing.is_empty() => {
            Ok(Waits { scans_ms: numbers(&times["scans"]), keys_ms: numbers(&times["keys"]) })
        }
        _ => Err(format!("the till did not find all codes: {times}").into()),
    }
}

/// Milliseconds of sales from the tap to the receipt number, and of raw transactions of the same size.
///
/// # Errors
/// When a sale is not finished.
pub async fn sell(browser: &Browser, sku: &str) -> Outcome<(Vec<f64>, Vec<f64>)> {
    browser.driver().set_script_timeout(WITHIN).await?;
    let script = include_str!("../../../scripts/time_sales.js");
    let times = browser.script_async(script, vec![sku.into(), SALES.into()]).await?;
    let (sales, raw) = (numbers(&times["sales"]), numbers(&times["raw"]));
    if sales.len() == SALES {
        Ok((sales, raw))
    } else {
        Err(format!("the sales were not finished: {times}").into())
    }
}

async fn throttle(browser: &Browser, rate: f64) -> Outcome {
    browser.driver().cdp().send_raw("Emulation.setCPUThrottlingRate", json!({ "rate": rate })).await?;
    Ok(())
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().map(|list| list.iter().filter_map(Value::as_f64).collect()).unwrap_or_default()
}
