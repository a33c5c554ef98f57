//! `GET /api/admin/registers/{number}/scopes`, and which profile the list of registers names.

use axum::http::StatusCode;
use holdfast_profile::{OfflineProducts, Profile, TableId, default_profile};
use holdfast_protocol::messages::{ContactReply, ContactRequest, TableState};
use holdfast_store_server::import::ImportKind;
use serde_json::{Value, json};

use crate::support::{Administrator, TestRegister, TestServer};

async fn say(server: &TestServer, register: &TestRegister<'_>, contact: &ContactRequest) -> ContactReply {
    let reply = register.post("contact", contact).await.message();
    server.app.contacts().flush().await.unwrap();
    reply
}

fn contact_with(register: &TestRegister<'_>, version: u64, tables: Vec<TableState>) -> ContactRequest {
    let mut contact = register.contact_request();
    (contact.profile_version, contact.tables) = (version, tables);
    contact
}

async fn scopes(admin: &Administrator<'_>, number: u16) -> Value {
    let answer = admin.get(&format!("/api/admin/registers/{number}/scopes")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

fn scope<'v>(shown: &'v Value, name: &str) -> &'v Value {
    shown["scopes"].as_array().unwrap().iter().find(|scope| scope["name"] == name).unwrap()
}

async fn publish(admin: &Administrator<'_>, profile: &Profile) -> u64 {
    let revision = admin.get("/api/admin/profiles/1").await.json()["revision"].clone();
    let body = json!({ "base_revision": revision, "profile": profile }).to_string();
    let saved = admin.put("/api/admin/profiles/1", &body).await.json();
    let body = json!({ "revision": saved["detail"]["revision"] }).to_string();
    admin.post("/api/admin/profiles/1/publish", &body).await.json()["version"].as_u64().unwrap()
}

#[tokio::test]
async fn tables_stand_under_their_scopes_in_the_order_of_the_profile_the_register_has() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    let heads = say(&server, &register, &register.contact_request()).await.heads;
    let head = |table| heads.iter().find(|head| head.table == table).unwrap().head;
    let told = |table, rows, behind: u64, synced_at_ms| TableState {
        table,
        cursor: head(table) - behind,
        rows,
        synced_at_ms,
    };
    let mut contact = contact_with(
        &register,
        1,
        vec![
            told(TableId::Category, 12, 0, Some(5_000)),
            told(TableId::Product, 600, 0, Some(4_000)),
            told(TableId::Price, 600, 1, Some(3_000)),
            told(TableId::Customer, 40, 0, Some(6_000)),
        ],
    );
    contact.waiting = 3;
    say(&server, &register, &contact).await;
    // What is published meanwhile is not what the register has.
    let mut turned = default_profile();
    turned.scopes.swap(0, 1);
    turned.scopes.retain(|scope| scope.name != "Customers");
    assert_eq!(publish(&admin, &turned).await, 2);

    let shown = scopes(&admin, 1).await;
    assert_eq!(shown["version"], 1);
    let names = |value: &Value, key: &str| -> Vec<String> {
        value.as_array().unwrap().iter().map(|one| one[key].as_str().unwrap().to_owned()).collect()
    };
    let expected = default_profile();
    let of_profile: Vec<String> = expected.scopes.iter().map(|scope| scope.name.clone()).collect();
    assert_eq!(names(&shown["scopes"], "name"), of_profile);
    for here in &expected.scopes {
        let tables: Vec<&str> = here.tables.iter().map(|entry| entry.table.name()).collect();
        assert_eq!(names(&scope(&shown, &here.name)["tables"], "table"), tables);
    }
    assert_eq!(shown["left"], json!([]));
    let of = |name: &str| {
        let scope = scope(&shown, name);
        (scope["state"].clone(), scope["rows"].clone(), scope["synced_at_ms"].clone())
    };
    // One table of it has not come.
    assert_eq!(of("Products and barcodes"), (json!("behind"), json!(612), Value::Null));
    assert_eq!(of("Prices and discounts").0, "behind");
    assert_eq!(of("Customers"), (json!("complete"), json!(40), json!(6_000)));
    assert_eq!(of("Staff"), (json!("missing"), json!(0), Value::Null));
    let up = scope(&shown, "Transactions");
    assert_eq!(
        (&up["direction"], &up["state"], &up["rows"], &up["waiting"]),
        (&json!("upload"), &json!("waits"), &Value::Null, &json!(3))
    );
    assert_eq!(up["tables"][0]["state"], "waits");
    contact.waiting = 0;
    say(&server, &register, &contact).await;
    assert_eq!(scope(&scopes(&admin, 1).await, "Transactions")["state"], "sent");

    // Of the version after, the register tells rows that are in no scope of it until it has dropped them.
    contact.profile_version = 2;
    say(&server, &register, &contact).await;
    let shown = scopes(&admin, 1).await;
    assert_eq!(
        (&shown["version"], &names(&shown["left"], "table")[..]),
        (&json!(2), &["customer".to_owned()][..])
    );
    assert_eq!((&shown["left"][0]["rows"], &shown["left"][0]["state"]), (&json!(40), &json!("complete")));
    let turned: Vec<String> = turned.scopes.iter().map(|scope| scope.name.clone()).collect();
    assert_eq!(names(&shown["scopes"], "name"), turned);

    // A register that never spoke: what it will have.
    let fresh = scopes(&admin, 2).await;
    assert_eq!((&fresh["version"], &fresh["scopes"][0]["state"]), (&json!(2), &json!("missing")));
    for (path, code) in [("9", "not_found"), ("x", "malformed")] {
        let answer = admin.get(&format!("/api/admin/registers/{path}/scopes")).await;
        assert_eq!(answer.json_problem().1, code);
    }
}

