//! `GET …/profile/preview` of the store and of registers, and the refusal of what nobody has room for.

use axum::http::StatusCode;
use holdfast_profile::{ChangePlan, OfflineProducts, Profile, TableId, change_plan, default_profile};
use holdfast_protocol::messages::{ContactRequest, TableState};
use holdfast_protocol::page;
use holdfast_store_server::import::ImportKind;
use holdfast_store_server::secrets::hex;
use serde_json::{Value, json};

use super::{copied, detail, draft_of, published, saved, trail};
use crate::support::{Administrator, TestRegister, TestServer, differences};

const GOODS: &str = "sku,name,price,category\nA,Apple,1.00,Fruit\nB,Brush,1.00,Home\nC,Cup,1.00,Home\n";

/// Publishes a profile beside the store's, changed; gives its id and its content.
async fn second(admin: &Administrator<'_>, change: impl FnOnce(&mut Profile)) -> (u64, Profile) {
    let id = copied(admin, "Garden").await;
    let mut profile = draft_of(&detail(admin, id).await);
    change(&mut profile);
    saved(admin, id, 1, &profile).await;
    published(admin, id).await;
    (id, profile)
}

async fn look(admin: &Administrator<'_>, path: &str) -> Value {
    let answer = admin.get(&format!("/api/admin/{path}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer.json()
}

/// Says that a register has a version and rows of tables.
async fn say(
    register: &TestRegister<'_>,
    version: u64,
    rows: &[(TableId, u64)],
    change: impl FnOnce(&mut ContactRequest),
) {
    let mut contact = register.contact_request();
    contact.profile_version = version;
    let state = |&(table, rows)| TableState { table, cursor: 9, rows, synced_at_ms: None };
    contact.tables = rows.iter().map(state).collect();
    change(&mut contact);
    assert_eq!(register.post("contact", &contact).await.status, StatusCode::OK);
}

/// The versions that registers 1 and 2 are told.
async fn wanted(admin: &Administrator<'_>) -> [Value; 2] {
    let listed = admin.get("/api/admin/registers").await.json();
    [0, 1].map(|at: usize| listed["registers"][at]["published_version"].clone())
}

fn rows_of(preview: &Value, name: &str) -> u64 {
    let tables = preview["tables"].as_array().unwrap();
    tables.iter().find(|size| size["table"] == name).unwrap()["rows"].as_u64().unwrap()
}

#[tokio::test]
async fn a_register_is_shown_what_a_profile_of_its_own_does_there_and_what_taking_it_away_does() {
    let server = TestServer::start().await;
    server.import(ImportKind::Products, GOODS).await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    let few = OfflineProducts::Categories { codes: vec!["Home".into()] };
    let (id, garden) = second(&admin, |profile| {
        profile.offline_products = few;
        profile.scopes.retain(|scope| scope.name != "Customers");
    })
    .await;
    let rows = [(TableId::Product, 3), (TableId::Price, 3), (TableId::Category, 2), (TableId::Customer, 7)];
    say(&register, 1, &rows, |contact| contact.waiting = 4).await;
    let before = trail(&admin).await;

    let shown = look(&admin, &format!("registers/1/profile/preview?profile={id}")).await;
    assert_eq!(shown["from"], json!({ "id": 1, "name": "Default pr.", "version": 1 }));
    assert_eq!(shown["to"], json!({ "id": id, "name": "Garden", "version": 2 }));
    let plan: ChangePlan = serde_json::from_value(shown["plan"].clone()).unwrap();
    let mut expected = change_plan(&default_profile(), &garden);
    expected.settings.retain(|change| !["name", "description"].contains(&change.field.as_str()));
    assert_eq!(plan, expected);
    assert!(plan.settings.iter().any(|change| change.field == "offline_products"), "{plan:?}");
    let stops: Vec<&Value> =
        shown["plan"]["stops_offline"].as_array().unwrap().iter().map(|one| &one["operation"]).collect();
    assert!(stops.contains(&&json!("choose_customer")), "{stops:?}");
    let here = &shown["registers"][0];
    assert_eq!((&here["number"], &here["version"]), (&json!(1), &json!(1)));
    assert_eq!(here["profile_name"], "Default pr.");
    // Two products of three are left, their prices with them; customers go, and what waits of them goes up first.
    assert_eq!((rows_of(&shown, "product"), rows_of(&shown, "price")), (2, 2));
    assert_eq!(here["rows_down"], 2 + 2 + rows_of(&shown, "barcode"));
    assert_eq!(here["rows_removed"], 1 + 1 + 7);
    assert!(here["bytes_down"].as_u64() > Some(20));
    assert_eq!((&here["waiting"], &here["uploads_first"]), (&json!(4), &json!(true)));
    assert_eq!(shown["registers"].as_array().unwrap().len(), 1);

    // Nothing of that was done, and nobody was told.
    assert_eq!((wanted(&admin).await, trail(&admin).await), ([json!(1), json!(1)], before));

    let body = json!({ "profile": id }).to_string();
    assert_eq!(admin.put("/api/admin/registers/1/profile", &body).await.status, StatusCode::NO_CONTENT);
    say(&register, 2, &[(TableId::Product, 2), (TableId::Price, 2)], |_| {}).await;
    // What comes down then, counted from the rows themselves.
    let (mut rows, mut bytes) = (0, 0);
    for table in [TableId::Product, TableId::Price, TableId::Barcode] {
        for reference in register.manifest(table).await.pages {
            let page = register.get(&format!("page/{}", hex(reference.hash.as_slice()))).await;
            for row in page::unpack(&page.body).unwrap() {
                rows += 1;
                bytes += row.body.unwrap().len();
            }
        }
    }
    assert_eq!((&here["rows_down"], &here["bytes_down"]), (&json!(rows), &json!(bytes)));
    let back = look(&admin, "registers/1/profile/preview").await;
    assert_eq!((&back["from"]["name"], &back["to"]["name"]), (&json!("Garden"), &json!("Default pr.")));
    let here = &back["registers"][0];
    let down: u64 = ["product", "price", "barcode", "customer"].map(|name| rows_of(&back, name)).iter().sum();
    assert_eq!((&here["rows_down"], &here["rows_removed"]), (&json!(down), &json!(0)));
    assert_eq!((&here["profile_name"], &here["uploads_first"]), (&json!("Garden"), &json!(false)));
    let plan: ChangePlan = serde_json::from_value(back["plan"].clone()).unwrap();
    assert_eq!(plan.starts_offline.len(), change_plan(&garden, &default_profile()).starts_offline.len());
}

#[tokio::test]
async fn the_stores_profile_is_another_one_for_registers_without_one_of_their_own() {
    let server = TestServer::start().await;
    let (first, second_register) = (server.register(1).await, server.register(2).await);
    let admin = server.administrator().await;
    let (id, _) = second(&admin, |profile| profile.device.offline_timeout_s = 40).await;
    for register in [&first, &second_register] {
        say(register, 1, &[], |_| {}).await;
    }
    let numbers = async |path: &str| {
        let shown = look(&admin, path).await;
        let registers = shown["registers"].as_array().unwrap().clone();
        registers.iter().map(|one| one["number"].as_u64().unwrap()).collect::<Vec<u64>>()
    };
    let path = format!("store/profile/preview?profile={id}");
    assert_eq!(numbers(&path).await, [1, 2]);
    let own = json!({ "profile": id }).to_string();
    assert_eq!(admin.put("/api/admin/registers/2/profile", &own).await.status, StatusCode::NO_CONTENT);
    assert_eq!(numbers(&path).await, [1]);
    // What it has already is no change, as the store's or as its own.
    assert_eq!(numbers("store/profile/preview?profile=1").await, [0_u64; 0]);
    assert_eq!(numbers("registers/1/profile/preview?profile=1").await, [0_u64; 0]);
    assert_eq!(look(&admin, "store/profile/preview?profile=1").await["plan"]["settings"], json!([]));
    // Register 2 has not moved yet: going back there is nothing to do, whatever the plan says.
    let back = look(&admin, "registers/2/profile/preview").await;
    assert_eq!(
        (&back["registers"][0]["rows_down"], &back["registers"][0]["version"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(back["plan"]["settings"].as_array().unwrap().len(), 1, "{}", back["plan"]);
}

#[tokio::test]
async fn what_can_not_be_given_is_not_previewed_either() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let id = copied(&admin, "Garden").await;
    for (path, status, code) in [
        (format!("store/profile/preview?profile={id}"), 422, "field_invalid"),
        (format!("registers/1/profile/preview?profile={id}"), 422, "field_invalid"),
        ("store/profile/preview?profile=99".to_owned(), 422, "field_invalid"),
        ("registers/1/profile/preview?profile=99".to_owned(), 422, "field_invalid"),
        ("registers/9/profile/preview?profile=1".to_owned(), 404, "not_found"),
        ("registers/9/profile/preview".to_owned(), 404, "not_found"),
        ("store/profile/preview".to_owned(), 400, "malformed"),
        ("store/profile/preview?profile=x".to_owned(), 400, "malformed"),
        ("registers/1/profile/preview?profile=-1".to_owned(), 400, "malformed"),
        ("registers/x/profile/preview".to_owned(), 400, "malformed"),
    ] {
        let answer = admin.get(&format!("/api/admin/{path}")).await;
        assert_eq!(answer.json_problem(), (status, code.to_owned()), "{path}");
    }
}

#[tokio::test]
async fn what_has_no_room_where_it_would_go_is_given_only_by_force() {
    let server = TestServer::demo().await;
    let (first, second_register) = (server.register(1).await, server.register(2).await);
    let admin = server.administrator().await;
    let (id, _) = second(&admin, |profile| {
        profile.offline_products = OfflineProducts::TopBySales { count: 10 };
    })
    .await;
    let full = |contact: &mut ContactRequest| contact.storage_bytes = Some((1_000_000, 1_001_000));
    say(&first, 1, &[], full).await;
    say(&second_register, 1, &[], |_| {}).await;
    let shown = look(&admin, &format!("store/profile/preview?profile={id}")).await;
    assert_eq!(
        (&shown["registers"][0]["fits"], &shown["registers"][1]["fits"]),
        (&json!(false), &Value::Null)
    );
    let (to_store, to_first) = ("/api/admin/store/profile", "/api/admin/registers/1/profile");
    let body = json!({ "profile": id }).to_string();
    let before = server.dump().await;
    let refused = admin.put(to_first, &body).await;
    assert_eq!(refused.json_problem(), (422, "profile_no_room".to_owned()));
    let problem = refused.json();
    assert_eq!(
        (&problem["type"], &problem["findings"][0]["field"]),
        (&json!("/problems/profile-no-room"), &json!("registers"))
    );
    assert!(problem["detail"].as_str().unwrap().contains("has no room"), "{problem}");
    assert_eq!(differences(&before, &server.dump().await), Default::default(), "nothing was changed");

    // Of the second one nothing is known, so it may have room; once it is known too, the store does not get it either.
    assert_eq!(admin.put(to_store, &body).await.status, StatusCode::NO_CONTENT);
    assert_eq!(admin.put(to_store, r#"{"profile":1}"#).await.status, StatusCode::NO_CONTENT);
    say(&second_register, 1, &[], full).await;
    let before = server.dump().await;
    assert_eq!(admin.put(to_store, &body).await.json_problem(), (422, "profile_no_room".to_owned()));
    assert_eq!(differences(&before, &server.dump().await), Default::default());

    let forced = json!({ "profile": id, "force": true }).to_string();
    for path in [to_first, to_store] {
        assert_eq!(admin.put(path, &forced).await.status, StatusCode::NO_CONTENT, "{path}");
    }
    assert_eq!(wanted(&admin).await, [json!(2), json!(2)]);
    // A register whose own one goes has the store's, and that is nothing new for it.
    assert_eq!(admin.put(to_first, r#"{"profile":null}"#).await.status, StatusCode::NO_CONTENT);
    assert_eq!(admin.put(to_store, r#"{"profile":1}"#).await.status, StatusCode::NO_CONTENT, "they have it");
}
