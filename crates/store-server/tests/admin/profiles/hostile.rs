//! What a back office, or who passes for one, may send of profiles that can't be taken: nothing is changed.

use axum::http::StatusCode;
use holdfast_profile::{OfflineProducts, Profile, ScopeTable, TableId, default_profile};
use serde_json::{Value, json};

use super::{detail, save, saved, with_timeout};
use crate::support::{TestServer, differences};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_names_are_refused_with_field_reason_and_mend() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let before = server.dump().await;
    let long = "x".repeat(61);
    for name in
        ["", " ", "\u{200b}", &long, "a\nb", "a\0b", "a\u{202e}b", "\u{2066}a", "\u{2028}", "Default pr."]
    {
        let body = json!({ "name": name }).to_string();
        let created = admin.post("/api/admin/profiles", &body).await;
        let mut profile = default_profile();
        profile.scopes[0].name = name.to_owned();
        let renamed = if name == "Default pr." { None } else { Some(save(&admin, 1, 1, &profile).await) };
        for answer in [Some(created), renamed].into_iter().flatten() {
            assert_eq!(answer.json_problem(), (422, "profile_invalid".to_owned()), "{name:?}");
            for part in ["field", "reason", "mend"] {
                assert!(!answer.json()["findings"][0][part].as_str().unwrap().is_empty(), "{name:?}");
            }
        }
    }
    assert!(differences(&before, &server.dump().await).is_empty());
    // Markup and letters of every script are text like any other.
    for name in ["<script>alert(1)</script>", "'; DROP TABLE profiles; --", "קופה ראשית", "𝔗ill 🌻"]
    {
        let made = admin.post("/api/admin/profiles", &json!({ "name": name }).to_string()).await.json();
        assert_eq!(made["draft"]["name"], name);
        let file = admin.get(&format!("/api/admin/profiles/{}/file", made["id"])).await;
        let disposition = file.header(axum::http::header::CONTENT_DISPOSITION);
        assert!(disposition.ends_with(".json\"") && !disposition.contains('<'), "{disposition}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_save_is_refused() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    saved(&admin, 1, 1, &with_timeout(30)).await;
    let before = server.dump().await;
    let valid =
        || json!({ "base_revision": 2, "profile": with_timeout(31), "renamed_scopes": [], "choices": {} });
    let with = |path: &str, value: Value| {
        let mut body = valid();
        *body.pointer_mut(path).unwrap() = value;
        body.to_string()
    };
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    for body in [
        String::new(),
        "{}".to_owned(),
        deep.clone(),
        format!("{{\"base_revision\":2,\"profile\":{deep}}}"),
        with("/base_revision", json!(-1)),
        with("/base_revision", json!(1.5)),
        with("/base_revision", json!("2")),
        with("/profile/scopes/0/direction", json!("sideways")),
        with("/profile/scopes/0/tables/0/table", json!("secrets")),
        with("/profile/scopes/0/frequency", json!({ "kind": "hourly" })),
        with("/profile/device/offline_timeout_s", json!(-5)),
        with("/profile/device/offline_timeout_s", json!(4_294_967_296_u64)),
        with("/choices", json!({ "name": "both" })),
        with("/renamed_scopes", json!([{ "from": "Staff" }])),
        with("/profile/scopes", json!(null)),
    ] {
        let answer = admin.put("/api/admin/profiles/1", &body).await;
        assert_eq!(answer.json_problem(), (400, "malformed".to_owned()), "{}", &body[..body.len().min(80)]);
    }
    for revision in [0_u64, 3, i64::MAX as u64, u64::MAX] {
        let answer = save(&admin, 1, revision, &with_timeout(31)).await;
        assert_eq!(answer.json_problem(), (422, "field_invalid".to_owned()), "{revision}");
        assert_eq!(answer.json()["field"], "base_revision");
    }
    for id in ["0", "2", "18446744073709551615", "9223372036854775808"] {
        let answer = admin.put(&format!("/api/admin/profiles/{id}"), &valid().to_string()).await;
        assert_eq!(answer.json_problem(), (404, "not_found".to_owned()), "{id}");
        for path in ["", "/versions", "/rollout", "/file"] {
            let answer = admin.get(&format!("/api/admin/profiles/{id}{path}")).await;
            assert_eq!(answer.json_problem(), (404, "not_found".to_owned()), "{id}{path}");
        }
        let answer = admin.post(&format!("/api/admin/profiles/{id}/rollback"), r#"{"version":1}"#).await;
        assert_eq!(answer.json_problem(), (404, "not_found".to_owned()), "{id}");
        let body = json!({ "profile": default_profile() }).to_string();
        let answer = admin.post(&format!("/api/admin/profiles/{id}/preview"), &body).await;
        assert_eq!(answer.json_problem(), (404, "not_found".to_owned()), "{id}");
        let answer = admin.post(&format!("/api/admin/profiles/{id}/publish"), r#"{"revision":1}"#).await;
        assert_eq!(answer.json_problem(), (404, "not_found".to_owned()), "{id}");
    }
    for id in ["-1", "x", "1.5", "%00", "99999999999999999999"] {
        let answer = admin.put(&format!("/api/admin/profiles/{id}"), &valid().to_string()).await;
        assert_eq!(answer.json_problem(), (400, "malformed".to_owned()), "{id}");
    }
    assert!(differences(&before, &server.dump().await).is_empty());
    assert_eq!(detail(&admin, 1).await["revision"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn huge_lists_are_refused_in_short_words() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let before = server.dump().await;
    let mut scopes = default_profile();
    let scope = scopes.scopes[2].clone();
    scopes.scopes.extend(std::iter::repeat_n(scope, 5_000));
    let mut tables = default_profile();
    tables.scopes[2].tables = vec![ScopeTable::whole(TableId::Staff); 30_000];
    let mut fields = default_profile();
    fields.scopes[3].tables[1].fields = Some(vec!["name".to_owned(); 50_000]);
    let codes = vec!["toys".to_owned(); 60_000];
    let categories = Profile { offline_products: OfflineProducts::Categories { codes }, ..default_profile() };
    // Of each entry too many one thing is wrong at least; few of them are named.
    for (what, profile, count, preview_status) in [
        ("scopes", scopes, 5_000, StatusCode::OK),
        ("tables", tables, 29_999, StatusCode::OK),
        ("fields", fields, 49_999, StatusCode::OK),
        // A row would be compared with each of them.
        ("categories", categories, 59_999, StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let answer = save(&admin, 1, 1, &profile).await;
        assert_eq!(answer.json_problem(), (422, "profile_invalid".to_owned()), "{what}");
        let body = answer.json();
        let named = body["findings"].as_array().unwrap().len();
        assert_eq!((named, body["findings_count"].as_u64() >= Some(count)), (200, true), "{what}");
        assert!(answer.body.len() < 100_000, "{what}: {} bytes", answer.body.len());
        let body = json!({ "profile": profile }).to_string();
        let preview = admin.post("/api/admin/profiles/1/preview", &body).await;
        assert_eq!(preview.status, preview_status, "{what}");
        // A table is counted once, however often it stands there.
        let counted = preview.json()["tables"].as_array().map_or(0, Vec::len);
        assert!(counted <= TableId::ALL.len(), "{what}: {counted} tables");
    }
    let body = format!("{{\"base_revision\":1,\"profile\":\"{}\"}}", "x".repeat(2_000_000));
    let answer = admin.put("/api/admin/profiles/1", &body).await;
    assert_eq!(answer.json_problem(), (413, "too_large".to_owned()));
    let with_renames = |count: usize| {
        let renames = vec![json!({ "from": "a", "to": "b" }); count];
        json!({ "base_revision": 1, "profile": with_timeout(9), "renamed_scopes": renames }).to_string()
    };
    for count in [201, 10_000] {
        let answer = admin.put("/api/admin/profiles/1", &with_renames(count)).await;
        assert_eq!(answer.json_problem(), (422, "field_invalid".to_owned()), "{count}");
        assert_eq!(answer.json()["field"], "renamed_scopes", "{count}");
    }
    assert!(differences(&before, &server.dump().await).is_empty());
    let answer = admin.put("/api/admin/profiles/1", &with_renames(200)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_is_an_end_to_the_profiles_of_a_store() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    for number in 1..200 {
        let body = json!({ "name": format!("Number {number}") }).to_string();
        assert_eq!(admin.post("/api/admin/profiles", &body).await.status, 201, "{number}");
    }
    let answer = admin.post("/api/admin/profiles", r#"{"name":"One more"}"#).await;
    assert_eq!(answer.json_problem(), (422, "profile_invalid".to_owned()));
}
