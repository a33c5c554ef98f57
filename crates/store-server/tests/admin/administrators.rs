//! Several administrators, each with a name of their own.

use axum::http::StatusCode;
use holdfast_store_server::administrators::{
    AdministratorChange, AdministratorName, AdministratorOrder, AdministratorRefusal,
};
use holdfast_store_server::passwords;
use serde_json::{Value, json};

use crate::support::{Administrator, Answer, TestServer};

async fn order(
    server: &TestServer,
    name: &str,
    change: AdministratorChange,
) -> Result<String, AdministratorRefusal> {
    let name = AdministratorName::parse(name).unwrap();
    let order = AdministratorOrder { by: "command line".to_owned(), at_ms: server.now_ms(), name, change };
    server.database.change_administrators(&server.store().await.row.id, &order).await.unwrap()
}

/// Of a password that is typed as it stands here.
fn hash_of(password: &str) -> String {
    passwords::hash(&password.to_uppercase()).unwrap()
}

async fn add(server: &TestServer, name: &str, password: &str) {
    let add = AdministratorChange::Add { password_hash: hash_of(password) };
    assert_eq!(order(server, name, add).await, Ok(name.to_owned()));
}

async fn sign_in(server: &TestServer, name: &str, password: &str) -> Answer {
    server.sign_in(&json!({ "name": name, "password": password }).to_string()).await
}

async fn who_is(admin: &Administrator<'_>) -> String {
    admin.get("/api/admin/session").await.json()["name"].as_str().unwrap_or_default().to_owned()
}

async fn save(admin: &Administrator<'_>, base_revision: u64, timeout_s: u32) -> Value {
    let mut profile = holdfast_profile::default_profile();
    profile.device.offline_timeout_s = timeout_s;
    let body =
        json!({ "base_revision": base_revision, "profile": profile, "renamed_scopes": [], "choices": {} });
    let saved = admin.put("/api/admin/profiles/1", &body.to_string()).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text());
    saved.json()["detail"].clone()
}

/// Who changed what, oldest first.
async fn trail(admin: &Administrator<'_>) -> Vec<(String, String)> {
    let changes = admin.get("/api/admin/changes").await.json();
    let text = |change: &Value, name: &str| change[name].as_str().unwrap().to_owned();
    let changes = changes["changes"].as_array().unwrap().iter().rev();
    changes.map(|change| (text(change, "administrator"), text(change, "action"))).collect()
}

