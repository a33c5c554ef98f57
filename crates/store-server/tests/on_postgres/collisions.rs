//! What PostgreSQL may do to any transaction: make it begin again, or end its connection.

use axum::http::{StatusCode, header};
use holdfast_protocol::messages::EntryOutcome;
use holdfast_protocol::outbox::OutboxEntry;
use holdfast_protocol::problem::code;
use sqlx::PgPool;

use crate::pool;
use crate::support::{TestRegister, TestServer};

/// Makes so many updates of a register fail as they do under load on a distributed engine.
async fn fail_updates(pool: &PgPool, count: u32, code: &str) {
    let statements = format!(
        "DROP SEQUENCE IF EXISTS fails CASCADE; CREATE SEQUENCE fails; \
         CREATE OR REPLACE FUNCTION fail() RETURNS trigger AS $$ BEGIN \
         IF nextval('fails') <= {count} THEN RAISE EXCEPTION 'restart transaction' USING ERRCODE = '{code}'; END IF; \
         RETURN NEW; END $$ LANGUAGE plpgsql; \
         CREATE OR REPLACE TRIGGER fail BEFORE UPDATE ON registers FOR EACH ROW EXECUTE FUNCTION fail()"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(statements)).execute(pool).await.unwrap();
}

async fn receipts_count(server: &TestServer) -> serde_json::Value {
    server.administrator().await.get("/api/admin/audit").await.json()["registers"][0]["receipts_count"]
        .clone()
}

async fn assert_busy(register: &TestRegister<'_>, entry: &OutboxEntry) {
    let answer = register.upload_raw(std::slice::from_ref(entry)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.header(header::RETRY_AFTER).parse::<u32>().is_ok_and(|seconds| seconds > 0));
    assert_eq!(answer.problem().code, code::BUSY);
}

#[tokio::test]
async fn an_upload_that_collides_is_begun_again_and_counts_once() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let pool = pool(&server).await;
    for (count, code) in [(1, "40001"), (3, "40001"), (2, "40P01")] {
        fail_updates(&pool, count, code).await;
        let entry = register.sell(100);
        assert_eq!(register.upload(&[entry]).await.results.len(), 1);
    }
    assert_eq!(receipts_count(&server).await, 3);
}

#[tokio::test]
async fn one_that_collides_for_ever_is_told_to_come_again() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let pool = pool(&server).await;
    fail_updates(&pool, 1_000, "40001").await;
    let entry = register.sell(100);
    assert_busy(&register, &entry).await;
    assert_eq!(receipts_count(&server).await, 0);
    fail_updates(&pool, 0, "40001").await;
    register.upload(&[entry]).await;
    assert_eq!(receipts_count(&server).await, 1);
}

#[tokio::test]
async fn a_connection_that_breaks_takes_nothing_with_it_and_is_made_anew() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let own = pool(&server).await;
    let entry = register.sell(100);
    // Somebody holds the register's row, so that the upload stands still in the middle.
    let mut holding = own.begin().await.unwrap();
    sqlx::query("SELECT number FROM registers WHERE number = 1 FOR UPDATE")
        .execute(&mut *holding)
        .await
        .unwrap();
    let end_those_that_wait = async {
        let ended = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
                     WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while sqlx::query_scalar::<_, i64>(ended).fetch_one(&own).await.unwrap() == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let ((), ()) = tokio::join!(assert_busy(&register, &entry), end_those_that_wait);
    holding.rollback().await.unwrap();
    // All others, too, as when the database starts again.
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .execute(&own)
    .await
    .unwrap();
    for _ in 0..2 {
        assert_eq!(register.upload(std::slice::from_ref(&entry)).await.acknowledged_seq, 1);
    }
    assert_eq!(receipts_count(&server).await, 1);
}

/// Two registers that send the same sale: one of them has it, whoever comes first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_that_two_registers_send_at_once_is_taken_once() {
    let server = TestServer::start().await;
    let (mut one, mut two) = (server.register(1).await, server.register(2).await);
    for _ in 0..10 {
        let sale = one.sale(&[(100, 1)]);
        let mut same = two.sale(&[(100, 1)]);
        same.id = sale.id;
        let (first, second) = ([one.seal_sale(&sale)], [two.seal_sale(&same)]);
        let (first, second) = tokio::join!(one.upload(&first), two.upload(&second));
        let replies = [&first, &second];
        let taken = replies.iter().filter(|reply| reply.results[0].outcome == EntryOutcome::Accepted);
        assert_eq!(taken.count(), 1, "{first:?} {second:?}");
    }
}
