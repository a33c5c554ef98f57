//! Rows that a version of the program wrote which knows nothing of search texts: before this one, or beside it.

use std::time::Duration;

use holdfast_profile::TableId;
use holdfast_protocol::look_up::Wanted;
use holdfast_store_server::housekeeping::put_in_order;
use holdfast_store_server::import::ImportKind;

use super::{ask, check_code, check_customers, check_products, product, put, remove, store_id, with_goods};
use crate::support::TestServer;

/// As the database is right after the step that adds search texts.
const JUST_MIGRATED: [&str; 2] = ["DELETE FROM search_texts", "UPDATE feed_tables SET texts_head = 0"];

async fn run(server: &TestServer, statements: &[&str]) {
    let statements: Vec<String> = statements.iter().map(|one| (*one).to_owned()).collect();
    server.test_database.run(&statements).await;
}

/// Leaves search texts as they were before what is written in between, as an earlier version does.
async fn as_an_earlier_version(server: &TestServer, writing: impl Future<Output = ()>) {
    run(
        server,
        &[
            "CREATE TABLE texts_before AS SELECT * FROM search_texts",
            "CREATE TABLE heads_before AS SELECT store_id, table_no, texts_head FROM feed_tables",
        ],
    )
    .await;
    writing.await;
    run(
        server,
        &[
            "DELETE FROM search_texts",
            "INSERT INTO search_texts SELECT * FROM texts_before",
            "UPDATE feed_tables SET texts_head = COALESCE((SELECT b.texts_head FROM heads_before b \
             WHERE b.store_id = feed_tables.store_id AND b.table_no = feed_tables.table_no), 0)",
            "DROP TABLE texts_before",
            "DROP TABLE heads_before",
        ],
    )
    .await;
}

/// How many search texts there are.
async fn texts_count(server: &TestServer) -> usize {
    server.dump().await["search_texts"].len()
}

#[tokio::test]
async fn a_database_of_before_is_searched_as_any_other() {
    let server = with_goods().await;
    let register = server.register(1).await;
    let whole = server.dump().await;
    run(&server, &JUST_MIGRATED).await;
    // A code needs no search text.
    check_code(&register, "1001", Some("1001"), Some("1001")).await;
    assert_eq!(texts_count(&server).await, 0);
    check_products(&register, "loaf", &["1001", "1004", "10o", "1005"]).await;
    check_customers(&register, "ada", &["2", "C7"]).await;
    // They are what this version writes itself.
    assert_eq!(server.dump().await["search_texts"], whole["search_texts"]);
}

#[tokio::test]
async fn many_rows_of_before_are_searched_all() {
    let server = TestServer::start().await;
    let goods: String = (0..2_500).map(|at| format!("S{at},Thing {at} of many,1.00\n")).collect();
    server.import(ImportKind::Products, &format!("sku,name,price\n{goods}")).await;
    run(&server, &JUST_MIGRATED).await;
    let register = server.register(1).await;
    for at in [0, 999, 1_000, 1_001, 2_000, 2_499] {
        let text = format!("many thing {at}");
        let reply = super::look_up(&register, Wanted::Products, &text).await;
        assert_eq!(reply.products[0].product.sku, format!("S{at}"));
    }
    assert_eq!(texts_count(&server).await, 2_500);
}

#[tokio::test]
async fn a_write_before_the_first_search_leaves_the_rest_to_be_made() {
    let server = with_goods().await;
    let register = server.register(1).await;
    run(&server, &JUST_MIGRATED).await;
    server.import(ImportKind::Products, "sku,name,price\nN1,New loaf,1.00\n").await;
    assert_eq!(texts_count(&server).await, 1);
    check_products(&register, "loaf", &["1001", "1004", "N1", "10o", "1005"]).await;
}

#[tokio::test]
async fn what_an_earlier_version_writes_beside_this_one_is_found_as_it_is() {
    let server = with_goods().await;
    let register = server.register(1).await;
    check_products(&register, "sourdough", &["1001"]).await;
    as_an_earlier_version(&server, async {
        let goods = "sku,name,price\n1001,Rye bread,3.80\nN1,New loaf,1.00\n";
        server.import(ImportKind::Products, goods).await;
        server.import(ImportKind::Customers, "id,name,country\n2,Bea Marlow,\n").await;
        remove(&server, TableId::Price, &["1004"]).await;
        remove(&server, TableId::Barcode, &["04006381333931"]).await;
        remove(&server, TableId::Product, &["1004"]).await;
        remove(&server, TableId::Customer, &["C7"]).await;
    })
    .await;
    check_products(&register, "sourdough", &[]).await;
    check_products(&register, "rye", &["1001"]).await;
    check_products(&register, "loaf", &["N1", "10o", "1005"]).await;
    check_customers(&register, "bea", &["2"]).await;
    check_customers(&register, "ada", &[]).await;
    // And this version goes on from there.
    put(&server, &store_id(&server).await, &[product("1001", "Oat bread")]).await;
    check_products(&register, "rye", &[]).await;
    check_products(&register, "oat", &["1001", "10o"]).await;
}

#[tokio::test]
async fn a_deletion_that_the_feed_has_forgotten_is_not_found_again() {
    let server = with_goods().await;
    let register = server.register(1).await;
    let before = texts_count(&server).await;
    as_an_earlier_version(&server, async {
        remove(&server, TableId::Customer, &["2", "3"]).await;
    })
    .await;
    put_in_order(&server.database, server.now_ms() + 1_000, Duration::ZERO).await;
    check_customers(&register, "a", &["C7", "1001"]).await;
    assert_eq!(texts_count(&server).await, before - 2);
}

#[tokio::test]
async fn after_a_backup_was_restored_all_is_found() {
    let server = with_goods().await;
    let register = server.register(1).await;
    let before = texts_count(&server).await;
    server.database.begin_feed_anew(&store_id(&server).await).await.unwrap();
    check_products(&register, "loaf", &["1001", "1004", "10o", "1005"]).await;
    check_customers(&register, "ada", &["2", "C7"]).await;
    assert_eq!(texts_count(&server).await, before);
}

#[tokio::test]
async fn those_who_ask_at_once_are_all_answered() {
    let server = with_goods().await;
    let register = server.register(1).await;
    run(&server, &JUST_MIGRATED).await;
    let (one, two, three) = tokio::join!(
        ask(&register, Wanted::Products, "loaf"),
        ask(&register, Wanted::Products, "loaf"),
        ask(&register, Wanted::Customers, "ada"),
    );
    assert_eq!([one.status, two.status, three.status], [200, 200, 200]);
    assert_eq!(one.body, two.body);
}
