//! How often, and after which pauses, an operation that collided with another is begun again.

use std::time::{Duration, SystemTime};

use super::DatabaseError;

/// Beginnings of one operation.
const TRIES_MAX: u32 = 6;
/// The first pause is up to this long, each further one up to twice as long.
const PAUSE_MS: u64 = 10;

/// Counts the beginnings of one operation.
#[derive(Debug, Default)]
pub struct Tries {
    failed: u32,
}

impl Tries {
    /// Waits a little before the next beginning.
    ///
    /// # Errors
    /// The collision, when it is time to give up.
    pub async fn wait_after(&mut self, error: sqlx::Error) -> Result<(), DatabaseError> {
        self.failed += 1;
        if self.failed >= TRIES_MAX {
            return Err(DatabaseError::Collided(error));
        }
        tracing::debug!(%error, failed = self.failed, "an operation collided and is begun again");
        // Those that collided once must not do so again: the clock's last digits part them.
        let noise = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |elapsed| u64::from(elapsed.subsec_nanos()));
        let most = PAUSE_MS << self.failed;
        tokio::time::sleep(Duration::from_millis(1 + noise % most)).await;
        Ok(())
    }
}
