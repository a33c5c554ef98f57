//! No door is open that should not be: every route without credentials, and with wrong ones.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use holdfast_protocol::{PROTOCOL_VERSION, PROTOCOL_VERSION_HEADER};

use crate::support::TestServer;

const REGISTER_ROUTES: [(Method, &str); 10] = [
    (Method::POST, "/api/v1/contact"),
    (Method::GET, "/api/v1/profile"),
    (Method::POST, "/api/v1/look-up"),
    (Method::GET, "/api/v1/manifest/product"),
    (Method::GET, "/api/v1/page/0000000000000000000000000000000000000000000000000000000000000000"),
    (Method::POST, "/api/v1/pull"),
    (Method::GET, "/api/v1/pictures"),
    (Method::GET, "/api/v1/picture/0000000000000000000000000000000000000000000000000000000000000000"),
    (Method::POST, "/api/v1/upload"),
    (Method::POST, "/api/v1/export"),
];

const ADMIN_ROUTES: [(Method, &str); 42] = [
    (Method::POST, "/api/admin/sign-out"),
    (Method::GET, "/api/admin/session"),
    (Method::GET, "/api/admin/store"),
    (Method::GET, "/api/admin/registers"),
    (Method::POST, "/api/admin/registers"),
    (Method::POST, "/api/admin/registers/1/activation-code"),
    (Method::POST, "/api/admin/registers/1/lock"),
    (Method::PUT, "/api/admin/registers/1/profile"),
    (Method::GET, "/api/admin/registers/1/profile/preview"),
    (Method::GET, "/api/admin/registers/1/scopes"),
    (Method::GET, "/api/admin/registers/1/exports"),
    (Method::GET, "/api/admin/registers/1/exports/1"),
    (Method::GET, "/api/admin/registers/1/shifts"),
    (Method::POST, "/api/admin/registers/1/retry"),
    (Method::PUT, "/api/admin/store/profile"),
    (Method::GET, "/api/admin/store/profile/preview?profile=1"),
    (Method::GET, "/api/admin/profiles"),
    (Method::POST, "/api/admin/profiles"),
    (Method::GET, "/api/admin/profiles/1"),
    (Method::PUT, "/api/admin/profiles/1"),
    (Method::DELETE, "/api/admin/profiles/1"),
    (Method::POST, "/api/admin/profiles/1/preview"),
    (Method::POST, "/api/admin/profiles/1/publish"),
    (Method::GET, "/api/admin/profiles/1/versions"),
    (Method::POST, "/api/admin/profiles/1/rollback"),
    (Method::GET, "/api/admin/profiles/1/rollout"),
    (Method::GET, "/api/admin/profiles/1/file"),
    (Method::POST, "/api/admin/profiles/import"),
    (Method::POST, "/api/admin/profiles/import/save"),
    (Method::POST, "/api/admin/profiles/default/restore"),
    (Method::GET, "/api/admin/scopes"),
    (Method::DELETE, "/api/admin/scopes/Staff"),
    (Method::GET, "/api/admin/changes"),
    (Method::GET, "/api/admin/categories"),
    (Method::GET, "/api/admin/sales"),
    (Method::GET, "/api/admin/sales/1/1"),
    (Method::GET, "/api/admin/rejected"),
    (Method::GET, "/api/admin/rejected/1/1"),
    (Method::POST, "/api/admin/rejected/1/1/mend"),
    (Method::GET, "/api/admin/conflicts"),
    (Method::GET, "/api/admin/audit"),
    (Method::POST, "/api/admin/import/products"),
];

fn request(method: &Method, path: &str, headers: &[(header::HeaderName, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header("x-holdfast", "1");
    request = request.header(PROTOCOL_VERSION_HEADER, PROTOCOL_VERSION);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    request.body(Body::empty()).unwrap()
}

#[test]
fn every_route_of_the_source_is_walked_here() {
    let sources = [include_str!("../src/api/mod.rs"), include_str!("../src/admin/mod.rs")];
    let routes = sources.iter().flat_map(|source| source.split(".route(\"").skip(1));
    let routes: Vec<&str> = routes.filter_map(|rest| rest.split('"').next()).collect();
    assert!(routes.len() > 15);
    let open = ["/activate", "/sign-in"];
    for route in routes.into_iter().filter(|route| !open.contains(route)) {
        let first = route.split('{').next().unwrap();
        let is_walked = REGISTER_ROUTES.iter().chain(&ADMIN_ROUTES).any(|(_, path)| path.contains(first));
        assert!(is_walked, "{route} is not walked without credentials");
    }
}

#[tokio::test]
async fn registers_need_their_token() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let token = holdfast_store_server::secrets::hex(register.identity.token.as_slice());
    let wrong = format!("Bearer {}", "0".repeat(64));
    let no_scheme = token.clone();
    let cut = format!("Bearer {}", &token[..62]);
    let basic = format!("Basic {token}");
    for (method, path) in &REGISTER_ROUTES {
        let answer = server.send(request(method, path, &[])).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(answer.problem().code, "register_unknown");
        for value in [&wrong, &no_scheme, &cut, &basic] {
            let answer = server.send(request(method, path, &[(header::AUTHORIZATION, value)])).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path} {value}");
        }
    }
}

#[tokio::test]
async fn administrators_need_a_session() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let token = format!("Bearer {}", holdfast_store_server::secrets::hex(register.identity.token.as_slice()));
    let forged = format!("holdfast_session={}", "0".repeat(64));
    for (method, path) in &ADMIN_ROUTES {
        for headers in
            [&[][..], &[(header::COOKIE, forged.as_str())], &[(header::AUTHORIZATION, token.as_str())]]
        {
            let answer = server.send(request(method, path, headers)).await;
            assert_eq!(answer.json_problem(), (401, "sign_in_needed".to_owned()), "{path}");
        }
    }
    let listed = server.administrator().await.get("/api/admin/registers").await.json();
    assert_eq!(listed["registers"][0]["locked"], false, "nothing was changed");
}

#[tokio::test]
async fn what_is_not_there_tells_nothing() {
    let server = TestServer::start().await;
    for path in ["/api/admin/secrets", "/api/admin/", "/api/admin/registers/1"] {
        let answer = server.send(request(&Method::GET, path, &[])).await;
        assert!(
            answer.status == StatusCode::UNAUTHORIZED || answer.status == StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    for path in ["/api/v1/secrets", "/api/v1/"] {
        assert_eq!(server.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/api", "/api/", "/api/v2/contact", "/api/health/x"] {
        let request = Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
        assert_eq!(server.send(request).await.json_problem(), (404, "not_found".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn another_method_is_refused() {
    let server = TestServer::start().await;
    assert_eq!(server.get("/api/v1/activate").await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(server.get("/api/v1/upload").await.problem().code, "method_not_allowed");
    let administrator = server.administrator().await;
    let answer = administrator.post("/api/admin/audit", "").await;
    assert_eq!(answer.json_problem(), (405, "method_not_allowed".to_owned()));
    assert_eq!(server.get("/api/admin/sign-in").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn the_health_check_gives_the_nonce_back_and_nothing_else() {
    let server = TestServer::start().await;
    let answer = server.get("/api/health?nonce=a-1").await;
    assert_eq!(answer.json(), serde_json::json!({ "holdfast": true, "nonce": "a-1" }));
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(server.get("/api/health").await.status, StatusCode::OK);
    for nonce in ["%3Cscript%3E".to_owned(), "x".repeat(65)] {
        let answer = server.get(&format!("/api/health?nonce={nonce}")).await;
        assert_eq!(answer.json_problem(), (400, "malformed".to_owned()));
    }
}
