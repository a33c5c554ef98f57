//! `bench first-load`: what a till loads at its first visit, beside the budget.

use serde_json::{Value, json};

use super::no_words;
use crate::build::{self, Mode};
use crate::failure::Outcome;
use crate::setup::{self, Purpose};

/// What a till's first load may weigh, bytes after brotli.
const BUDGET_BYTES: u64 = 350_000;

/// The bytes of the built pages.
pub fn measure(words: &[String]) -> Outcome<Vec<Value>> {
    no_words(words)?;
    build::ensure(Mode::Release, &setup::ensure(Purpose::Build)?)?;
    let bytes = build::first_load_bytes()?;
    #[expect(clippy::cast_precision_loss, reason = "some hundred thousand bytes")]
    let ratio = bytes as f64 / BUDGET_BYTES as f64;
    Ok(vec![json!({
        "name": "first-load",
        "value": bytes,
        "unit": "bytes (brotli)",
        "peer": "budget",
        "peer_value": BUDGET_BYTES,
        "ratio": ratio,
    })])
}
