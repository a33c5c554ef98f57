//! `POST /api/v1/upload`.

use axum::http::StatusCode;
use holdfast_protocol::PROTOCOL_VERSION;
use holdfast_protocol::messages::{ContactReply, EntryOutcome, REQUEST_BYTES_MAX, UploadRequest};
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::problem::code;
use holdfast_protocol::sale::ShiftRecord;

use crate::support::{TestRegister, TestServer};

fn reason(outcome: &EntryOutcome) -> &str {
    match outcome {
        EntryOutcome::Accepted => "",
        EntryOutcome::Rejected { reason } => reason,
    }
}

async fn audit(server: &TestServer) -> serde_json::Value {
    server.administrator().await.get("/api/admin/audit").await.json()["registers"][0].clone()
}

async fn acknowledged(register: &TestRegister<'_>) -> u64 {
    let reply: ContactReply = register.post("contact", &register.contact_request()).await.message();
    reply.acknowledged_seq
}

#[tokio::test]
async fn sales_arrive_whole_and_once() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let sale = register.sale(&[(250, 3), (199, -1)]);
    let entries = [register.seal_sale(&sale), register.sell(1_000)];
    for _ in 0..3 {
        let reply = register.upload(&entries).await;
        assert_eq!(reply.acknowledged_seq, 2);
        let settled: Vec<(u64, &str)> =
            reply.results.iter().map(|result| (result.seq, reason(&result.outcome))).collect();
        assert_eq!(settled, [(1, ""), (2, "")]);
    }
    let audit = audit(&server).await;
    assert_eq!(audit["receipts_count"], 2);
    assert_eq!((&audit["receipt_min"], &audit["receipt_max"]), (&1.into(), &2.into()));
    assert_eq!(audit["lines_count"], 3);
    assert_eq!(audit["total_minor"], 3 * 250 - 199 + 1_000);
    assert_eq!(audit["sales_total_minor"], audit["total_minor"]);
    assert_eq!(audit["duplicates"], 0);
}

#[tokio::test]
async fn a_batch_may_overlap_what_is_settled() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let entries: Vec<OutboxEntry> = (1..=5).map(|price| register.sell(price * 100)).collect();
    register.upload(&entries[..3]).await;
    let reply = register.upload(&entries[1..]).await;
    assert_eq!((reply.acknowledged_seq, reply.results.len()), (5, 4));
    assert_eq!(audit(&server).await["total_minor"], 1_500);
}

#[tokio::test]
async fn nothing_to_upload_is_no_error() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let reply = register.upload(&[]).await;
    assert_eq!((reply.acknowledged_seq, reply.results.len()), (0, 0));
}

#[tokio::test]
async fn a_gap_is_refused_and_nothing_is_taken() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let entries: Vec<OutboxEntry> = (1..=4).map(|price| register.sell(price)).collect();
    let missing_first = &entries[1..];
    let missing_middle = [entries[0].clone(), entries[2].clone()];
    let backwards = [entries[1].clone(), entries[0].clone()];
    let twice = [entries[0].clone(), entries[0].clone()];
    let zero = [OutboxEntry { seq: 0, ..entries[0].clone() }];
    let last = [OutboxEntry { seq: u64::MAX, ..entries[0].clone() }];
    for wrong in [missing_first, &missing_middle, &backwards, &twice, &zero, &last] {
        let problem = register.upload_raw(wrong).await.problem();
        assert_eq!((problem.status, problem.code.as_str()), (409, code::SEQUENCE_GAP));
    }
    assert_eq!(acknowledged(&register).await, 0);
}

#[tokio::test]
async fn a_broken_chain_is_refused_and_nothing_is_taken() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let first = register.sell(100);
    register.upload(std::slice::from_ref(&first)).await;
    let second = register.sell(200);
    let payload = first.payload.to_vec();
    let tampered = OutboxEntry { payload: payload.clone().into(), ..second.clone() };
    let wrong_hash = OutboxEntry { hash: [1; 32].into(), ..second.clone() };
    let follows_nothing = OutboxEntry::seal(2, EntryKind::Sale, 0, [9; 32], second.payload.to_vec());
    let another_first = OutboxEntry::seal(1, EntryKind::Sale, 0, [0; 32], payload);
    for wrong in [tampered, wrong_hash, follows_nothing, another_first] {
        let problem = register.upload_raw(&[wrong]).await.problem();
        assert_eq!((problem.status, problem.code.as_str()), (409, code::CHAIN_BROKEN));
    }
    assert_eq!(acknowledged(&register).await, 1);
    assert_eq!(register.upload(&[second]).await.acknowledged_seq, 2);
}