#[tokio::test]
async fn what_two_administrators_change_stands_under_their_names() {
    let server = TestServer::start().await;
    add(&server, "Ann Baker", "anns").await;
    add(&server, "Bo", "bos").await;
    let ann = server.administrator_named("ann  BAKER", "Anns").await;
    let bo = server.administrator_named(" bo ", "bos").await;
    assert_eq!((who_is(&ann).await, who_is(&bo).await), ("Ann Baker".to_owned(), "Bo".to_owned()));

    let first = save(&ann, 1, 30).await;
    assert_eq!(first["updated_by"], "Ann Baker");
    // Bo began with the same revision, so both values are shown, and whose the other one is.
    let mut profile = holdfast_profile::default_profile();
    profile.device.offline_timeout_s = 40;
    let body = json!({ "base_revision": 1, "profile": profile, "renamed_scopes": [], "choices": {} });
    let conflicts = bo.put("/api/admin/profiles/1", &body.to_string()).await.json();
    assert_eq!(conflicts["theirs"]["updated_by"], "Ann Baker", "{conflicts}");
    let publish = json!({ "revision": first["revision"] }).to_string();
    assert_eq!(bo.post("/api/admin/profiles/1/publish", &publish).await.status, StatusCode::OK);
    let versions = ann.get("/api/admin/profiles/1/versions").await.json();
    assert_eq!(versions["versions"][0]["published_by"], "Bo", "{versions}");
    bo.post("/api/admin/registers", r#"{"number":7,"name":"Yard"}"#).await;
    ann.post("/api/admin/registers/7/activation-code", "").await;
    ann.post("/api/admin/import/customers", "id,name\n1,Ito\n").await;

    let expected = [
        ("command line", "administrator_added"),
        ("command line", "administrator_added"),
        ("Ann Baker", "profile_saved"),
        ("Bo", "profile_published"),
        ("Bo", "register_added"),
        ("Ann Baker", "activation_code_made"),
        ("Ann Baker", "rows_imported"),
    ];
    assert_eq!(trail(&ann).await, expected.map(|(who, what)| (who.to_owned(), what.to_owned())));
}

#[tokio::test]
async fn a_back_office_that_sends_no_name_means_the_first_administrator() {
    let server = TestServer::start().await;
    add(&server, "Ann", "anns").await;
    for credentials in [
        json!({ "password": server.admin_password }),
        json!({ "name": null, "password": server.admin_password }),
    ] {
        let answer = server.sign_in(&credentials.to_string()).await;
        assert_eq!((answer.status, &answer.json()["name"]), (StatusCode::OK, &json!("admin")));
    }
    let anns = server.sign_in(r#"{"password":"anns"}"#).await;
    assert_eq!(anns.json_problem(), (403, "password_wrong".to_owned()));
}

#[tokio::test]
async fn a_name_that_nobody_has_is_answered_and_slowed_down_like_a_wrong_password() {
    let server = TestServer::start().await;
    add(&server, "Ann", "anns").await;
    let wrong = sign_in(&server, "Ann", "wrong").await;
    assert_eq!(wrong.json_problem(), (403, "password_wrong".to_owned()));
    let long = "x".repeat(10_000);
    // Of another's password, of nothing, of everything that is no name.
    for name in ["Annabel", "admin", "", "A\0nn", "\u{202E}Ann", "Command line", &long] {
        let answer = sign_in(&server, name, "anns").await;
        assert_eq!((answer.status, &answer.body), (wrong.status, &wrong.body), "{name:?}");
        assert_eq!(answer.headers.keys().collect::<Vec<_>>(), wrong.headers.keys().collect::<Vec<_>>());
        // The wait of an address grows to a minute at most.
        server.pass(61_000);
    }
    let refused = sign_in(&server, "Annabel", "anns").await;
    assert_eq!(refused.body, wrong.body);
    let at_once = sign_in(&server, "Ann", "anns").await;
    assert_eq!(at_once.json_problem(), (429, "too_many_attempts".to_owned()));
}

#[tokio::test]
async fn whoever_is_removed_is_signed_in_no_more_and_the_others_are() {
    let server = TestServer::start().await;
    add(&server, "Ann", "anns").await;
    let (admin, ann) = (server.administrator().await, server.administrator_named("Ann", "anns").await);
    ann.post("/api/admin/registers", r#"{"number":7,"name":"Yard"}"#).await;
    assert_eq!(order(&server, "ANN", AdministratorChange::Remove).await, Ok("Ann".to_owned()));
    assert_eq!(ann.get("/api/admin/store").await.json_problem(), (401, "sign_in_needed".to_owned()));
    let late = ann.post("/api/admin/registers", r#"{"number":8,"name":"Shed"}"#).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&server, "Ann", "anns").await.json_problem(), (403, "password_wrong".to_owned()));
    assert_eq!(admin.get("/api/admin/store").await.status, StatusCode::OK);
    let expected = [
        ("command line", "administrator_added"),
        ("Ann", "register_added"),
        ("command line", "administrator_removed"),
    ];
    assert_eq!(trail(&admin).await, expected.map(|(who, what)| (who.to_owned(), what.to_owned())));
}

#[tokio::test]
async fn another_password_ends_the_sessions_of_one_and_only_it_is_right() {
    let server = TestServer::start().await;
    add(&server, "Ann", "anns").await;
    let (admin, ann) = (server.administrator().await, server.administrator_named("Ann", "anns").await);
    let set = AdministratorChange::SetPassword { password_hash: hash_of("new") };
    assert_eq!(order(&server, "ann", set).await, Ok("Ann".to_owned()));
    assert_eq!(ann.get("/api/admin/store").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(admin.get("/api/admin/store").await.status, StatusCode::OK);
    assert_eq!(sign_in(&server, "Ann", "anns").await.status, StatusCode::FORBIDDEN);
    assert_eq!(sign_in(&server, "Ann", "new").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_is_not_begun_with_a_password_that_was_replaced_meanwhile() {
    let server = TestServer::start().await;
    add(&server, "Ann", "anns").await;
    let name = AdministratorName::parse("Ann").unwrap();
    let checked = server.database.administrator(&name).await.unwrap().unwrap();
    let begin = async || {
        let ends_at_ms = server.now_ms() + 1_000;
        server.database.add_session([7; 32], &checked, ends_at_ms, server.now_ms()).await.unwrap()
    };
    let set = AdministratorChange::SetPassword { password_hash: hash_of("new") };
    order(&server, "Ann", set).await.unwrap();
    assert!(!begin().await);
    order(&server, "Ann", AdministratorChange::Remove).await.unwrap();
    assert!(!begin().await);
    assert_eq!(server.database.session([7; 32], server.now_ms()).await.unwrap(), None);
}

#[tokio::test]
async fn a_name_is_one_persons_and_the_last_one_stays() {
    let server = TestServer::start().await;
    let add_as =
        |name: &'static str| order(&server, name, AdministratorChange::Add { password_hash: hash_of("x") });
    let taken = |name: &str| Err(AdministratorRefusal::Taken { name: name.to_owned() });
    assert_eq!(add_as("ADMIN").await, taken("admin"));
    assert_eq!(add_as("Zoë").await, Ok("Zoë".to_owned()));
    assert_eq!(add_as("z\u{200B}OË").await, taken("Zoë"));
    assert_eq!(server.database.administrators().await.unwrap(), ["admin", "Zoë"]);
    let unknown = order(&server, "Bo", AdministratorChange::Remove).await.unwrap_err();
    assert_eq!(unknown.to_string(), "There is no administrator “Bo”. There are: admin, Zoë.");
    assert_eq!(order(&server, "Admin", AdministratorChange::Remove).await, Ok("admin".to_owned()));
    let last = AdministratorRefusal::Last { name: "Zoë".to_owned() };
    assert_eq!(order(&server, "zoë", AdministratorChange::Remove).await, Err(last));
    // Without one of that name, nobody gets in who gives none.
    let nameless = server.sign_in(&json!({ "password": server.admin_password }).to_string()).await;
    assert_eq!(nameless.json_problem(), (403, "password_wrong".to_owned()));
    assert_eq!(add_as("admin").await, Ok("admin".to_owned()), "a name that is free again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_at_once_leave_one_name_and_one_administrator() {
    let server = TestServer::start().await;
    for round in 0..5 {
        let names = [format!("Ann {round}"), format!("ANN {round}")];
        let [first, second] = names
            .each_ref()
            .map(|name| order(&server, name, AdministratorChange::Add { password_hash: "x".to_owned() }));
        let (first, second) = tokio::join!(first, second);
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        let [first, second] =
            ["admin", &names[0]].map(|name| order(&server, name, AdministratorChange::Remove));
        let (first, second) = tokio::join!(first, second);
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        let left = server.database.administrators().await.unwrap();
        assert_eq!(left.len(), 1, "{left:?}");
        if left != ["admin"] {
            order(&server, "admin", AdministratorChange::Add { password_hash: "x".to_owned() })
                .await
                .unwrap();
            order(&server, &names[0], AdministratorChange::Remove).await.unwrap();
        }
    }
}
