//! Barcodes, of products and as products.

use holdfast_profile::TableId;
use holdfast_protocol::rows::{BarcodeRow, PriceRow, ProductRow};
use holdfast_store_server::import::ImportKind;

use super::{check_idempotent, refused, rows};
use crate::support::TestServer;

#[tokio::test]
async fn barcodes_are_given_to_products_that_are_here() {
    let server = TestServer::start().await;
    server.import(ImportKind::Products, "sku,name,price\nA,Apple,1.00\nB,Beet,1.00\n").await;
    let file =
        "barcode,sku\n5012345678900,A\n05012345678900,B\n5012345678901,A\n4006381333931,C\n,A\n96385074,B\n";
    let report = server.import(ImportKind::Barcodes, file).await;
    assert_eq!(
        refused(&report),
        [
            (3, "barcode 05012345678900 stands in line 2 already"),
            (
                4,
                "barcode 5012345678901 can't be right: the last digit is 1, but the digits before it ask for 0"
            ),
            (5, "there is no product C"),
            (6, "the barcode is missing"),
        ]
    );
    let barcodes = rows::<BarcodeRow>(&server, TableId::Barcode).await;
    let given: Vec<(&str, &str)> =
        barcodes.iter().map(|(key, row)| (key.as_str(), row.sku.as_str())).collect();
    assert_eq!(given, [("00000096385074", "B"), ("05012345678900", "A")]);
    check_idempotent(&server, ImportKind::Barcodes, file, &report).await;
    // A barcode that moved to another product moves here too.
    server.import(ImportKind::Barcodes, "barcode,sku\n5012345678900,B\n").await;
    assert_eq!(rows::<BarcodeRow>(&server, TableId::Barcode).await["05012345678900"].sku, "B");
}

#[tokio::test]
async fn trade_items_with_names_become_products_without_a_price() {
    let server = TestServer::start().await;
    let file = "GTIN-14,Brand Name,Name,Size\n\
                00041250500735,Meijer,Vitamin C 500 mg,100 caplets\n\
                09780670022151,,What Technology Wants,\n\
                00000000959742,Trader Joe's,TRADER JOE'S Jerky,4 oz\n\
                00o27000382493,B,N,S\n\
                05012345678900,Brand,,1 kg\n";
    let report = server.import(ImportKind::Barcodes, file).await;
    assert_eq!((report.taken, report.refused_count), (3, 2));
    let products = rows::<ProductRow>(&server, TableId::Product).await;
    assert_eq!(products["00041250500735"].name, "Meijer Vitamin C 500 mg, 100 caplets");
    assert_eq!(products["09780670022151"].name, "What Technology Wants");
    assert_eq!(products["00000000959742"].name, "TRADER JOE'S Jerky, 4 oz");
    assert!(rows::<PriceRow>(&server, TableId::Price).await.is_empty());
    check_idempotent(&server, ImportKind::Barcodes, file, &report).await;
}

#[tokio::test]
async fn what_makes_a_name_too_long_is_left_out() {
    let server = TestServer::start().await;
    let (name, brand) = ("n".repeat(180), "b".repeat(60));
    let file = format!("gtin,brand,name,size\n05012345678900,{brand},{name},12 fl oz\n");
    assert_eq!(server.import(ImportKind::Barcodes, &file).await.taken, 1);
    assert_eq!(rows::<ProductRow>(&server, TableId::Product).await["05012345678900"].name, name);
}

#[tokio::test]
async fn a_product_of_the_shop_keeps_its_barcode() {
    let server = TestServer::start().await;
    server.import(ImportKind::Products, "sku,name,price\nA,Apple,1.00\n").await;
    server.import(ImportKind::Barcodes, "barcode,sku\n5012345678900,A\n").await;
    let report = server.import(ImportKind::Barcodes, "barcode,name\n5012345678900,Some apple\n").await;
    assert_eq!(refused(&report), [(2, "barcode 05012345678900 stands for product A here")]);
    assert_eq!(rows::<ProductRow>(&server, TableId::Product).await.len(), 1);
}

#[tokio::test]
async fn a_price_list_makes_trade_items_sellable() {
    let server = TestServer::start().await;
    server.import(ImportKind::Barcodes, "barcode,name\n5012345678900,Some apple\n").await;
    let report = server.import(ImportKind::Products, "sku,name,price\n05012345678900,Apple,0.40\n").await;
    assert_eq!((report.taken, report.changed), (1, 2));
    assert_eq!(rows::<PriceRow>(&server, TableId::Price).await["05012345678900"].price_minor, 40);
}
