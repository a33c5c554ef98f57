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

/// Whether the store server's digest is that of the rows here, and the engine has seen that it is.
fn is_the_same(register: &Register) -> bool {
    let Ok(rows) = register.store().rows(TABLE) else { return false };
    record(register).compared.is_some_and(|compared| compared.digest == TableDigest::of(rows.values()))
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
    let lines = (0..12_000).map(|number| format!("S{number:05},THING NUMBER {number},2.55\n"));
    let csv: String = std::iter::once("sku,name,unit_price\n".to_owned()).chain(lines).collect();
    let taken = shop.admin.import("products", csv.into_bytes()).await.expect("it is imported");
    assert_eq!(taken.taken, 12_000);
    let register = shop.register(Clock::start(20)).await;
    assert!(register.driver().wait_until(AT_MOST, |status| status.ready_to_sell).await);
    wait_for("the download is compared", async || is_the_same(&register)).await;
    let whole = register.store().pages(TABLE);
    assert!(whole.len() >= 3 && record(&register).generation == 1, "{:?}", record(&register));

    register.store().spoil_page(TABLE, 1, |bytes| bytes[9] ^= 1);
    assert!(register.store().rows(TABLE).is_err());
    add_product(&shop, "X1").await;
    wait_for("the damaged page is mended", async || is_the_same(&register)).await;
    assert_eq!(register.store().rows(TABLE).expect("readable").len(), 12_001);
    assert_eq!(record(&register).generation, 2, "it was built anew, once");
    assert_eq!(register.store().pages(TABLE)[..whole.len()], whole, "of the same pages");

    // The page looks whole, but a row of it is gone.
    register.store().spoil_page(TABLE, 0, |bytes| {
        let mut rows = page::unpack(bytes).expect("a whole page");
        rows.remove(7);
        *bytes = page::pack(&rows);
    });
    add_product(&shop, "X2").await;
    wait_for("the lost row is back", async || is_the_same(&register)).await;
    let rows = register.store().rows(TABLE).expect("readable");
    assert!(rows.len() == 12_002 && rows.contains_key("S00007"), "{} rows", rows.len());
    assert_eq!(record(&register).generation, 3);
    let said = register.driver().status().and_then(|status| status.last_error);
    assert_eq!(said, None);
}
