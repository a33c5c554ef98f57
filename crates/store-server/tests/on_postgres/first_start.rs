//! Opening a database: by many at once, and one that is not fit.

use holdfast_profile::TableId;
use holdfast_store_server::database::Database;
use holdfast_store_server::first_start::{make_ready, server_secret};
use holdfast_store_server::import::{ImportKind, import};
use holdfast_store_server::snapshot::Snapshots;

use crate::support::{NOON_MS, TestDatabase, TestServer};
use crate::{address, pool, pool_of};

async fn why_not(address: &str) -> String {
    Database::open_address(address).await.err().map(|error| error.to_string()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_that_start_at_once_one_makes_the_store() {
    let test_database = TestDatabase::fresh().await;
    let mut starts = tokio::task::JoinSet::new();
    for _ in 0..5 {
        let place = test_database.place.clone();
        starts.spawn(async move {
            let database = Database::open(&place).await.unwrap();
            let first = make_ready(&database, false, NOON_MS).await.unwrap();
            let store = database.store().await.unwrap().unwrap();
            let secret = server_secret(&database).await.unwrap();
            let registers = database.registers(&store.row.id, None).await.unwrap().len();
            (first.is_some(), (store.row.id, secret, registers))
        });
    }
    let starts = starts.join_all().await;
    assert_eq!(starts.iter().filter(|(is_first, _)| *is_first).count(), 1);
    assert!(starts.iter().all(|(_, seen)| *seen == starts[0].1), "all see the same store");
    let pool = pool_of(address(&test_database)).await;
    let stores: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM stores").fetch_one(&pool).await.unwrap();
    assert_eq!(stores, 1);
}

#[tokio::test]
async fn a_schema_of_a_newer_version_is_left_alone() {
    let server = TestServer::start().await;
    sqlx::raw_sql(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'future', TRUE, '', 0)",
    )
    .execute(&pool(&server).await)
    .await
    .unwrap();
    let said = why_not(address(&server.test_database)).await;
    assert!(said.contains("newer version of Holdfast") && said.contains("9999"), "{said}");
}

#[tokio::test]
async fn a_database_of_something_else_is_left_as_it_was() {
    let test_database = TestDatabase::fresh().await;
    let pool = pool_of(address(&test_database)).await;
    sqlx::raw_sql("CREATE TABLE products (id INT)").execute(&pool).await.unwrap();
    let said = why_not(address(&test_database)).await;
    assert!(said.contains("a database of its own"), "{said}");
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT table_name::TEXT FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(tables, ["_sqlx_migrations", "products"]);
}

#[tokio::test]
async fn an_encoding_that_can_t_hold_every_text_is_refused() {
    let test_database = TestDatabase::fresh().await;
    let pool = pool_of(address(&test_database)).await;
    let name: String = sqlx::query_scalar("SELECT current_database()::TEXT").fetch_one(&pool).await.unwrap();
    let latin = format!("{name}_latin");
    let create = format!(
        "CREATE DATABASE {latin} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&pool).await.unwrap();
    let said = why_not(&address(&test_database).replace(&name, &latin)).await;
    let drop = format!("DROP DATABASE {latin} WITH (FORCE)");
    sqlx::raw_sql(sqlx::AssertSqlSafe(drop)).execute(&pool).await.unwrap();
    assert!(said.contains("encoding is SQL_ASCII") && said.contains("createdb"), "{said}");
}

#[tokio::test]
async fn what_can_t_be_reached_is_told_with_what_to_do_and_without_a_password() {
    let test_database = TestDatabase::fresh().await;
    let whole = address(&test_database);
    let name = whole.rsplit_once('/').map(|(_, rest)| rest.split('?').next().unwrap().to_owned());
    let missing = whole.replace("holdfast_test_", "holdfast_missing_");
    let cases = [
        ("postgres://ann:s3cret@127.0.0.1:9/chain".to_owned(), "Does PostgreSQL run there?"),
        ("postgres://ann:s3cret@127.0.0.1:nine/chain".to_owned(), "is not one"),
        ("mysql://ann:s3cret@127.0.0.1/chain".to_owned(), "does not begin with postgres://"),
        (missing, "there is no such database"),
    ];
    assert!(name.is_some());
    for (address, part) in cases {
        let said = why_not(&address).await;
        assert!(said.contains(part) && !said.contains("s3cret"), "{said}");
    }
}

/// Two processes that find no snapshot both make it: the same pages, and one list of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_that_two_processes_make_at_once_is_the_same() {
    let server = TestServer::start().await;
    let store = server.store().await;
    let lines = (0..9_000).map(|number| format!("S{number:06},Thing {number},1.50\n"));
    let csv: String = std::iter::once("sku,name,price\n".to_owned()).chain(lines).collect();
    import(&server.database, &store, ImportKind::Products, csv.as_bytes(), "admin", NOON_MS).await.unwrap();
    let other = Database::open(&server.test_database.place).await.unwrap();
    let (mine, others) = (Snapshots::default(), Snapshots::default());
    let (one, two) = tokio::join!(
        mine.current(&server.database, &store.row.id, TableId::Product.into(), NOON_MS),
        others.current(&other, &store.row.id, TableId::Product.into(), NOON_MS),
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    assert!(one.pages.len() > 1);
    assert_eq!((one.head, &one.pages), (two.head, &two.pages));
    let kept = server.database.snapshot(&store.row.id, TableId::Product.into()).await.unwrap().unwrap();
    assert_eq!(kept.pages, one.pages);
    other.close().await;
}
