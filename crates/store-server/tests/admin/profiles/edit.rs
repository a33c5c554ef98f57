//! Making, saving, merging and deleting drafts.

use axum::http::StatusCode;
use holdfast_profile::{OfflineCustomers, OfflineProducts, Profile, default_profile, validate};
use serde_json::{Value, json};

use super::{copied, detail, draft_of, save, saved, with_timeout};
use crate::support::TestServer;

#[tokio::test]
async fn a_new_store_has_the_profile_that_ships_published_and_in_use() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let list = admin.get("/api/admin/profiles").await.json();
    assert_eq!(list["store_profile"], 1);
    assert_eq!(
        list["profiles"],
        json!([{
            "id": 1, "name": "Default pr.", "description": "Everything a register needs to sell on its own.",
            "revision": 1, "scopes_count": 7, "updated_at_ms": server.now_ms(), "updated_by": "store server",
            "published": { "version": 1, "published_at_ms": server.now_ms(), "published_by": "store server" },
            "has_unpublished_changes": false, "used_by_store": true, "registers_own": [],
            "registers_count": 0, "registers_with_version": 0
        }])
    );
    let one = detail(&admin, 1).await;
    assert_eq!(draft_of(&one), default_profile());
    assert_eq!(one["published"]["profile"], one["draft"]);
    assert_eq!(one["published"]["restored_from"], Value::Null);
}

#[tokio::test]
async fn a_profile_is_made_saved_and_deleted() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let body = json!({ "name": " Garden ", "description": "Outside." }).to_string();
    let made = admin.post("/api/admin/profiles", &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    assert_eq!((&made["id"], &made["revision"], &made["published"]), (&json!(2), &json!(1), &Value::Null));
    assert_eq!((&made["draft"]["name"], &made["updated_by"]), (&json!("Garden"), &json!("admin")));
    assert_eq!(draft_of(&made).scopes, default_profile().scopes);

    let mut mine = draft_of(&made);
    mine.device.offline_timeout_s = 30;
    server.pass(1_000);
    let answer = saved(&admin, 2, 1, &mine).await;
    assert_eq!((&answer["merged"], &answer["detail"]["revision"]), (&json!(false), &json!(2)));
    assert_eq!(answer["detail"]["updated_at_ms"], server.now_ms());
    assert_eq!(draft_of(&detail(&admin, 2).await), mine);
    assert_eq!(draft_of(&detail(&admin, 1).await), default_profile(), "a setting is of one profile");

    // The same once more, as when the answer was lost.
    let again = saved(&admin, 2, 1, &mine).await;
    assert_eq!((&again["merged"], &again["detail"]["revision"]), (&json!(false), &json!(2)));

    assert_eq!(admin.delete("/api/admin/profiles/2").await.status, StatusCode::NO_CONTENT);
    for answer in [
        admin.get("/api/admin/profiles/2").await,
        admin.delete("/api/admin/profiles/2").await,
        save(&admin, 2, 2, &mine).await,
    ] {
        assert_eq!(answer.json_problem(), (404, "not_found".to_owned()));
    }
    assert_eq!(copied(&admin, "Garden").await, 3, "an id is given once");
}

