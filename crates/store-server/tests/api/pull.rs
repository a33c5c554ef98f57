//! `POST /api/v1/pull`.

use std::collections::BTreeMap;

use holdfast_profile::TableId;
use holdfast_protocol::messages::{ContactReply, PullRequest};
use holdfast_protocol::problem::code;
use holdfast_store_server::import::ImportKind;

use crate::support::TestServer;

const FIVE: &str = "id,name\na,A\nb,B\nc,C\nd,D\ne,E\n";

#[tokio::test]
async fn changes_come_in_pages_by_version() {
    let server = TestServer::start().await;
    server.import(ImportKind::Customers, FIVE).await;
    let register = server.register(1).await;
    let mut seen = Vec::new();
    let mut since = 0;
    loop {
        let reply = register.pull(TableId::Customer, since, 2).await;
        assert_eq!((reply.table, reply.since, reply.restart), (TableId::Customer, since, false));
        seen.extend(reply.changes.iter().map(|change| change.key.clone()));
        assert!(reply.changes.is_sorted_by_key(|change| change.version));
        assert!(reply.changes.iter().all(|change| change.version > since && change.version <= reply.up_to));
        assert_eq!(reply.rows, (!reply.more).then_some(5), "counted at the end only");
        since = reply.up_to;
        if !reply.more {
            break;
        }
    }
    assert_eq!(seen, ["a", "b", "c", "d", "e"]);
    let nothing = register.pull(TableId::Customer, since, 2).await;
    assert_eq!((nothing.up_to, nothing.more, nothing.changes.len()), (since, false, 0));
}

#[tokio::test]
async fn only_what_changed_comes_and_a_deletion_leaves_a_tombstone() {
    let server = TestServer::start().await;
    server.import(ImportKind::Customers, FIVE).await;
    let register = server.register(1).await;
    let since = register.pull(TableId::Customer, 0, 5_000).await.up_to;
    server.import(ImportKind::Customers, "id,name\na,A\nb,Bea\n").await;
    let mut writing =
        server.database.begin_write(&register.identity.store_id, server.now_ms()).await.unwrap();
    let removed = writing.remove(TableId::Customer, &["c".to_owned(), "unknown".to_owned()]).await.unwrap();
    writing.commit().await.unwrap();
    assert_eq!(removed, 1);
    let reply = register.pull(TableId::Customer, since, 5_000).await;
    let changes: BTreeMap<&str, bool> =
        reply.changes.iter().map(|change| (change.key.as_str(), change.body.is_some())).collect();
    assert_eq!(changes, BTreeMap::from([("b", true), ("c", false)]));
    assert_eq!(reply.rows, Some(4));
    let anew = register.manifest(TableId::Customer).await;
    assert_eq!(anew.pages.iter().map(|page| page.rows).sum::<u32>(), 4, "a snapshot has no tombstones");
}

#[tokio::test]
async fn a_write_that_is_not_committed_changes_nothing() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let before = register.pull(TableId::Register, 0, 5_000).await;
    let mut writing =
        server.database.begin_write(&register.identity.store_id, server.now_ms()).await.unwrap();
    writing.remove(TableId::Customer, &["a".to_owned()]).await.unwrap();
    let row = holdfast_protocol::rows::RegisterRow { number: 9, name: "Nine".to_owned() };
    writing.put(&[holdfast_store_server::database::MasterRow::Register(row)]).await.unwrap();
    drop(writing);
    assert_eq!(register.pull(TableId::Register, 0, 5_000).await, before);
}

#[tokio::test]
async fn a_cursor_from_before_forgotten_deletions_starts_again() {
    let server = TestServer::start().await;
    server.import(ImportKind::Customers, FIVE).await;
    let register = server.register(1).await;
    let store_id = &register.identity.store_id;
    let away = register.pull(TableId::Customer, 0, 5_000).await.up_to;
    let mut writing = server.database.begin_write(store_id, server.now_ms()).await.unwrap();
    writing.remove(TableId::Customer, &["c".to_owned()]).await.unwrap();
    writing.commit().await.unwrap();
    let there = register.pull(TableId::Customer, away, 5_000).await.up_to;
    let began_ms = server.now_ms();
    server.pass(1_000);
    let mut writing = server.database.begin_write(store_id, server.now_ms()).await.unwrap();
    writing.remove(TableId::Customer, &["d".to_owned()]).await.unwrap();
    writing.commit().await.unwrap();

    assert_eq!(server.database.compact_tombstones(store_id, began_ms).await.unwrap(), 0, "all are newer");
    assert_eq!(server.database.compact_tombstones(store_id, began_ms + 1).await.unwrap(), 1);

    assert!(register.pull(TableId::Customer, away, 5_000).await.restart, "it never heard that c is gone");
    let reply = register.pull(TableId::Customer, there, 5_000).await;
    let gone: Vec<&str> = reply.changes.iter().map(|change| change.key.as_str()).collect();
    assert_eq!((reply.restart, gone), (false, vec!["d"]), "what is remembered still comes");
    let contact: ContactReply = register.post("contact", &register.contact_request()).await.message();
    let head = contact.heads.iter().find(|head| head.table == TableId::Customer).unwrap();
    assert_eq!(head.oldest_cursor, there);
    let rows: u32 = register.manifest(TableId::Customer).await.pages.iter().map(|page| page.rows).sum();
    assert_eq!(rows, 3, "whoever starts again starts from here");
}

#[tokio::test]
async fn a_cursor_of_another_life_starts_again() {
    let server = TestServer::start().await;
    server.import(ImportKind::Customers, FIVE).await;
    let register = server.register(1).await;
    for since in [1_000_000, u64::MAX] {
        let reply = register.pull(TableId::Customer, since, 10).await;
        assert!(reply.restart && reply.changes.is_empty() && !reply.more);
    }
}

#[tokio::test]
async fn no_more_rows_come_than_the_protocol_allows_and_one_at_least() {
    let server = TestServer::start().await;
    let lines = (0..6_000).map(|number| format!("c{number:05},Name\n"));
    let file: String = std::iter::once("id,name\n".to_owned()).chain(lines).collect();
    server.import(ImportKind::Customers, &file).await;
    let register = server.register(1).await;
    assert_eq!(register.pull(TableId::Customer, 0, u32::MAX).await.changes.len(), 5_000);
    assert_eq!(register.pull(TableId::Customer, 0, 0).await.changes.len(), 1);
}

#[tokio::test]
async fn what_does_not_come_down_can_not_be_pulled() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    for table in [TableId::Sale, TableId::Shift, TableId::Discount] {
        let request = PullRequest { table, since: 0, rows_max: 10, profile_version: None };
        let problem = register.post("pull", &request).await.problem();
        assert_eq!((problem.status, problem.code.as_str()), (403, code::TABLE_NOT_IN_PROFILE));
    }
}
