//! Digests of tables: kept with each write, told by each contact, summed up where an older database has none.

use std::collections::BTreeMap;

use holdfast_profile::TableId;
use holdfast_protocol::TableDigest;
use holdfast_protocol::messages::{ContactReply, RowChange, TableHead};
use holdfast_protocol::rows::CustomerRow;
use holdfast_store_server::database::{Database, DigestAudit, MasterRow};
use holdfast_store_server::first_start::make_ready;
use sqlx::Connection;

use crate::support::{NOON_MS, TestRegister, TestServer};

fn customer(number: u64, name: u64) -> MasterRow {
    MasterRow::Customer(CustomerRow {
        id: format!("{number}"),
        name: format!("Customer {name}"),
        country: String::new(),
        phone: String::new(),
        email: String::new(),
    })
}

/// Numbers without end, always the same.
fn chance(state: &mut u64, below: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % below
}

/// The live rows as registers get them, from the first version to the last.
async fn live(database: &Database, store_id: &str, table: TableId) -> Vec<RowChange> {
    let changes = database.changes(store_id, table.into(), 0, 1_000_000, usize::MAX).await.unwrap();
    assert!(!changes.more);
    let rows: BTreeMap<String, RowChange> =
        changes.rows.into_iter().map(|row| (row.key.clone(), row)).collect();
    rows.into_values().filter(|row| row.body.is_some()).collect()
}

#[tokio::test]
async fn after_random_writes_it_is_that_of_the_rows() {
    let server = TestServer::demo().await;
    let store_id = server.store().await.row.id;
    for seed in 0..20 {
        let mut state = seed;
        let mut writing = server.database.begin_write(&store_id, server.now_ms()).await.unwrap();
        for _ in 0..6 {
            let count = 1 + chance(&mut state, 30);
            if chance(&mut state, 3) == 0 {
                // Some that are not there, some twice.
                let keys: Vec<String> = (0..count).map(|_| chance(&mut state, 60).to_string()).collect();
                writing.remove(TableId::Customer, &keys).await.unwrap();
            } else {
                // New ones, changed ones, unchanged ones, some twice.
                let rows: Vec<MasterRow> =
                    (0..count).map(|_| customer(chance(&mut state, 60), chance(&mut state, 3))).collect();
                writing.put(&rows).await.unwrap();
            }
        }
        let is_kept = chance(&mut state, 4) > 0;
        if is_kept {
            writing.commit().await.unwrap();
        } else {
            drop(writing);
        }
        let rows = live(&server.database, &store_id, TableId::Customer).await;
        let head = server.database.feed_heads(&store_id).await.unwrap()[&TableId::Customer.into()];
        assert_eq!(head.digest, Some(TableDigest::of(&rows)), "seed {seed}");
        assert_eq!(head.rows_count, rows.len() as u64, "seed {seed}");
    }
    check_audit(&server.database.audit_digests(&store_id).await.unwrap());
}

#[track_caller]
fn check_audit(audits: &[DigestAudit]) {
    assert!(audits.len() > 5, "{audits:?}");
    for audit in audits {
        assert_eq!(audit.kept, Some(audit.counted), "{:?}", audit.feed);
    }
}

async fn heads(register: &TestRegister<'_>) -> Vec<TableHead> {
    let reply: ContactReply = register.post("contact", &register.contact_request()).await.message();
    reply.heads
}

#[tokio::test]
async fn each_contact_tells_that_of_every_table() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let empty = heads(&register).await;
    assert!(empty.iter().any(|head| head.head == 0 && head.digest == Some(TableDigest::EMPTY)));
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    for head in heads(&register).await {
        let pulled = register.pull(head.table, 0, 5_000).await;
        assert_eq!(head.digest, Some(TableDigest::of(&pulled.changes)), "{}", head.table);
    }
}

#[tokio::test]
async fn the_administrator_can_have_all_counted_anew() {
    let server = TestServer::demo().await;
    let audit = server.administrator().await.get("/api/admin/audit").await.json();
    let tables = audit["tables"].as_array().unwrap();
    assert!(tables.iter().any(|table| table["table"] == "product" && table["rows"] == 626), "{audit}");
    assert!(tables.iter().all(|table| table["digest_agrees"] == true), "{audit}");
}

#[tokio::test]
async fn a_database_of_an_earlier_version_gets_them_when_they_are_first_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_folder(folder.path()).await.unwrap();
    make_ready(&database, true, NOON_MS).await.unwrap();
    let store_id = database.store().await.unwrap().unwrap().row.id;
    let file = format!("sqlite://{}", folder.path().join("holdfast.sqlite").display());
    let mut beside = sqlx::SqliteConnection::connect(&file).await.unwrap();
    sqlx::query("UPDATE feed_tables SET digest = NULL").execute(&mut beside).await.unwrap();

    let mut writing = database.begin_write(&store_id, NOON_MS).await.unwrap();
    writing.put(&[customer(1, 1)]).await.unwrap();
    writing.commit().await.unwrap();
    let unknown = database.feed_heads(&store_id).await.unwrap();
    assert!(unknown.values().all(|head| head.digest.is_none()), "a write can't know what was there before");
    database.sum_up_digests(&store_id).await.unwrap();
    check_audit(&database.audit_digests(&store_id).await.unwrap());
    let mut writing = database.begin_write(&store_id, NOON_MS).await.unwrap();
    writing.remove(TableId::Customer, &["1".to_owned()]).await.unwrap();
    writing.commit().await.unwrap();
    check_audit(&database.audit_digests(&store_id).await.unwrap());
}
