//! `POST /api/v1/activate`.

use axum::http::StatusCode;
use holdfast_protocol::messages::{ActivateReply, ContactReply};
use holdfast_protocol::problem::code;
use holdfast_protocol::sale::ShiftRecord;

use crate::support::{TestRegister, TestServer};

const MINUTE_MS: i64 = 60_000;

#[tokio::test]
async fn a_code_makes_a_register() {
    let server = TestServer::demo().await;
    let register = server.register(2).await;
    assert_eq!(register.identity.register_number, 2);
    assert_eq!(register.identity.register_name, "Deli counter");
    assert_eq!(register.identity.store_name, "Market Street Stores");
    assert_eq!((register.identity.last_seq, register.identity.last_receipt_counter), (0, 0));
    let reply: ContactReply = register.post("contact", &register.contact_request()).await.message();
    assert_eq!(reply.nonce, 99);
}

#[tokio::test]
async fn a_code_may_be_typed_in_any_way() {
    let server = TestServer::start().await;
    let code = server.activation_code(1).await;
    let typed = format!(" {} ", code.to_lowercase().replace('-', " "));
    assert_eq!(TestRegister::ask(&server, &typed, [1; 16]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_same_attempt_again_gets_the_same_answer() {
    let server = TestServer::start().await;
    let code = server.activation_code(1).await;
    let first: ActivateReply = TestRegister::ask(&server, &code, [1; 16]).await.message();
    // Even after the code has run out: the first answer may have been lost for long.
    server.pass(90 * MINUTE_MS);
    let again: ActivateReply = TestRegister::ask(&server, &code, [1; 16]).await.message();
    assert_eq!(first.token, again.token);
}

#[tokio::test]
async fn a_used_code_says_when_and_by_whom() {
    let server = TestServer::start().await;
    let code = server.activation_code(1).await;
    TestRegister::ask(&server, &code, [1; 16]).await;
    let problem = TestRegister::ask(&server, &code, [2; 16]).await.problem();
    assert_eq!((problem.status, problem.code.as_str()), (409, code::ACTIVATION_CODE_USED));
    assert_eq!(
        problem.detail,
        "This code was used on 24 November by Till 2. Ask for a new one in the back office under Registers."
    );
}

#[tokio::test]
async fn a_code_runs_out_after_an_hour() {
    let server = TestServer::start().await;
    let code = server.activation_code(1).await;
    server.pass(60 * MINUTE_MS);
    let problem = TestRegister::ask(&server, &code, [1; 16]).await.problem();
    assert_eq!((problem.status, problem.code.as_str()), (410, code::ACTIVATION_CODE_UNKNOWN));
}

#[tokio::test]
async fn a_new_code_voids_the_one_before() {
    let server = TestServer::start().await;
    let old = server.activation_code(1).await;
    let new = server.activation_code(1).await;
    assert_eq!(TestRegister::ask(&server, &old, [1; 16]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(TestRegister::ask(&server, &new, [1; 16]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn activating_again_ends_the_old_device_and_goes_on_with_its_series() {
    let server = TestServer::start().await;
    let mut old = server.register(1).await;
    assert_eq!(old.identity.last_shift_number, Some(0));
    let shift = ShiftRecord {
        closed_at_ms: Some(20),
        sales_count: Some(2),
        takings: Some(Vec::new()),
        ..old.open_shift(3)
    };
    let entries = [old.sell(100), old.sell(200), old.seal_shift(&shift)];
    old.upload(&entries).await;
    let new = server.register(1).await;
    assert_eq!(new.identity.last_receipt_counter, 2);
    assert_eq!(new.identity.last_shift_number, Some(3));
    assert_eq!(new.identity.last_seq, 3);
    assert_eq!(*new.identity.last_hash, old.last_hash);
    assert_eq!(old.get("profile").await.problem().code, code::REGISTER_UNKNOWN);
    assert_eq!(new.get("profile").await.status, StatusCode::OK);
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let server = TestServer::start().await;
    let code = server.activation_code(1).await;
    for _ in 0..5 {
        let problem = TestRegister::ask(&server, "AAAA-AAAA", [1; 16]).await.problem();
        assert_eq!((problem.status, problem.code.as_str()), (404, code::ACTIVATION_CODE_UNKNOWN));
    }
    let answer = TestRegister::ask(&server, &code, [1; 16]).await;
    assert_eq!(answer.header(axum::http::header::RETRY_AFTER), "1");
    let problem = answer.problem();
    assert_eq!((problem.status, problem.code.as_str()), (429, code::TOO_MANY_ATTEMPTS));
    server.pass(1_000);
    assert_eq!(TestRegister::ask(&server, &code, [1; 16]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_a_request_is_malformed() {
    let server = TestServer::start().await;
    for body in [&b""[..], b"<html>", b"{\"code\":\"AAAA-AAAA\"}", &[0xff; 100]] {
        let request = axum::http::Request::post("/api/v1/activate");
        let answer = server.send(request.body(axum::body::Body::from(body.to_vec())).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.problem().code.as_str()), (400, code::MALFORMED));
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let server = TestServer::start().await;
    let typed = "A".repeat(100_000);
    let problem = TestRegister::ask(&server, &typed, [1; 16]).await.problem();
    assert_eq!((problem.status, problem.code.as_str()), (413, code::TOO_LARGE));
    let typed = "A".repeat(1_000);
    let problem = TestRegister::ask(&server, &typed, [1; 16]).await.problem();
    assert_eq!((problem.status, problem.code.as_str()), (404, code::ACTIVATION_CODE_UNKNOWN));
}