#[tokio::test]
async fn a_profile_in_use_is_not_deleted_and_says_by_whom() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let answer = admin.delete("/api/admin/profiles/1").await;
    assert_eq!(answer.json_problem(), (409, "profile_used".to_owned()));
    assert_eq!(answer.json()["type"], "/problems/profile-used");
    let id = copied(&admin, "Garden").await;
    super::published(&admin, id).await;
    let path = "/api/admin/registers/2/profile";
    let body = json!({ "profile": id }).to_string();
    assert_eq!(admin.put(path, &body).await.status, StatusCode::NO_CONTENT);
    let answer = admin.delete(&format!("/api/admin/profiles/{id}")).await;
    assert_eq!(answer.json_problem(), (409, "profile_used".to_owned()));
    assert!(answer.json()["detail"].as_str().unwrap().contains("Register 2"), "{}", answer.text());
    assert_eq!(admin.put(path, r#"{"profile":null}"#).await.status, StatusCode::NO_CONTENT);
    assert_eq!(admin.delete(&format!("/api/admin/profiles/{id}")).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn two_administrators_who_change_different_fields_are_merged() {
    let server = TestServer::start().await;
    let (ann, bo) = (server.administrator().await, server.administrator().await);
    saved(&ann, 1, 1, &with_timeout(30)).await;
    let theirs = Profile { description: "Till and stock room.".to_owned(), ..default_profile() };
    let answer = saved(&bo, 1, 1, &theirs).await;
    assert_eq!((&answer["merged"], &answer["detail"]["revision"]), (&json!(true), &json!(3)));
    let both = Profile { description: theirs.description, ..with_timeout(30) };
    assert_eq!(draft_of(&answer["detail"]), both);
    assert_eq!(super::trail(&ann).await[0], ("profile_merged".to_owned(), "Default pr.".to_owned()));
}

#[tokio::test]
async fn two_administrators_who_change_one_field_get_a_choice() {
    let server = TestServer::start().await;
    let (ann, bo) = (server.administrator().await, server.administrator().await);
    saved(&ann, 1, 1, &with_timeout(30)).await;
    let mut mine = with_timeout(60);
    mine.device.reconnect_interval_min = 9;
    let refused = save(&bo, 1, 1, &mine).await;
    assert_eq!(refused.json_problem(), (409, "profile_conflicts".to_owned()));
    let refused = refused.json();
    assert_eq!(refused["type"], "/problems/profile-conflicts");
    assert_eq!(
        refused["conflicts"],
        json!([{
            "field": "device.offline_timeout_s", "base": { "kind": "seconds", "value": 5 },
            "mine": { "kind": "seconds", "value": 60 }, "theirs": { "kind": "seconds", "value": 30 }
        }])
    );
    assert_eq!(draft_of(&refused["theirs"]), with_timeout(30));
    assert_eq!(draft_of(&detail(&ann, 1).await), with_timeout(30), "nothing was changed");
    for (side, timeout_s) in [("mine", 60), ("theirs", 30)] {
        let server = TestServer::start().await;
        let admin = server.administrator().await;
        saved(&admin, 1, 1, &with_timeout(30)).await;
        let choices = json!({ "device.offline_timeout_s": side });
        let body = json!({ "base_revision": 1, "profile": mine, "choices": choices }).to_string();
        let answer = admin.put("/api/admin/profiles/1", &body).await.json();
        let draft = draft_of(&answer["detail"]);
        assert_eq!((draft.device.offline_timeout_s, draft.device.reconnect_interval_min), (timeout_s, 9));
    }
}

#[tokio::test]
async fn a_merge_that_breaks_a_rule_is_refused_with_what_is_wrong_with_both_together() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    // One names a scope as the other names another one.
    let mut theirs = default_profile();
    theirs.scopes[2].name = "People".to_owned();
    saved(&admin, 1, 1, &theirs).await;
    let mut mine = default_profile();
    mine.scopes[5].name = "people".to_owned();
    let refused = save(&admin, 1, 1, &mine).await;
    assert_eq!(refused.json_problem(), (422, "profile_invalid".to_owned()));
    let refused = refused.json();
    assert_eq!(refused["after_merge"], true);
    let mut both = theirs.clone();
    both.scopes[5].name = "people".to_owned();
    assert_eq!(refused["findings"], json!(validate(&both)));
    assert!(refused["findings"][0]["field"].as_str().unwrap().starts_with("scopes["), "{refused}");
    let kept = detail(&admin, 1).await;
    assert_eq!((&kept["revision"], draft_of(&kept)), (&json!(2), theirs));
}

#[tokio::test]
async fn the_profile_that_ships_is_restored_also_where_it_was_deleted() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    saved(&admin, 1, 1, &with_timeout(30)).await;
    let restored = admin.post("/api/admin/profiles/default/restore", r#"{"drops_draft":2}"#).await.json();
    assert_eq!((&restored["id"], &restored["revision"]), (&json!(1), &json!(3)));
    assert_eq!(draft_of(&restored), default_profile());
    let again = admin.post("/api/admin/profiles/default/restore", "").await.json();
    assert_eq!(again["revision"], 3, "nothing differed");

    let id = copied(&admin, "Garden").await;
    super::published(&admin, id).await;
    let body = json!({ "profile": id }).to_string();
    assert_eq!(admin.put("/api/admin/store/profile", &body).await.status, StatusCode::NO_CONTENT);
    assert_eq!(admin.delete("/api/admin/profiles/1").await.status, StatusCode::NO_CONTENT);
    let restored = admin.post("/api/admin/profiles/default/restore", "").await.json();
    assert_eq!((&restored["id"], &restored["revision"]), (&json!(3), &json!(1)));
    assert_eq!(draft_of(&restored), default_profile());
    assert_eq!(super::trail(&admin).await[0].0, "default_restored");
}

#[tokio::test]
async fn a_copy_is_all_that_is_saved_of_its_original() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let mut original = with_timeout(17);
    original.device.reconnect_interval_min = 9;
    original.offline_products = OfflineProducts::TopBySales { count: 40 };
    original.offline_customers = OfflineCustomers::SeenInLastDays { days: 8 };
    original.scopes.remove(2);
    saved(&admin, 1, 1, &original).await;
    let body = json!({ "name": "Garden", "description": "Outside.", "copy_of": 1 }).to_string();
    let copy = admin.post("/api/admin/profiles", &body).await.json();
    assert_eq!(
        draft_of(&copy),
        Profile { name: "Garden".to_owned(), description: "Outside.".to_owned(), ..original.clone() }
    );
    assert_eq!(draft_of(&detail(&admin, 1).await), original);
}
