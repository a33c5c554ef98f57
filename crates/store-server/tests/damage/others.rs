//! Requests of those who may not make them, in versions that nobody speaks, and for what is not there.

use holdfast_protocol::messages::{ActivateRequest, ContactRequest, UploadRequest};
use holdfast_protocol::problem::code;
use holdfast_protocol::{PROTOCOL_VERSION, PROTOCOL_VERSION_HEADER, decode, encode};

use super::setting::{Watched, authorization, gets, posts};
use crate::support::{TestRegister, TestServer};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_token_but_the_registers_own_opens_anything() {
    let server = TestServer::demo().await;
    let mut register = server.register(1).await;
    let requests = [posts(&server, &mut register).await, gets(&register).await].concat();
    let own = authorization(&register);
    // Another store's register of the same number; one that is locked; one whose place was given away.
    let other_store = TestServer::demo().await;
    let of_other_store = authorization(&other_store.register(1).await);
    let locked = authorization(&server.register(2).await);
    server.administrator().await.post("/api/admin/registers/2/lock", "").await;
    let watched = Watched::begin(&server).await;
    let wrong = [
        String::new(),
        of_other_store,
        locked,
        format!("Bearer {}", "0".repeat(64)),
        own.replace("Bearer", "Basic"),
        own[..own.len() - 2].to_owned(),
        format!("{own}00"),
        format!("Bearer {}", "é".repeat(32)),
    ];
    for request in requests.iter().filter(|request| !request.path.ends_with("/activate")) {
        for value in &wrong {
            let headers = [("authorization", value.as_str())];
            let answer = watched.wire.send(request.method, &request.path, &headers, &request.body).await;
            let what = format!("{} {value}", request.path);
            assert_eq!(answer.problem(), (401, code::REGISTER_UNKNOWN.to_owned()), "{what}");
        }
        let answer = watched.wire.send(request.method, &request.path, &[], &request.body).await;
        assert_eq!(answer.problem(), (401, code::REGISTER_UNKNOWN.to_owned()), "{}", request.path);
    }
    watched.assert_unchanged("wrong tokens").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_was_replaced_opens_nothing_any_more() {
    let server = TestServer::demo().await;
    let mut before = server.register(1).await;
    let requests = [posts(&server, &mut before).await, gets(&before).await].concat();
    let old = authorization(&before);
    // The tablet was replaced.
    TestRegister::activate(&server, 1).await;
    let watched = Watched::begin(&server).await;
    for request in requests.iter().filter(|request| !request.path.ends_with("/activate")) {
        let headers = [("authorization", old.as_str())];
        let answer = watched.wire.send(request.method, &request.path, &headers, &request.body).await;
        assert_eq!(answer.problem(), (401, code::REGISTER_UNKNOWN.to_owned()), "{}", request.path);
    }
    watched.assert_unchanged("an old token").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_that_nobody_speaks_are_refused_at_each_endpoint() {
    let server = TestServer::demo().await;
    let mut register = server.register(1).await;
    let (posts, gets) = (posts(&server, &mut register).await, gets(&register).await);
    let authorization = authorization(&register);
    let watched = Watched::begin(&server).await;
    let own = ("authorization", authorization.as_str());
    for version in [PROTOCOL_VERSION + 1, 255, u16::MAX] {
        let mut activate: ActivateRequest = decode(&posts[0].body).unwrap();
        let mut contact: ContactRequest = decode(&posts[1].body).unwrap();
        let mut upload: UploadRequest = decode(&posts[3].body).unwrap();
        activate.protocol_version = version;
        contact.protocol_version = version;
        upload.protocol_version = version;
        let stating = [(0, encode(&activate)), (1, encode(&contact)), (3, encode(&upload))];
        for (at, body) in stating {
            let answer = watched.wire.send("POST", &posts[at].path, &[own], &body).await;
            assert_eq!(answer.problem(), (400, code::VERSION_UNKNOWN.to_owned()), "{}", posts[at].path);
        }
        let stated = version.to_string();
        let headers = [own, (PROTOCOL_VERSION_HEADER, stated.as_str())];
        for request in gets.iter().chain([&posts[2], &posts[4]]) {
            let answer = watched.wire.send(request.method, &request.path, &headers, &request.body).await;
            assert_eq!(answer.problem(), (400, code::VERSION_UNKNOWN.to_owned()), "{}", request.path);
        }
    }
    watched.assert_unchanged("unknown versions").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_or_not_for_the_register_is_refused() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let authorization = authorization(&register);
    let headers = [("authorization", authorization.as_str())];
    let zeros = "0".repeat(64);
    let watched = Watched::begin(&server).await;
    for (method, path, status, code) in [
        ("GET", "manifest/sale", 403, code::TABLE_NOT_IN_PROFILE),
        ("GET", "manifest/secrets", 404, code::NOT_FOUND),
        ("GET", "manifest/%00", 404, code::NOT_FOUND),
        ("GET", "manifest/%ff", 400, code::MALFORMED),
        ("GET", &format!("page/{zeros}"), 404, code::NOT_FOUND),
        ("GET", &format!("page/{}", &zeros[1..]), 404, code::NOT_FOUND),
        ("GET", "page/..%2f..%2fholdfast.sqlite", 404, code::NOT_FOUND),
        ("GET", "secrets", 404, code::NOT_FOUND),
        ("POST", "profile", 405, "method_not_allowed"),
        ("DELETE", "pull", 405, "method_not_allowed"),
        ("PUT", "upload", 405, "method_not_allowed"),
        ("GET", "contact", 405, "method_not_allowed"),
    ] {
        let answer = watched.wire.send(method, &format!("/api/v1/{path}"), &headers, &[]).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{method} {path}");
    }
    watched.assert_unchanged("what is not there").await;
}
