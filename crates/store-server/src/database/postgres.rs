//! The store database in PostgreSQL, or in what speaks its protocol and SQL. Any number of server processes share it.
//!
//! Whoever will change a row that it reads first locks that row (`for_update!`), in one order everywhere: feed counter,
//! profile counter, registers by their numbers, activation code. Only what the distributed engines have too is used; `docs/DATABASES.md` lists it.

/// Locks the rows that a query reads until the transaction ends.
macro_rules! for_update {
    ($query:literal) => {
        concat!($query, " FOR UPDATE")
    };
}

#[path = "sql/mod.rs"]
mod sql;

mod connecting;
mod growth;

use std::time::Duration;

use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection as _, Executor, PgPool, Transaction};

pub use sql::{SqlSnapshotReader, SqlViewReader, SqlWriteTransaction};

use super::DatabaseError;
use super::migrations;
use growth::Growth;

/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections of one server process, twice as many as bulk requests at work ([`crate::admission`]).
const CONNECTIONS_MAX: u32 = 12;
/// How long a transaction waits for another's rows; and how long one may do nothing: a process that vanished with its
/// machine must not hold its rows for hours.
const SESSION: &str = "SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'";

/// Where the steps that were taken are kept.
const STEPS_TABLE: &str = "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, \
    description TEXT NOT NULL, installed_on TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP, \
    success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, execution_time BIGINT NOT NULL)";

type Backend = PostgresDatabase;
type Db = sqlx::Postgres;
type Connection = sqlx::PgConnection;
type DbRow = sqlx::postgres::PgRow;

/// A store database in PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresDatabase {
    // `readers` by the name that the shared SQL knows; PostgreSQL needs no writer of its own.
    readers: PgPool,
    growth: Growth,
}

impl PostgresDatabase {
    /// Opens the database at a `postgres://` address and brings its schema up to date.
    ///
    /// # Errors
    /// [`DatabaseError`] when it can't be reached, is not fit, or a newer version wrote it.
    pub async fn open(address: &str) -> Result<PostgresDatabase, DatabaseError> {
        let options = connecting::read_address(address)?;
        // A connection of its own first: the pool would only say that it waited in vain.
        let mut first = connecting::connect(&options).await?;
        connecting::check_server(&mut first, &options).await?;
        first.close().await?;
        let readers = PgPoolOptions::new()
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .max_connections(CONNECTIONS_MAX)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    connection.execute(sqlx::raw_sql(SESSION)).await?;
                    Ok(())
                })
            })
            .connect_lazy_with(options);
        let database = PostgresDatabase { readers, growth: Growth::new() };
        database.bring_up_to_date(migrations::ON_POSTGRES).await?;
        Ok(database)
    }

    /// How many may read at once.
    pub fn reading_connections(&self) -> usize {
        self.readers.options().get_max_connections() as usize
    }

    /// Ends all work.
    pub async fn close(&self) {
        self.readers.close().await;
    }

    /// A transaction that writes. Each statement sees what is committed; rows that matter are locked.
    async fn begin(&self) -> Result<Transaction<'static, Db>, DatabaseError> {
        Ok(self.readers.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?)
    }

    /// Writers here do not wait for each other.
    async fn bulk_turn(&self) -> Result<Option<std::convert::Infallible>, DatabaseError> {
        Ok(None)
    }

    /// Sales were added and committed.
    fn sales_added(&self, count: u64) {
        self.growth.sales_added(&self.readers, count);
    }

    /// A transaction that sees the database as it stands at its first query.
    async fn begin_read(&self) -> Result<Transaction<'static, Db>, DatabaseError> {
        Ok(self.readers.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
    }
}
