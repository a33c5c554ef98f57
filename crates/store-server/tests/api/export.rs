//! `POST /api/v1/export`, and the exports as administrators get them.

use std::io::Write;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use flate2::Compression;
use flate2::write::GzEncoder;
use holdfast_protocol::encode;
use holdfast_protocol::export::{
    ExportHeader, ExportWriter, ExportedEntry, ExportedJournal, FORMAT, FORMAT_VERSION,
};
use holdfast_protocol::messages::UploadReply;
use holdfast_protocol::outbox::EntryKind;
use holdfast_protocol::problem::code;
use holdfast_store_server::admission::AdmissionLimits;
use holdfast_store_server::pages::Pages;
use holdfast_store_server::secrets::hex;

use super::slow_bodies::{Unsent, Watched};
use crate::support::{NOON_MS, TestRegister, TestServer};

/// The unpacked bytes of an export with one sale.
fn export_of(register: &mut TestRegister<'_>, made_at_ms: i64) -> Vec<u8> {
    let mut writer = ExportWriter::new();
    let mut bytes = writer.header(&ExportHeader {
        format: FORMAT.to_owned(),
        version: FORMAT_VERSION,
        store_id: register.identity.store_id.clone(),
        store_name: register.identity.store_name.clone(),
        register_number: register.identity.register_number,
        register_name: register.identity.register_name.clone(),
        app_version: "1.0".to_owned(),
        made_at_ms,
        profile_name: None,
        profile_version: None,
    });
    let (base_seq, base_hash) = (register.last_seq, register.last_hash);
    let sale = register.sale(&[(250, 2)]);
    let entry = register.seal(EntryKind::Sale, encode(&sale));
    bytes.extend(writer.journal(&ExportedJournal {
        series: 1,
        base_seq,
        base_hash: base_hash.into(),
        last_seq: entry.seq,
        last_hash: entry.hash,
        receipt_counter: sale.receipt_counter,
        acknowledged_seq: base_seq,
        basket: None,
    }));
    bytes.extend(writer.entry(&ExportedEntry { series: 1, envelope: encode(&entry).into(), outcome: None }));
    bytes.extend(writer.end());
    bytes
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[tokio::test]
async fn the_last_exports_of_a_register_are_kept_and_come_back_to_the_byte() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let mut sent = Vec::new();
    for number in 0..7 {
        let export = packed(&export_of(&mut register, NOON_MS + number));
        assert_eq!(register.send(Method::POST, "export", export.clone()).await.status, StatusCode::OK);
        sent.push(export);
    }
    let admin = server.administrator().await;
    let list = admin.get("/api/admin/registers/1/exports").await.json();
    let exports = list["exports"].as_array().unwrap();
    let numbers: Vec<u64> = exports.iter().map(|export| export["export"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [7, 6, 5, 4, 3]);
    assert_eq!(exports[0]["made_at_ms"], NOON_MS + 6);
    assert_eq!(exports[0]["received_at_ms"], server.now_ms());
    assert_eq!((&exports[0]["entries"], &exports[0]["is_chain_whole"]), (&1.into(), &true.into()));
    let file = admin.get("/api/admin/registers/1/exports/6").await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.header(header::CONTENT_TYPE), "application/gzip");
    assert!(file.header(header::CONTENT_DISPOSITION).starts_with("attachment; filename=\"register-1-"));
    assert_eq!(file.body, sent[5]);
    assert_eq!(file.body.len() as u64, exports[1]["bytes"].as_u64().unwrap());
    // The other register has none, and there are none of what is not there.
    assert_eq!(admin.get("/api/admin/registers/2/exports").await.json()["exports"], serde_json::json!([]));
    for path in ["registers/1/exports/1", "registers/2/exports/7", "registers/77/exports"] {
        assert_eq!(admin.get(&format!("/api/admin/{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(server.get("/api/admin/registers/1/exports").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_is_no_whole_export_of_this_register_is_refused_and_changes_nothing() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let mut other = server.register(2).await;
    let foreign = packed(&export_of(&mut other, NOON_MS));
    let whole = export_of(&mut register, NOON_MS);
    let mut changed = whole.clone();
    changed[300] ^= 1;
    let before = server.dump().await;
    let cut = packed(&whole);
    let bad = [
        Vec::new(),
        b"<html>".to_vec(),
        packed(b"<html>"),
        packed(&changed),
        packed(&whole[..whole.len() - 3]),
        cut[..cut.len() - 9].to_vec(),
        whole.clone(),
        foreign,
    ];
    for (at, body) in bad.into_iter().enumerate() {
        let answer = register.send(Method::POST, "export", body).await;
        assert_eq!(answer.problem().code, code::MALFORMED, "{at}");
    }
    assert_eq!(server.dump().await, before);
    let nobody = server.get("/api/v1/export").await;
    assert_ne!(nobody.status, StatusCode::OK);
}

#[tokio::test]
async fn a_broken_chain_is_kept_and_told() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    // A sale of which the export knows nothing.
    let missing = register.sale(&[(100, 1)]);
    let (seq, hash) = (register.last_seq, register.last_hash);
    register.seal(EntryKind::Sale, encode(&missing));
    let export = export_of(&mut register, NOON_MS);
    assert_eq!(register.send(Method::POST, "export", packed(&export)).await.status, StatusCode::OK);
    register.last_seq = seq;
    register.last_hash = hash;
    let mut writer = ExportWriter::new();
    // For its effect: the register has one more sale, which the journal counts and the export does not hold.
    export_of(&mut register, NOON_MS);
    let header = ExportHeader {
        format: FORMAT.to_owned(),
        version: FORMAT_VERSION,
        store_id: register.identity.store_id.clone(),
        store_name: String::new(),
        register_number: 1,
        register_name: String::new(),
        app_version: String::new(),
        made_at_ms: NOON_MS,
        profile_name: None,
        profile_version: None,
    };
    let mut broken = writer.header(&header);
    broken.extend(writer.journal(&ExportedJournal {
        series: 1,
        base_seq: 0,
        base_hash: [0; 32].into(),
        last_seq: register.last_seq,
        last_hash: register.last_hash.into(),
        receipt_counter: 2,
        acknowledged_seq: 0,
        basket: None,
    }));
    broken.extend(writer.end());
    assert_eq!(register.send(Method::POST, "export", packed(&broken)).await.status, StatusCode::OK);
    let admin = server.administrator().await;
    let list = admin.get("/api/admin/registers/1/exports").await.json();
    assert_eq!(list["exports"][0]["is_chain_whole"], false);
    assert_eq!(list["exports"][1]["is_chain_whole"], true);
}

/// A request with an export that arrives as its body does.
fn export_request(register: &TestRegister<'_>, body: Body) -> Request<Body> {
    let token = format!("Bearer {}", hex(register.identity.token.as_slice()));
    Request::post("/api/v1/export").header(header::AUTHORIZATION, token).body(body).unwrap()
}

#[tokio::test]
async fn exports_that_are_long_on_their_way_do_not_hold_up_sales() {
    let mut limits =
        AdmissionLimits { exports_at_work_max: 1, live_waiting_max: 0, ..AdmissionLimits::new(2, 8) };
    (limits.bulk.at_work_max, limits.bulk.waiting_max) = (1, 0);
    let server = TestServer::start_with_limits(false, Pages::default(), limits).await;
    let (slow, mut register) = (server.register(1).await, server.register(2).await);
    let sales = [register.sell(100)];
    let mut slow = Box::pin(server.send(export_request(&slow, Body::new(Unsent))));
    let others = async {
        // Until the slow one has its place.
        while server.app.admission().export().await.is_ok() {
            tokio::task::yield_now().await;
        }
        let reply: UploadReply = register.upload_raw(&sales).await.message();
        assert_eq!(reply.acknowledged_seq, 1);
        let another = register.send(Method::POST, "export", Vec::new()).await;
        assert_eq!(another.problem().code, code::BUSY);
        assert!(!another.header(header::RETRY_AFTER).is_empty());
    };
    tokio::select! {
        answer = &mut slow => panic!("{}", answer.text()),
        () = others => {}
    }
    // Who is gone takes no place.
    drop(slow);
    assert!(server.app.admission().export().await.is_ok());
}

#[test]
fn an_export_whose_register_is_gone_keeps_its_place_until_it_is_read() {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().max_blocking_threads(1).build().unwrap();
    runtime.block_on(async {
        let limits =
            AdmissionLimits { exports_at_work_max: 1, live_waiting_max: 0, ..AdmissionLimits::new(2, 8) };
        let server = TestServer::start_with_limits(false, Pages::default(), limits).await;
        let mut register = server.register(1).await;
        let export = packed(&export_of(&mut register, NOON_MS));
        // Nothing is unpacked until this ends.
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let other_work = tokio::task::spawn_blocking(move || ended.recv().is_err());
        let (body, was_read) = Watched::body(export);
        let mut sent = Box::pin(server.send(export_request(&register, body)));
        while !was_read() {
            tokio::select! {
                biased;
                _ = &mut sent => panic!("it can't be read yet"),
                () = tokio::task::yield_now() => {}
            }
        }
        drop(sent);
        assert!(server.app.admission().export().await.is_err(), "it is still to be unpacked");
        drop(end);
        assert!(other_work.await.unwrap());
        while server.app.admission().export().await.is_err() {
            tokio::task::yield_now().await;
        }
    });
}
