//! `POST /api/v1/contact`.

use holdfast_profile::{TableId, default_profile};
use holdfast_protocol::messages::{ContactReply, TableState};
use holdfast_protocol::problem::code;
use holdfast_protocol::{PROTOCOL_VERSION, SCHEMA_VERSION};

use crate::support::TestServer;

#[tokio::test]
async fn it_tells_where_the_store_server_stands() {
    let server = TestServer::demo().await;
    let mut register = server.register(1).await;
    let sales = [register.sell(100)];
    register.upload(&sales).await;
    let reply: ContactReply = register.post("contact", &register.contact_request()).await.message();
    assert_eq!(reply.profile_version, 1);
    assert_eq!(reply.schema_version, SCHEMA_VERSION);
    assert_eq!(reply.acknowledged_seq, 1);
    assert_eq!(reply.server_time_ms, server.now_ms());
    assert!(!reply.update_required);
    let tables: Vec<TableId> = reply.heads.iter().map(|head| head.table).collect();
    assert_eq!(tables, default_profile().download_tables(), "in the order of the profile");
    assert!(reply.heads.iter().all(|head| head.head > 0 && head.oldest_cursor == 0));
}

#[tokio::test]
async fn the_administrator_sees_what_a_register_said() {
    let server = TestServer::demo().await;
    let register = server.register(2).await;
    let mut request = register.contact_request();
    request.waiting = 12;
    request.profile_version = 1;
    request.was_offline_since_ms = Some(1_000);
    request.storage_bytes = Some((5, 500));
    let state = |cursor| TableState { table: TableId::Product, cursor, rows: 626 };
    // A table that stands twice counts once, the last time.
    request.tables = vec![state(1), state(2)];
    server.pass(5_000);
    register.post("contact", &request).await.message::<ContactReply>();
    request.was_offline_since_ms = None;
    register.post("contact", &request).await.message::<ContactReply>();
    let overview = server.administrator().await.get("/api/admin/registers").await.json();
    let seen = &overview["registers"][1];
    assert_eq!(seen["waiting"], 12);
    assert_eq!(seen["last_contact_ms"], server.now_ms());
    assert_eq!(seen["was_offline_since_ms"], 1_000, "the last outage stays to be seen");
    assert_eq!(seen["storage_quota_bytes"], 500);
    assert_eq!(seen["tables"][0]["table"], "product");
    assert_eq!(seen["tables"][0]["cursor"], 2);
    assert!(seen["tables"][0]["head"].as_u64().unwrap() > 2);
    assert_eq!(seen["tables"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_arrives_after_a_contact_is_not_shown_as_waiting() {
    let server = TestServer::demo().await;
    let mut register = server.register(1).await;
    let sales = [register.sell(100), register.sell(200)];
    let mut request = register.contact_request();
    request.waiting = 3;
    register.post("contact", &request).await.message::<ContactReply>();
    // A repeat brings nothing new.
    for _ in 0..2 {
        register.upload(&sales).await;
        let overview = server.administrator().await.get("/api/admin/registers").await.json();
        assert_eq!(overview["registers"][0]["waiting"], 1);
    }
}

#[tokio::test]
async fn an_older_register_is_told_to_update_and_a_newer_one_is_not_understood() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let mut request = register.contact_request();
    request.protocol_version = 0;
    assert!(register.post("contact", &request).await.message::<ContactReply>().update_required);
    request.protocol_version = PROTOCOL_VERSION + 1;
    let problem = register.post("contact", &request).await.problem();
    assert_eq!((problem.status, problem.code.as_str()), (400, code::VERSION_UNKNOWN));
}

#[tokio::test]
async fn more_tables_than_there_are_is_malformed() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let mut request = register.contact_request();
    request.tables = vec![TableState { table: TableId::Product, cursor: 0, rows: 0 }; 17];
    assert_eq!(register.post("contact", &request).await.problem().code, code::MALFORMED);
}
