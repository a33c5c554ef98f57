//! Going back and restoring ask before changes go that were never published.

use std::collections::BTreeMap;

use holdfast_profile::{ChangePlan, change_plan, default_profile};
use serde_json::{Value, json};

use super::{detail, draft_of, published, saved, with_timeout};
use crate::support::{Administrator, TestServer, differences};

const ROLL_BACK: &str = "/api/admin/profiles/1/rollback";
const RESTORE: &str = "/api/admin/profiles/default/restore";

/// The order is refused, and asks about the draft of this revision.
async fn is_asked(admin: &Administrator<'_>, path: &str, body: &Value, revision: u64) -> Value {
    let refused = admin.post(path, &body.to_string()).await;
    assert_eq!(refused.json_problem(), (409, "profile_loses_draft".to_owned()), "{path} {body}");
    let problem = refused.json();
    assert_eq!(problem["draft"]["revision"], revision, "{path} {body}");
    problem
}

#[tokio::test]
async fn changes_that_were_never_published_are_lost_only_where_somebody_has_seen_them() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    saved(&admin, 1, 1, &with_timeout(30)).await;
    published(&admin, 1).await;
    saved(&admin, 1, 2, &with_timeout(90)).await;
    let before = server.dump().await;
    for path in [ROLL_BACK, RESTORE] {
        for drops_draft in [Value::Null, json!(2), json!(4), json!(u64::MAX)] {
            let body = json!({ "version": 1, "drops_draft": drops_draft, "also_changes_others": true });
            let problem = is_asked(&admin, path, &body, 3).await;
            let draft = &problem["draft"];
            assert_eq!((&draft["id"], &draft["name"]), (&json!(1), &json!("Default pr.")));
            assert_eq!(
                (&draft["updated_by"], &draft["updated_at_ms"]),
                (&json!("admin"), &json!(server.now_ms()))
            );
            let plan: ChangePlan = serde_json::from_value(draft["plan"].clone()).unwrap();
            assert_eq!(plan, change_plan(&with_timeout(30), &with_timeout(90)));
            assert_eq!(problem["type"], "/problems/profile-loses-draft");
            let said = problem["detail"].as_str().unwrap();
            assert!(said.contains("admin saved it last") && said.contains("revision 3"), "{said}");
        }
    }
    assert_eq!(differences(&before, &server.dump().await), BTreeMap::new());
    // Somebody saves while the question is read: it is about another draft then.
    saved(&admin, 1, 3, &with_timeout(91)).await;
    is_asked(&admin, ROLL_BACK, &json!({ "version": 1, "drops_draft": 3 }), 4).await;
    is_asked(&admin, RESTORE, &json!({ "drops_draft": 3 }), 4).await;
    let done = admin.post(ROLL_BACK, r#"{"version":1,"drops_draft":4}"#).await;
    assert_eq!(done.json(), json!({ "version": 3 }));
    assert_eq!(draft_of(&detail(&admin, 1).await), default_profile());
}

#[tokio::test]
async fn a_draft_that_is_kept_elsewhere_is_no_question() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    // As it is published,
    saved(&admin, 1, 1, &with_timeout(30)).await;
    published(&admin, 1).await;
    assert_eq!(draft_of(&admin.post(RESTORE, "").await.json()), default_profile());
    // and as it becomes.
    assert_eq!(admin.post(ROLL_BACK, r#"{"version":1}"#).await.json(), json!({ "version": 3 }));
    assert_eq!(admin.post(ROLL_BACK, r#"{"version":2}"#).await.json(), json!({ "version": 4 }));
    assert_eq!(draft_of(&detail(&admin, 1).await), with_timeout(30));
}
