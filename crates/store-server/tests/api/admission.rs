//! Who is let in when: bulk requests wait for their turn, live ones do not wait for them.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use holdfast_profile::TableId;
use holdfast_protocol::messages::{ContactReply, PullRequest, UploadReply, UploadRequest};
use holdfast_protocol::problem::code;
use holdfast_protocol::{PROTOCOL_VERSION, PROTOCOL_VERSION_HEADER};
use holdfast_store_server::admission::{AdmissionLimits, BulkPermit};
use holdfast_store_server::database::RegisterKey;
use holdfast_store_server::pages::Pages;

use super::slow_bodies::{Unsent, Watched};
use crate::support::{Answer, TestServer};

/// A demo shop with one bulk request at work at a time and so many waiting, and another register at work.
async fn server_at_work(waiting_max: usize) -> (TestServer, BulkPermit) {
    let mut limits = AdmissionLimits::new(2, 8);
    (limits.bulk.at_work_max, limits.bulk.waiting_max) = (1, waiting_max);
    let server = TestServer::start_with_limits(true, Pages::default(), limits).await;
    let other = RegisterKey { store_id: server.store().await.row.id, number: 900 };
    let permit = server.app.admission().bulk(&other).await.unwrap();
    (server, permit)
}

fn assert_sent_away(answer: &Answer) {
    let problem = answer.problem();
    assert_eq!((problem.status, problem.code.as_str()), (503, code::BUSY));
    let seconds: u32 = answer.header(header::RETRY_AFTER).parse().unwrap();
    assert!((1..=45).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn bulk_beyond_the_room_is_asked_to_come_again_and_changes_nothing() {
    let (server, at_work) = server_at_work(0).await;
    let mut register = server.register(1).await;
    let sales = [register.sell(100)];
    assert_sent_away(&register.upload_raw(&sales).await);
    assert_sent_away(&register.get("manifest/product").await);
    let page = "page/0000000000000000000000000000000000000000000000000000000000000000";
    assert_sent_away(&register.get(page).await);
    let pull = PullRequest { table: TableId::Product, since: 0, rows_max: 10, profile_version: None };
    assert_sent_away(&register.post("pull", &pull).await);
    drop(at_work);
    let reply = register.upload(&sales).await;
    assert_eq!(reply.acknowledged_seq, 1);
}

#[tokio::test]
async fn live_requests_do_not_wait_for_bulk() {
    let (server, _at_work) = server_at_work(0).await;
    let register = server.register(1).await;
    let reply: ContactReply = register.post("contact", &register.contact_request()).await.message();
    assert_eq!(reply.nonce, 99);
    assert_eq!(register.get("profile").await.status, StatusCode::OK);
    assert_eq!(server.get("/api/health?nonce=1").await.status, StatusCode::OK);
    let administrator = server.administrator().await;
    assert_eq!(administrator.get("/api/admin/sales").await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_is_not_known_is_told_so_and_takes_no_place() {
    let (server, _at_work) = server_at_work(1).await;
    let request = Request::get("/api/v1/manifest/product").header(header::AUTHORIZATION, "Bearer 00");
    let request = request.header(PROTOCOL_VERSION_HEADER, PROTOCOL_VERSION);
    let answer = server.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.problem().code, code::REGISTER_UNKNOWN);
}

#[tokio::test]
async fn the_body_of_an_upload_is_read_once_it_is_its_turn() {
    let (server, at_work) = server_at_work(1).await;
    let mut register = server.register(1).await;
    let upload = UploadRequest { entries: vec![register.sell(100)], protocol_version: PROTOCOL_VERSION };
    let (body, was_read) = Watched::body(holdfast_protocol::encode(&upload));
    let token = holdfast_store_server::secrets::hex(register.identity.token.as_slice());
    let request = Request::post("/api/v1/upload").header(header::AUTHORIZATION, format!("Bearer {token}"));
    let mut answer = Box::pin(server.send(request.body(body).unwrap()));
    while server.app.admission().bulk_waiting_count() == 0 {
        tokio::select! {
            _ = &mut answer => panic!("it was not its turn"),
            () = tokio::task::yield_now() => {}
        }
    }
    assert!(!was_read());
    drop(at_work);
    assert_eq!(answer.await.message::<UploadReply>().acknowledged_seq, 1);
    assert!(was_read());
}

#[tokio::test]
async fn peers_that_are_slow_to_send_do_not_hold_up_live_requests() {
    let limits = AdmissionLimits { live_at_work_max: 1, ..AdmissionLimits::new(2, 8) };
    let server = TestServer::start_with_limits(true, Pages::default(), limits).await;
    let register = server.register(1).await;
    let administrator = server.administrator().await;
    let posts = [
        Request::post("/api/v1/activate"),
        Request::post("/api/v1/contact"),
        Request::post("/api/admin/sign-in").header("x-holdfast", "1"),
        Request::post("/api/admin/import/products")
            .header("x-holdfast", "1")
            .header(header::COOKIE, &administrator.cookie),
    ];
    for post in posts {
        let mut slow = Box::pin(server.send(post.body(Body::new(Unsent)).unwrap()));
        let live = async {
            assert_eq!(register.get("profile").await.status, StatusCode::OK);
            let reply: ContactReply = register.post("contact", &register.contact_request()).await.message();
            assert_eq!(reply.nonce, 99);
            assert_eq!(administrator.get("/api/admin/store").await.status, StatusCode::OK);
        };
        tokio::select! {
            biased;
            answer = &mut slow => panic!("{}", answer.text()),
            () = live => {}
        }
    }
}

#[tokio::test]
async fn bodies_that_arrive_have_a_bound_of_their_own() {
    let limits = AdmissionLimits { live_arriving_max: 1, live_waiting_max: 0, ..AdmissionLimits::new(2, 8) };
    let server = TestServer::start_with_limits(true, Pages::default(), limits).await;
    let register = server.register(1).await;
    let slow = Request::post("/api/v1/contact").body(Body::new(Unsent)).unwrap();
    let contact = register.contact_request();
    let mut slow = Box::pin(server.send(slow));
    tokio::select! {
        biased;
        answer = &mut slow => panic!("{}", answer.text()),
        answer = register.post("contact", &contact) => assert_sent_away(&answer),
    }
    assert_eq!(register.get("profile").await.status, StatusCode::OK, "it has no body");
}
