//! Scopes that profiles share.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use holdfast_profile::{Frequency, Scope, ScopeTable, TableId, default_profile};
use serde_json::json;

use super::{copied, detail, draft_of, published, save, saved};
use crate::support::{Administrator, TestServer, differences};

/// Names in the library with how many profiles use each.
async fn library(admin: &Administrator<'_>) -> Vec<(String, usize)> {
    let scopes = admin.get("/api/admin/scopes").await.json();
    let scopes = scopes["scopes"].as_array().unwrap().iter();
    scopes
        .map(|entry| {
            let name = entry["scope"]["name"].as_str().unwrap().to_owned();
            (name, entry["used_by"].as_array().unwrap().len())
        })
        .collect()
}

#[tokio::test]
async fn a_scope_that_is_changed_in_one_profile_changes_in_all_and_the_trail_says_so() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let id = copied(&admin, "Garden").await;
    assert_eq!(library(&admin).await[0], ("Currency, tax, tenders".to_owned(), 2));
    let mut mine = default_profile();
    mine.scopes[2].frequency = Frequency::EveryMinutes { minutes: 15 };
    saved(&admin, 1, 1, &mine).await;
    let other = detail(&admin, id).await;
    assert_eq!(other["revision"], 2);
    assert_eq!(draft_of(&other).scopes, mine.scopes);
    assert_eq!(draft_of(&other).name, "Garden");
    let trail = super::trail(&admin).await;
    assert_eq!(trail[0], ("scope_changed".to_owned(), "Staff".to_owned()));
    assert_eq!(trail[1], ("profile_saved".to_owned(), "Default pr.".to_owned()));
    // Whoever was editing the other profile meanwhile is merged with it.
    let mut stale = default_profile();
    stale.name = "Garden".to_owned();
    stale.device.offline_timeout_s = 20;
    let answer = saved(&admin, id, 1, &stale).await;
    assert_eq!(answer["merged"], true);
    assert_eq!(draft_of(&answer["detail"]).scopes, mine.scopes);
    assert_eq!(draft_of(&answer["detail"]).device.offline_timeout_s, 20);
}

#[tokio::test]
async fn a_change_that_another_profile_can_not_take_is_refused() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let id = copied(&admin, "Garden").await;
    // The other profile keeps customers in a scope of its own.
    let mut theirs = draft_of(&detail(&admin, id).await);
    theirs.scopes[5].name = "Buyers".to_owned();
    saved(&admin, id, 1, &theirs).await;
    let mut mine = default_profile();
    mine.scopes.remove(5);
    mine.scopes[2].tables.push(ScopeTable::whole(TableId::Customer));
    let refused = save(&admin, 1, 1, &mine).await;
    assert_eq!(refused.json_problem(), (422, "profile_invalid".to_owned()));
    let finding = &refused.json()["findings"][0];
    assert_eq!(finding["field"], "scopes[2]");
    assert!(finding["reason"].as_str().unwrap().contains("“Garden”"), "{finding}");
    assert_eq!(detail(&admin, 1).await["revision"], 1);
    assert_eq!(detail(&admin, id).await["revision"], 2);
}

#[tokio::test]
async fn a_renamed_scope_has_its_new_name_everywhere() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let id = copied(&admin, "Garden").await;
    let mut mine = default_profile();
    mine.scopes[2].name = "People".to_owned();
    let body = json!({
        "base_revision": 1, "profile": mine, "renamed_scopes": [{ "from": "Staff", "to": "People" }],
    });
    let answer = admin.put("/api/admin/profiles/1", &body.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(draft_of(&detail(&admin, id).await).scopes[2].name, "People");
    let library = library(&admin).await;
    assert!(library.contains(&("People".to_owned(), 2)) && !library.iter().any(|(name, _)| name == "Staff"));
}

#[tokio::test]
async fn a_scope_stays_in_the_library_until_it_is_deleted() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let used = admin.delete("/api/admin/scopes/Customers").await;
    assert_eq!(used.json_problem(), (409, "scope_used".to_owned()));
    assert!(used.json()["detail"].as_str().unwrap().contains("“Default pr.”"), "{}", used.text());
    let mut mine = default_profile();
    mine.scopes.remove(5);
    saved(&admin, 1, 1, &mine).await;
    assert!(library(&admin).await.contains(&("Customers".to_owned(), 0)));
    // Back in, it is what it was.
    saved(&admin, 1, 2, &default_profile()).await;
    assert!(library(&admin).await.contains(&("Customers".to_owned(), 1)));
    saved(&admin, 1, 3, &mine).await;
    assert_eq!(admin.delete("/api/admin/scopes/customers").await.status, StatusCode::NO_CONTENT);
    assert!(!library(&admin).await.iter().any(|(name, _)| name == "Customers"));
    for name in ["Customers", "%20", "..", "%3Cb%3E"] {
        let answer = admin.delete(&format!("/api/admin/scopes/{name}")).await;
        assert_eq!(answer.json_problem(), (404, "not_found".to_owned()), "{name}");
    }
}

