//! What is no HTTP, or not all of it: the server lives on and nothing is changed.

use super::setting::{Watched, authorization, posts};
use crate::support::TestServer;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_end_early_or_are_none_change_nothing() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let posts = posts(&server, &mut register).await;
    let authorization = authorization(&register);
    let watched = Watched::begin(&server).await;
    for valid in &posts {
        let head =
            format!("POST {} HTTP/1.1\r\nhost: till\r\nauthorization: {authorization}\r\n", valid.path);
        let length = valid.body.len();
        let chunk = format!("{length:x}\r\n");
        let raw: [(&str, Vec<u8>); 8] = [
            ("no body at all", format!("{head}content-length: {length}\r\n\r\n").into_bytes()),
            ("a body that ends early", {
                let whole = format!("{head}content-length: {}\r\n\r\n", length + 5).into_bytes();
                [whole, valid.body.clone()].concat()
            }),
            ("a chunk without an end", {
                let whole = format!("{head}transfer-encoding: chunked\r\n\r\n{chunk}").into_bytes();
                [whole, valid.body.clone()].concat()
            }),
            ("a chunk whose length is none", {
                format!("{head}transfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n").into_bytes()
            }),
            ("two lengths", {
                let head =
                    format!("{head}content-length: {length}\r\ncontent-length: 1\r\n\r\n").into_bytes();
                [head, valid.body.clone()].concat()
            }),
            ("a length below zero", format!("{head}content-length: -1\r\n\r\n").into_bytes()),
            ("a head without end", [head.into_bytes(), vec![b'x'; 500_000]].concat()),
            ("noise", valid.body.clone()),
        ];
        for (what, bytes) in raw {
            let answer = watched.wire.send_and_hang_up(&bytes).await;
            let taken = answer.status.is_some_and(|status| status.is_success());
            assert!(!taken, "{} {what}: {answer:?}", valid.path);
        }
        watched.assert_unchanged(&valid.path).await;
    }
    // It still takes what is right.
    let headers = [("authorization", authorization.as_str())];
    let answer = watched.wire.send("POST", &posts[3].path, &headers, &posts[3].body).await;
    assert_eq!(answer.status.unwrap(), 200);
}
