//! Waiting for something to become true, with a deadline; never a sleep that makes a test pass.

use std::fmt::Display;
use std::future::Future;
use std::time::{Duration, Instant};

use crate::Outcome;

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(40);

/// Looks until `look` gives a value.
///
/// # Errors
/// When `within` is over, naming `what` was awaited and the last thing seen instead.
pub async fn wait_for<T, Seen: Display, Look>(
    what: &str,
    within: Duration,
    mut look: impl FnMut() -> Look,
) -> Outcome<T>
where
    Look: Future<Output = Result<T, Seen>>,
{
    let started = Instant::now();
    loop {
        match look().await {
            Ok(value) => return Ok(value),
            Err(seen) if started.elapsed() >= within => {
                return Err(
                    format!("after {} s still not {what}; last seen: {seen}", within.as_secs()).into()
                );
            }
            Err(_) => tokio::time::sleep(LOOK_EVERY).await,
        }
    }
}
