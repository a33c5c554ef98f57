//! The demo shop.

use std::num::NonZeroU32;

use holdfast_profile::TableId;
use holdfast_protocol::rows::{BarcodeRow, CategoryRow, PriceRow, ProductRow, StaffRow, TaxRateRow};

use super::rows;
use crate::support::TestServer;

#[tokio::test]
async fn it_is_a_whole_shop() {
    let server = TestServer::demo().await;
    let products = rows::<ProductRow>(&server, TableId::Product).await;
    let prices = rows::<PriceRow>(&server, TableId::Price).await;
    let barcodes = rows::<BarcodeRow>(&server, TableId::Barcode).await;
    let categories = rows::<CategoryRow>(&server, TableId::Category).await;
    let taxes = rows::<TaxRateRow>(&server, TableId::TaxRate).await;
    assert!(products.len() > 550);
    for product in products.values() {
        assert!(prices[&product.sku].price_minor > 0, "{}", product.sku);
        assert!(categories.contains_key(&product.category) && taxes.contains_key(&product.tax_code));
    }
    assert!(barcodes.values().all(|barcode| products.contains_key(&barcode.sku)));
    assert_eq!(taxes["standard"].rate_ppm, 200_000);
    assert!(["1001", "1002", "1003"].iter().all(|sku| products[*sku].unit == "ea"));
    assert_eq!(server.store().await.default_tax_code, "standard");
}

#[tokio::test]
async fn its_manager_signs_in_with_the_pin_that_is_told() {
    let server = TestServer::demo().await;
    let staff = rows::<StaffRow>(&server, TableId::Staff).await;
    let manager = &staff["1"];
    assert!(manager.is_manager);
    let rounds = NonZeroU32::new(manager.pin_rounds).unwrap();
    let verifier = holdfast_store_server::pin::verifier("1111", &manager.pin_salt, rounds);
    assert_eq!(manager.pin_verifier.as_slice(), verifier);
}
