//! A restored backup: what registers have beyond it is neither taken for new nor missed.

use holdfast_profile::{Profile, TableId, default_profile};
use holdfast_protocol::messages::{ContactReply, ProfileReply};
use holdfast_store_server::database::Database;
use holdfast_store_server::import::ImportKind;
use serde_json::json;

use crate::support::{TestRegister, TestServer};

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

/// Publishes `Default pr.` with this timeout, and gives the version's number.
async fn publish(server: &TestServer, offline_timeout_s: u32) -> u64 {
    let mut profile = default_profile();
    profile.device.offline_timeout_s = offline_timeout_s;
    let store_id = server.store().await.row.id;
    let mut writing = server.database.begin_write(&store_id, server.now_ms()).await.unwrap();
    let version = writing.publish_profile(&profile, server.now_ms()).await.unwrap();
    writing.commit().await.unwrap();
    version
}

/// What a register that has this version is told to have, and what it then gets.
async fn moves_to(register: &TestRegister<'_>, version: u64) -> (u64, Profile) {
    let mut request = register.contact_request();
    request.profile_version = version;
    let reply: ContactReply = register.post("contact", &request).await.message();
    let profile: ProfileReply = register.get("profile").await.message();
    assert_eq!(profile.version, reply.profile_version);
    (profile.version, profile.profile)
}

#[tokio::test]
async fn a_profile_version_is_never_given_again_and_who_has_a_lost_one_moves_on() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let kept = publish(&server, 10).await;
    server
        .test_database
        .run(
            &["profiles", "profile_revisions", "profile_versions", "profile_counters"]
                .map(|table| format!("CREATE TABLE backup_of_{table} AS SELECT * FROM {table}")),
        )
        .await;
    let admin = server.administrator().await;
    let revision = async || admin.get("/api/admin/profiles/1").await.json()["revision"].as_u64().unwrap();
    let kept_revision = revision().await;
    let lost = publish(&server, 20).await;
    let lost_revision = revision().await;
    assert!(lost_revision > kept_revision);
    assert_eq!(moves_to(&register, lost).await.0, lost);
    // The backup is put back; revisions go with their profiles.
    let tables = ["profile_versions", "profile_counters", "profiles", "profile_revisions"];
    let put_back = tables.iter().flat_map(|table| {
        [format!("DELETE FROM {table}"), format!("INSERT INTO {table} SELECT * FROM backup_of_{table}")]
    });
    server.test_database.run(&put_back.collect::<Vec<String>>()).await;
    let store_id = server.store().await.row.id;
    assert_eq!(server.database.profile_shelf(&store_id).await.unwrap().last_version, kept);
    server.database.begin_feed_anew(&store_id).await.unwrap();

    // A page that has the lost draft is told that it is not known, and one that has the kept draft is merged with it.
    assert!(revision().await > lost_revision + 100);
    let draft = |revision: u64, name: &str| {
        let mut profile = default_profile();
        profile.device.offline_timeout_s = 10;
        profile.description = name.to_owned();
        json!({ "base_revision": revision, "profile": profile }).to_string()
    };
    let of_lost = admin.put("/api/admin/profiles/1", &draft(lost_revision, "lost")).await;
    assert!(of_lost.text().contains(&format!("no revision {lost_revision}")), "{}", of_lost.text());
    let of_kept = admin.put("/api/admin/profiles/1", &draft(kept_revision, "kept")).await;
    assert_eq!(of_kept.status, 200, "{}", of_kept.text());

    // Who has the lost version gets the one that is published by now, though its number is lower,
    let (version, profile) = moves_to(&register, lost).await;
    assert_eq!((version, profile.device.offline_timeout_s), (kept, 10));
    // and no version gets the lost one's number, which would be taken for it.
    let next = publish(&server, 30).await;
    assert!(next > lost + 1_000, "{next}");
    let (version, profile) = moves_to(&register, lost).await;
    assert_eq!((version, profile.device.offline_timeout_s), (next, 30));
    assert_eq!(publish(&server, 40).await, next + 1);
    // A profile that is made gets no number of a lost one either.
    let made = admin.post("/api/admin/profiles", r#"{"name":"Garden","description":""}"#).await.json();
    assert!(made["id"].as_u64().unwrap() > 1_000, "{made}");
}
