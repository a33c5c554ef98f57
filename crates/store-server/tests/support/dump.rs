//! All that a store database holds, read from it and not through the server.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

/// The rows of each table, each row as SQL would write its values.
pub type Dump = BTreeMap<String, BTreeSet<String>>;

/// Reads every row of every table but that of wrong tries, which are meant to be remembered, of a data folder's file.
pub async fn dump_folder(folder: &Path) -> Dump {
    let options = SqliteConnectOptions::new().filename(database_file(folder)).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    // One transaction, so that all tables are of one moment.
    let mut reading = connection.begin().await.unwrap();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
                  AND name <> 'attempts'";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut *reading).await.unwrap();
    assert!(tables.len() > 10, "{tables:?}");
    let mut dump = Dump::new();
    for table in tables {
        let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
            .bind(&table)
            .fetch_all(&mut *reading)
            .await
            .unwrap();
        let values: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
        let rows = format!("SELECT {} FROM \"{table}\"", values.join(" || ', ' || "));
        let rows: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(rows)).fetch_all(&mut *reading).await.unwrap();
        dump.insert(table, rows.into_iter().collect());
    }
    dump
}

/// The same of a PostgreSQL database.
pub async fn dump_postgres(address: &str) -> Dump {
    let mut connection = PgConnection::connect(address).await.unwrap();
    let mut reading = connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.unwrap();
    let tables = "SELECT table_name::text FROM information_schema.tables \
                  WHERE table_schema = 'public' AND table_name <> 'attempts'";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut *reading).await.unwrap();
    assert!(tables.len() > 10, "{tables:?}");
    let mut dump = Dump::new();
    for table in tables {
        let rows = format!("SELECT t::text FROM \"{table}\" AS t");
        let rows: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(rows)).fetch_all(&mut *reading).await.unwrap();
        dump.insert(table, rows.into_iter().collect());
    }
    dump
}

/// The SQLite file of a data folder.
pub fn database_file(folder: &Path) -> PathBuf {
    let is_database = |path: &PathBuf| {
        let mut head = [0; 15];
        std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok()
            && &head == b"SQLite format 3"
    };
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.into_iter().find(is_database).unwrap()
}

/// The tables that are not the same, with what is gone and what is new.
pub fn differences(before: &Dump, after: &Dump) -> BTreeMap<String, (Vec<String>, Vec<String>)> {
    let nothing = BTreeSet::new();
    let tables: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    tables
        .into_iter()
        .filter_map(|table| {
            let (old, new) = (before.get(table).unwrap_or(&nothing), after.get(table).unwrap_or(&nothing));
            let gone: Vec<String> = old.difference(new).cloned().collect();
            let come: Vec<String> = new.difference(old).cloned().collect();
            (!gone.is_empty() || !come.is_empty()).then(|| (table.clone(), (gone, come)))
        })
        .collect()
}
