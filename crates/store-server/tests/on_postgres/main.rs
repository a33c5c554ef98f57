//! The tests of the store server on PostgreSQL: those of `tests/main.rs`, the very same files, and those of several
//! processes over one database.
//!
//! `HOLDFAST_TEST_POSTGRES` says where PostgreSQL is; `cargo xtask test` starts one, and so does `cargo xtask postgres`.
//! Without it nothing here runs.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails there")]

#[path = "../admin/mod.rs"]
mod admin;
#[path = "../after_restore.rs"]
mod after_restore;
#[path = "../api/mod.rs"]
mod api;
#[path = "../closed_doors.rs"]
mod closed_doors;
#[path = "../damage/mod.rs"]
mod damage;
#[path = "../hostile_text.rs"]
mod hostile_text;
#[path = "../import/mod.rs"]
mod import;
#[path = "../profiles_of_before.rs"]
mod profiles_of_before;
#[path = "../support/mod.rs"]
mod support;

use holdfast_store_server::database::Place;

mod collisions;
mod feed;
mod first_start;
mod growth;
mod processes;
mod profiles;

/// Which database every test here has.
const ON_POSTGRES: bool = true;

/// Where a test's database is.
fn address(test_database: &support::TestDatabase) -> &str {
    match &test_database.place {
        Place::Address(address) => address.as_str(),
        Place::Folder(folder) => panic!("{}", folder.display()),
    }
}

/// The test's own way into a server's database.
async fn pool(server: &support::TestServer) -> sqlx::PgPool {
    pool_of(address(&server.test_database)).await
}

async fn pool_of(address: &str) -> sqlx::PgPool {
    sqlx::PgPool::connect(address).await.unwrap()
}

#[test]
fn every_test_of_a_database_runs_here_too() {
    // Pages, the words of problems and the program on a data folder have nothing to do with the database.
    let of_sqlite_only = ["pages", "problems", "process"];
    let named = |text: &'static str| {
        text.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';')).collect::<Vec<_>>()
    };
    let here = named(include_str!("main.rs"));
    for name in named(include_str!("../main.rs")) {
        assert!(of_sqlite_only.contains(&name) || here.contains(&name), "{name} does not run on PostgreSQL");
    }
}
