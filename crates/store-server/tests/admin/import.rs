//! `POST /api/admin/import/{kind}`.

use crate::support::TestServer;

#[tokio::test]
async fn a_file_is_taken_and_its_refused_lines_are_named() {
    let server = TestServer::start().await;
    let administrator = server.administrator().await;
    let file = "sku,name,price\nA1,Apple,0.40\nA2,Pear,\"2,50\"\n";
    let report = administrator.post("/api/admin/import/products", file).await.json();
    assert_eq!((&report["taken"], &report["refused_count"]), (&1.into(), &1.into()));
    assert_eq!(report["refused"][0]["line"], 3);
    assert_eq!(report["refused"][0]["reason"], "the price can't be read: “2,50” is not a number");
}

#[tokio::test]
async fn a_file_that_is_none_of_that_kind_is_refused_whole() {
    let server = TestServer::start().await;
    let administrator = server.administrator().await;
    for (kind, file) in [
        ("products", ""),
        ("products", "id,name\n1,Ann\n"),
        ("customers", "sku,name\n1,Ann\n"),
        ("barcodes", "sku,name\n1,Ann\n"),
        ("products", "sku,name,price\nA1,Apple,0.40\nA2,Pe\0ar,0.50\n"),
    ] {
        let answer = administrator.post(&format!("/api/admin/import/{kind}"), file).await;
        assert_eq!(answer.json_problem(), (422, "not_that_kind_of_file".to_owned()), "{file}");
        assert!(answer.json()["detail"].as_str().unwrap().ends_with("Nothing was changed."));
    }
    let store = administrator.get("/api/admin/store").await.json();
    assert!(store["rows"].as_array().unwrap().iter().all(|row| row["table"] != "product"));
    let unknown = administrator.post("/api/admin/import/prices", "sku\n").await;
    assert_eq!(unknown.json_problem(), (404, "not_found".to_owned()));
}
