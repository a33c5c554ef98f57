//! Profiles as administrators change them.

mod assignments;
mod concurrency;
mod edit;
mod file;
mod hostile;
mod library;
mod lost_draft;
mod preview;
mod publish;
mod trail;

use axum::http::StatusCode;
use holdfast_profile::{Profile, default_profile};
use serde_json::{Value, json};

use crate::support::{Administrator, Answer};

/// Saves a draft that was made from a revision.
async fn save(admin: &Administrator<'_>, id: u64, base_revision: u64, profile: &Profile) -> Answer {
    let body =
        json!({ "base_revision": base_revision, "profile": profile, "renamed_scopes": [], "choices": {} });
    admin.put(&format!("/api/admin/profiles/{id}"), &body.to_string()).await
}

/// The same, and it is taken.
async fn saved(admin: &Administrator<'_>, id: u64, base_revision: u64, profile: &Profile) -> Value {
    let answer = save(admin, id, base_revision, profile).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn detail(admin: &Administrator<'_>, id: u64) -> Value {
    admin.get(&format!("/api/admin/profiles/{id}")).await.json()
}

fn draft_of(detail: &Value) -> Profile {
    serde_json::from_value(detail["draft"].clone()).unwrap()
}

/// A profile that began as a copy of `Default pr.`.
async fn copied(admin: &Administrator<'_>, name: &str) -> u64 {
    let body = json!({ "name": name, "description": "", "copy_of": 1 });
    let answer = admin.post("/api/admin/profiles", &body.to_string()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()["id"].as_u64().unwrap()
}

/// Publishes the draft that is there.
async fn publish(admin: &Administrator<'_>, id: u64) -> Answer {
    let revision = &detail(admin, id).await["revision"];
    let body = json!({ "revision": revision }).to_string();
    admin.post(&format!("/api/admin/profiles/{id}/publish"), &body).await
}

async fn published(admin: &Administrator<'_>, id: u64) -> u64 {
    let answer = publish(admin, id).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["version"].as_u64().unwrap()
}

/// `Default pr.` with another timeout.
fn with_timeout(offline_timeout_s: u32) -> Profile {
    let mut profile = default_profile();
    profile.device.offline_timeout_s = offline_timeout_s;
    profile
}

/// Actions, newest first, with their subjects.
async fn trail(admin: &Administrator<'_>) -> Vec<(String, String)> {
    let changes = admin.get("/api/admin/changes").await.json();
    let text = |change: &Value, name: &str| change[name].as_str().unwrap().to_owned();
    let changes = changes["changes"].as_array().unwrap().iter();
    changes.map(|change| (text(change, "action"), text(change, "subject"))).collect()
}
