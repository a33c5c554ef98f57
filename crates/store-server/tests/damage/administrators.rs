//! What a back office, or who passes for one, may send that is nothing.

use axum::body::Body;
use axum::http::{Request, header};

use super::setting::Watched;
use crate::support::TestServer;

const POSTS: [(&str, &str); 12] = [
    ("sign-in", r#"{"name":"Ann","password":"x"}"#),
    ("registers", r#"{"number":7,"name":"Till"}"#),
    ("registers/99/activation-code", ""),
    ("registers/99/lock", ""),
    ("profiles/1/publish", r#"{"revision":1,"force":true}"#),
    ("profiles/1/rollback", r#"{"version":1}"#),
    ("profiles/1/preview", r#"{"profile":{}}"#),
    ("profiles/import", r#"{"format":"holdfast-offline-profile"}"#),
    ("profiles/import/save", r#"{"profile":{}}"#),
    ("registers/99/retry", ""),
    ("import/products", "sku,name,price\n1001,Mug,8.50\n"),
    ("import/secrets", "sku,name,price\n1001,Mug,8.50\n"),
];

fn damaged(valid: &str) -> Vec<Vec<u8>> {
    let bytes = valid.as_bytes();
    vec![
        Vec::new(),
        bytes[..bytes.len() / 8].to_vec(),
        b"{}".to_vec(),
        b"[[[[".repeat(2_000),
        b"{\"a\":".repeat(2_000),
        br#"{"number":-1,"name":5,"password":null}"#.to_vec(),
        br#"{"number":99999999999999999999,"name":"x"}"#.to_vec(),
        vec![0xff, 0xfe, 0x00],
        b"\0".repeat(500),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damaged_requests_of_the_back_office_change_nothing() {
    let server = TestServer::demo().await;
    let administrator = server.administrator().await;
    let cookie = administrator.cookie.clone();
    let watched = Watched::begin(&server).await;
    for (path, valid) in POSTS {
        for body in damaged(valid) {
            let request = Request::post(format!("/api/admin/{path}"));
            let request = request.header(header::COOKIE, &cookie).header("x-holdfast", "1");
            let answer = server.send(request.body(Body::from(body.clone())).unwrap()).await;
            let (status, code) = answer.json_problem();
            let what = format!("{path} {:?}", String::from_utf8_lossy(&body[..body.len().min(40)]));
            assert!((400..500).contains(&status) && !code.is_empty(), "{what}: {status} {code}");
        }
        watched.assert_unchanged(path).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_that_can_not_be_read_are_refused_in_words() {
    let server = TestServer::demo().await;
    let administrator = server.administrator().await;
    let watched = Watched::begin(&server).await;
    for (path, status) in [
        ("registers/abc/lock", 400),
        ("registers/99999999999/lock", 400),
        ("registers/-1/activation-code", 400),
        ("registers/%ff/lock", 400),
        ("import/%ff", 400),
    ] {
        let answer = administrator.post(&format!("/api/admin/{path}"), "").await;
        assert_eq!(answer.json_problem().0, status, "{path}");
    }
    for path in ["sales?limit=1&limit=2", "sales?limit=x", "sales/1/x", "sales/65536/1"] {
        let answer = administrator.get(&format!("/api/admin/{path}")).await;
        assert_eq!(answer.json_problem().0, 400, "{path}");
    }
    assert_eq!(server.get("/api/health?nonce=1&nonce=2").await.json_problem().0, 400);
    watched.assert_unchanged("addresses").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_from_another_site_changes_nothing() {
    let server = TestServer::demo().await;
    let cookie = server.administrator().await.cookie;
    let watched = Watched::begin(&server).await;
    for (path, valid) in POSTS {
        let without = Request::post(format!("/api/admin/{path}")).header(header::COOKIE, &cookie);
        let foreign = Request::post(format!("/api/admin/{path}"))
            .header(header::COOKIE, &cookie)
            .header("x-holdfast", "1")
            .header(header::HOST, "store.example")
            .header(header::ORIGIN, "https://elsewhere.example");
        for request in [without, foreign] {
            let answer = server.send(request.body(Body::from(valid)).unwrap()).await;
            assert_eq!(answer.json_problem(), (403, "foreign_site".to_owned()), "{path}");
        }
    }
    watched.assert_unchanged("foreign sites").await;
}
