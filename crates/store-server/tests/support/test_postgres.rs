//! A PostgreSQL database of its own for a test, dropped with it.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection, Executor, PgConnection};

/// Names the PostgreSQL server that tests may use, as the address of a database in it.
const VARIABLE: &str = "HOLDFAST_TEST_POSTGRES";

/// A database. It is dropped when this is.
pub struct TestPostgres {
    server: String,
    name: String,
    /// Its address.
    pub address: String,
}

impl TestPostgres {
    /// An empty database; `None` where there is no PostgreSQL, which under CI is a failure.
    pub async fn fresh() -> Option<TestPostgres> {
        let Ok(server) = std::env::var(VARIABLE) else {
            assert!(std::env::var_os("CI").is_none(), "{VARIABLE} is missing; `cargo xtask test` sets it");
            println!("skipped, no PostgreSQL");
            return None;
        };
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("holdfast_test_{}_{count}", std::process::id());
        // An earlier process of the same number may have been killed.
        execute(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        execute(&server, &format!("CREATE DATABASE {name}")).await;
        let address = address_of(&server, &name);
        Some(TestPostgres { server, name, address })
    }
}

impl Drop for TestPostgres {
    fn drop(&mut self) {
        let (server, drop) = (self.server.clone(), format!("DROP DATABASE {} WITH (FORCE)", self.name));
        // The test's own runtime can't be waited for from within it.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(execute(&server, &drop));
        });
        if dropping.join().is_err() {
            eprintln!("{} stays", self.name);
        }
    }
}

async fn execute(server: &str, statement: &str) {
    let mut connection = PgConnection::connect(server).await.expect("PostgreSQL answers");
    connection.execute(sqlx::AssertSqlSafe(statement.to_owned())).await.expect("it does what it is told");
    connection.close().await.expect("it ends");
}

/// The address of another database of the same server.
fn address_of(server: &str, name: &str) -> String {
    let (place, options) = server.split_once('?').unwrap_or((server, ""));
    let (host, _) = place.rsplit_once('/').expect("the address names a database");
    format!("{host}/{name}?{options}")
}
