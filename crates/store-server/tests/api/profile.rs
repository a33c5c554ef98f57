//! `GET /api/v1/profile`.

use holdfast_profile::default_profile;
use holdfast_protocol::messages::{ContactReply, ProfileReply};

use crate::support::{NOON_MS, TestServer};

#[tokio::test]
async fn a_register_gets_its_published_profile() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let answer = register.get("profile").await;
    assert_eq!(answer.header(axum::http::header::CACHE_CONTROL), "no-store");
    let reply: ProfileReply = answer.message();
    assert_eq!((reply.version, reply.profile), (1, default_profile()));
}

#[tokio::test]
async fn what_is_published_later_has_the_next_number() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let mut changed = default_profile();
    changed.device.offline_timeout_s = 30;
    let mut writing =
        server.database.begin_write(&register.identity.store_id, server.now_ms()).await.unwrap();
    assert_eq!(writing.publish_profile(&changed, NOON_MS).await.unwrap(), 2);
    writing.commit().await.unwrap();
    let contact: ContactReply = register.post("contact", &register.contact_request()).await.message();
    assert_eq!(contact.profile_version, 2);
    let reply: ProfileReply = register.get("profile").await.message();
    assert_eq!((reply.version, reply.profile), (2, changed));
}
