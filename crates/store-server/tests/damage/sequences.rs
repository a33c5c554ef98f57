//! Requests that are replayed, reordered, or another register's: each has its effect once, or none.

use holdfast_protocol::encode;
use holdfast_protocol::messages::UploadRequest;
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::problem::code;

use super::setting::{Watched, authorization};
use crate::support::{TestRegister, TestServer};

fn upload(entries: &[OutboxEntry]) -> Vec<u8> {
    encode(&UploadRequest { entries: entries.to_vec(), protocol_version: 1 })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_replayed_gets_the_same_answer_and_changes_nothing() {
    let server = TestServer::demo().await;
    let code = server.activation_code(1).await;
    let first = TestRegister::ask(&server, &code, [7; 16]).await;
    let before = Watched::begin(&server).await;
    let again = TestRegister::ask(&server, &code, [7; 16]).await;
    assert_eq!(again.body, first.body, "the lost reply to an activation");
    before.assert_unchanged("the lost reply to an activation").await;
    let mut register = TestRegister::of(&server, first.message());
    let mut entries = vec![register.sell(100), register.sell(200), register.sell(300)];
    let mut wrong = register.sale(&[(100, 1)]);
    wrong.total_minor += 1;
    entries.push(register.seal_sale(&wrong));
    let settled = register.upload_raw(&entries).await;
    let contacted = register.post("contact", &register.contact_request()).await;

    let authorization = authorization(&register);
    let headers = [("authorization", authorization.as_str())];
    let watched = Watched::begin(&server).await;
    for _ in 0..3 {
        let answer = watched.wire.send("POST", "/api/v1/upload", &headers, &upload(&entries)).await;
        assert_eq!((answer.status.unwrap().as_u16(), answer.body), (200, settled.body.clone()));
        let answer = register.post("contact", &register.contact_request()).await;
        assert_eq!(answer.body, contacted.body);
    }
    for part in [&entries[..1], &entries[1..3], &entries[3..]] {
        let answer = watched.wire.send("POST", "/api/v1/upload", &headers, &upload(part)).await;
        assert_eq!(answer.status.unwrap(), 200);
    }
    watched.assert_unchanged("replays").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_reordered_left_out_or_another_registers_is_refused_whole() {
    let server = TestServer::demo().await;
    let (mut register, mut other) = (server.register(1).await, server.register(2).await);
    let settled = [register.sell(1), register.sell(2)];
    register.upload(&settled).await;
    let of_other = other.sell(50);
    other.upload(&[of_other]).await;
    let next = [register.sell(3), register.sell(4), register.sell(5)];
    let [third, fourth, fifth] = next.clone();
    let of_other = [other.sell(60), other.sell(70)];
    let resealed = |seq, previous: &[u8; 32]| {
        OutboxEntry::seal(seq, EntryKind::Sale, 0, *previous, third.payload.to_vec())
    };
    let authorization = authorization(&register);
    let headers = [("authorization", authorization.as_str())];
    let watched = Watched::begin(&server).await;
    let cases: Vec<(&str, Vec<OutboxEntry>, &str)> = vec![
        ("backwards", vec![fifth.clone(), fourth.clone(), third.clone()], code::SEQUENCE_GAP),
        ("swapped", vec![third.clone(), fifth.clone(), fourth.clone()], code::SEQUENCE_GAP),
        ("without the first", vec![fourth.clone(), fifth.clone()], code::SEQUENCE_GAP),
        ("without the middle", vec![third.clone(), fifth.clone()], code::SEQUENCE_GAP),
        ("one twice", vec![third.clone(), third.clone()], code::SEQUENCE_GAP),
        ("new before settled", vec![third.clone(), settled[0].clone()], code::SEQUENCE_GAP),
        ("sequence 0", vec![resealed(0, &[0; 32])], code::SEQUENCE_GAP),
        ("the last sequence there is", vec![resealed(u64::MAX, &[0; 32])], code::SEQUENCE_GAP),
        ("another in a settled place", vec![resealed(2, &settled[0].hash)], code::CHAIN_BROKEN),
        ("a forked history", vec![resealed(1, &[0; 32])], code::CHAIN_BROKEN),
        ("unchained", vec![resealed(3, &[1; 32])], code::CHAIN_BROKEN),
        ("another register's next", of_other.to_vec(), code::CHAIN_BROKEN),
        (
            "good ones before a bad one",
            {
                let bad = OutboxEntry { created_at_ms: 77, ..fifth.clone() };
                vec![third.clone(), fourth.clone(), bad]
            },
            code::CHAIN_BROKEN,
        ),
    ];
    for (what, entries, code) in cases {
        let answer = watched.wire.send("POST", "/api/v1/upload", &headers, &upload(&entries)).await;
        assert_eq!(answer.problem(), (409, code.to_owned()), "{what}");
        watched.assert_unchanged(what).await;
    }
    let answer = watched.wire.send("POST", "/api/v1/upload", &headers, &upload(&next)).await;
    assert_eq!(answer.status.unwrap(), 200, "what follows is still taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_activation_code_that_was_used_or_replaced_changes_nothing() {
    let server = TestServer::demo().await;
    let void = server.activation_code(1).await;
    let used = server.activation_code(1).await;
    TestRegister::ask(&server, &used, [7; 16]).await;
    let expired = server.activation_code(2).await;
    server.pass(60 * 60_000 + 1);
    let watched = Watched::begin(&server).await;
    for (what, code, status) in [
        ("another attempt", used.as_str(), 409),
        ("replaced by a later one", void.as_str(), 404),
        ("expired", expired.as_str(), 410),
        ("empty", "", 404),
        ("never made", "AAAA-AAAA", 404),
        ("as long as a novel", &"K".repeat(50_000), 404),
        ("SQL", "' OR 1=1 --", 404),
    ] {
        let answer = TestRegister::ask(&server, code, [9; 16]).await;
        assert_eq!(answer.problem().status, status, "{what}");
        // Whoever guesses must wait; that is not what is tested here.
        server.pass(60 * 60_000);
    }
    watched.assert_unchanged("codes").await;
}
