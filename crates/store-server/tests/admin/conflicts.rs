//! `GET /api/admin/conflicts`; what stands in it is tested with the edits that make it.

use crate::support::TestServer;

#[tokio::test]
async fn a_store_without_edits_has_no_conflict() {
    let server = TestServer::start().await;
    let answer = server.administrator().await.get("/api/admin/conflicts").await;
    assert_eq!(answer.json(), serde_json::json!({ "conflicts": [] }));
}
