//! Lets PostgreSQL look at tables that grow fast, before autovacuum does.
//!
//! Autovacuum looks once a minute. Registers that come back at once after an outage fill empty tables in less, and until
//! somebody has looked PostgreSQL takes a store's sales for few, and reads them all at each upload.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::PgPool;

/// Sales that this process has added when the tables are looked at for the first time,
const FIRST_AT: u64 = 1_000;
/// and so many times as many each time after it.
const FACTOR: u64 = 4;
/// The tables that sales fill, those that are asked most first.
const LOOK: [&str; 5] =
    ["ANALYZE sales", "ANALYZE journal", "ANALYZE sale_lines", "ANALYZE sale_tax", "ANALYZE sale_tenders"];

/// How much this process has added.
#[derive(Debug, Clone)]
pub struct Growth {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    added: AtomicU64,
    look_at: AtomicU64,
}

impl Growth {
    /// None yet.
    pub fn new() -> Growth {
        Growth { shared: Arc::new(Shared { added: AtomicU64::new(0), look_at: AtomicU64::new(FIRST_AT) }) }
    }

    /// Sales were added: has the tables looked at where they are many more than at the last time. Nobody waits for it.
    pub fn sales_added(&self, pool: &PgPool, count: u64) {
        if !self.is_due(count) {
            return;
        }
        let pool = pool.clone();
        tokio::spawn(async move {
            for statement in LOOK {
                if let Err(error) = sqlx::raw_sql(statement).execute(&pool).await {
                    tracing::warn!(%error, statement, "PostgreSQL looks at the tables later, by itself");
                    return;
                }
            }
        });
    }

    fn is_due(&self, count: u64) -> bool {
        let added = self.shared.added.fetch_add(count, Ordering::Relaxed).saturating_add(count);
        let look_at = self.shared.look_at.load(Ordering::Relaxed);
        let next = added.saturating_mul(FACTOR);
        // Of several uploads that end at once one has them looked at.
        added >= look_at
            && self
                .shared
                .look_at
                .compare_exchange(look_at, next, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_looked_at_ever_more_seldom() {
        let growth = Growth::new();
        let looks: Vec<u64> = (1..=1_000).filter(|_| growth.is_due(100)).collect();
        assert_eq!(looks, [10, 40, 160, 640]);
        assert!(!growth.is_due(0));
    }
}