#[tokio::test]
async fn what_can_not_be_applied_is_kept_with_its_reason_and_blocks_nothing() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let mut wrong_total = register.sale(&[(100, 1)]);
    wrong_total.total_minor += 1;
    let mut other_store = register.sale(&[(100, 1)]);
    other_store.store_id = "elsewhere".to_owned();
    // Of another store it says nothing about this one's series.
    register.last_receipt_counter -= 1;
    let mut other_currency = register.sale(&[(100, 1)]);
    other_currency.currency = "EUR".to_owned();
    let mut other_register = register.sale(&[(100, 1)]);
    other_register.register_number = 2;
    register.last_receipt_counter -= 1;
    let entries = [
        register.seal_sale(&wrong_total),
        register.seal_sale(&other_store),
        register.seal_sale(&other_currency),
        register.seal_sale(&other_register),
        register.seal(EntryKind::Sale, vec![0xff, 0x00]),
        register.sell(500),
    ];
    let reply = register.upload(&entries).await;
    assert_eq!(reply.acknowledged_seq, 6);
    let reasons: Vec<&str> = reply.results.iter().map(|result| reason(&result.outcome)).collect();
    assert_eq!(reasons[0], "The sale does not add up: the total does not follow from the lines.");
    assert_eq!(reasons[1], "It was sold in store “elsewhere”, not in this one.");
    assert_eq!(reasons[2], "It is in “EUR”, the store's currency is GBP.");
    assert_eq!(reasons[3], "It says register 2, but register 1 sent it.");
    assert!(reasons[4].starts_with("The sale can't be read: "), "{}", reasons[4]);
    assert_eq!(reasons[5], "");
    // The same answers again, from what is kept.
    assert_eq!(register.upload(&entries).await, reply);
    let rejected = server.administrator().await.get("/api/admin/rejected").await.json();
    let rejected = rejected["rejected"].as_array().unwrap().clone();
    assert_eq!(rejected.len(), 5);
    assert_eq!(rejected[4]["reason"], reasons[0]);
    assert_eq!((&rejected[4]["seq"], &rejected[4]["kind"]), (&1.into(), &"sale".into()));
    let audit = audit(&server).await;
    assert_eq!((&audit["receipts_count"], &audit["rejected_count"]), (&1.into(), &5.into()));
}

#[tokio::test]
async fn a_receipt_number_that_is_not_the_next_one_is_rejected_and_the_series_goes_on() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let first = register.sell(100);
    let same_number = {
        register.last_receipt_counter = 0;
        let mut sale = register.sale(&[(200, 1)]);
        sale.id = [200; 16].into();
        register.seal_sale(&sale)
    };
    register.last_receipt_counter = 4;
    let jump = register.sell(300);
    let after_jump = register.sell(400);
    register.last_receipt_counter = 4_000_000_000;
    let absurd = register.sell(500);
    register.last_receipt_counter = 6;
    let after_absurd = register.sell(600);
    let entries = [first, same_number, jump, after_jump, absurd, after_absurd];
    let reply = register.upload(&entries).await;
    let reasons: Vec<&str> = reply.results.iter().map(|result| reason(&result.outcome)).collect();
    assert_eq!(
        reasons,
        [
            "",
            "Receipt 0001-000001 was there before; 0001-000002 was due.",
            "Receipt 0001-000005 came where 0001-000002 was due.",
            "",
            "Receipt 0001-4000000001 came where 0001-000007 was due.",
            "",
        ]
    );
}

#[tokio::test]
async fn a_sale_under_another_entry_is_not_taken_twice() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let sale = register.sale(&[(100, 1)]);
    let first = register.seal_sale(&sale);
    let again = {
        let mut same = register.sale(&[(100, 1)]);
        same.id = sale.id;
        register.seal_sale(&same)
    };
    let reply = register.upload(&[first, again]).await;
    assert_eq!(
        reason(&reply.results[1].outcome),
        "The store server has this sale already, under another entry."
    );
    assert_eq!(audit(&server).await["receipts_count"], 1);
}

#[tokio::test]
async fn an_amount_beyond_all_reason_is_rejected() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let mut sale = register.sale(&[(100, 1)]);
    sale.total_minor = i64::MIN;
    let entry = register.seal_sale(&sale);
    let reply = register.upload(&[entry]).await;
    assert!(reason(&reply.results[0].outcome).contains("larger than any till needs"));
}

