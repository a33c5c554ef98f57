//! Who changed what.

use serde_json::json;

use super::{copied, published, saved, trail, with_timeout};
use crate::support::TestServer;

#[tokio::test]
async fn every_change_of_an_administrator_is_in_the_trail() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    assert_eq!(trail(&admin).await, [], "nobody has done anything yet");
    admin.post("/api/admin/registers", r#"{"number":7,"name":"Yard"}"#).await;
    admin.post("/api/admin/registers/7/activation-code", "").await;
    admin.post("/api/admin/registers/7/lock", "").await;
    admin.post("/api/admin/import/customers", "id,name\n1,Ito\n").await;
    let id = copied(&admin, "Garden").await;
    saved(&admin, 1, 1, &with_timeout(30)).await;
    published(&admin, 1).await;
    published(&admin, id).await;
    let to_garden = json!({ "profile": id }).to_string();
    admin.put("/api/admin/registers/7/profile", &to_garden).await;
    admin.put("/api/admin/registers/7/profile", &to_garden).await;
    admin.put("/api/admin/store/profile", &to_garden).await;
    admin.post("/api/admin/profiles/1/rollback", r#"{"version":1}"#).await;
    let mut renamed = with_timeout(5);
    renamed.name = "Shop".to_owned();
    saved(&admin, 1, 3, &renamed).await;
    admin.delete("/api/admin/profiles/1").await;
    let expected = [
        ("profile_deleted", "Shop"),
        ("profile_renamed", "Shop"),
        ("profile_rolled_back", "Default pr."),
        ("store_profile_set", "Garden"),
        ("register_profile_set", "7, Yard"),
        ("profile_published", "Garden"),
        ("profile_published", "Default pr."),
        ("profile_saved", "Default pr."),
        ("profile_created", "Garden"),
        ("rows_imported", "customers"),
        ("register_locked", "7"),
        ("activation_code_made", "7"),
        ("register_added", "7"),
    ];
    let expected = expected.map(|(action, subject)| (action.to_owned(), subject.to_owned()));
    assert_eq!(trail(&admin).await, expected);
    let changes = admin.get("/api/admin/changes").await.json();
    let change = &changes["changes"][7];
    assert_eq!(change["administrator"], "admin");
    assert_eq!(change["detail"], "Offline timeout changes from 5 s to 30 s.");
    assert!(change["at_ms"].as_i64() == Some(server.now_ms()) && change["id"].as_u64() > Some(0));
}

#[tokio::test]
async fn the_trail_is_read_page_by_page() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    for number in 10..15 {
        let body = json!({ "number": number, "name": "Till" }).to_string();
        admin.post("/api/admin/registers", &body).await;
    }
    let mut subjects = Vec::new();
    let mut path = "/api/admin/changes?limit=2".to_owned();
    loop {
        let page = admin.get(&path).await.json();
        let page = page["changes"].as_array().unwrap();
        assert!(page.len() <= 2);
        let Some(last) = page.last() else { break };
        subjects.extend(page.iter().map(|change| change["subject"].as_str().unwrap().to_owned()));
        path = format!("/api/admin/changes?limit=2&before={}", last["id"]);
    }
    assert_eq!(subjects, ["14", "13", "12", "11", "10"]);
    for wrong in ["limit=x", "before=-1", "limit=1&limit=2", "before=99999999999999999999"] {
        assert_eq!(admin.get(&format!("/api/admin/changes?{wrong}")).await.json_problem().0, 400, "{wrong}");
    }
    assert_eq!(admin.get("/api/admin/changes?limit=0").await.json()["changes"].as_array().unwrap().len(), 1);
    let all = admin.get(&format!("/api/admin/changes?limit={}&before={}", u32::MAX, u64::MAX)).await.json();
    assert_eq!(all["changes"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn what_was_refused_is_not_in_the_trail() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    admin.post("/api/admin/registers", r#"{"number":1,"name":"Again"}"#).await;
    admin.post("/api/admin/registers/99/lock", "").await;
    admin.post("/api/admin/import/customers", "").await;
    admin.delete("/api/admin/profiles/1").await;
    super::save(&admin, 1, 1, &with_timeout(0)).await;
    assert_eq!(trail(&admin).await, []);
}
