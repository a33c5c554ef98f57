//! The store database as one SQLite file: one writer, some readers, write-ahead log, every commit on disk
//! before it counts.
//!
//! SQLite lets a transaction that read first and writes then fail at once, so all that write begin
//! immediately, on the one writer connection.

/// Rows that a transaction will change need no lock here: there is one writer.
macro_rules! for_update {
    ($query:literal) => {
        $query
    };
}

#[path = "sql/mod.rs"]
mod sql;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{SqlitePool, Transaction};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use sql::{SqlSnapshotReader, SqlViewReader, SqlWriteTransaction};

use super::DatabaseError;
use super::migrations;

/// The file's name in the data folder.
pub const FILE_NAME: &str = "holdfast.sqlite";

/// How long a writer waits for another process, such as an import on the command line.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(20);
/// Twice as many as bulk requests read at once ([`crate::admission`]), so that live ones find one free.
const READERS_COUNT: u32 = 8;
/// Pages in the writer's memory, kibibytes (negative, as SQLite wants it): a transaction of hundreds of sales touches
/// the indexes in many places and must not spill.
const WRITER_CACHE_KIB: &str = "-24576";
/// Pages of the write-ahead log after which they go into the file, 16 MB: with SQLite's own 4 MB every second upload
/// would wait for that.
const CHECKPOINT_PAGES: &str = "4096";

/// Where the steps that were taken are kept.
const STEPS_TABLE: &str = "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, \
    description TEXT NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, \
    success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL)";

type Backend = SqliteDatabase;
type Db = sqlx::Sqlite;
type Connection = sqlx::SqliteConnection;
type DbRow = sqlx::sqlite::SqliteRow;

/// A store database in a SQLite file.
#[derive(Debug, Clone)]
pub struct SqliteDatabase {
    writer: SqlitePool,
    readers: SqlitePool,
    // Uploads ask for the writer one after the other: whoever else writes waits for one of them at most.
    bulk_turn: Arc<Semaphore>,
}

impl SqliteDatabase {
    /// Opens the database of a data folder, brings its schema up to date, and makes it where there is none.
    ///
    /// # Errors
    /// [`DatabaseError`] when the folder can't be used or a newer version wrote it.
    pub async fn open_folder(folder: &Path) -> Result<SqliteDatabase, DatabaseError> {
        make_folder(folder)
            .map_err(|error| DatabaseError::CannotOpen(format!("{}: {error}", folder.display())))?;
        let options = SqliteConnectOptions::new()
            .filename(folder.join(FILE_NAME))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let pool = || SqlitePoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT).idle_timeout(None);
        let writer = pool()
            .max_connections(1)
            .min_connections(1)
            .max_lifetime(None)
            .connect_with(
                options
                    .clone()
                    .pragma("cache_size", WRITER_CACHE_KIB)
                    .pragma("wal_autocheckpoint", CHECKPOINT_PAGES),
            )
            .await?;
        let readers =
            pool().max_connections(READERS_COUNT).connect_lazy_with(options.pragma("query_only", "on"));
        let database = SqliteDatabase { writer, readers, bulk_turn: Arc::new(Semaphore::new(1)) };
        database.bring_up_to_date(migrations::ON_SQLITE).await?;
        Ok(database)
    }

    /// How many may read at once.
    pub fn reading_connections(&self) -> usize {
        self.readers.options().get_max_connections() as usize
    }

    /// Ends all work and folds the write-ahead log into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await {
            tracing::warn!(%error, "the write-ahead log stays; the next start reads it");
        }
        self.writer.close().await;
    }

    /// A transaction that writes, alone.
    async fn begin(&self) -> Result<Transaction<'static, Db>, DatabaseError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// The turn of a large transaction among others; held until that is over. It is waited for as long as for the writer.
    async fn bulk_turn(&self) -> Result<OwnedSemaphorePermit, DatabaseError> {
        match tokio::time::timeout(ACQUIRE_TIMEOUT, Arc::clone(&self.bulk_turn).acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            // It is never closed.
            Ok(Err(_)) | Err(_) => Err(DatabaseError::Busy),
        }
    }

    /// Sales were added and committed: SQLite chooses its indexes without counting rows.
    fn sales_added(&self, _count: u64) {}

    /// A transaction that sees the database as it stands at its first query.
    async fn begin_read(&self) -> Result<Transaction<'static, Db>, DatabaseError> {
        Ok(self.readers.begin().await?)
    }
}

/// Makes the folder, for its owner only: it holds secrets.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_large_transaction_waits_for_its_turn_so_long_and_no_longer() {
        let folder = tempfile::tempdir().unwrap();
        let database = SqliteDatabase::open_folder(folder.path()).await.unwrap();
        let turn = database.bulk_turn().await.unwrap();
        tokio::time::pause();
        assert!(matches!(database.bulk_turn().await, Err(DatabaseError::Busy)));
        drop(turn);
        assert!(database.bulk_turn().await.is_ok());
    }
}
