//! What can go wrong in a store database.

/// Serialization failure, deadlock, lock not available, too many connections, starting up or shutting down: class 40 and
/// 53300, 55P03, 57P01–57P03 of PostgreSQL's error codes.
const POSTGRES_BUSY: [&str; 8] = ["40001", "40P01", "40003", "53300", "55P03", "57P01", "57P02", "57P03"];

/// Why an operation had no effect: each is one transaction, and a failed one leaves nothing behind.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// Somebody else wrote for longer than it is worth waiting.
    #[error("the store database is busy")]
    Busy,
    /// A row holds what no version of Holdfast writes.
    #[error("the store database holds a value that can't be read: {0}")]
    Damaged(String),
    /// The folder or file can't be used.
    #[error("the store database can't be opened: {0}")]
    CannotOpen(String),
    /// The database itself failed.
    #[error("the store database failed: {0}")]
    Failed(#[source] sqlx::Error),
}

impl From<sqlx::Error> for DatabaseError {
    fn from(error: sqlx::Error) -> Self {
        if is_busy(&error) || matches!(error, sqlx::Error::PoolTimedOut) {
            return DatabaseError::Busy;
        }
        DatabaseError::Failed(error)
    }
}

/// Whether the same may succeed when it is tried again.
fn is_busy(error: &sqlx::Error) -> bool {
    let Some(inner) = error.as_database_error() else { return false };
    let Some(code) = inner.code() else { return false };
    if inner.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
        return POSTGRES_BUSY.contains(&code.as_ref());
    }
    // SQLITE_BUSY and its extended codes have 5 in the low byte.
    code.parse::<u32>().is_ok_and(|code| code & 0xff == 5)
}

impl From<sqlx::migrate::MigrateError> for DatabaseError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        DatabaseError::CannotOpen(error.to_string())
    }
}
