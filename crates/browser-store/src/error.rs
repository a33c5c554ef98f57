//! What can go wrong with a register's databases, and what the browser's exceptions mean for it.

use std::error::Error;

use holdfast_domain::sale::SaleError;
use holdfast_profile::TableId;
use holdfast_sync::StoreError;

/// Why a database operation gave no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrowserStoreError {
    /// The disk or the browser's quota is full.
    #[error("the register's storage is full; nothing was written")]
    Full,
    /// The browser took the transaction back without saying why.
    #[error("the browser took back what was being written; nothing was written")]
    Aborted,
    /// The browser cut the connection; it was opened again, to no avail.
    #[error("the connection to the register's database was lost ({0})")]
    ConnectionLost(String),
    /// A newer version of the app has been here.
    #[error("this register's {database} was written by a newer version of Holdfast; nothing was touched")]
    NewerVersion {
        /// "journal" or "offline database".
        database: &'static str,
    },
    /// Another page holds on to an older version of the database.
    #[error("another page of this till keeps the {database} from being opened; close the other pages")]
    Blocked {
        /// "journal" or "offline database".
        database: &'static str,
    },
    /// The browser's database gave no answer; a write may or may not have been done.
    #[error("the register's database does not answer; reload the page")]
    NoAnswer,
    /// The script that makes the journal's transactions strict is not loaded.
    #[error("the journal can't be opened: sales would not be written durably (strict-journal.js is missing)")]
    NotStrict,
    /// The register has no identity yet.
    #[error("this register is not activated")]
    NotActivated,
    /// The register can't become another one while entries wait.
    #[error("{waiting} entries of this register have not reached the store server yet")]
    EntriesWait {
        /// How many.
        waiting: u64,
    },
    /// No sale was made of the basket; nothing was written.
    #[error(transparent)]
    Sale(#[from] SaleError),
    /// A page of a table is damaged; the table is fetched again at the next synchronisation.
    #[error("page {page_no} of the table {table} is damaged: {reason}")]
    DamagedPage {
        /// Which table.
        table: TableId,
        /// Which page of it.
        page_no: u32,
        /// How.
        reason: String,
    },
    /// Something else in the database can't be read.
    #[error("{what} can't be read: {reason}")]
    Damaged {
        /// What.
        what: String,
        /// How.
        reason: String,
    },
    /// What is asked for does not fit what is there.
    #[error("{0}")]
    Refused(String),
    /// Anything else; nothing was written.
    #[error("{doing} failed: {reason}")]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// What the browser says.
        reason: String,
    },
}

/// Short for what the operations of this crate give.
pub(crate) type Outcome<T = ()> = Result<T, BrowserStoreError>;

impl BrowserStoreError {
    /// What an error of rexie means. The browser's own exception is its source, and is told by the name that
    /// the standard gives it.
    pub(crate) fn of(doing: &'static str, error: &rexie::Error) -> BrowserStoreError {
        let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        let names = |names: &[&str]| names.iter().any(|name| reason.contains(name));
        if names(&["QuotaExceededError"]) {
            BrowserStoreError::Full
        } else if names(&["InvalidStateError", "UnknownError", "Indexed Database server lost"]) {
            BrowserStoreError::ConnectionLost(reason)
        } else if names(&["AbortError"]) {
            BrowserStoreError::Aborted
        } else {
            BrowserStoreError::Failed { doing, reason }
        }
    }

    /// Something that can't be read, by what it is.
    pub(crate) fn damaged(what: impl Into<String>, reason: impl ToString) -> BrowserStoreError {
        BrowserStoreError::Damaged { what: what.into(), reason: reason.to_string() }
    }
}

impl From<BrowserStoreError> for StoreError {
    fn from(error: BrowserStoreError) -> StoreError {
        let text = error.to_string();
        match error {
            BrowserStoreError::Full => StoreError::Full,
            BrowserStoreError::ConnectionLost(reason) => StoreError::ConnectionLost(reason),
            BrowserStoreError::NoAnswer | BrowserStoreError::Blocked { .. } => {
                StoreError::ConnectionLost(text)
            }
            BrowserStoreError::Damaged { .. } | BrowserStoreError::DamagedPage { .. } => {
                StoreError::Damaged(text)
            }
            BrowserStoreError::Aborted
            | BrowserStoreError::NewerVersion { .. }
            | BrowserStoreError::NotStrict
            | BrowserStoreError::NotActivated
            | BrowserStoreError::EntriesWait { .. }
            | BrowserStoreError::Sale(_)
            | BrowserStoreError::Refused(_)
            | BrowserStoreError::Failed { .. } => StoreError::Failed(text),
        }
    }
}
