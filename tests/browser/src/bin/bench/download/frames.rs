//! Frames of a page, as its own script notes them.

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::browser::Browser;
use serde_json::Value;

/// A frame that a person notices, milliseconds.
pub const NOTICED_MS: f64 = 50.0;

/// Frames of a while.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frames {
    /// How many there were.
    pub count: usize,
    /// The longest, milliseconds.
    pub longest_ms: f64,
    /// How many took longer than [`NOTICED_MS`].
    pub noticed: usize,
    /// The longest task that the browser itself called long (over 50 ms), milliseconds; 0 where there was none.
    pub longest_task_ms: f64,
}

/// Begins to note frames, or begins anew.
///
/// # Errors
/// When the driver fails.
pub async fn watch(browser: &Browser) -> Outcome {
    browser.script(include_str!("../../../scripts/watch_frames.js"), vec![]).await?;
    Ok(())
}

/// The frames since the last call.
///
/// # Errors
/// When nobody watches.
pub async fn take(browser: &Browser) -> Outcome<Frames> {
    let noted = browser.script("return globalThis.holdfastFrames.take()", vec![]).await?;
    let list = |name: &str| -> Vec<f64> {
        noted[name].as_array().map(|list| list.iter().filter_map(Value::as_f64).collect()).unwrap_or_default()
    };
    let (frames, tasks) = (list("frames"), list("longTasks"));
    let longest = |list: &[f64]| list.iter().copied().fold(0.0, f64::max);
    Ok(Frames {
        count: frames.len(),
        longest_ms: longest(&frames),
        noticed: frames.iter().filter(|frame| **frame > NOTICED_MS).count(),
        longest_task_ms: longest(&tasks),
    })
}
