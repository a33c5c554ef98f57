//! PostgreSQL knows what its tables look like soon after many sales have come.

use std::time::{Duration, Instant};

use crate::pool;
use crate::support::TestServer;

/// How long a look at a thousand sales may take.
const LOOKED_AT_WITHIN: Duration = Duration::from_secs(20);

#[tokio::test]
async fn tables_that_fill_fast_are_looked_at_without_autovacuum() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let pool = pool(&server).await;
    sqlx::raw_sql("ALTER TABLE sales SET (autovacuum_enabled = off)").execute(&pool).await.unwrap();
    for _ in 0..2 {
        let entries: Vec<_> = (0..500).map(|at| register.sell(at)).collect();
        assert_eq!(register.upload(&entries).await.results.len(), 500);
    }
    let until = Instant::now() + LOOKED_AT_WITHIN;
    loop {
        // How many different stores it takes the sales to be of; nothing where nobody has looked.
        let stores: Option<f32> = sqlx::query_scalar(
            "SELECT n_distinct FROM pg_stats WHERE tablename = 'sales' AND attname = 'store_id' \
             AND schemaname = current_schema()",
        )
        .fetch_optional(&pool)
        .await
        .unwrap();
        if stores == Some(1.0) {
            return;
        }
        assert!(Instant::now() < until, "nobody has looked: {stores:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
