//! Import of products, barcodes and customers from CSV files, as shops have them.
//!
//! Owns what is taken, what is refused, and the words for it. Columns are found by their headings, in any
//! order; unknown ones are passed over. A line that can't be taken is refused with its number and a reason,
//! and the others go on; a file that is not a CSV of that kind is refused whole. An import is one
//! transaction, flat in memory but for the keys it has seen, and writes the feed only for rows that changed.
//!
//! A row without a column keeps what it had in it: a price list does not empty the categories.

mod barcodes;
mod customers;
mod file;
mod products;
mod report;
mod text;

use std::collections::HashMap;
use std::io::Read;

use holdfast_profile::TableId;

pub use file::CsvFile;
pub use report::{ImportReport, RefusedLine};
pub use text::{Tidied, tidied};

use crate::admin_change::{ChangeAction, NewChange};
use crate::database::{Database, DatabaseError, Store, WriteTransaction};

/// Lines that are checked against the database together.
const BATCH_LINES: usize = 500;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportKind {
    /// Products and their prices.
    Products,
    /// Barcodes of products, or barcodes with names that become products.
    Barcodes,
    /// Customers.
    Customers,
}

impl ImportKind {
    /// Every kind, in the order in which files of one shop are imported.
    pub const ALL: [ImportKind; 3] = [ImportKind::Products, ImportKind::Barcodes, ImportKind::Customers];

    /// The name in addresses and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            ImportKind::Products => "products",
            ImportKind::Barcodes => "barcodes",
            ImportKind::Customers => "customers",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<ImportKind> {
        ImportKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Why nothing of a file was taken.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is not a CSV file with the columns of its kind; what it is instead.
    #[error("{0}")]
    NotThatKindOfFile(String),
    /// The store database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Imports a file in a transaction of its own, in which the trail says who did.
///
/// # Errors
/// [`ImportError`], and then nothing was changed.
pub async fn import(
    database: &Database,
    store: &Store,
    kind: ImportKind,
    file: impl Read + Send,
    by: &str,
    now_ms: i64,
) -> Result<ImportReport, ImportError> {
    let mut writing = database.begin_write(&store.row.id, now_ms).await?;
    let report = import_into(&mut writing, store, kind, file).await?;
    let words = format!(
        "Rows taken: {}, written: {}, refused: {}.",
        report.taken, report.changed, report.refused_count
    );
    writing.note_change(&NewChange::new(now_ms, by, ChangeAction::RowsImported, kind.name(), words)).await?;
    writing.commit().await?;
    tracing::info!(
        kind = kind.name(),
        taken = report.taken,
        changed = report.changed,
        refused = report.refused_count,
        "a file was imported"
    );
    Ok(report)
}

/// Imports a file into a transaction; after an error it must not be committed.
///
/// # Errors
/// [`ImportError`] when the file is not of that kind or the database fails.
pub async fn import_into(
    writing: &mut WriteTransaction,
    store: &Store,
    kind: ImportKind,
    file: impl Read + Send,
) -> Result<ImportReport, ImportError> {
    let mut file = CsvFile::open(file)?;
    match kind {
        ImportKind::Products => products::import(writing, store, &mut file).await,
        ImportKind::Barcodes => barcodes::import(writing, store, &mut file).await,
        ImportKind::Customers => customers::import(writing, &mut file).await,
    }
}

/// The rows of a table with these keys that are here, by key.
async fn rows_here<T: for<'b> minicbor::Decode<'b, ()>>(
    writing: &mut WriteTransaction,
    table: TableId,
    keys: &[String],
) -> Result<HashMap<String, T>, DatabaseError> {
    let bodies = writing.bodies(table, keys).await?;
    let decoded = bodies.into_iter().map(|(key, body)| {
        let row = holdfast_protocol::decode(&body)
            .map_err(|error| DatabaseError::Damaged(format!("{table} {key}: {error}")))?;
        Ok((key, row))
    });
    decoded.collect()
}
