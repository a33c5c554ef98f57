//! Signing in and out.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::support::{Answer, TestServer};

const HOUR_MS: i64 = 3_600_000;

async fn sign_in(server: &TestServer, password: &str) -> Answer {
    let body = serde_json::json!({ "password": password }).to_string();
    server
        .send(Request::post("/api/admin/sign-in").header("x-holdfast", "1").body(Body::from(body)).unwrap())
        .await
}

#[tokio::test]
async fn the_password_of_the_first_start_opens_a_session_of_twelve_hours() {
    let server = TestServer::start().await;
    let administrator = server.administrator().await;
    let session = administrator.get("/api/admin/session").await;
    assert_eq!(session.json()["expires_at_ms"], server.now_ms() + 12 * HOUR_MS);
    server.pass(12 * HOUR_MS);
    let ended = administrator.get("/api/admin/session").await;
    assert_eq!(ended.json_problem(), (401, "sign_in_needed".to_owned()));
}

#[tokio::test]
async fn the_cookie_is_for_this_server_only() {
    let server = TestServer::start().await;
    let answer = sign_in(&server, &server.admin_password).await;
    let cookie = answer.header(header::SET_COOKIE);
    for part in ["HttpOnly", "SameSite=Strict", "Path=/api/admin", "Max-Age=43200"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}

#[tokio::test]
async fn a_password_may_be_typed_with_blanks_and_in_lower_case() {
    let server = TestServer::start().await;
    let typed = format!(" {} ", server.admin_password.to_lowercase());
    assert_eq!(sign_in(&server, &typed).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_password_is_told_and_then_slowed_down() {
    let server = TestServer::start().await;
    for _ in 0..5 {
        assert_eq!(sign_in(&server, "wrong").await.json_problem(), (403, "password_wrong".to_owned()));
    }
    let answer = sign_in(&server, &server.admin_password).await;
    assert_eq!(answer.header(header::RETRY_AFTER), "1");
    assert_eq!(answer.json_problem(), (429, "too_many_attempts".to_owned()));
    server.pass(1_000);
    assert_eq!(sign_in(&server, &server.admin_password).await.status, StatusCode::OK);
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let server = TestServer::start().await;
    let administrator = server.administrator().await;
    assert_eq!(administrator.post("/api/admin/sign-out", "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(administrator.get("/api/admin/store").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_change_from_another_site_is_refused() {
    let server = TestServer::start().await;
    let administrator = server.administrator().await;
    let send = async |headers: &[(&str, &str)]| {
        let mut request =
            Request::post("/api/admin/registers/1/lock").header(header::COOKIE, &administrator.cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        server.send(request.body(Body::empty()).unwrap()).await
    };
    let foreign = (403, "foreign_site".to_owned());
    assert_eq!(send(&[]).await.json_problem(), foreign);
    assert_eq!(send(&[("x-holdfast", "0")]).await.json_problem(), foreign);
    let host = ("host", "shop.example:8080");
    let own = ("x-holdfast", "1");
    for origin in ["http://evil.example", "null", "http://shop.example", "shop.example:8080"] {
        assert_eq!(send(&[own, host, ("origin", origin)]).await.json_problem(), foreign, "{origin}");
    }
    let answer = send(&[own, host, ("origin", "https://shop.example:8080")]).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn what_is_not_json_is_malformed() {
    let server = TestServer::start().await;
    for body in ["", "{}", "password", "{\"password\":1}"] {
        let request = Request::post("/api/admin/sign-in").header("x-holdfast", "1");
        let answer = server.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.json_problem(), (400, "malformed".to_owned()), "{body}");
    }
    let answer = sign_in(&server, &"x".repeat(100_000)).await;
    assert_eq!(answer.json_problem(), (413, "too_large".to_owned()));
}
