//! `POST /api/admin/profiles/{id}/preview`.

use axum::http::StatusCode;
use holdfast_profile::{
    ChangePlan, ImageFolder, JOURNAL_ROOM_BYTES, OfflineProducts, Profile, RowFilter, TableId, Test, View,
    change_plan, default_profile,
};
use holdfast_protocol::view;
use holdfast_store_server::admission::AdmissionLimits;
use holdfast_store_server::import::ImportKind;
use holdfast_store_server::pages::Pages;
use holdfast_store_server::pictures::picture_of;

use holdfast_protocol::messages::TableState;
use serde_json::{Value, json};

use super::{published, saved};
use crate::support::{Administrator, TestServer};

async fn preview(admin: &Administrator<'_>, profile: &Profile) -> Value {
    let answer =
        admin.post("/api/admin/profiles/1/preview", &json!({ "profile": profile }).to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

fn table<'v>(preview: &'v Value, name: &str) -> &'v Value {
    preview["tables"].as_array().unwrap().iter().find(|size| size["table"] == name).unwrap()
}

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
    let body = serde_json::json!({ "profile": draft }).to_string();
    let answer = admin.post("/api/admin/profiles/1/preview", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let tables = answer.json()["tables"].as_array().unwrap().clone();
    let order: Vec<String> = tables.iter().map(|size| size["table"].as_str().unwrap().to_owned()).collect();
    let expected: Vec<&str> = draft.download_tables().into_iter().map(|table| table.name()).collect();
    assert_eq!(order, expected);
    let size = |name: &str| tables.iter().find(|size| size["table"] == name).unwrap().clone();
    let products = size("product");
    assert_eq!((products["rows"].as_u64(), products["all_rows"].as_u64()), (Some(2), Some(3)));
    // A price: a map of two, its product's letter and 100 cents, 7 bytes by RFC 8949.
    let prices = size("price");
    assert_eq!((prices["bytes"].as_u64(), prices["all_bytes"].as_u64()), (Some(2 * 7), Some(3 * 7)));
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
    for body in ["", "[]", "{}", "{\"profile\":{\"name\":3}}"] {
        let answer = admin.post("/api/admin/profiles/1/preview", body).await;
        assert_eq!(answer.json_problem(), (400, "malformed".to_owned()), "{body}");
    }
    let stranger = server.send(
        axum::http::Request::post("/api/admin/profiles/1/preview")
            .header("x-holdfast", "1")
            .body(axum::body::Body::from("{}"))
            .unwrap(),
    );
    assert_eq!(stranger.await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn each_register_is_told_what_it_would_have_to_do() {
    let server = TestServer::demo().await;
    let (first, _second) = (server.register(1).await, server.register(2).await);
    let admin = server.administrator().await;
    let mut draft = default_profile();
    draft.scopes.remove(5);
    draft.offline_products = OfflineProducts::TopBySales { count: 10 };
    let mut contact = first.contact_request();
    contact.profile_version = 1;
    // What is left is more than the journal's own room by little.
    contact.storage_bytes = Some((5_000_000, 25_000_000));
    let shipped = preview(&admin, &default_profile()).await;
    let has = |name: &str| table(&shipped, name)["rows"].as_u64().unwrap();
    let (products, prices) = (has("product"), has("price"));
    contact.tables = [
        (TableId::Customer, 40),
        (TableId::Product, products),
        (TableId::Price, prices),
        (TableId::Staff, 4),
    ]
    .map(|(table, rows)| TableState { table, cursor: 1, rows, synced_at_ms: None })
    .to_vec();
    first.post("contact", &contact).await;
    server.pass(60_000);
    let answer = preview(&admin, &draft).await;
    let plan: ChangePlan = serde_json::from_value(answer["plan"].clone()).unwrap();
    assert_eq!(plan, change_plan(&default_profile(), &draft));
    let (here, fresh) = (&answer["registers"][0], &answer["registers"][1]);
    assert_eq!((&here["number"], &here["version"], &fresh["version"]), (&json!(1), &json!(1), &Value::Null));
    // Products, prices and barcodes are ten; of those that it had all others go, and all customers.
    let count = |name: &str| table(&answer, name)["rows"].as_u64().unwrap();
    let down: u64 = ["product", "price", "barcode"].map(count).iter().sum();
    assert_eq!(here["rows_down"], down);
    assert_eq!(here["rows_removed"], (products - 10) + (prices - 10) + 40);
    assert_eq!((&here["storage_free_bytes"], &here["fits"]), (&json!(20_000_000), &json!(true)));
    assert_eq!((&fresh["storage_free_bytes"], &fresh["fits"]), (&Value::Null, &Value::Null));
    assert_eq!(here["offline_since_ms"], server.now_ms() - 60_000);
    let all: u64 =
        answer["tables"].as_array().unwrap().iter().map(|size| size["rows"].as_u64().unwrap()).sum();
    assert_eq!((&fresh["rows_down"], &fresh["rows_removed"]), (&json!(all), &json!(0)));
    assert_eq!(here["estimated_s"], 1);
    assert_eq!(answer["estimated_bytes_per_s"], 1_000_000);
    assert_eq!(table(&answer, "product")["rows"], 10);
    let before = table(&answer, "product")["before_rows"].as_u64().unwrap();
    assert_eq!(table(&answer, "product")["all_rows"].as_u64(), Some(before));
    // What is published already is nothing to do for who has it.
    let nothing = preview(&admin, &default_profile()).await;
    assert_eq!(
        (&nothing["registers"][0]["rows_down"], &nothing["registers"][0]["estimated_s"]),
        (&json!(0), &json!(0))
    );
}

#[tokio::test]
async fn pictures_are_told_apart_from_rows_as_far_as_there_are_any_and_the_cap_goes() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    let mut writing =
        server.database.begin_write(&server.store().await.row.id, server.now_ms()).await.unwrap();
    let pictures: Vec<_> = (0..12_u8)
        .map(|no| picture_of(format!("P{no}"), [&b"\x89PNG\r\n\x1a\n"[..], &[no; 99_992]].concat()).unwrap())
        .collect();
    assert_eq!(writing.put_pictures(&pictures).await.unwrap(), 12);
    writing.commit().await.unwrap();
    let with = |image_folder| {
        let mut profile = default_profile();
        profile.device.image_folder = image_folder;
        profile
    };
    let told = async |profile: &Profile, free: u64| {
        let mut contact = register.contact_request();
        contact.profile_version = 1;
        contact.storage_bytes = Some((1_000_000, 1_000_000 + JOURNAL_ROOM_BYTES + free));
        register.post("contact", &contact).await;
        let answer = preview(&admin, profile).await;
        let here = &answer["registers"][0];
        assert_eq!((&here["bytes_down"], &here["fits"]), (&json!(0), &json!(true)));
        (here["pictures_bytes"].as_u64().unwrap(), here["pictures_fit"].as_bool().unwrap())
    };
    assert_eq!(told(&with(ImageFolder::Off), 0).await, (0, true));
    let (one, two) = (ImageFolder::On { size_cap_mb: 1 }, ImageFolder::On { size_cap_mb: 2 });
    assert_eq!(told(&with(one), 1_000_000).await, (1_000_000, true));
    assert_eq!(told(&with(one), 999_999).await, (1_000_000, false));
    assert_eq!(told(&with(two), 1_200_000).await, (1_200_000, true));
    // Without products there is none to show.
    let mut without = with(two);
    without.scopes.iter_mut().for_each(|scope| scope.tables.retain(|entry| entry.table != TableId::Product));
    without.scopes.retain(|scope| !scope.tables.is_empty());
    assert_eq!(told(&without, 0).await, (0, true));
    // What they may take there already counts no more.
    saved(&admin, 1, 1, &with(one)).await;
    let version = published(&admin, 1).await;
    let mut contact = register.contact_request();
    contact.profile_version = version;
    register.post("contact", &contact).await;
    let answer = preview(&admin, &with(two)).await;
    assert_eq!(answer["registers"][0]["pictures_bytes"], 200_000);
}

#[tokio::test]
async fn rows_that_make_room_for_as_many_others_are_removed_all_the_same() {
    let server = TestServer::start().await;
    server
        .import(
            ImportKind::Products,
            "sku,name,price,category\nA,Apple,1.00,Fruit\nB,Brush,1.00,Home\nC,Cup,1.00,Home\nD,Date,1.00,Fruit\n\
             E,Ewer,1.00,Home\n",
        )
        .await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    let of = |codes: &[&str]| {
        let codes = codes.iter().map(|&code| code.to_owned()).collect();
        Profile { offline_products: OfflineProducts::Categories { codes }, ..default_profile() }
    };
    saved(&admin, 1, 1, &of(&["Fruit"])).await;
    let mut contact = register.contact_request();
    contact.profile_version = published(&admin, 1).await;
    let rows = |rows| {
        [TableId::Product, TableId::Price]
            .map(|table| TableState { table, cursor: 1, rows, synced_at_ms: None })
            .to_vec()
    };
    contact.tables = rows(2);
    register.post("contact", &contact).await;
    let removed =
        async |profile: &Profile| preview(&admin, profile).await["registers"][0]["rows_removed"].clone();
    // Both go, with their prices, and three others come.
    assert_eq!(removed(&of(&["Home"])).await, 4);
    assert_eq!(removed(&of(&["Home"])).await, 4, "counted before");
    assert_eq!(removed(&of(&["Home", "Fruit"])).await, 0);
    assert_eq!(removed(&default_profile()).await, 0);
    // What is not there is not removed.
    contact.tables = rows(1);
    register.post("contact", &contact).await;
    assert_eq!(removed(&of(&["Home"])).await, 2);
    // What was imported meanwhile counts.
    contact.tables = rows(3);
    register.post("contact", &contact).await;
    server.import(ImportKind::Products, "sku,name,price,category\nF,Fig,1.00,Fruit\n").await;
    assert_eq!(removed(&of(&["Home"])).await, 6);
}

#[tokio::test]
async fn a_register_that_seldom_asks_is_online_until_it_should_have_asked() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    let mut seldom = default_profile();
    seldom.device.health_check_s.seconds = 60;
    saved(&admin, 1, 1, &seldom).await;
    let version = published(&admin, 1).await;
    let mut contact = register.contact_request();
    for (has, heard_for_ms) in [(1, 20_000), (version, 130_000)] {
        contact.profile_version = has;
        register.post("contact", &contact).await;
        let spoke_at_ms = server.now_ms();
        server.pass(heard_for_ms);
        assert_eq!(preview(&admin, &seldom).await["registers"][0]["offline_since_ms"], Value::Null);
        server.pass(1);
        assert_eq!(preview(&admin, &seldom).await["registers"][0]["offline_since_ms"], spoke_at_ms);
        let listed = admin.get("/api/admin/registers").await.json();
        assert_eq!(listed["registers"][0]["heard_for_ms"], heard_for_ms);
        assert_eq!(listed["registers"][1]["heard_for_ms"], 20_000, "of one that has not spoken");
    }
}

