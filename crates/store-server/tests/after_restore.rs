//! A restored backup: what registers have beyond it is neither taken for new nor missed.

use holdfast_profile::TableId;
use holdfast_protocol::messages::ContactReply;
use holdfast_store_server::database::Database;
use holdfast_store_server::import::ImportKind;

use crate::support::TestServer;

#[tokio::test]
async fn registers_start_again_from_a_snapshot_and_no_version_comes_twice() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    server.import(ImportKind::Products, "sku,name,price\nA,Apple,1.00\nB,Pear,1.00\n").await;
    let before = register.manifest(TableId::Price).await;
    let store_id = server.store().await.row.id;
    // As the command does it, from another process.
    let command = Database::open(&server.test_database.place).await.unwrap();
    command.begin_feed_anew(&store_id).await.unwrap();
    command.close().await;
    // A register may have got further than the backup knows.
    let lost_cursor = before.head + 1_000;
    let pulled = register.pull(TableId::Price, lost_cursor, 10).await;
    assert!(pulled.restart && pulled.changes.is_empty());
    let contact: ContactReply = register.post("contact", &register.contact_request()).await.message();
    let price = contact.heads.iter().find(|head| head.table == TableId::Price).unwrap();
    assert!(price.head > lost_cursor && price.oldest_cursor > lost_cursor);
    let after = register.manifest(TableId::Price).await;
    assert_eq!((after.head, &after.pages), (price.head, &before.pages), "the rows are the same");
    server.import(ImportKind::Products, "sku,name,price\nA,Apple,2.00\n").await;
    let delta = register.pull(TableId::Price, after.head, 10).await;
    assert_eq!((delta.restart, delta.changes.len()), (false, 1));
}
