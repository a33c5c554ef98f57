//! The operations of [`super::super::Database`] in SQL that SQLite and PostgreSQL both speak.
//!
//! These files are compiled once for each backend: the parent module (`sqlite`, `postgres`) says which database
//! `Backend`, `Db`, `Connection` and `DbRow` are, how a transaction begins, and what `for_update!` adds to a query.

mod admin_changes;
mod administrators;
mod attempts;
mod audit;
mod digests;
mod entry_outcomes;
mod exports;
mod feed;
mod field_times;
mod journal;
mod kept_entries;
mod look_ups;
mod master_rows;
mod mend_log;
mod mends;
mod pictures;
mod profile_changes;
mod profiles;
mod register_overviews;
mod registers;
mod restore;
mod row_edits;
mod sale_rows;
mod sales;
mod schema;
mod search_texts;
mod shifts;
mod snapshots;
mod stores;
mod tombstones;
mod values;
mod views;
mod write;

pub use snapshots::SqlSnapshotReader;
pub use views::SqlViewReader;
pub use write::SqlWriteTransaction;

use super::{Backend, Connection, Db, DbRow, STEPS_TABLE};