#[tokio::test]
async fn a_register_of_another_version_is_told_what_else_stops_there_and_going_back_what_comes_again() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    let mut contact = register.contact_request();
    contact.profile_version = 1;
    // All but the journal's room is taken.
    contact.storage_bytes = Some((0, JOURNAL_ROOM_BYTES + 1_000));
    register.post("contact", &contact).await;
    let mut without = default_profile();
    let customers = without
        .scopes
        .iter()
        .position(|scope| scope.tables.iter().any(|entry| entry.table == TableId::Customer));
    without.scopes.remove(customers.unwrap());
    saved(&admin, 1, 1, &without).await;
    published(&admin, 1).await;
    let same = preview(&admin, &without).await;
    assert_eq!(same["plan"]["stops_offline"], json!([]));
    let also: Vec<&str> = same["registers"][0]["also_stops_offline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stopped| stopped["operation"].as_str().unwrap())
        .collect();
    assert_eq!(also, ["choose_customer", "choose_every_customer", "change_customers"]);
    let back = admin.get("/api/admin/profiles/1/versions/1/preview").await.json();
    let plan: ChangePlan = serde_json::from_value(back["plan"].clone()).unwrap();
    assert_eq!(plan, change_plan(&without, &default_profile()));
    assert_eq!(plan.starts_offline.len(), 3);
    contact.profile_version = 2;
    register.post("contact", &contact).await;
    let back = admin.get("/api/admin/profiles/1/versions/1/preview").await.json();
    assert_eq!(back["registers"][0]["fits"], json!(false));
    for unknown in ["1/versions/3", "1/versions/0", "2/versions/1"] {
        let answer = admin.get(&format!("/api/admin/profiles/{unknown}/preview")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn rows_that_only_come_along_are_told_apart() {
    let server = TestServer::start().await;
    server
        .import(
            ImportKind::Products,
            "sku,name,price,category\nA,Apple,1.00,Fruit\nB,Brush,1.00,Home\nC,Cup,1.00,Home\n",
        )
        .await;
    let admin = server.administrator().await;
    let mut draft = default_profile();
    // No category is chosen, and those of the products come along.
    draft.scopes[3].tables[0].filter = Some(RowFilter::of("name", Test::Contains { text: "nothing".into() }));
    let answer = preview(&admin, &draft).await;
    assert_eq!(
        (&table(&answer, "category")["rows"], &table(&answer, "category")["related_rows"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(
        (&table(&answer, "product")["rows"], &table(&answer, "product")["related_rows"]),
        (&json!(3), &json!(0))
    );
}

#[tokio::test]
async fn what_was_counted_is_counted_anew_when_the_tables_change() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let draft = Profile {
        offline_products: OfflineProducts::Categories { codes: vec!["Fruit".into()] },
        ..default_profile()
    };
    let rows = async || table(&preview(&admin, &draft).await, "product")["rows"].clone();
    server.import(ImportKind::Products, "sku,name,price,category\nA,Apple,1.00,Fruit\n").await;
    assert_eq!((rows().await, rows().await), (json!(1), json!(1)));
    server.import(ImportKind::Products, "sku,name,price,category\nB,Pear,1.00,Fruit\n").await;
    assert_eq!((rows().await, rows().await), (json!(2), json!(2)));
}

#[tokio::test]
async fn counting_holds_up_nobody_but_who_wants_to_count_too() {
    let limits = AdmissionLimits {
        live_at_work_max: 1,
        live_wait_max: std::time::Duration::from_millis(100),
        ..AdmissionLimits::new(2, 8)
    };
    let server = TestServer::start_with_limits(false, Pages::default(), limits).await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    let turn = server.app.admission().preview().await.unwrap();
    let body = json!({ "profile": default_profile() }).to_string();
    let counting = admin.post("/api/admin/profiles/1/preview", &body);
    let others = async {
        for _ in 0..5 {
            assert_eq!(register.post("contact", &register.contact_request()).await.status, StatusCode::OK);
            assert_eq!(admin.get("/api/admin/profiles/1").await.status, StatusCode::OK);
            let save = json!({ "base_revision": 1, "profile": default_profile() }).to_string();
            assert_eq!(admin.put("/api/admin/profiles/1", &save).await.status, StatusCode::OK);
        }
    };
    let (counted, ()) = tokio::join!(counting, others);
    assert_eq!(counted.json_problem(), (503, "busy".to_owned()));
    assert!(!counted.header(axum::http::header::RETRY_AFTER).is_empty());
    drop(turn);
    // Whoever stops waiting leaves the turn to others.
    for _ in 0..20 {
        let gone = admin.post("/api/admin/profiles/1/preview", &body);
        tokio::select! {
            biased;
            _ = gone => {}
            () = tokio::task::yield_now() => {}
        }
    }
    assert_eq!(admin.post("/api/admin/profiles/1/preview", &body).await.status, StatusCode::OK);
}
