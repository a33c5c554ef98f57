//! Files of real shops, with the dirt that their descriptions name.

use std::collections::BTreeMap;
use std::path::Path;

use holdfast_profile::TableId;
use holdfast_protocol::rows::{BarcodeRow, CustomerRow, PriceRow, ProductRow};
use holdfast_store_server::import::{ImportKind, ImportReport};

use super::{check_idempotent, rows};
use crate::support::{TestServer, real_data};

async fn import_file(server: &TestServer, kind: ImportKind, path: &Path) -> ImportReport {
    let csv = std::fs::read_to_string(path).unwrap();
    let report = server.import(kind, &csv).await;
    check_idempotent(server, kind, &csv, &report).await;
    report
}

/// How often each kind of reason was given.
fn reasons(report: &ImportReport) -> BTreeMap<&'static str, usize> {
    const PARTS: [&str; 8] = [
        "has no name",
        "no price above 0",
        "only in upper and lower case",
        "more than 2 decimals",
        "can't be right",
        "already",
        "control character",
        "are the most",
    ];
    let mut counts = BTreeMap::new();
    for refused in &report.refused {
        let part = PARTS.iter().find(|part| refused.reason.contains(*part));
        *counts.entry(part.copied().unwrap_or("another")).or_default() += 1;
    }
    counts
}

#[tokio::test]
async fn the_gift_shop_s_catalogue_is_taken_but_for_its_dirt() {
    let Some(folder) = real_data() else { return };
    let server = TestServer::start().await;
    let report = import_file(&server, ImportKind::Products, &folder.join("online-retail/products.csv")).await;
    // 4,070 rows: 148 without a price above 0, 112 of them without a name; 112 skus in two spellings, both of
    // them sellable for 110.
    assert_eq!(report.taken + report.refused_count, 4_070);
    assert_eq!(
        reasons(&report),
        BTreeMap::from([
            ("has no name", 112),
            ("more than 2 decimals", 1),
            ("no price above 0", 36),
            ("only in upper and lower case", 110),
        ])
    );
    let products = rows::<ProductRow>(&server, TableId::Product).await;
    assert_eq!(products.len(), 3_811);
    assert_eq!(rows::<PriceRow>(&server, TableId::Price).await.len(), 3_811);
    assert_eq!(products["10002"].name, "INFLATABLE POLITICAL GLOBE");
}

#[tokio::test]
async fn the_gift_shop_s_customers_are_taken() {
    let Some(folder) = real_data() else { return };
    let server = TestServer::start().await;
    let report =
        import_file(&server, ImportKind::Customers, &folder.join("online-retail/customers.csv")).await;
    assert_eq!((report.taken, report.refused_count), (4_372, 0));
    assert_eq!(rows::<CustomerRow>(&server, TableId::Customer).await["12347"].country, "Iceland");
}

#[tokio::test]
async fn open_food_facts_barcodes_are_taken_but_for_their_dirt() {
    let Some(folder) = real_data() else { return };
    let server = TestServer::start().await;
    let report = import_file(&server, ImportKind::Barcodes, &folder.join("gtin/openfoodfacts.csv")).await;
    // 29,807 rows: 405 without a right check digit at a right length, 4 that stand twice.
    assert_eq!(report.taken + report.refused_count, 29_807);
    assert_eq!(
        reasons(&report),
        BTreeMap::from([("already", 4), ("can't be right", 405), ("control character", 5)])
    );
    let barcodes = rows::<BarcodeRow>(&server, TableId::Barcode).await;
    assert_eq!(barcodes.len(), 29_393);
    assert!(barcodes.iter().all(|(gtin, row)| gtin.len() == 14 && row.sku == *gtin));
    let products = rows::<ProductRow>(&server, TableId::Product).await;
    assert!(products.values().all(|product| !product.name.contains("&quot;")));
}

#[tokio::test]
async fn datakick_s_items_are_taken_but_for_their_dirt() {
    let Some(folder) = real_data() else { return };
    let server = TestServer::start().await;
    let report = import_file(&server, ImportKind::Barcodes, &folder.join("gtin/datakick.csv")).await;
    assert_eq!(report.taken + report.refused_count, 6_561);
    assert_eq!(reasons(&report), BTreeMap::from([("are the most", 1), ("can't be right", 1)]));
    let products = rows::<ProductRow>(&server, TableId::Product).await;
    assert_eq!(products["00041250500735"].name, "Meijer Vitamin C 500 mg, 100 caplets");
}
