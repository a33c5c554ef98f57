//! A register's databases in the browser, by rexie: the journal and the scope database.
//!
//! Owns what is kept and how: the journal (sales, outbox, counters, identity) is written with strict
//! durability and never dropped; the scope database (downloaded tables as packed pages) may be lost and fetched
//! again. A write counts once its transaction has completed. Knows no network, no clock and no screen; times come
//! from the caller.

#![forbid(unsafe_code)]

mod database;
mod error;
mod export;
mod journal;
mod pictures;
mod register_store;
mod schema;
mod scopes;
pub mod storage;
mod task;
mod transaction;
mod values;

pub use error::BrowserStoreError;
pub use export::{PackedExport, write_export};
pub use holdfast_sync::JournalCounts;
pub use holdfast_sync::memory_store::{Custody, KeptSale};
pub use journal::{
    ExportPlace, ExportRecord, FailedExport, Journal, MadeExport, OpenShift, RegisterIdentity,
};
pub use pictures::PictureDatabase;
pub use register_store::BrowserRegisterStore;
pub use scopes::{AskedRows, ScopeDatabase, TablePages};

/// Opens both databases at the same time.
///
/// # Errors
/// [`BrowserStoreError`] when one can't be opened.
pub async fn open_both() -> Result<(Journal, ScopeDatabase), BrowserStoreError> {
    let (journal, scopes) = futures_util::future::join(Journal::open(), ScopeDatabase::open()).await;
    Ok((journal?, scopes?))
}
