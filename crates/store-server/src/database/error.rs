//! What can go wrong in a store database.

/// Lock not available, statement cancelled, too many connections, starting up or shutting down, of PostgreSQL's codes.
const POSTGRES_BUSY: [&str; 7] = ["40003", "53300", "55P03", "57014", "57P01", "57P02", "57P03"];
/// Class of PostgreSQL's codes for a connection that failed.
const POSTGRES_CONNECTION: &str = "08";
/// Serialization failure, deadlock, and a row that somebody else has inserted since it was looked for.
const POSTGRES_COLLIDED: [&str; 3] = ["40001", "40P01", "23505"];

/// Why an operation had no effect: each is one transaction, and a failed one leaves nothing behind.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// Somebody else wrote for longer than it is worth waiting.
    #[error("the store database is busy")]
    Busy,
    /// Somebody else changed the same rows at the same moment; the same may succeed when it is tried again.
    #[error("the store database is busy: {0}")]
    Collided(#[source] sqlx::Error),
    /// The connection to the database broke. What was being committed at that moment may have been, or not.
    #[error("the store database does not answer: {0}")]
    Unreachable(#[source] sqlx::Error),
    /// A row holds what no version of Holdfast writes.
    #[error("the store database holds a value that can't be read: {0}")]
    Damaged(String),
    /// The folder, file or server can't be used.
    #[error("the store database can't be opened: {0}")]
    CannotOpen(String),
    /// A newer version has changed the schema.
    #[error(
        "the store database can't be opened: a newer version of Holdfast has changed its schema (step {step} is not \
         known here). Start that version, or restore a backup that was made before it"
    )]
    NewerSchema {
        /// The first step that this version does not know.
        step: i64,
    },
    /// The database itself failed.
    #[error("the store database failed: {0}")]
    Failed(#[source] sqlx::Error),
}

impl From<sqlx::Error> for DatabaseError {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::PoolTimedOut) {
            return DatabaseError::Busy;
        }
        if matches!(error, sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_)) {
            return DatabaseError::Unreachable(error);
        }
        let Some(inner) = error.as_database_error() else { return DatabaseError::Failed(error) };
        let code = inner.code().unwrap_or_default();
        if inner.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_none() {
            // SQLITE_BUSY and its extended codes have 5 in the low byte.
            let is_busy = code.parse::<u32>().is_ok_and(|code| code & 0xff == 5);
            return if is_busy { DatabaseError::Busy } else { DatabaseError::Failed(error) };
        }
        if POSTGRES_BUSY.contains(&code.as_ref()) {
            DatabaseError::Busy
        } else if POSTGRES_COLLIDED.contains(&code.as_ref()) {
            DatabaseError::Collided(error)
        } else if code.starts_with(POSTGRES_CONNECTION) {
            DatabaseError::Unreachable(error)
        } else {
            DatabaseError::Failed(error)
        }
    }
}
