//! What can go wrong in a store database.

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
        // SQLITE_BUSY and its extended codes have 5 in the low byte.
        let is_busy = error
            .as_database_error()
            .and_then(|inner| inner.code())
            .and_then(|code| code.parse::<u32>().ok())
            .is_some_and(|code| code & 0xff == 5);
        if is_busy || matches!(error, sqlx::Error::PoolTimedOut) {
            return DatabaseError::Busy;
        }
        DatabaseError::Failed(error)
    }
}

impl From<sqlx::migrate::MigrateError> for DatabaseError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        DatabaseError::CannotOpen(error.to_string())
    }
}
