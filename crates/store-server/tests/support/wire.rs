//! A server on a socket, and a client that sends any bytes whatever.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use holdfast_protocol::problem::{PROBLEM_CONTENT_TYPE, Problem};
use holdfast_protocol::{PROTOCOL_VERSION, PROTOCOL_VERSION_HEADER};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// No answer takes longer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(60);

/// A way to a server over TCP; each request has a connection of its own.
pub struct Wire {
    address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What came back.
#[derive(Debug)]
pub struct WireAnswer {
    /// Status; `None` where the connection was closed without one.
    pub status: Option<StatusCode>,
    pub content_type: String,
    pub body: Vec<u8>,
}

impl Wire {
    pub async fn listen(router: Router) -> Wire {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let task = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Wire { address, task }
    }

    /// Sends a whole request.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> WireAnswer {
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: till\r\nconnection: close\r\ncontent-length: {}\r\n",
            body.len()
        );
        // As a register of this build states it, unless the test is about that.
        if !headers.iter().any(|(name, _)| *name == PROTOCOL_VERSION_HEADER) {
            head.push_str(&format!("{PROTOCOL_VERSION_HEADER}: {PROTOCOL_VERSION}\r\n"));
        }
        headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
        self.exchange(&[head.as_bytes(), b"\r\n", body].concat(), false).await
    }

    /// Sends bytes, says that no more come, and reads what comes back.
    pub async fn send_and_hang_up(&self, bytes: &[u8]) -> WireAnswer {
        self.exchange(bytes, true).await
    }

    /// Sends bytes that are a whole request, and reads what comes back.
    pub async fn send_raw(&self, bytes: &[u8]) -> WireAnswer {
        self.exchange(bytes, false).await
    }

    async fn exchange(&self, bytes: &[u8], hangs_up: bool) -> WireAnswer {
        let exchange = async {
            let mut stream = TcpStream::connect(self.address).await.unwrap();
            // Whoever is refused early is no longer listened to.
            if stream.write_all(bytes).await.is_ok() && hangs_up {
                stream.shutdown().await.ok();
            }
            let mut back = Vec::new();
            stream.read_to_end(&mut back).await.ok();
            back
        };
        let back = tokio::time::timeout(ANSWERS_WITHIN, exchange).await.unwrap();
        let end = back.windows(4).position(|four| four == b"\r\n\r\n");
        let head = String::from_utf8_lossy(&back[..end.unwrap_or(0)]).to_lowercase();
        let status = head.split(' ').nth(1).and_then(|text| StatusCode::from_bytes(text.as_bytes()).ok());
        let content_type = head.lines().find_map(|line| line.strip_prefix("content-type: "));
        WireAnswer {
            status,
            content_type: content_type.unwrap_or_default().to_owned(),
            body: end.map_or(Vec::new(), |end| back[end + 4..].to_vec()),
        }
    }
}

impl WireAnswer {
    /// Status and code of the problem that a register was told.
    #[track_caller]
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.content_type, PROBLEM_CONTENT_TYPE, "{self:?}");
        let problem = Problem::decode(&self.body).unwrap();
        assert_eq!(Some(problem.status), self.status.map(|status| status.as_u16()));
        assert!(!problem.title.is_empty() && !problem.detail.is_empty(), "{problem:?}");
        (problem.status, problem.code)
    }
}