#[tokio::test]
async fn a_scope_that_no_profile_holds_is_not_replaced_unasked() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let mut without = default_profile();
    without.scopes.remove(2);
    saved(&admin, 1, 1, &without).await;
    let mut mine = default_profile();
    mine.scopes[2].frequency = Frequency::ByHand;
    let refused = save(&admin, 1, 2, &mine).await;
    assert_eq!(refused.json_problem(), (409, "profile_conflicts".to_owned()));
    assert_eq!(refused.json()["conflicts"][0]["field"], "library[\"Staff\"]");
    let body = json!({ "base_revision": 2, "profile": mine, "choices": { "library[\"Staff\"]": "mine" } });
    assert_eq!(admin.put("/api/admin/profiles/1", &body.to_string()).await.status, StatusCode::OK);
    assert_eq!(draft_of(&detail(&admin, 1).await), mine);
}

#[tokio::test]
async fn a_scope_that_was_taken_from_the_library_while_it_changed_there_wants_a_choice() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let id = copied(&admin, "Garden").await;
    let mut without = draft_of(&detail(&admin, id).await);
    let taken: Scope = without.scopes.remove(2);
    saved(&admin, id, 1, &without).await;
    let mut changed = default_profile();
    changed.scopes[2].frequency = Frequency::ByHand;
    saved(&admin, 1, 1, &changed).await;
    // The administrator of the other one adds it as it was.
    let mut mine = without.clone();
    mine.scopes.insert(2, taken);
    let refused = save(&admin, id, 2, &mine).await;
    assert_eq!(refused.json_problem(), (409, "profile_conflicts".to_owned()));
    assert_eq!(refused.json()["conflicts"][0]["field"], "library[\"Staff\"]");
    let body = json!({ "base_revision": 2, "profile": mine, "choices": { "library[\"Staff\"]": "theirs" } });
    let answer = admin.put(&format!("/api/admin/profiles/{id}"), &body.to_string()).await.json();
    assert_eq!(answer["merged"], true);
    assert_eq!(draft_of(&answer["detail"]).scopes, changed.scopes);
    assert_eq!(draft_of(&detail(&admin, 1).await).scopes, changed.scopes);
}

#[tokio::test]
async fn going_back_and_restoring_ask_before_they_change_other_profiles() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let id = copied(&admin, "Garden").await;
    published(&admin, id).await;
    let mut mine = default_profile();
    mine.scopes[2].frequency = Frequency::EveryMinutes { minutes: 15 };
    mine.scopes[4].description = "All that is sold.".to_owned();
    saved(&admin, 1, 1, &mine).await;
    published(&admin, 1).await;
    let before = server.dump().await;
    let roll_back = "/api/admin/profiles/1/rollback";
    let restore = "/api/admin/profiles/default/restore";
    for (path, body) in [
        (roll_back, r#"{"version":1}"#),
        (roll_back, r#"{"version":1,"also_changes_others":false}"#),
        (restore, ""),
        (restore, "null"),
        (restore, "{}"),
    ] {
        let refused = admin.post(path, body).await;
        assert_eq!(refused.json_problem(), (409, "profile_changes_others".to_owned()), "{path} {body}");
        let problem = refused.json();
        assert_eq!(problem["type"], "/problems/profile-changes-others");
        let scopes = [mine.scopes[2].name.clone(), mine.scopes[4].name.clone()];
        assert_eq!(problem["others"], json!([{ "id": id, "name": "Garden", "scopes": scopes }]));
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("In “Garden” it would change “Staff”"), "{detail}");
    }
    assert_eq!(differences(&before, &server.dump().await), BTreeMap::new());
    // What is shown and meant is done.
    let done = admin.post(roll_back, r#"{"version":1,"also_changes_others":true}"#).await;
    assert_eq!(done.json(), json!({ "version": 4 }));
    assert_eq!(draft_of(&detail(&admin, id).await).scopes, default_profile().scopes);
    saved(&admin, 1, 3, &mine).await;
    let done = admin.post(restore, r#"{"also_changes_others":true,"drops_draft":4}"#).await;
    assert_eq!(draft_of(&done.json()), default_profile());
    assert_eq!(draft_of(&detail(&admin, id).await).scopes, default_profile().scopes);
    // Where no other profile changes, nobody is asked.
    let mut other = draft_of(&detail(&admin, id).await);
    other.scopes.retain(|scope| scope.name != mine.scopes[2].name);
    saved(&admin, id, detail(&admin, id).await["revision"].as_u64().unwrap(), &other).await;
    let mut mine = default_profile();
    mine.scopes[2].frequency = Frequency::ByHand;
    let revision = detail(&admin, 1).await["revision"].as_u64().unwrap();
    let kept = saved(&admin, 1, revision, &mine).await;
    let body = json!({ "drops_draft": kept["detail"]["revision"] }).to_string();
    assert_eq!(draft_of(&admin.post(restore, &body).await.json()), default_profile());
}
