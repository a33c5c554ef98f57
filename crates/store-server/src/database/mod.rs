//! The store database: all SQL of Holdfast lives below here.
//!
//! Owns the list of operations ([`Database`]) and their words; `sql` has each of them once, for every backend. Each
//! operation is one transaction, except those of [`WriteTransaction`] and [`SnapshotReader`], which say so by their names. Decides nothing about money, time or who may do what.

pub(crate) mod edit_conflict;
mod error;
mod feed_id;
mod master_row;
mod mending;
mod migrations;
mod overview;
mod picture_records;
mod place;
pub mod postgres;
mod records;
pub mod sqlite;
mod tries;

use std::collections::BTreeMap;
use std::path::Path;

use holdfast_profile::{ChosenBySales, Profile, TableId, View};
use holdfast_protocol::messages::{LaterOutcomes, RowChange};

pub use edit_conflict::EditConflict;
pub use error::DatabaseError;
pub use feed_id::FeedId;
pub use master_row::MasterRow;
pub use mending::{MendOrder, MendOutcome, MendRecord, RejectedDetail, RejectedState, kind_name};
pub use overview::{
    ArrivedOfShift, BuildingOverview, CategoryCount, ChangeRecord, LastError, RegisterAudit,
    RegisterOverview, RejectedEntry, SaleDetail, SaleLineDetail, SaleOverview, SaleTaxDetail,
    SaleTenderDetail, SalesQuery, ShiftOverview, StoreOverview, TableCount, TableProgress, VersionRecord,
};
pub use picture_records::{ExportOverview, NewExport, NewPicture, PictureChanges, StoredPicture};
pub use place::{Address, Place};
pub use records::{
    Activation, ActivationAttempt, AdminSession, Administrator, Changes, CodeHits, ComparedRow, Contact,
    DigestAudit, FeedHead, FeedHeads, Hits, NewPage, ProductHit, PublishedProfile, Refreshed, Register,
    RegisterKey, RowHit, Snapshot, Store, StoredPage, ViewRecord, row_bytes,
};

use tries::Tries;

use crate::admin_change::NewChange;
use crate::administrators::{AdministratorName, AdministratorOrder, AdministratorRefusal};
use crate::attempts::{Door, Wait};
use crate::look_up::{LookedFor, Searched};
use crate::profiles::{ProfileDone, ProfileOrder, ProfileRefusal, ProfileShelf};
use crate::upload::{ReadEntry, UploadOutcome};

/// A store database, on whichever backend.
#[derive(Debug, Clone)]
pub enum Database {
    /// A file in the data folder.
    Sqlite(sqlite::SqliteDatabase),
    /// A PostgreSQL database that several server processes may share.
    Postgres(postgres::PostgresDatabase),
}

/// A transaction that writes master data of one store; without [`WriteTransaction::commit`] nothing happened.
#[derive(Debug)]
pub enum WriteTransaction {
    /// In SQLite.
    Sqlite(sqlite::SqlWriteTransaction),
    /// In PostgreSQL.
    Postgres(postgres::SqlWriteTransaction),
}

/// A transaction that reads one table as it stood when it was opened, while others write.
#[derive(Debug)]
pub enum SnapshotReader {
    /// In SQLite.
    Sqlite(sqlite::SqlSnapshotReader),
    /// In PostgreSQL.
    Postgres(postgres::SqlSnapshotReader),
}

/// A transaction that reads tables, and a view's copies of them, as they stood at its first reading, while others write.
#[derive(Debug)]
pub enum ViewReader {
    /// In SQLite.
    Sqlite(sqlite::SqlViewReader),
    /// In PostgreSQL.
    Postgres(postgres::SqlViewReader),
}

impl Database {
    /// Opens the SQLite database of a data folder, and makes it where there is none.
    ///
    /// # Errors
    /// [`DatabaseError`] when the folder can't be used or a newer version wrote it.
    pub async fn open_folder(folder: &Path) -> Result<Database, DatabaseError> {
        Ok(Database::Sqlite(sqlite::SqliteDatabase::open_folder(folder).await?))
    }

    /// Opens the database that a store server is told to use: the one at an address, else the data folder's.
    ///
    /// # Errors
    /// [`DatabaseError`] when it can't be used or a newer version wrote it.
    pub async fn open(place: &Place) -> Result<Database, DatabaseError> {
        match place {
            Place::Folder(folder) => Database::open_folder(folder).await,
            Place::Address(address) => Database::open_address(address.as_str()).await,
        }
    }

