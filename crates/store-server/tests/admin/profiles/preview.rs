//! `POST /api/admin/profiles/preview`.

use axum::http::StatusCode;
use holdfast_profile::{OfflineProducts, Profile, View, default_profile};
use holdfast_protocol::view;
use holdfast_store_server::import::ImportKind;

use crate::support::TestServer;

#[tokio::test]
async fn a_draft_is_answered_with_what_registers_would_keep() {
    let server = TestServer::start().await;
    server
        .import(
            ImportKind::Products,
            "sku,name,price,category\nA,Apple,1.00,Fruit\nB,Brush,1.00,Home\nC,Cup,1.00,Home\n",
        )
        .await;
    let admin = server.administrator().await;
    let categories = OfflineProducts::Categories { codes: vec!["Home".into()] };
    let mut draft = Profile { offline_products: categories, ..default_profile() };
    // Not valid, and counted all the same.
    draft.name.clear();
    let answer = admin.post("/api/admin/profiles/preview", &serde_json::to_string(&draft).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let tables = answer.json()["tables"].as_array().unwrap().clone();
    let order: Vec<String> = tables.iter().map(|size| size["table"].as_str().unwrap().to_owned()).collect();
    let expected: Vec<&str> = draft.download_tables().into_iter().map(|table| table.name()).collect();
    assert_eq!(order, expected);
    let size = |name: &str| tables.iter().find(|size| size["table"] == name).unwrap().clone();
    let products = size("product");
    assert_eq!((products["rows"].as_u64(), products["all_rows"].as_u64()), (Some(2), Some(3)));
    assert!(products["bytes"].as_u64().unwrap() > 20);
    assert!(products["all_bytes"].as_u64() > products["bytes"].as_u64());
    assert_eq!((size("price")["rows"].as_u64(), size("category")["rows"].as_u64()), (Some(2), Some(2)));
    let store = server.store().await;
    let numbers: Vec<u64> = View::all_of(&draft).iter().map(view::number).collect();
    let kept = server.database.views(&store.row.id, &numbers).await.unwrap();
    assert!(kept.is_empty() && !numbers.is_empty(), "nothing is kept of a draft");
}

#[tokio::test]
async fn what_is_no_profile_is_refused() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    for body in ["", "[]", "{\"name\":3}"] {
        let answer = admin.post("/api/admin/profiles/preview", body).await;
        assert_eq!(answer.json_problem(), (400, "malformed".to_owned()), "{body}");
    }
    let stranger = server.send(
        axum::http::Request::post("/api/admin/profiles/preview")
            .header("x-holdfast", "1")
            .body(axum::body::Body::from("{}"))
            .unwrap(),
    );
    assert_eq!(stranger.await.status, StatusCode::UNAUTHORIZED);
}
