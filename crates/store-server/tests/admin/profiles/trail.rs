//! Who changed what.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use holdfast_profile::{Frequency, Profile, default_profile};
use holdfast_store_server::admin_change::ChangeAction;
use holdfast_store_server::administrators::{AdministratorChange, AdministratorName, AdministratorOrder};
use holdfast_store_server::passwords;
use serde_json::json;

use super::{copied, detail, draft_of, published, saved, trail, with_timeout};
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

/// The action after this one, in no order that means anything: an action that is added does not compile before it has its
/// place here, and then wants a deed in the test below.
fn following(action: ChangeAction) -> Option<ChangeAction> {
    match action {
        ChangeAction::ProfileCreated => Some(ChangeAction::ProfileSaved),
        ChangeAction::ProfileSaved => Some(ChangeAction::ProfileMerged),
        ChangeAction::ProfileMerged => Some(ChangeAction::ProfileRenamed),
        ChangeAction::ProfileRenamed => Some(ChangeAction::ProfileDeleted),
        ChangeAction::ProfileDeleted => Some(ChangeAction::ProfilePublished),
        ChangeAction::ProfilePublished => Some(ChangeAction::ProfileRolledBack),
        ChangeAction::ProfileRolledBack => Some(ChangeAction::ProfileImported),
        ChangeAction::ProfileImported => Some(ChangeAction::DefaultRestored),
        ChangeAction::DefaultRestored => Some(ChangeAction::ScopeChanged),
        ChangeAction::ScopeChanged => Some(ChangeAction::ScopeDeleted),
        ChangeAction::ScopeDeleted => Some(ChangeAction::StoreProfileSet),
        ChangeAction::StoreProfileSet => Some(ChangeAction::RegisterProfileSet),
        ChangeAction::RegisterProfileSet => Some(ChangeAction::RegisterRetryAsked),
        ChangeAction::RegisterRetryAsked => Some(ChangeAction::RegisterAdded),
        ChangeAction::RegisterAdded => Some(ChangeAction::ActivationCodeMade),
        ChangeAction::ActivationCodeMade => Some(ChangeAction::RegisterLocked),
        ChangeAction::RegisterLocked => Some(ChangeAction::RowsImported),
        ChangeAction::RowsImported => Some(ChangeAction::EntryMended),
        ChangeAction::EntryMended => Some(ChangeAction::AdministratorAdded),
        ChangeAction::AdministratorAdded => Some(ChangeAction::AdministratorRemoved),
        ChangeAction::AdministratorRemoved => Some(ChangeAction::PasswordSet),
        ChangeAction::PasswordSet => None,
    }
}

async fn change_administrators(server: &TestServer, change: AdministratorChange) {
    let name = AdministratorName::parse("Ann").unwrap();
    let order = AdministratorOrder { by: "command line".to_owned(), at_ms: server.now_ms(), name, change };
    let done = server.database.change_administrators(&server.store().await.row.id, &order).await.unwrap();
    assert_eq!(done, Ok("Ann".to_owned()));
}

#[tokio::test]
async fn each_action_that_there_is_comes_into_the_trail_when_it_is_done() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let admin = server.administrator().await;
    let done = async |path: &str, body: &str| {
        let answer = admin.post(&format!("/api/admin/{path}"), body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text());
        answer.json()
    };
    done("registers", r#"{"number":7,"name":"Yard"}"#).await;
    done("registers/7/activation-code", "").await;
    admin.post("/api/admin/registers/7/lock", "").await;
    admin.post("/api/admin/registers/1/retry", "").await;
    done("import/customers", "id,name\n1,Ito\n").await;

    let garden = copied(&admin, "Garden").await;
    let mut shared = default_profile();
    shared.scopes[2].frequency = Frequency::ByHand;
    saved(&admin, 1, 1, &shared).await;
    // Begun before that, and merged with it.
    saved(&admin, garden, 1, &Profile { name: "Garden".to_owned(), ..with_timeout(20) }).await;
    published(&admin, 1).await;
    published(&admin, garden).await;
    let to_garden = json!({ "profile": garden }).to_string();
    admin.put("/api/admin/registers/7/profile", &to_garden).await;
    admin.put("/api/admin/store/profile", &to_garden).await;
    done("profiles/1/rollback", r#"{"version":1,"also_changes_others":true}"#).await;
    let revision = detail(&admin, 1).await["revision"].as_u64().unwrap();
    saved(&admin, 1, revision, &with_timeout(40)).await;
    let drops_draft = json!({ "drops_draft": revision + 1 }).to_string();
    done("profiles/default/restore", &drops_draft).await;

    let mut foreign = Profile { name: "From elsewhere".to_owned(), ..default_profile() };
    foreign.scopes[2].name = "Crew".to_owned();
    let imported = done("profiles/import/save", &json!({ "profile": foreign }).to_string()).await;
    let id = imported["id"].as_u64().unwrap();
    saved(&admin, id, 1, &Profile { name: "Shop".to_owned(), ..draft_of(&imported) }).await;
    admin.delete(&format!("/api/admin/profiles/{id}")).await;
    assert_eq!(admin.delete("/api/admin/scopes/Crew").await.status, StatusCode::NO_CONTENT);

    let mut sale = register.sale(&[(600, 2)]);
    sale.total_minor = 1_000;
    sale.tenders[0].amount_minor = 1_000;
    let entry = register.seal_sale(&sale);
    register.upload(&[entry]).await;
    let mend = json!({ "request_id": format!("{:032x}", 1), "action": "apply_although", "note": "The till was short." });
    done("rejected/1/1/mend", &mend.to_string()).await;

    let password_hash = passwords::hash("ANNS").unwrap();
    change_administrators(&server, AdministratorChange::Add { password_hash: password_hash.clone() }).await;
    change_administrators(&server, AdministratorChange::SetPassword { password_hash }).await;
    change_administrators(&server, AdministratorChange::Remove).await;

    let named: BTreeSet<String> = trail(&admin).await.into_iter().map(|(action, _)| action).collect();
    let actions = std::iter::successors(Some(ChangeAction::ProfileCreated), |action| following(*action));
    let expected: BTreeSet<String> = actions.map(|action| action.name().to_owned()).collect();
    assert_eq!(named, expected);
    let subject_of = async |action: &str| {
        let found = trail(&admin).await.into_iter().find(|(named, _)| named == action);
        found.map(|(_, subject)| subject).unwrap()
    };
    assert_eq!(subject_of("scope_deleted").await, "Crew");
    assert!(subject_of("register_retry_asked").await.starts_with("1, "));
    assert_eq!(subject_of("password_set").await, "Ann");
    assert!(!subject_of("entry_mended").await.is_empty());
}