    /// Opens the PostgreSQL database at a `postgres://` address.
    ///
    /// # Errors
    /// [`DatabaseError`] when it can't be reached or a newer version wrote it.
    pub async fn open_address(address: &str) -> Result<Database, DatabaseError> {
        Ok(Database::Postgres(postgres::PostgresDatabase::open(address).await?))
    }

    /// Begins to write master data of a store; what it writes was changed at `now_ms`.
    ///
    /// # Errors
    /// [`DatabaseError`] when nothing can be written.
    pub async fn begin_write(&self, store_id: &str, now_ms: i64) -> Result<WriteTransaction, DatabaseError> {
        match self {
            Database::Sqlite(database) => {
                Ok(WriteTransaction::Sqlite(database.begin_write(store_id, now_ms).await?))
            }
            Database::Postgres(database) => {
                Ok(WriteTransaction::Postgres(database.begin_write(store_id, now_ms).await?))
            }
        }
    }

    /// Begins to read a table for a snapshot.
    ///
    /// # Errors
    /// [`DatabaseError`] when nothing can be read.
    pub async fn begin_snapshot(
        &self,
        store_id: &str,
        feed: FeedId,
    ) -> Result<SnapshotReader, DatabaseError> {
        match self {
            Database::Sqlite(database) => {
                Ok(SnapshotReader::Sqlite(database.begin_snapshot(store_id, feed).await?))
            }
            Database::Postgres(database) => {
                Ok(SnapshotReader::Postgres(database.begin_snapshot(store_id, feed).await?))
            }
        }
    }

    /// Begins to read tables beside a view's copies of them; view 0 has none.
    ///
    /// # Errors
    /// [`DatabaseError`] when nothing can be read.
    pub async fn begin_view(&self, store_id: &str, view_no: u32) -> Result<ViewReader, DatabaseError> {
        match self {
            Database::Sqlite(database) => {
                Ok(ViewReader::Sqlite(database.begin_view(store_id, view_no).await?))
            }
            Database::Postgres(database) => {
                Ok(ViewReader::Postgres(database.begin_view(store_id, view_no).await?))
            }
        }
    }

    /// How many may read at once; on PostgreSQL those that write are among them.
    pub fn reading_connections(&self) -> usize {
        match self {
            Database::Sqlite(database) => database.reading_connections(),
            Database::Postgres(database) => database.reading_connections(),
        }
    }

    /// Ends all work and brings the file into order.
    pub async fn close(&self) {
        match self {
            Database::Sqlite(database) => database.close().await,
            Database::Postgres(database) => database.close().await,
        }
    }
}