#[tokio::test]
async fn an_unknown_kind_is_kept_for_a_later_version() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let hash = holdfast_protocol::outbox::entry_hash(1, 77, 5, &[0; 32], b"later");
    let unknown = OutboxEntry {
        seq: 1,
        kind: 77,
        created_at_ms: 5,
        previous_hash: [0; 32].into(),
        payload: b"later".to_vec().into(),
        hash: hash.into(),
    };
    (register.last_seq, register.last_hash) = (1, hash);
    let entries = [unknown, register.sell(100)];
    let reply = register.upload(&entries).await;
    assert_eq!(
        reason(&reply.results[0].outcome),
        "This store server does not know entries of kind 77 yet; it keeps them."
    );
    assert_eq!(reply.results[1].outcome, EntryOutcome::Accepted);
    let rejected = server.administrator().await.get("/api/admin/rejected").await.json();
    assert_eq!(rejected["rejected"][0]["kind"], "77");
}

#[tokio::test]
async fn a_shift_is_opened_and_closed() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let mut shift = ShiftRecord { float_minor: 5_000, ..register.open_shift(1) };
    let opened = register.seal_shift(&shift);
    (shift.closed_at_ms, shift.counted_minor) = (Some(20), Some(9_000));
    let closed = register.seal_shift(&shift);
    shift.register_number = 2;
    let foreign = register.seal_shift(&shift);
    let reply = register.upload(&[opened, closed, foreign]).await;
    let reasons: Vec<&str> = reply.results.iter().map(|result| reason(&result.outcome)).collect();
    assert_eq!(reasons, ["", "", "It says register 2, but register 1 sent it."]);
}

#[tokio::test]
async fn two_registers_do_not_meet() {
    let server = TestServer::start().await;
    let (mut one, mut two) = (server.register(1).await, server.register(2).await);
    let (first, second) = (one.sell(100), two.sell(200));
    one.upload(std::slice::from_ref(&first)).await;
    two.upload(&[second]).await;
    // One register's entry under another's token is not what that one sealed.
    let problem = two.upload_raw(&[first]).await.problem();
    assert_eq!(problem.code, code::CHAIN_BROKEN);
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let entry = register.sell(1);
    let many = UploadRequest { entries: vec![entry; 501], protocol_version: 1 };
    let problem = register.post("upload", &many).await.problem();
    assert_eq!((problem.status, problem.code.as_str()), (413, code::TOO_LARGE));
    let huge = vec![0; REQUEST_BYTES_MAX + 1];
    let problem = register.send(axum::http::Method::POST, "upload", huge).await.problem();
    assert_eq!((problem.status, problem.code.as_str()), (413, code::TOO_LARGE));
    assert_eq!(acknowledged(&register).await, 0);
}

#[tokio::test]
async fn an_unknown_version_of_the_protocol_is_refused() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let entries = vec![register.sell(1)];
    for protocol_version in [0, PROTOCOL_VERSION + 1, u16::MAX] {
        let request = UploadRequest { entries: entries.clone(), protocol_version };
        let problem = register.post("upload", &request).await.problem();
        assert_eq!((problem.status, problem.code.as_str()), (400, code::VERSION_UNKNOWN));
    }
}

#[tokio::test]
async fn truncated_and_flipped_bytes_change_nothing() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let entries = vec![register.sell(123)];
    let bytes = holdfast_protocol::encode(&UploadRequest { entries, protocol_version: 1 });
    for length in (0..bytes.len()).step_by(17) {
        let answer = register.send(axum::http::Method::POST, "upload", bytes[..length].to_vec()).await;
        assert_eq!(answer.problem().code, code::MALFORMED);
    }
    for place in (0..bytes.len()).step_by(13) {
        let mut flipped = bytes.clone();
        flipped[place] ^= 0x10;
        let answer = register.send(axum::http::Method::POST, "upload", flipped).await;
        assert_ne!(answer.status, StatusCode::OK, "byte {place}");
        assert_ne!(answer.problem().code, code::INTERNAL, "byte {place}");
    }
    assert_eq!(acknowledged(&register).await, 0);
}

#[tokio::test]
async fn a_locked_register_uploads_nothing() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let entry = register.sell(1);
    server.administrator().await.post("/api/admin/registers/1/lock", "").await;
    let problem = register.upload_raw(&[entry]).await.problem();
    assert_eq!((problem.status, problem.code.as_str()), (401, code::REGISTER_UNKNOWN));
}
