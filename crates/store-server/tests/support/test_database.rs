//! A database of its own for each test, of the kind that the test program is about.

use std::io::Write;

use holdfast_store_server::database::Place;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, PgConnection, SqliteConnection};

use super::dump::database_file;
use super::test_postgres::TestPostgres;

/// A database that goes with its test.
pub struct TestDatabase {
    pub place: Place,
    _kept: Kept,
}

/// Removed when dropped.
enum Kept {
    Folder { _folder: tempfile::TempDir },
    Postgres { _database: TestPostgres },
}

impl TestDatabase {
    /// Carries statements out beside the server, in one transaction.
    pub async fn run(&self, statements: &[String]) {
        let all = sqlx::AssertSqlSafe(statements.join(";\n"));
        match &self.place {
            Place::Folder(folder) => {
                let options = SqliteConnectOptions::new().filename(database_file(folder)).foreign_keys(true);
                let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
                let mut writing = connection.begin().await.unwrap();
                sqlx::raw_sql(all).execute(&mut *writing).await.unwrap();
                writing.commit().await.unwrap();
            }
            Place::Address(address) => {
                let mut connection = PgConnection::connect(address.as_str()).await.unwrap();
                let mut writing = connection.begin().await.unwrap();
                sqlx::raw_sql(all).execute(&mut *writing).await.unwrap();
                writing.commit().await.unwrap();
            }
        }
    }

    /// An empty one.
    pub async fn fresh() -> TestDatabase {
        match crate::ON_POSTGRES {
            false => {
                let folder = tempfile::tempdir().unwrap();
                let place = Place::Folder(folder.path().to_owned());
                TestDatabase { place, _kept: Kept::Folder { _folder: folder } }
            }
            true => {
                let database = TestPostgres::fresh().await.unwrap_or_else(|| skip_all());
                let Ok(address) = database.address.parse();
                TestDatabase { place: Place::Address(address), _kept: Kept::Postgres { _database: database } }
            }
        }
    }
}

/// A test can't say that it was skipped, and nearly all of this program need the database: so all of it is.
fn skip_all() -> ! {
    writeln!(std::io::stderr(), "skipped, no PostgreSQL").ok();
    std::process::exit(0);
}
