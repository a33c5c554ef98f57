//! Damaged and hostile answers to each call, over real HTTP: the register's databases stay as they are, its sales
//! stay, and once the answers are true again everything goes on by itself.

use holdfast_headless_register::catalogue::Catalogue;
use holdfast_headless_register::clock::Clock;
use holdfast_headless_register::register::Register;
use holdfast_profile::TableId;
use holdfast_protocol::rows::{BarcodeRow, PriceRow};
use holdfast_store_server::database::MasterRow;
use holdfast_sync::memory_store::{KeptEntry, MemoryStore};
use holdfast_sync::store::TableRecord;

use crate::in_process::InProcess;
use crate::liar::{Liar, Lie};
use crate::setting::{AT_MOST, invoice, wait_for, wait_until_all_is_sent};

/// A minute of the engine's clock takes one and a half seconds.
const SPEED_UP: u32 = 40;

/// All that must not change while lies are told.
#[derive(Debug, PartialEq)]
struct Kept {
    profile_version: Option<u64>,
    cursors: Vec<(TableId, u64, u64)>,
    entries: Vec<KeptEntry>,
    rows: Vec<usize>,
}

fn kept(store: &MemoryStore) -> Kept {
    let state = store.state();
    let cursor = |(table, record): (&TableId, &TableRecord)| (*table, record.generation, record.cursor);
    Kept {
        profile_version: state.profile.as_ref().map(|(version, _)| *version),
        cursors: state.tables.iter().map(cursor).collect(),
        entries: store.entries(),
        rows: TableId::ALL.iter().map(|&table| store.rows(table).map_or(0, |rows| rows.len())).collect(),
    }
}

async fn ready(server: &InProcess, liar: &Liar) -> Register {
    let register = server.register_at(&liar.url(), 1, Clock::start(SPEED_UP)).await;
    assert!(register.driver().wait_until(AT_MOST, |status| status.ready_to_sell).await);
    register
}

/// The lie is told some times, and nothing comes of it.
async fn told_in_vain(liar: &Liar, register: &Register, before: &Kept, what: &str) {
    wait_for(what, async || liar.told_count() >= 2).await;
    assert_eq!(&kept(register.store()), before, "{what}");
}

/// A price and a barcode that are new in the store.
async fn change(server: &InProcess, number: i64) {
    let store = server.database().store().await.expect("it answers").expect("there is one");
    let mut writing = server.database().begin_write(&store.row.id, 0).await.expect("it is free");
    let rows = [
        MasterRow::Price(PriceRow { sku: "1001".into(), price_minor: 10_000 + number }),
        MasterRow::Barcode(BarcodeRow { gtin: format!("{:014}", 20_000_000 + number), sku: "1001".into() }),
    ];
    writing.put(&rows).await.expect("they are written");
    writing.commit().await.expect("they last");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lies_about_contacts_change_nothing() {
    let server = InProcess::start().await;
    let liar = Liar::start(server.url()).await;
    let register = ready(&server, &liar).await;
    wait_for("it is at rest", async || register.driver().status().is_some_and(|s| s.waiting == 0)).await;
    let before = kept(register.store());
    for lie in Lie::ALL {
        liar.lie("/contact", lie);
        told_in_vain(&liar, &register, &before, &format!("contact {lie:?}")).await;
    }
    liar.repent();
    change(&server, 1).await;
    wait_for("it goes on", async || kept(register.store()).cursors != before.cursors).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lies_about_uploads_settle_nothing() {
    let server = InProcess::start().await;
    let liar = Liar::start(server.url()).await;
    let mut register = ready(&server, &liar).await;
    let catalogue = Catalogue::read(register.store()).expect("a catalogue");
    for (number, lie) in Lie::ALL.into_iter().enumerate() {
        liar.lie("/upload", lie);
        register.sell(&invoice(number, 1), &catalogue).expect("the journal takes it");
        let before = kept(register.store());
        told_in_vain(&liar, &register, &before, &format!("upload {lie:?}")).await;
        assert_eq!(register.store().counts().waiting, 1, "{lie:?}");
        liar.repent();
        // The store server had it all the time; it is settled once.
        wait_until_all_is_sent(&register).await;
    }
    let store = server.database().store().await.expect("it answers").expect("there is one");
    let audit = server.database().audit(&store.row.id).await.expect("it answers");
    let sales_count = Lie::ALL.len() as u64;
    assert_eq!((audit[0].receipts_count, audit[0].duplicates), (sales_count, 0));
    assert_eq!(audit[0].total_minor, Lie::ALL.len() as i64 * 255);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lies_about_changes_are_not_stored() {
    let server = InProcess::start().await;
    let liar = Liar::start(server.url()).await;
    let register = ready(&server, &liar).await;
    for (number, lie) in (0..).zip(Lie::ALL) {
        let before = kept(register.store());
        liar.lie("/pull", lie);
        change(&server, number).await;
        told_in_vain(&liar, &register, &before, &format!("pull {lie:?}")).await;
        liar.repent();
        wait_for("it goes on", async || {
            let rows = register.store().rows(TableId::Barcode).expect("they can be read");
            rows.contains_key(&format!("{:014}", 20_000_000 + number))
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lies_about_profile_and_snapshots_leave_a_new_register_empty_and_trying() {
    for endpoint in ["/profile", "/manifest", "/page"] {
        let server = InProcess::start().await;
        let liar = Liar::start(server.url()).await;
        liar.lie(endpoint, Lie::Portal);
        let register = server.register_at(&liar.url(), 1, Clock::start(SPEED_UP)).await;
        wait_for("it is told", async || liar.told_count() >= 1).await;
        // What is before it in the order is here already; of the rest nothing may come.
        let before = kept(register.store());
        for lie in Lie::ALL {
            // A page proves itself, whatever it is served as; only its own bytes count.
            if endpoint == "/page" && [Lie::WrongType, Lie::OtherNonce].contains(&lie) {
                continue;
            }
            liar.lie(endpoint, lie);
            told_in_vain(&liar, &register, &before, &format!("{endpoint} {lie:?}")).await;
            assert!(!register.driver().status().is_some_and(|status| status.ready_to_sell));
        }
        liar.repent();
        assert!(register.driver().wait_until(AT_MOST, |status| status.ready_to_sell).await, "{endpoint}");
    }
}
