//! The sales that arrived.

use crate::support::TestServer;

#[tokio::test]
async fn sales_are_listed_newest_first_and_by_pages() {
    let server = TestServer::start().await;
    let (mut one, mut two) = (server.register(1).await, server.register(2).await);
    for price in 1..=3 {
        let entry = one.sell(price * 100);
        one.upload(&[entry]).await;
        let entry = two.sell(price);
        two.upload(&[entry]).await;
    }
    let administrator = server.administrator().await;
    let mut receipts = Vec::new();
    let mut before = String::new();
    loop {
        let page = administrator
            .get(&format!("/api/admin/sales?register=&limit=4&before_seq={before}"))
            .await
            .json();
        let sales = page["sales"].as_array().unwrap();
        receipts.extend(sales.iter().map(|sale| sale["receipt"].as_str().unwrap().to_owned()));
        before = sales.last().unwrap()["seq"].to_string();
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(
        receipts,
        ["0002-000003", "0001-000003", "0002-000002", "0001-000002", "0002-000001", "0001-000001"]
    );
    let of_one = administrator.get("/api/admin/sales?register=1").await.json();
    assert_eq!(of_one["sales"].as_array().unwrap().len(), 3);
    assert_eq!(of_one["sales"][0]["total_minor"], 300);
    assert_eq!(of_one["sales"][0]["lines"], 1);
    assert_eq!(of_one["sales"][0]["cashier"], "Ann");
    assert_eq!(of_one["more"], false);
    let answer = administrator.get("/api/admin/sales?register=all").await;
    assert_eq!(answer.json_problem(), (400, "malformed".to_owned()));
}

#[tokio::test]
async fn a_sale_is_shown_whole() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let mut record = register.sale(&[(600, 2), (100, -1)]);
    record.customer_id = Some("C1".to_owned());
    record.customer_name = Some("Bo".to_owned());
    record.external_ref = Some("536365".to_owned());
    let entry = register.seal_sale(&record);
    register.upload(&[entry]).await;
    let administrator = server.administrator().await;
    let sale = administrator.get("/api/admin/sales/1/1").await.json();
    assert_eq!(sale["receipt"], "0001-000001");
    assert_eq!((&sale["customer"], &sale["customer_id"]), (&"Bo".into(), &"C1".into()));
    assert_eq!(sale["external_ref"], "536365");
    assert_eq!(sale["total_minor"], 1_100);
    assert_eq!(sale["sale_lines"][1]["quantity_milli"], -1_000);
    assert_eq!(sale["sale_lines"][1]["amount_minor"], -100);
    assert_eq!(sale["tax"][0]["gross_minor"], 1_100);
    assert_eq!(sale["tenders"][0]["amount_minor"], 1_100);
    assert_eq!(sale["journal_seq"], 1);
    assert_eq!(sale["journal_hash"].as_str().unwrap().len(), 64);
    for path in ["/api/admin/sales/1/2", "/api/admin/sales/9/1"] {
        assert_eq!(administrator.get(path).await.json_problem(), (404, "not_found".to_owned()));
    }
}
