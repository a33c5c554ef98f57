//! A disk damages what a register keeps: it is found by the store server's digest and mended.

use holdfast_headless_register::clock::Clock;
use holdfast_headless_register::register::Register;
use holdfast_profile::TableId;
use holdfast_protocol::TableDigest;
use holdfast_protocol::page;
use holdfast_sync::store::TableRecord;

use crate::setting::{AT_MOST, Shop, wait_for};

const TABLE: TableId = TableId::Product;

fn record(register: &Register) -> TableRecord {
    register.store().state().tables.remove(&TABLE).unwrap_or_default()
}

/// The digest of the rows here; none where they can't be read.
fn digest(register: &Register) -> Option<TableDigest> {
    register.store().rows(TABLE).ok().map(|rows| TableDigest::of(rows.values()))
}

/// One product more, so that there is something new to compare.
async fn add_product(shop: &Shop, sku: &str) {
    let csv = format!("sku,name,unit_price\n{sku},NEW THING,1.00\n").into_bytes();
    let report = shop.admin.import("products", csv).await.expect("it is imported");
    assert_eq!(report.taken, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_register_with_a_damaged_page_and_a_lost_row_heals() {
    let shop = Shop::open().await;
    let lines = (0..30_000).map(|number| format!("S{number:05},THING NUMBER {number},2.55\n"));
    let csv: String = std::iter::once("sku,name,unit_price\n".to_owned()).chain(lines).collect();
    let taken = shop.admin.import("products", csv.into_bytes()).await.expect("it is imported");
    assert_eq!(taken.taken, 30_000);
    let register = shop.register(Clock::start(20)).await;
    assert!(register.driver().wait_until(AT_MOST, |status| status.ready_to_sell).await);
    let whole = register.store().pages(TABLE);
    let before = digest(&register);
    assert!(whole.len() >= 3 && record(&register).generation == 1, "{:?}", record(&register));

    register.store().spoil_page(TABLE, 1, |bytes| bytes[9] ^= 1);
    // The page looks whole, but a row of it is gone.
    register.store().spoil_page(TABLE, 0, |bytes| {
        let mut rows = page::unpack(bytes).expect("a whole page");
        rows.remove(7);
        *bytes = page::pack(&rows);
    });
    assert!(before.is_some() && digest(&register).is_none());
    add_product(&shop, "X1").await;
    wait_for("the table is built anew and compared", async || {
        let record = record(&register);
        record.generation > 1 && record.rows == 30_001 && record.compared_at_ms.is_some()
    })
    .await;
    assert_eq!(record(&register).generation, 2, "once");
    assert_eq!(register.store().pages(TABLE)[..whole.len()], whole, "of the same pages");
    let mut rows = register.store().rows(TABLE).expect("readable");
    assert!(rows.contains_key("S00007") && rows.remove("X1").is_some());
    assert_eq!(Some(TableDigest::of(rows.values())), before);
    let said = register.driver().status().and_then(|status| status.last_error);
    assert_eq!(said, None);
}