/// A row that the register's profile leaves out changes: nothing comes to the register, and it lacks nothing.
#[tokio::test]
async fn a_register_that_keeps_a_part_is_not_behind_with_what_it_leaves_out() {
    let server = TestServer::start().await;
    let goods = "sku,name,price,category\nA,Apple,1.00,Fruit\nB,Brush,1.00,Home\n";
    server.import(ImportKind::Products, goods).await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    let few = OfflineProducts::Categories { codes: vec!["Home".into()] };
    let version = publish(&admin, &Profile { offline_products: few, ..default_profile() }).await;
    let reply = say(&server, &register, &contact_with(&register, version, Vec::new())).await;
    let product = reply.heads.iter().find(|head| head.table == TableId::Product).unwrap();
    assert!(product.view.is_some(), "{product:?}");
    let has = TableState { table: TableId::Product, cursor: product.head, rows: 1, synced_at_ms: Some(7) };
    let contact = contact_with(&register, version, vec![has]);
    server.pass(60_000);
    server.import(ImportKind::Products, "sku,name,price,category\nA,Apples,1.00,Fruit\n").await;
    say(&server, &register, &contact).await;
    let state = async || {
        let (shown, listed) = (scopes(&admin, 1).await, admin.get("/api/admin/registers").await.json());
        let tables = scope(&shown, "Products and barcodes")["tables"].as_array().unwrap().clone();
        let product = tables.iter().find(|table| table["table"] == "product").unwrap().clone();
        let in_list = listed["registers"][0]["tables"][0].clone();
        assert_eq!(in_list["head"], product["head"]);
        product["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state().await, "complete");
    server.import(ImportKind::Products, "sku,name,price,category\nB,Brushes,1.00,Home\n").await;
    server.pass(60_000);
    say(&server, &register, &contact).await;
    assert_eq!(state().await, "behind");
}

#[tokio::test]
async fn the_list_names_the_profile_that_a_register_has_and_the_one_it_will_have() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    let body = json!({ "name": "Garden", "description": "", "copy_of": 1 }).to_string();
    let id = admin.post("/api/admin/profiles", &body).await.json()["id"].clone();
    let publish = format!("/api/admin/profiles/{id}/publish");
    assert_eq!(admin.post(&publish, r#"{"revision":1}"#).await.json(), json!({ "version": 2 }));
    let listed = async || {
        let one = admin.get("/api/admin/registers").await.json()["registers"][0].clone();
        let keys =
            ["profile_version", "profile_name", "published_version", "published_name", "has_own_profile"];
        json!(keys.map(|key| one[key].clone()))
    };
    assert_eq!(listed().await, json!([null, null, 1, "Default pr.", false]));
    // One that has none yet says zero.
    say(&server, &register, &register.contact_request()).await;
    assert_eq!(listed().await, json!([null, null, 1, "Default pr.", false]));
    say(&server, &register, &contact_with(&register, 1, Vec::new())).await;
    let own = json!({ "profile": id }).to_string();
    assert_eq!(admin.put("/api/admin/registers/1/profile", &own).await.status, StatusCode::NO_CONTENT);
    assert_eq!(listed().await, json!([1, "Default pr.", 2, "Garden", true]));
    say(&server, &register, &contact_with(&register, 2, Vec::new())).await;
    assert_eq!(listed().await, json!([2, "Garden", 2, "Garden", true]));
}
