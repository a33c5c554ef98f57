//! `GET /api/admin/categories`.

use holdfast_store_server::import::ImportKind;
use serde_json::json;

use crate::support::TestServer;

#[tokio::test]
async fn categories_are_listed_with_their_products_the_empty_ones_too() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    assert_eq!(admin.get("/api/admin/categories").await.json(), json!({ "categories": [] }));
    let csv = "sku,name,price,category\nA,Apple,1.00,Fruit\nB,Pear,1.00,Fruit\nC,Cup,1.00,Home\n";
    server.import(ImportKind::Products, csv).await;
    server.import(ImportKind::Products, "sku,name,price,category\nC,Cup,1.00,Fruit\n").await;
    let listed = admin.get("/api/admin/categories").await.json();
    let counts: Vec<(&str, u64)> = listed["categories"]
        .as_array()
        .unwrap()
        .iter()
        .map(|category| (category["name"].as_str().unwrap(), category["products"].as_u64().unwrap()))
        .collect();
    assert_eq!(counts, [("Fruit", 3), ("Home", 0)]);
}
