//! The built pages: caching, encodings, addresses within them, safety headers.

use std::path::Path;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use holdfast_store_server::pages::read_folder;

use crate::support::{Answer, TestServer};

fn write(folder: &Path, name: &str, content: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

async fn server() -> TestServer {
    let dist = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("till/index.html", "till"),
        ("till/sw.js", "worker"),
        ("till/manifest.webmanifest", "{}"),
        ("till/till-0a1b2c3d4e5f.js", "script"),
        ("till/till-0a1b2c3d4e5f.js.br", "script as brotli"),
        ("till/till-0a1b2c3d4e5f.js.gz", "script as gzip"),
        ("till/till_bg-0a1b2c3d4e5f.wasm", "wasm"),
        ("till/icons/holdfast-192.png", "icon"),
        ("back-office/index.html", "back office"),
        ("back-office/back-office-99aabbccddee.css", "style"),
        ("help/index.html", "guides"),
        ("help/offline-profiles.html", "guide"),
        ("secret.txt", "not of a page"),
    ] {
        write(dist.path(), name, content);
    }
    TestServer::start_with(false, read_folder(dist.path()).unwrap()).await
}

async fn get(server: &TestServer, path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    server.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn both_pages_are_served_at_their_addresses() {
    let server = server().await;
    let html = [(header::ACCEPT, "text/html,*/*")];
    for (path, content) in [
        ("/", "till"),
        ("/?code=ABCD-EFGH", "till"),
        ("/index.html", "till"),
        ("/sale/7", "till"),
        ("/back-office/", "back office"),
        ("/back-office/registers", "back office"),
        ("/help/", "guides"),
        ("/help/offline-profiles.html", "guide"),
    ] {
        let answer = get(&server, path, &html).await;
        assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, content), "{path}");
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-cache");
        assert_eq!(answer.header(header::CONTENT_TYPE), "text/html; charset=utf-8");
    }
    for (path, to) in [("/back-office", "/back-office/"), ("/help", "/help/")] {
        let moved = server.get(path).await;
        assert_eq!((moved.status, moved.header(header::LOCATION)), (StatusCode::PERMANENT_REDIRECT, to));
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_a_page() {
    let server = server().await;
    for path in [
        "/till-ffffffffffff.js",
        "/icons/none.png",
        "/back-office/none.css",
        "/../secret.txt",
        "/secret.txt",
        "/%2e%2e/secret.txt",
        "/till/index.html",
    ] {
        let answer = get(&server, path, &[(header::ACCEPT, "*/*")]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let no_guide = get(&server, "/help/none.html", &[(header::ACCEPT, "text/html")]).await;
    assert_eq!(no_guide.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_names_with_a_digest_are_kept_for_ever() {
    let server = server().await;
    let for_ever = "public, max-age=31536000, immutable";
    for (path, caching, content_type) in [
        ("/till-0a1b2c3d4e5f.js", for_ever, "text/javascript; charset=utf-8"),
        ("/till_bg-0a1b2c3d4e5f.wasm", for_ever, "application/wasm"),
        ("/back-office/back-office-99aabbccddee.css", for_ever, "text/css; charset=utf-8"),
        ("/sw.js", "no-cache", "text/javascript; charset=utf-8"),
        ("/manifest.webmanifest", "no-cache", "application/manifest+json"),
        ("/icons/holdfast-192.png", "no-cache", "image/png"),
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.header(header::CACHE_CONTROL), caching, "{path}");
        assert_eq!(answer.header(header::CONTENT_TYPE), content_type, "{path}");
    }
}

#[tokio::test]
async fn the_smallest_form_that_is_taken_is_sent() {
    let server = server().await;
    let path = "/till-0a1b2c3d4e5f.js";
    let mut tags = Vec::new();
    for (accepted, encoding, content) in [
        ("gzip, deflate, br", "br", "script as brotli"),
        ("gzip", "gzip", "script as gzip"),
        ("br;q=0, gzip", "gzip", "script as gzip"),
        ("identity", "", "script"),
    ] {
        let answer = get(&server, path, &[(header::ACCEPT_ENCODING, accepted)]).await;
        assert_eq!((answer.header(header::CONTENT_ENCODING), answer.text().as_str()), (encoding, content));
        assert_eq!(answer.header(header::VARY), "Accept-Encoding");
        let etag = answer.header(header::ETAG).to_owned();
        let headers = [(header::ACCEPT_ENCODING, accepted), (header::IF_NONE_MATCH, etag.as_str())];
        assert_eq!(get(&server, path, &headers).await.status, StatusCode::NOT_MODIFIED);
        tags.push(etag);
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 3, "each form has a tag of its own");
    // The compressed siblings have no address of their own.
    assert_eq!(server.get("/till-0a1b2c3d4e5f.js.br").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn everything_carries_the_safety_headers() {
    let server = server().await;
    for path in ["/", "/sw.js", "/nothing", "/api/health", "/api/v1/profile", "/api/admin/store"] {
        let answer = server.get(path).await;
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline"));
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(answer.header(header::REFERRER_POLICY), "no-referrer");
    }
}

#[tokio::test]
async fn pages_are_only_read() {
    let server = server().await;
    let post = server.send(Request::post("/").body(Body::empty()).unwrap()).await;
    assert_eq!(post.status, StatusCode::METHOD_NOT_ALLOWED);
    let head = Request::builder().method(Method::HEAD).uri("/").body(Body::empty()).unwrap();
    assert_eq!(server.send(head).await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_pages_the_server_says_so() {
    let server = TestServer::start().await;
    let answer = get(&server, "/", &[(header::ACCEPT, "text/html")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text().contains("--pages"));
}
