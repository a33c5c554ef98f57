//! Registers, their codes and locks; store and profiles.

use axum::http::StatusCode;
use holdfast_profile::TableId;
use holdfast_protocol::rows::RegisterRow;

use crate::support::TestServer;

#[tokio::test]
async fn a_register_is_added_and_reaches_the_other_registers() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let since = register.pull(TableId::Register, 0, 100).await.up_to;
    let administrator = server.administrator().await;
    let added = administrator.post("/api/admin/registers", r#"{"number":7,"name":" Garden "}"#).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text());
    let listed = administrator.get("/api/admin/registers").await.json();
    assert_eq!(listed["registers"][2]["number"], 7);
    assert_eq!(listed["registers"][2]["activated"], false);
    let changes = register.pull(TableId::Register, since, 100).await.changes;
    let row: RegisterRow = holdfast_protocol::decode(changes[0].body.as_ref().unwrap()).unwrap();
    assert_eq!(row, RegisterRow { number: 7, name: "Garden".to_owned() });
    assert_eq!(server.register(7).await.identity.register_name, "Garden");
}

#[tokio::test]
async fn a_register_that_can_not_be_added_names_the_field() {
    let server = TestServer::start().await;
    let administrator = server.administrator().await;
    let long = format!(r#"{{"number":3,"name":"{}"}}"#, "x".repeat(61));
    for (body, field) in [
        (r#"{"number":1,"name":"Again"}"#, "number"),
        (r#"{"number":0,"name":"Zero"}"#, "number"),
        (r#"{"number":10000,"name":"Many"}"#, "number"),
        (r#"{"number":3,"name":"  "}"#, "name"),
        (r#"{"number":3,"name":"a\nb"}"#, "name"),
        (&long, "name"),
    ] {
        let answer = administrator.post("/api/admin/registers", body).await;
        assert_eq!(answer.json_problem(), (422, "field_invalid".to_owned()), "{body}");
        assert_eq!(answer.json()["field"], field, "{body}");
    }
    let answer = administrator.post("/api/admin/registers", r#"{"number":70000,"name":"x"}"#).await;
    assert_eq!(answer.json_problem(), (400, "malformed".to_owned()));
}

#[tokio::test]
async fn a_code_is_shown_with_its_end() {
    let server = TestServer::start().await;
    let administrator = server.administrator().await;
    let code = administrator.post("/api/admin/registers/1/activation-code", "").await.json();
    assert_eq!(code["expires_at_ms"], server.now_ms() + 3_600_000);
    let shown = code["code"].as_str().unwrap();
    assert_eq!((shown.len(), &shown[4..5]), (9, "-"));
    for path in ["/api/admin/registers/9/activation-code", "/api/admin/registers/9/lock"] {
        assert_eq!(administrator.post(path, "").await.json_problem(), (404, "not_found".to_owned()));
    }
    for path in ["/api/admin/registers/x/activation-code", "/api/admin/registers/99999/lock"] {
        assert!(administrator.post(path, "").await.status.is_client_error(), "{path}");
    }
}

#[tokio::test]
async fn a_lock_voids_token_and_codes_until_the_next_activation() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let code = server.activation_code(1).await;
    let administrator = server.administrator().await;
    assert_eq!(administrator.post("/api/admin/registers/1/lock", "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(register.get("profile").await.status, StatusCode::UNAUTHORIZED);
    let answer = crate::support::TestRegister::ask(&server, &code, [9; 16]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let listed = administrator.get("/api/admin/registers").await.json();
    assert_eq!(
        (&listed["registers"][0]["locked"], &listed["registers"][0]["activated"]),
        (&true.into(), &false.into())
    );
    let again = server.register(1).await;
    assert_eq!(again.get("profile").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_store_and_its_profile_are_shown() {
    let server = TestServer::demo().await;
    let administrator = server.administrator().await;
    let store = administrator.get("/api/admin/store").await.json();
    assert_eq!((&store["currency"], &store["profile"]), (&"GBP".into(), &"Default pr.".into()));
    let products = store["rows"].as_array().unwrap().iter().find(|row| row["table"] == "product").unwrap();
    assert!(products["rows"].as_u64().unwrap() > 500);
    let profiles = administrator.get("/api/admin/profiles").await.json();
    let profile = &profiles["profiles"][0];
    assert_eq!((&profile["name"], &profile["published"]["version"]), (&"Default pr.".into(), &1.into()));
}
