//! Bodies that are cut, flipped, too long, or something else altogether, at each endpoint that takes one.

use std::collections::BTreeSet;

use holdfast_profile::TableId;
use holdfast_protocol::messages::{TableState, UploadRequest};
use holdfast_protocol::problem::code;
use holdfast_protocol::{PROTOCOL_VERSION, PROTOCOL_VERSION_HEADER, decode, encode};

use super::setting::{Watched, authorization, posts};
use crate::support::{TestServer, differences};

/// What can be in the place of a message; no part of it is one.
fn not_messages() -> Vec<(&'static str, Vec<u8>)> {
    let huge = |opening: u8| [&[0xa1, 0x00, opening][..], &[0x7f; 8]].concat();
    vec![
        ("nothing", Vec::new()),
        ("a page of a captive portal", b"<!doctype html><title>Sign in</title>".to_vec()),
        ("JSON", br#"{"code":"K7QM","protocol_version":1}"#.to_vec()),
        ("gzip", vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
        ("null", vec![0xf6]),
        ("an empty map", vec![0xa0]),
        ("a number", vec![0x1b, 255, 255, 255, 255, 255, 255, 255, 255]),
        ("a list without end", huge(0x9b)),
        ("a map without end", [&[0xbb][..], &[0xff; 8]].concat()),
        ("a text without end", huge(0x7b)),
        ("bytes without end", huge(0x5b)),
        ("a text that is none", vec![0xa1, 0x00, 0x62, 0xff, 0xfe]),
        ("lists in lists", vec![0x81; 60_000]),
        ("lists in lists in an unknown field", [&[0xa1, 0x18, 0xc8][..], &vec![0x9f; 60_000]].concat()),
        ("tags on tags", vec![0xc1; 60_000]),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_message_is_malformed_at_each_endpoint() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let posts = posts(&server, &mut register).await;
    let authorization = authorization(&register);
    let headers = [("authorization", authorization.as_str())];
    let watched = Watched::begin(&server).await;
    for valid in &posts {
        let cut = (0..valid.body.len()).map(|length| ("cut", valid.body[..length].to_vec()));
        let longer = [("followed by a byte", [valid.body.as_slice(), &[0]].concat())];
        let of_others = posts.iter().filter(|other| other.path != valid.path);
        let of_others = of_others.map(|other| ("another endpoint's", other.body.clone()));
        for (damage, body) in cut.chain(longer).chain(of_others).chain(not_messages()) {
            let answer = watched.wire.send("POST", &valid.path, &headers, &body).await;
            let what = format!("{} {damage}, {} bytes", valid.path, body.len());
            assert_eq!(answer.problem(), (400, code::MALFORMED.to_owned()), "{what}");
        }
        watched.assert_unchanged(&valid.path).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_flipped_bit_is_refused_or_says_something_else_that_is_valid() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let posts = posts(&server, &mut register).await;
    let authorization = authorization(&register);
    let headers = [("authorization", authorization.as_str())];
    // What a valid contact writes; nothing that is damaged writes more.
    let before = server.dump().await;
    let mut said = register.contact_request();
    (said.waiting, said.storage_bytes, said.was_offline_since_ms) = (3, Some((1, 2)), Some(5));
    said.tables = vec![TableState { table: TableId::Product, cursor: 1, rows: 2, synced_at_ms: None }];
    server.pass(1);
    assert_eq!(register.post("contact", &said).await.status, 200);
    let of_contact: BTreeSet<String> = differences(&before, &server.dump().await).into_keys().collect();
    assert!(!of_contact.is_empty());
    let mut watched = Watched::begin(&server).await;
    for valid in &posts {
        for (place, bit) in (0..valid.body.len()).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
            let mut body = valid.body.clone();
            body[place] ^= 1 << bit;
            let what = format!("{} {place}.{bit}", valid.path);
            let answer = watched.wire.send("POST", &valid.path, &headers, &body).await;
            if answer.status.is_some_and(|status| status.is_success()) {
                let changes = match valid.path.as_str() {
                    "/api/v1/contact" => of_contact.clone(),
                    // Reading changes nothing; an upload or an activation is never taken for another.
                    "/api/v1/pull" | "/api/v1/look-up" => BTreeSet::new(),
                    path => panic!("{path} {place}.{bit} was taken"),
                };
                watched.accept_changes_of(&changes, &what).await;
                continue;
            }
            let (status, code) = answer.problem();
            assert!((400..500).contains(&status) && !code.is_empty(), "{what}: {status} {code}");
        }
        watched.assert_unchanged(&valid.path).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_is_refused_at_each_endpoint() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let posts = posts(&server, &mut register).await;
    let authorization = authorization(&register);
    let headers = [("authorization", authorization.as_str())];
    let watched = Watched::begin(&server).await;
    for valid in &posts {
        // The message is whole; what follows is too much.
        let mut body = valid.body.clone();
        body.resize(valid.body_bytes_max + 1, 0);
        let answer = watched.wire.send("POST", &valid.path, &headers, &body).await;
        assert_eq!(answer.problem(), (413, code::TOO_LARGE.to_owned()), "{}", valid.path);
        // The same without a length in front.
        let chunk = format!("{:x}\r\n", body.len());
        let head = format!(
            "POST {} HTTP/1.1\r\nhost: till\r\nconnection: close\r\nauthorization: {authorization}\r\n\
             {PROTOCOL_VERSION_HEADER}: {PROTOCOL_VERSION}\r\ntransfer-encoding: chunked\r\n\r\n{chunk}",
            valid.path
        );
        let answer = watched.wire.send_raw(&[head.as_bytes(), &body, b"\r\n0\r\n\r\n"].concat()).await;
        assert_eq!(answer.problem(), (413, code::TOO_LARGE.to_owned()), "{}", valid.path);
    }
    let upload: UploadRequest = decode(&posts[3].body).unwrap();
    let many = UploadRequest { entries: vec![upload.entries[0].clone(); 501], ..upload };
    let answer = watched.wire.send("POST", &posts[3].path, &headers, &encode(&many)).await;
    assert_eq!(answer.problem(), (413, code::TOO_LARGE.to_owned()));
    let mut contact = register.contact_request();
    contact.tables =
        vec![TableState { table: TableId::Product, cursor: 0, rows: 0, synced_at_ms: None }; 1_000];
    let answer = watched.wire.send("POST", &posts[1].path, &headers, &encode(&contact)).await;
    assert_eq!(answer.problem(), (400, code::MALFORMED.to_owned()));
    watched.assert_unchanged("too large").await;
}
