//! The feed misses nothing, whoever commits first; a plain sequence does.
//!
//! Dotmim.Sync issue 300: a writer takes number 5, another takes 6 and commits, a reader reads up to 6, the first one
//! commits: the reader never sees 5.

use std::collections::BTreeSet;
use std::time::Duration;

use holdfast_profile::TableId;
use holdfast_protocol::rows::TaxRateRow;
use holdfast_store_server::database::{Database, MasterRow};
use sqlx::PgPool;

use crate::pool;
use crate::support::{NOON_MS, TestServer};

const WRITERS_COUNT: u64 = 6;
const ROWS_EACH: u64 = 30;

/// A feed of changes, one of two kinds.
#[derive(Clone)]
enum Feed {
    /// Numbered by a sequence of PostgreSQL.
    PlainSequence(PgPool),
    /// Holdfast's, of one store.
    Counter(Database, String),
}

impl Feed {
    async fn plain_sequence(server: &TestServer) -> Feed {
        let pool = pool(server).await;
        sqlx::raw_sql("CREATE SEQUENCE plain; CREATE TABLE plain_feed (version BIGINT DEFAULT nextval('plain'), key TEXT)")
            .execute(&pool)
            .await
            .unwrap();
        Feed::PlainSequence(pool)
    }

    /// Writes a row, and commits it only after a pause.
    async fn write(&self, key: String, pause: Duration) {
        match self {
            Feed::PlainSequence(pool) => {
                let mut writing = pool.begin().await.unwrap();
                let insert = sqlx::query("INSERT INTO plain_feed (key) VALUES ($1)").bind(key);
                insert.execute(&mut *writing).await.unwrap();
                tokio::time::sleep(pause).await;
                writing.commit().await.unwrap();
            }
            Feed::Counter(database, store_id) => {
                let mut writing = database.begin_write(store_id, NOON_MS).await.unwrap();
                writing.put(&[row(&key)]).await.unwrap();
                tokio::time::sleep(pause).await;
                writing.commit().await.unwrap();
            }
        }
    }

    /// Keys of what came after `cursor`, and where to go on.
    async fn read(&self, cursor: u64) -> (Vec<String>, u64) {
        let rows: Vec<(u64, String)> = match self {
            Feed::PlainSequence(pool) => {
                let read =
                    sqlx::query_as("SELECT version, key FROM plain_feed WHERE version > $1 ORDER BY version");
                let rows: Vec<(i64, String)> =
                    read.bind(i64::try_from(cursor).unwrap()).fetch_all(pool).await.unwrap();
                rows.into_iter().map(|(version, key)| (u64::try_from(version).unwrap(), key)).collect()
            }
            Feed::Counter(database, store_id) => {
                let changes =
                    database.changes(store_id, TableId::TaxRate.into(), cursor, 1_000, usize::MAX).await;
                changes.unwrap().rows.into_iter().map(|row| (row.version, row.key)).collect()
            }
        };
        let last = rows.last().map_or(cursor, |(version, _)| *version);
        (rows.into_iter().map(|(_, key)| key).collect(), last)
    }
}

fn row(key: &str) -> MasterRow {
    MasterRow::TaxRate(TaxRateRow { code: key.to_owned(), name: key.to_owned(), rate_ppm: 1 })
}

/// What a reader that polls misses of the rows of many writers.
async fn missed(feed: &Feed) -> BTreeSet<String> {
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS_COUNT {
        let feed = feed.clone();
        writers.spawn(async move {
            for number in 0..ROWS_EACH {
                // Each keeps its transaction open for another while.
                let pause = Duration::from_millis((writer * 7 + number * 3) % 11);
                feed.write(format!("{writer}-{number}"), pause).await;
            }
        });
    }
    let mut expected: BTreeSet<String> = (0..WRITERS_COUNT)
        .flat_map(|writer| (0..ROWS_EACH).map(move |number| format!("{writer}-{number}")))
        .collect();
    let (mut cursor, mut at_rest) = (0, false);
    loop {
        let (keys, next) = feed.read(cursor).await;
        let nothing_came = keys.is_empty();
        keys.iter().for_each(|key| {
            expected.remove(key);
        });
        cursor = next;
        if at_rest && nothing_came {
            break;
        }
        // Whoever has ended had committed before the next read.
        while let Some(done) = writers.try_join_next() {
            done.unwrap();
        }
        at_rest = writers.is_empty();
        tokio::task::yield_now().await;
    }
    expected
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_misses_nothing_of_many_writers_where_it_would_with_a_plain_sequence() {
    let server = TestServer::start().await;
    let plain = Feed::plain_sequence(&server).await;
    let missed_of_plain = missed(&plain).await;
    assert!(!missed_of_plain.is_empty(), "the test would not find what it is for");
    let store_id = server.store().await.row.id;
    let ours = Feed::Counter(server.database.clone(), store_id);
    assert_eq!(missed(&ours).await, BTreeSet::new(), "a plain sequence: {}", missed_of_plain.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_commits_later_is_read_later() {
    let server = TestServer::start().await;
    let plain = Feed::plain_sequence(&server).await;
    let store_id = server.store().await.row.id;
    let ours = Feed::Counter(server.database.clone(), store_id);
    for (feed, expected) in [(plain, vec!["second"]), (ours, vec!["first", "second"])] {
        let (_, begin) = feed.read(0).await;
        // The first takes its number and commits late; the second begins after it and would commit at once.
        let first = tokio::spawn({
            let feed = feed.clone();
            async move { feed.write("first".to_owned(), Duration::from_millis(600)).await }
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        let second = tokio::spawn({
            let feed = feed.clone();
            async move { feed.write("second".to_owned(), Duration::ZERO).await }
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        let (mut read, cursor) = feed.read(begin).await;
        first.await.unwrap();
        second.await.unwrap();
        read.extend(feed.read(cursor).await.0);
        assert_eq!(read, expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stores_do_not_wait_for_each_other() {
    let server = TestServer::start().await;
    let one = server.store().await.row.id;
    let other = "other-store";
    let pool = pool(&server).await;
    for statement in [
        "INSERT INTO stores (store_id, name, address, tax_number, currency, prices_include_tax, receipt_footer) \
         VALUES ('other-store', 'Other', '', '', 'GBP', TRUE, '')",
        "INSERT INTO feed_counters (store_id, version) VALUES ('other-store', 0)",
    ] {
        sqlx::raw_sql(statement).execute(&pool).await.unwrap();
    }
    // One store is in the middle of a long import.
    let mut importing = server.database.begin_write(&one, NOON_MS).await.unwrap();
    importing.put(&[row("a")]).await.unwrap();
    let write_to_other = async {
        let mut writing = server.database.begin_write(other, NOON_MS).await.unwrap();
        writing.put(&[row("b")]).await.unwrap();
        writing.commit().await.unwrap();
        server.database.changes(other, TableId::TaxRate.into(), 0, 10, usize::MAX).await.unwrap()
    };
    let changes =
        tokio::time::timeout(Duration::from_secs(20), write_to_other).await.expect("it does not wait");
    assert_eq!((changes.rows.len(), changes.rows[0].version), (1, 1), "it counts for itself");
    let second_import = server.database.begin_write(&one, NOON_MS);
    let waits = tokio::time::timeout(Duration::from_millis(300), second_import).await;
    assert!(waits.is_err(), "who writes the same store waits");
    importing.commit().await.unwrap();
}
