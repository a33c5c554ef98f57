//! Several administrators at once, on PostgreSQL by several connections.

use holdfast_profile::{Profile, default_profile};
use serde_json::json;

use super::{copied, detail, draft_of, saved, with_timeout};
use crate::support::TestServer;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn saves_at_once_of_one_field_are_taken_once_and_refused_otherwise() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let bodies: Vec<String> = (10..18)
        .map(|timeout_s| json!({ "base_revision": 1, "profile": with_timeout(timeout_s) }).to_string())
        .collect();
    let answers = join(bodies.iter().map(|body| admin.put("/api/admin/profiles/1", body)).collect()).await;
    let (taken, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!((taken.len(), refused.len()), (1, 7));
    for answer in refused {
        assert_eq!(answer.json_problem(), (409, "profile_conflicts".to_owned()));
    }
    let kept = detail(&admin, 1).await;
    assert_eq!(kept["revision"], 2);
    assert_eq!(kept["draft"], taken[0].json()["detail"]["draft"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn saves_at_once_of_different_fields_are_all_merged() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let edits: [fn(&mut Profile); 6] = [
        |profile| profile.description = "Merged.".to_owned(),
        |profile| profile.device.offline_timeout_s = 30,
        |profile| profile.device.reconnect_interval_min = 9,
        |profile| profile.device.browser_online_hint = false,
        |profile| profile.scopes[2].description = "People.".to_owned(),
        |profile| profile.scopes[4].description = "Money.".to_owned(),
    ];
    let mut all = default_profile();
    let mut bodies = Vec::new();
    for edit in edits {
        edit(&mut all);
        let mut mine = default_profile();
        edit(&mut mine);
        bodies.push(json!({ "base_revision": 1, "profile": mine }).to_string());
    }
    let answers = join(bodies.iter().map(|body| admin.put("/api/admin/profiles/1", body)).collect()).await;
    for answer in answers {
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let kept = detail(&admin, 1).await;
    assert_eq!((&kept["revision"], draft_of(&kept)), (&json!(7), all));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn publishing_at_once_gives_each_number_once() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    saved(&admin, 1, 1, &with_timeout(30)).await;
    let answers =
        join((0..6).map(|_| admin.post("/api/admin/profiles/1/publish", r#"{"revision":2}"#)).collect())
            .await;
    let taken: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(taken.len(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(answer.json_problem(), (409, "profile_unchanged".to_owned()));
    }
    let mut ids = Vec::new();
    for name in ["Garden", "Yard", "Roof", "Cellar"] {
        ids.push(copied(&admin, name).await);
    }
    let paths: Vec<String> = ids.iter().map(|id| format!("/api/admin/profiles/{id}/publish")).collect();
    let answers = join(paths.iter().map(|path| admin.post(path, r#"{"revision":1}"#)).collect()).await;
    let mut versions: Vec<u64> =
        answers.iter().map(|answer| answer.json()["version"].as_u64().unwrap()).collect();
    versions.sort_unstable();
    assert_eq!(versions, [3, 4, 5, 6]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_profile_that_is_deleted_while_it_is_assigned_is_either_there_or_not_assigned() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    for round in 0..6 {
        let id = copied(&admin, &format!("Round {round}")).await;
        super::published(&admin, id).await;
        let (path, body) = (format!("/api/admin/profiles/{id}"), json!({ "profile": id }).to_string());
        let (deleted, assigned) =
            tokio::join!(admin.delete(&path), admin.put("/api/admin/registers/1/profile", &body));
        assert_ne!(deleted.status == 204, assigned.status == 204, "{} {}", deleted.text(), assigned.text());
        let shown = admin.get(&path).await.status;
        assert_eq!(shown == 200, assigned.status == 204);
    }
}

/// Waits for all, which go on at once.
async fn join<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut futures: Vec<_> = futures.into_iter().map(|future| Some(Box::pin(future))).collect();
    let mut done: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        let mut waits = false;
        for (future, done) in futures.iter_mut().zip(&mut done) {
            if let Some(waiting) = future {
                match waiting.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => {
                        *done = Some(value);
                        *future = None;
                    }
                    std::task::Poll::Pending => waits = true,
                }
            }
        }
        if waits { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    done.into_iter().map(Option::unwrap).collect()
}
