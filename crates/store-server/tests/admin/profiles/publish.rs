//! Publishing, rolling back, and who has what.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use holdfast_profile::{CheckForNewDatabase, Frequency, OfflineProducts, Profile, TableId, default_profile};
use holdfast_protocol::messages::{
    Building, ContactReply, ContactRequest, FaultPart, Manifest, NoRoom, ProfileReply, PullReply,
    PullRequest, RegisterFault, TableHead, TableRoom, TableState,
};
use holdfast_store_server::secrets::hex;
use serde_json::{Value, json};

use super::{copied, detail, draft_of, publish, published, save, saved, with_timeout};
use crate::support::{Administrator, TestRegister, TestServer, differences};

async fn wanted(register: &TestRegister<'_>) -> u64 {
    let contact: ContactReply = register.post("contact", &register.contact_request()).await.message();
    let profile: ProfileReply = register.get("profile").await.message();
    assert_eq!(contact.profile_version, profile.version);
    profile.version
}

async fn rollout(admin: &Administrator<'_>, id: u64) -> Value {
    admin.get(&format!("/api/admin/profiles/{id}/rollout")).await.json()
}

#[tokio::test]
async fn what_is_saved_reaches_registers_only_when_it_is_published() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    saved(&admin, 1, 1, &with_timeout(30)).await;
    assert_eq!(wanted(&register).await, 1);
    let list = admin.get("/api/admin/profiles").await.json();
    assert_eq!(list["profiles"][0]["has_unpublished_changes"], true);
    assert_eq!(
        (&list["profiles"][0]["registers_count"], &list["profiles"][0]["registers_with_version"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(published(&admin, 1).await, 2);
    assert_eq!(wanted(&register).await, 2);
    let reply: ProfileReply = register.get("profile").await.message();
    assert_eq!(reply.profile, with_timeout(30));
    let mut contact = register.contact_request();
    contact.profile_version = 2;
    assert_eq!(register.post("contact", &contact).await.status, StatusCode::OK);
    let one = detail(&admin, 1).await;
    assert_eq!(
        (&one["registers_with_version"], &one["published"]["published_by"]),
        (&json!(1), &json!("admin"))
    );
    assert_eq!(one["published"]["profile"], one["draft"]);
}

#[tokio::test]
async fn only_the_draft_that_was_looked_at_is_published_and_only_once() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let again = publish(&admin, 1).await;
    assert_eq!(again.json_problem(), (409, "profile_unchanged".to_owned()));
    saved(&admin, 1, 1, &with_timeout(30)).await;
    for revision in [0_u64, 1, 3, u64::MAX] {
        let body = json!({ "revision": revision, "force": true }).to_string();
        let answer = admin.post("/api/admin/profiles/1/publish", &body).await;
        assert_eq!(answer.json_problem(), (409, "profile_changed".to_owned()), "{revision}");
        assert_eq!(answer.json()["revision"], 2);
    }
    assert_eq!(published(&admin, 1).await, 2);
}

#[tokio::test]
async fn an_earlier_version_comes_back_under_a_new_number() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    for (revision, timeout_s) in [(1, 30), (2, 60)] {
        saved(&admin, 1, revision, &with_timeout(timeout_s)).await;
        published(&admin, 1).await;
    }
    saved(&admin, 1, 3, &with_timeout(90)).await;
    let rollback = async |version: u64| {
        let body = json!({ "version": version, "drops_draft": 4 }).to_string();
        admin.post("/api/admin/profiles/1/rollback", &body).await
    };
    assert_eq!(rollback(3).await.json_problem(), (409, "profile_unchanged".to_owned()));
    for version in [0, 9, u64::MAX] {
        assert_eq!(rollback(version).await.json_problem(), (404, "not_found".to_owned()));
    }
    assert_eq!(rollback(2).await.json(), json!({ "version": 4 }));
    let reply: ProfileReply = register.get("profile").await.message();
    assert_eq!((reply.version, reply.profile), (4, with_timeout(30)));
    let one = detail(&admin, 1).await;
    assert_eq!(draft_of(&one), with_timeout(30));
    assert_eq!((&one["revision"], &one["published"]["restored_from"]), (&json!(5), &json!(2)));
    let versions = admin.get("/api/admin/profiles/1/versions").await.json();
    let numbers: Vec<u64> = versions["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|version| version["version"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, [4, 3, 2, 1]);
    assert_eq!(versions["versions"][0]["restored_from"], 2);
    // What was typed and not published is in the way of nobody, and is not lost.
    let mut mine = with_timeout(90);
    mine.description = "Kept.".to_owned();
    let answer = saved(&admin, 1, 4, &mine).await;
    assert_eq!(draft_of(&answer["detail"]).device.offline_timeout_s, 30);
    assert_eq!(draft_of(&answer["detail"]).description, "Kept.");
}

#[tokio::test]
async fn a_version_of_another_profile_is_not_restored() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let id = copied(&admin, "Garden").await;
    assert_eq!(published(&admin, id).await, 2);
    let answer = admin.post(&format!("/api/admin/profiles/{id}/rollback"), r#"{"version":1}"#).await;
    assert_eq!(answer.json_problem(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn a_version_whose_name_is_taken_by_now_is_not_restored() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let id = copied(&admin, "Garden").await;
    assert_eq!(published(&admin, id).await, 2);
    let mut renamed = draft_of(&detail(&admin, id).await);
    renamed.name = "Yard".to_owned();
    saved(&admin, id, 1, &renamed).await;
    assert_eq!(published(&admin, id).await, 3);
    copied(&admin, "Garden").await;
    let answer = admin.post(&format!("/api/admin/profiles/{id}/rollback"), r#"{"version":2}"#).await;
    assert_eq!(answer.json_problem(), (422, "profile_invalid".to_owned()));
    assert_eq!(answer.json()["findings"][0]["field"], "name");
    assert_eq!(detail(&admin, id).await["published"]["version"], 3);
}

#[tokio::test]
async fn store_and_registers_get_other_profiles_at_their_next_contact() {
    let server = TestServer::start().await;
    let (first, second) = (server.register(1).await, server.register(2).await);
    let admin = server.administrator().await;
    let id = copied(&admin, "Garden").await;
    let to_garden = json!({ "profile": id }).to_string();
    for path in ["/api/admin/store/profile", "/api/admin/registers/2/profile"] {
        let early = admin.put(path, &to_garden).await;
        assert_eq!(early.json_problem(), (422, "field_invalid".to_owned()), "it was never published");
        let unknown = admin.put(path, r#"{"profile":99}"#).await;
        assert_eq!(unknown.json_problem(), (422, "field_invalid".to_owned()));
    }
    assert_eq!(published(&admin, id).await, 2);
    assert_eq!(admin.put("/api/admin/registers/2/profile", &to_garden).await.status, StatusCode::NO_CONTENT);
    assert_eq!((wanted(&first).await, wanted(&second).await), (1, 2));
    assert_eq!(detail(&admin, id).await["registers_own"], json!([2]));
    assert_eq!(
        admin.put("/api/admin/registers/2/profile", r#"{"profile":null}"#).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(wanted(&second).await, 1);
    assert_eq!(admin.put("/api/admin/store/profile", &to_garden).await.status, StatusCode::NO_CONTENT);
    assert_eq!((wanted(&first).await, wanted(&second).await), (2, 2));
    assert_eq!(admin.get("/api/admin/store").await.json()["profile"], "Garden");
    let answer = admin.put("/api/admin/registers/99/profile", &to_garden).await;
    assert_eq!(answer.json_problem(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn the_rollout_says_where_each_register_is() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    let state = async || rollout(&admin, 1).await["registers"][0]["state"].as_str().unwrap().to_owned();
    assert_eq!(rollout(&admin, 1).await["registers"][1]["state"], "not_activated");
    assert_eq!(state().await, "waits");
    let mut contact = register.contact_request();
    contact.profile_version = 1;
    contact.tables = vec![TableState { table: TableId::TaxRate, cursor: 9, rows: 2, synced_at_ms: None }];
    let say = async |contact: &_| assert_eq!(register.post("contact", contact).await.status, StatusCode::OK);
    say(&contact).await;
    assert_eq!(state().await, "has_it");
    server.pass(1_000);
    saved(&admin, 1, 1, &with_timeout(30)).await;
    published(&admin, 1).await;
    assert_eq!(state().await, "waits");
    say(&contact).await;
    let looked = rollout(&admin, 1).await;
    assert_eq!((&looked["version"], &looked["registers"][0]["state"]), (&json!(2), &json!("building")));
    assert_eq!(
        (&looked["registers"][0]["version"], &looked["registers"][0]["rows_have"]),
        (&json!(1), &json!(0)),
        "what it keeps is of the version before"
    );
    assert!(looked["registers"][0]["rows_wanted"].as_u64() > Some(5), "{looked}");
    server.pass(30_000);
    assert_eq!(state().await, "offline");
    assert!(rollout(&admin, 1).await["registers"][0]["rows_have"].is_null());
    assert_eq!(admin.post("/api/admin/registers/2/lock", "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(rollout(&admin, 1).await["registers"][1]["state"], "locked");
    // As a fresh register, one of an app that did not move as a whole, and one that repairs a table: it goes by the
    // version, and builds rows of it.
    contact.profile_version = 2;
    contact.building = Some(Building { version: 2, rows_have: 3, rows_wanted: 40 });
    say(&contact).await;
    let builds = rollout(&admin, 1).await["registers"][0].clone();
    assert_eq!(
        (&builds["state"], &builds["version"], &builds["rows_have"], &builds["rows_wanted"]),
        (&json!("building"), &json!(2), &json!(3), &json!(40))
    );
    let with_version = async || {
        let versions = admin.get("/api/admin/profiles/1/versions").await.json();
        let one = detail(&admin, 1).await["registers_with_version"].as_u64();
        let listed =
            admin.get("/api/admin/profiles").await.json()["profiles"][0]["registers_with_version"].as_u64();
        (one, listed, versions["versions"][0]["registers_count"].as_u64())
    };
    assert_eq!(with_version().await, (Some(0), Some(0), Some(0)));
    let fault = |part: FaultPart, text: &str| RegisterFault {
        part: part.number(),
        since_ms: 5,
        text: text.to_owned(),
        no_room: None,
    };
    // That a sale is refused says nothing about the profile.
    let unrelated = fault(FaultPart::Upload, "a sale is refused");
    contact.faults = Some(vec![unrelated.clone()]);
    say(&contact).await;
    assert_eq!(state().await, "building");
    contact.faults = Some(vec![unrelated, fault(FaultPart::Download, "the disk is full")]);
    say(&contact).await;
    let failed = rollout(&admin, 1).await["registers"][0].clone();
    assert_eq!((&failed["state"], &failed["error"]), (&json!("error"), &json!("the disk is full")));
    (contact.faults, contact.building) = (Some(Vec::new()), None);
    say(&contact).await;
    assert_eq!(state().await, "has_it");
    assert_eq!(with_version().await, (Some(1), Some(1), Some(1)));
    // One that never looks for a new version does not build it.
    let mut never = with_timeout(30);
    never.device.check_for_new_database = CheckForNewDatabase::Never;
    saved(&admin, 1, 2, &never).await;
    published(&admin, 1).await;
    contact.profile_version = 3;
    say(&contact).await;
    saved(&admin, 1, 3, &with_timeout(31)).await;
    published(&admin, 1).await;
    say(&contact).await;
    assert_eq!(state().await, "waits_for_somebody");
}

/// A register with other products than the published version wants; then it moves to that.
#[tokio::test]
async fn a_register_that_has_no_room_stays_on_its_version_and_the_rollout_says_so() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    let mut contact = register.contact_request();
    contact.profile_version = 1;
    assert_eq!(register.post("contact", &contact).await.status, StatusCode::OK);
    let few = OfflineProducts::TopBySales { count: 5 };
    saved(&admin, 1, 1, &Profile { offline_products: few, ..default_profile() }).await;
    published(&admin, 1).await;
    contact.moving_to = Some(2);
    let no_room = NoRoom {
        version: 2,
        needs_bytes: 300_400_000,
        free_bytes: Some(120_000_000),
        tables: vec![TableRoom { table: TableId::Product, bytes: 300_400_000 }],
    };
    let (part, text) = (FaultPart::Move.number(), no_room.sentence());
    contact.faults = Some(vec![RegisterFault { part, since_ms: 5, text, no_room: Some(no_room) }]);
    let reply: ContactReply = register.post("contact", &contact).await.message();
    let next = reply.next_heads.expect("where the version stands that it moves to");
    assert_eq!(next.version, 2);
    let view = |heads: &[TableHead]| heads.iter().find(|head| head.table == TableId::Product).unwrap().view;
    assert!(view(&next.heads).is_some() && view(&reply.heads).is_none(), "{next:?}");
    let row = rollout(&admin, 1).await["registers"][0].clone();
    assert_eq!(
        (&row["state"], &row["version"], &row["wanted_version"], &row["error"]),
        (
            &json!("error"),
            &json!(1),
            &json!(2),
            &json!("stays on version 1, version 2 does not fit: needs 300 MB, has 120 MB")
        )
    );
    // A version that is not the published one is told of where the register may have it.
    for (version, is_told) in [(1, true), (9, false)] {
        let contact = ContactRequest { moving_to: Some(version), ..contact.clone() };
        let reply: ContactReply = register.post("contact", &contact).await.message();
        assert_eq!(reply.next_heads.map(|next| next.version), is_told.then_some(version));
    }
    // What it has goes on; and what it builds is to be had meanwhile.
    assert_eq!(register.manifest(TableId::Product).await.view, None);
    let wanted = register.get("manifest/product?profile_version=2").await.message::<Manifest>();
    assert_eq!(wanted.view, view(&next.heads));
    for manifest in [&register.manifest(TableId::Product).await, &wanted] {
        let page = format!("page/{}", hex(&*manifest.pages[0].hash));
        assert_eq!(register.get(&page).await.status, StatusCode::OK);
    }
    let (table, since, rows_max) = (TableId::Product, wanted.head, 10);
    let pull = PullRequest { table, since, rows_max, profile_version: Some(2) };
    assert_eq!(register.post("pull", &pull).await.message::<PullReply>().view, wanted.view);
    assert_eq!(register.pull(table, since, rows_max).await.view, None);
    assert_eq!(register.get("manifest/product?profile_version=9").await.status, StatusCode::NOT_FOUND);
    (contact.profile_version, contact.moving_to, contact.faults) = (2, None, Some(Vec::new()));
    assert_eq!(register.post("contact", &contact).await.status, StatusCode::OK);
    assert_eq!(rollout(&admin, 1).await["registers"][0]["state"], "has_it");
}

#[tokio::test]
async fn a_retry_is_asked_for_of_a_register_with_a_device() {
    let server = TestServer::start().await;
    let _register = server.register(1).await;
    let admin = server.administrator().await;
    assert_eq!(admin.post("/api/admin/registers/1/retry", "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(rollout(&admin, 1).await["registers"][0]["retry_asked"], true);
    let empty = admin.post("/api/admin/registers/2/retry", "").await;
    assert_eq!(empty.json_problem(), (422, "field_invalid".to_owned()));
    assert_eq!(admin.post("/api/admin/registers/9/retry", "").await.json_problem().0, 404);
}

#[tokio::test]
async fn a_profile_that_no_register_has_room_for_is_published_only_by_force() {
    let server = TestServer::demo().await;
    let (first, second) = (server.register(1).await, server.register(2).await);
    let mut contact = first.contact_request();
    contact.storage_bytes = Some((1_000_000, 1_001_000));
    first.post("contact", &contact).await;
    let admin = server.administrator().await;
    let mut changed = default_profile();
    changed.scopes[3].frequency = Frequency::ByHand;
    saved(&admin, 1, 1, &changed).await;
    // Of the second one nothing is known, so it may have room.
    contact.storage_bytes = None;
    second.post("contact", &contact).await;
    let preview =
        admin.post("/api/admin/profiles/1/preview", &json!({ "profile": changed }).to_string()).await.json();
    assert_eq!(
        (&preview["registers"][0]["fits"], &preview["registers"][1]["fits"]),
        (&json!(false), &Value::Null)
    );
    contact.storage_bytes = Some((0, 10));
    second.post("contact", &contact).await;
    let refused = publish(&admin, 1).await;
    assert_eq!(refused.json_problem(), (422, "profile_no_room".to_owned()));
    assert_eq!(refused.json()["findings"][0]["field"], "registers");
    let forced = admin.post("/api/admin/profiles/1/publish", r#"{"revision":2,"force":true}"#).await;
    assert_eq!(forced.json(), json!({ "version": 2 }));
    assert_eq!(save(&admin, 1, 2, &default_profile()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_version_that_no_register_has_room_for_comes_back_only_by_force() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    let mut fewer = default_profile();
    fewer.scopes.retain(|scope| scope.name != "Customers");
    saved(&admin, 1, 1, &fewer).await;
    assert_eq!(published(&admin, 1).await, 2);
    let mut contact = register.contact_request();
    contact.profile_version = 2;
    contact.storage_bytes = Some((1_000_000, 1_001_000));
    register.post("contact", &contact).await;
    let before = server.dump().await;
    let refused = admin.post("/api/admin/profiles/1/rollback", r#"{"version":1}"#).await;
    assert_eq!(refused.json_problem(), (422, "profile_no_room".to_owned()));
    assert_eq!(refused.json()["findings"][0]["field"], "registers");
    assert_eq!(differences(&before, &server.dump().await), BTreeMap::new());
    let forced = admin.post("/api/admin/profiles/1/rollback", r#"{"version":1,"force":true}"#).await;
    assert_eq!(forced.json(), json!({ "version": 3 }));
}

#[tokio::test]
async fn a_version_that_breaks_a_rule_of_today_is_not_restored() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    let store_id = server.store().await.row.id;
    for timeout_s in [0, 30] {
        // As a version of another time may have published it.
        let mut writing = server.database.begin_write(&store_id, server.now_ms()).await.unwrap();
        writing.publish_profile(&with_timeout(timeout_s), server.now_ms()).await.unwrap();
        writing.commit().await.unwrap();
    }
    let answer = admin.post("/api/admin/profiles/1/rollback", r#"{"version":2}"#).await;
    assert_eq!(answer.json_problem(), (422, "profile_invalid".to_owned()));
    assert_eq!(answer.json()["findings"][0]["field"], "device.offline_timeout_s");
    assert_eq!(wanted(&register).await, 3);
    assert_eq!(draft_of(&detail(&admin, 1).await), with_timeout(30));
}
