//! A server that panics in the middle of a request answers with a problem and goes on. Its clock is made to panic.

use holdfast_protocol::problem::code;

use super::setting::{Valid, Watched, authorization, posts};
use crate::support::TestServer;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_is_a_problem_changes_nothing_and_is_over_with_its_request() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let posts = posts(&server, &mut register).await;
    let administrator = server.administrator().await;
    let authorization = authorization(&register);
    let headers = [("authorization", authorization.as_str())];
    let watched = Watched::begin(&server).await;
    server.break_clock();
    let asks_the_time = |valid: &&Valid| !["/pull", "/look-up"].iter().any(|path| valid.path.ends_with(path));
    for valid in posts.iter().filter(asks_the_time) {
        for _ in 0..3 {
            let answer = watched.wire.send("POST", &valid.path, &headers, &valid.body).await;
            assert_eq!(answer.problem(), (500, code::INTERNAL.to_owned()), "{}", valid.path);
        }
    }
    let answer = administrator.get("/api/admin/registers").await;
    assert_eq!(answer.json_problem(), (500, code::INTERNAL.to_owned()));
    watched.assert_unchanged("panics").await;
    server.mend_clock();
    let answer = watched.wire.send("POST", &posts[3].path, &headers, &posts[3].body).await;
    assert_eq!(answer.status.unwrap(), 200);
    assert_eq!(administrator.get("/api/admin/registers").await.status, 200);
}