/// Hands each operation to the backend. All fail with [`DatabaseError`], and then changed nothing; so an operation
/// that collided with another process's is begun again.
macro_rules! operations {
    ($facade:ident {
        $( $(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $answer:ty; )*
    }) => {
        impl $facade {
            $( $(#[$doc])*
            pub async fn $name(&self $(, $argument: $type)*) -> Result<$answer, DatabaseError> {
                match self {
                    $facade::Sqlite(backend) => backend.$name($($argument),*).await,
                    $facade::Postgres(backend) => {
                        let mut tries = Tries::default();
                        loop {
                            match backend.$name($(Clone::clone(&$argument)),*).await {
                                Err(DatabaseError::Collided(error)) => tries.wait_after(error).await?,
                                done => return done,
                            }
                        }
                    }
                }
            } )*
        }
    };
}

/// Hands each part of a transaction to the backend. After an error the transaction must be dropped.
macro_rules! parts {
    ($facade:ident {
        $( $(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $answer:ty; )*
    }) => {
        impl $facade {
            $( $(#[$doc])*
            pub async fn $name(&mut self $(, $argument: $type)*) -> Result<$answer, DatabaseError> {
                match self {
                    $facade::Sqlite(backend) => backend.$name($($argument),*).await,
                    $facade::Postgres(backend) => backend.$name($($argument),*).await,
                }
            } )*
        }
    };
}

operations! { Database {
    /// The store of this server, if it has one yet.
    fn store() -> Option<Store>;
    /// A value that is not of one store.
    fn setting(name: &str) -> Option<Vec<u8>>;

    // Registers.
    /// The register whose token has this hash, unless it is locked.
    fn register_by_token(token_hash: [u8; 32]) -> Option<Register>;
    /// Whether the store has this register.
    fn has_register(key: &RegisterKey) -> bool;
    /// Keeps a fresh activation code's hash.
    fn add_activation_code(
        key: &RegisterKey, code_hash: [u8; 32], expires_at_ms: i64, change: &NewChange,
    ) -> ();
    /// Uses an activation code.
    fn activate(attempt: ActivationAttempt<'_>) -> Activation;
    /// The highest number of a register's shifts, open ones too; 0 where there are none.
    fn last_shift_number(key: &RegisterKey) -> u32;
    /// The last shifts of a register, newest first, beside what arrived of them; at most so many.
    fn last_shifts(key: &RegisterKey, limit: u32) -> Vec<ShiftOverview>;
    /// Forgets a register's token and codes; false when there is no such register.
    fn lock_register(key: &RegisterKey, change: &NewChange) -> bool;
    /// Keeps what registers said, each once.
    fn record_contacts(contacts: &[(RegisterKey, Contact)]) -> ();
    /// The published profile of a register.
    fn profile_of(key: &RegisterKey) -> Option<PublishedProfile>;
    /// A version that a register says it has, where it may have it.
    fn profile_kept(key: &RegisterKey, version: u64) -> Option<Profile>;
    /// Applies a run of outbox entries.
    fn apply_upload(key: &RegisterKey, entries: &[ReadEntry], now_ms: i64) -> UploadOutcome;

    /// Outcomes that entries of a register got after their upload, behind the last one it knows; none where it knows all.
    fn later_outcomes(key: &RegisterKey, seen: u64) -> Option<LaterOutcomes>;
    /// An entry that is or was rejected.
    fn rejected_entry(key: &RegisterKey, seq: u64) -> Option<RejectedDetail>;
    /// Mends a rejected entry, and applies with it what waited for it.
    fn mend_entry(key: &RegisterKey, seq: u64, order: &MendOrder) -> MendOutcome;

    // Feed.
    /// Where the feeds of a store stand.
    fn feed_heads(store_id: &str) -> FeedHeads;
    /// Sums up the digests of tables that have none yet.
    fn sum_up_digests(store_id: &str) -> ();
    /// All digests counted anew.
    fn audit_digests(store_id: &str) -> Vec<DigestAudit>;
    /// Changes after a version, in order; at most so many rows and about so many bytes.
    fn changes(store_id: &str, feed: FeedId, since: u64, rows_max: u32, bytes_max: usize) -> Changes;
    /// The newest snapshot of a table.
    fn snapshot(store_id: &str, feed: FeedId) -> Option<Snapshot>;
    /// Forgets tombstones from before that time; cursors that have not passed them are too old then. Says how many.
    fn compact_tombstones(store_id: &str, before_ms: i64) -> u64;
    /// How many rows have changed after a version, counted up to a limit.
    fn changes_count(store_id: &str, feed: FeedId, since: u64, limit: u32) -> u32;
    /// After a backup was restored: registers take all tables again, and no version is given out twice, of a row or of a
    /// profile.
    fn begin_feed_anew(store_id: &str) -> ();
    /// Keeps a page, so that a snapshot may name it.
    fn add_page(store_id: &str, feed: FeedId, page: &NewPage, now_ms: i64) -> ();
    /// Keeps a snapshot, all of whose pages are kept already; drops those superseded before `keep_since_ms`.
    fn add_snapshot(store_id: &str, feed: FeedId, snapshot: &Snapshot, now_ms: i64, keep_since_ms: i64) -> ();
    /// The feeds that have a page of this address.
    fn page_feeds(store_id: &str, hash: [u8; 32]) -> Vec<FeedId>;
    /// A page.
    fn page(store_id: &str, hash: [u8; 32]) -> Option<StoredPage>;

    // Views.
    /// Those views of a store that have one of these numbers, as registers know them.
    fn views(store_id: &str, numbers: &[u64]) -> Vec<ViewRecord>;
    /// Makes a view with empty copies, unless it is there.
    fn add_view(store_id: &str, view: &View, now_ms: i64) -> ();
    /// Notes that a view was not refreshed when that was due, and how long it was tried.
    fn view_not_refreshed(store_id: &str, view_no: u32, at_ms: i64, took_ms: i64) -> ();
    /// Notes that a register uses a view.
    fn view_used(store_id: &str, view_no: u32, now_ms: i64) -> ();
    /// Drops views that no register has used since, with their copies and snapshots; says how many those were.
    fn drop_views(store_id: &str, unused_since_ms: i64) -> u64;

    // Look-ups.
    /// The product and the customer that a code stands for.
    fn look_up_code(store_id: &str, wanted: &LookedFor) -> CodeHits;
    /// Products that a text may mean, the likeliest first; none while search texts are missing.
    fn search_products(store_id: &str, wanted: &LookedFor, hits_max: usize) -> Option<Hits<ProductHit>>;
    /// Customers that a text may mean, by name; none while search texts are missing.
    fn search_customers(store_id: &str, wanted: &LookedFor, hits_max: usize) -> Option<Hits<RowHit>>;
    /// Makes some of the search texts of a table that are missing; whether none is missing any more.
    fn make_search_texts(store_id: &str, searched: Searched) -> bool;

    // Pictures and exports.
    /// Version of the last change of a store's pictures; 0 where there never was one.
    fn pictures_head(store_id: &str) -> u64;
    /// Bytes of all of a store's pictures, each as often as products show it.
    fn pictures_bytes(store_id: &str) -> u64;
    /// Pictures that changed after a version, each in its latest state, by version; at most so many.
    fn picture_changes(store_id: &str, since: u64, pictures_max: u32) -> PictureChanges;
    /// The picture of this hash.
    fn picture(store_id: &str, hash: [u8; 32]) -> Option<StoredPicture>;
    /// Keeps an export of a register, of all of its at most so many; gives its number.
    fn add_export(key: &RegisterKey, export: &NewExport, kept_max: u32) -> u64;
    /// The exports of a register, newest first.
    fn exports(key: &RegisterKey) -> Vec<ExportOverview>;
    /// When an export was made, and its bytes.
    fn export(key: &RegisterKey, export_no: u64) -> Option<(i64, Vec<u8>)>;

    // Administrators.
    /// All administrators' names.
    fn administrators() -> Vec<String>;
    /// The administrator of a name.
    fn administrator(name: &AdministratorName) -> Option<Administrator>;
    /// Adds or removes an administrator or sets a password, unless that is refused; gives the name as it is kept.
    fn change_administrators(
        store_id: &str, order: &AdministratorOrder,
    ) -> Result<String, AdministratorRefusal>;
    /// Begins a session; drops those that have run out. False when the administrator is gone or has another password.
    fn add_session(
        token_hash: [u8; 32], administrator: &Administrator, expires_at_ms: i64, now_ms: i64,
    ) -> bool;
    /// A session, if it has not ended.
    fn session(token_hash: [u8; 32], now_ms: i64) -> Option<AdminSession>;
    /// Ends a session.
    fn end_session(token_hash: [u8; 32]) -> ();

    // Guessing.
    /// Counts an attempt of an address; gives how long to wait instead where it comes too soon.
    fn begin_attempt(door: Door, peer: &str, now_ms: i64) -> Option<Wait>;
    /// The attempt of this address was right, and is no longer counted.
    fn attempt_was_right(door: Door, peer: &str) -> ();

    // What administrators see.
    /// The store and its tables.
    fn store_overview(store_id: &str) -> Option<StoreOverview>;
    /// All registers, or only one. Each table is compared with the whole one here.
    fn registers(store_id: &str, only: Option<u16>) -> Vec<RegisterOverview>;
    /// All profiles and who uses them.
    fn profile_shelf(store_id: &str) -> ProfileShelf;
    /// The same, and what rows registers keep.
    fn profile_shelf_with_rows(store_id: &str) -> ProfileShelf;
    /// The published versions of a profile, newest first.
    fn profile_versions(store_id: &str, profile_id: u64) -> Vec<VersionRecord>;
    /// The profiles that were published under these numbers.
    fn published_bodies(store_id: &str, versions: &[u64]) -> BTreeMap<u64, Profile>;
    /// Carries an order out, unless it is refused.
    fn change_profiles(store_id: &str, order: &ProfileOrder) -> Result<ProfileDone, ProfileRefusal>;
    /// The categories of products, as tills show them.
    fn categories(store_id: &str) -> Vec<CategoryCount>;
    /// What administrators changed before a certain change, newest first.
    fn admin_changes(store_id: &str, before: Option<u64>, limit: u32) -> Vec<ChangeRecord>;
    /// Sales, newest first; one more than asked for tells that there are more.
    fn sales(store_id: &str, query: SalesQuery) -> Vec<SaleOverview>;
    /// A whole sale.
    fn sale(key: &RegisterKey, receipt_counter: u32) -> Option<SaleDetail>;
    /// Entries that were not applied, newest first.
    fn rejected(store_id: &str, limit: u32) -> Vec<RejectedEntry>;
    /// Fields that registers and the store changed both, newest first.
    fn edit_conflicts(store_id: &str, limit: u32) -> Vec<EditConflict>;
    /// All sales counted anew.
    fn audit(store_id: &str) -> Vec<RegisterAudit>;
} }

parts! { WriteTransaction {
    /// Makes the store; false when there is one already.
    fn add_store(store: &Store) -> bool;
    /// Writes a value that is not of one store.
    fn set_setting(name: &str, value: &[u8]) -> ();
    /// Adds an administrator; nobody has that name.
    fn add_administrator(name: &AdministratorName, password_hash: &str) -> ();
    /// Publishes a profile as the next version, its draft too, whatever is wrong with it.
    fn publish_profile(profile: &Profile, now_ms: i64) -> u64;
    /// Writes down what an administrator changes.
    fn note_change(change: &NewChange) -> ();
    /// Writes rows and the feed, in order, those only that are not so already; says how many those were.
    fn put(rows: &[MasterRow]) -> u64;
    /// Whether a view's copies are those of that count of writes still; then they are the caller's to write.
    fn claim_view(view_no: u32, writes_count: u64) -> bool;
    /// Writes copies of rows to a view's feed, tombstones too, each once.
    fn write_copies(feed: FeedId, rows: Vec<(String, Option<Vec<u8>>)>) -> u64;
    /// Notes that the copies of a view are complete.
    fn view_refreshed(view_no: u32, refreshed: Refreshed) -> ();
    /// Deletes rows and leaves tombstones; says how many there were.
    fn remove(table: TableId, keys: &[String]) -> u64;
    /// The skus whose lower case is among these.
    fn skus_by_folded(folded: &[String]) -> Vec<String>;
    /// Keys and bodies of those rows with these keys that are here.
    fn bodies(table: TableId, keys: &[String]) -> Vec<(String, Vec<u8>)>;
    /// The live rows of a small table, encoded.
    fn rows(table: TableId) -> Vec<RowChange>;
    /// The product that each of these barcodes stands for.
    fn barcodes(gtins: &[String]) -> Vec<(String, String)>;
    /// Keeps pictures of products, each product once, those that are not so already; says how many those were.
    fn put_pictures(pictures: &[NewPicture]) -> u64;
    /// Removes the pictures of all products but these; says how many there were.
    fn remove_pictures_but(kept_skus: &[String]) -> u64;
} }

impl WriteTransaction {
    /// Makes everything written so far last.
    ///
    /// # Errors
    /// [`DatabaseError`], and then nothing was written.
    pub async fn commit(self) -> Result<(), DatabaseError> {
        match self {
            WriteTransaction::Sqlite(backend) => backend.commit().await,
            WriteTransaction::Postgres(backend) => backend.commit().await,
        }
    }
}

impl SnapshotReader {
    /// Where the table stands in this transaction.
    pub fn head(&self) -> FeedHead {
        match self {
            SnapshotReader::Sqlite(backend) => backend.head(),
            SnapshotReader::Postgres(backend) => backend.head(),
        }
    }
}

parts! { SnapshotReader {
    /// The next rows by key, tombstones not; at most so many rows and about so many bytes. Empty at the end.
    fn next_rows(rows_max: usize, bytes_max: usize) -> Vec<RowChange>;
} }

parts! { ViewReader {
    /// The view.
    fn record() -> Option<ViewRecord>;
    /// Newest version of the tables that decide what a view keeps.
    fn base_head(view: &View) -> u64;
    /// Keys of products and customers that sales decide.
    fn chosen_by_sales(view: &View, now_ms: i64) -> ChosenBySales;
    /// The next rows of a table after a key, with their bodies. Empty at the end.
    fn base_rows(table: TableId, after: &str, rows_max: u32) -> Vec<(String, Vec<u8>)>;
    /// The next rows of a table after a key, beside their copies. Empty at the end.
    fn compared_rows(table: TableId, after: &str, rows_max: u32) -> Vec<ComparedRow>;
    /// Keys of copies whose rows were deleted.
    fn copies_without_base(table: TableId) -> Vec<String>;
    /// Rows of a table and bytes of their bodies.
    fn table_size(table: TableId) -> (u64, u64);
} }
