//! A database of its own for each test, of the kind that the test program is about.

use std::io::Write;

use holdfast_store_server::database::Place;

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
