//! The store database in PostgreSQL, or in what speaks its protocol and SQL. Any number of server processes share it.
//!
//! Whoever will change a row that it reads first locks that row (`for_update!`), in one order everywhere: activation
//! code, feed counter, register. Only what the distributed engines have too is used; `docs/DATABASES.md` lists it.

/// Locks the rows that a query reads until the transaction ends.
macro_rules! for_update {
    ($query:literal) => {
        concat!($query, " FOR UPDATE")
    };
}

#[path = "sql/mod.rs"]
mod sql;

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgPool, Transaction};

pub use sql::{SqlSnapshotReader, SqlViewReader, SqlWriteTransaction};

use super::DatabaseError;
use super::migrations::{Step, migrator};

/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(20);
/// Connections of one server process.
const CONNECTIONS_MAX: u32 = 12;

const MIGRATIONS: &[Step] = &[
    Step { version: 1, name: "start", sql: include_str!("../../migrations/postgres/0001_start.sql") },
    Step {
        version: 2,
        name: "change times",
        sql: include_str!("../../migrations/postgres/0002_change_times.sql"),
    },
    Step { version: 4, name: "row edits", sql: include_str!("../../migrations/postgres/0004_row_edits.sql") },
    Step { version: 5, name: "views", sql: include_str!("../../migrations/postgres/0005_views.sql") },
];

type Backend = PostgresDatabase;
type Db = sqlx::Postgres;
type Connection = sqlx::PgConnection;
type DbRow = sqlx::postgres::PgRow;

/// A store database in PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresDatabase {
    // `readers` by the name that the shared SQL knows; PostgreSQL needs no writer of its own.
    readers: PgPool,
}

impl PostgresDatabase {
    /// Opens the database at a `postgres://` address and brings its schema up to date.
    ///
    /// # Errors
    /// [`DatabaseError`] when it can't be reached or a newer version wrote it.
    pub async fn open(address: &str) -> Result<PostgresDatabase, DatabaseError> {
        let options = PgConnectOptions::from_str(address)?.application_name("holdfast");
        let pool = PgPoolOptions::new()
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .max_connections(CONNECTIONS_MAX)
            .connect_with(options)
            .await
            .map_err(|error| DatabaseError::CannotOpen(error.to_string()))?;
        migrator(MIGRATIONS).run(&pool).await?;
        Ok(PostgresDatabase { readers: pool })
    }

    /// Ends all work.
    pub async fn close(&self) {
        self.readers.close().await;
    }

    /// A transaction that writes.
    async fn begin(&self) -> Result<Transaction<'static, Db>, DatabaseError> {
        Ok(self.readers.begin().await?)
    }

    /// Writers here do not wait for each other.
    async fn bulk_turn(&self) -> Option<std::convert::Infallible> {
        None
    }

    /// A transaction that sees the database as it stands at its first query.
    async fn begin_read(&self) -> Result<Transaction<'static, Db>, DatabaseError> {
        Ok(self.readers.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
    }
}
