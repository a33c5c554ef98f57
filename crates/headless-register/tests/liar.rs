//! Somebody between register and store server who answers in its place: a captive portal, a broken proxy, an enemy.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use holdfast_protocol::messages::ContactReply;
use holdfast_protocol::{CONTENT_TYPE, decode, encode};
use tokio::net::TcpListener;

/// A reply to contact 1 that acknowledges all sequences there are; the highest number and `false` follow.
const SOME_CONTACT_REPLY: [u8; 13] =
    [0xa7, 0x00, 0x01, 0x01, 0x00, 0x02, 0x01, 0x03, 0x01, 0x04, 0x80, 0x05, 0x1b];

/// What is done to answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    /// A page that wants a sign-in, with status 200.
    Portal,
    /// The same, after a redirect.
    Redirect,
    /// Half of the answer, as if that were all of it.
    Half,
    /// More than it is said to be: the connection ends in the middle.
    CutOff,
    /// A byte too many.
    OneMore,
    /// Each byte of the second half is another one.
    Garbled,
    /// A list that says it is longer than any memory.
    HugeLength,
    /// Lists in lists.
    Deep,
    /// Nothing, with status 200.
    Empty,
    /// The right bytes, as a web page.
    WrongType,
    /// The right bytes, as a failure.
    WrongStatus,
    /// A refusal that is no problem.
    PlainRefusal,
    /// The answer to another contact.
    OtherNonce,
}

impl Lie {
    pub const ALL: [Lie; 13] = [
        Lie::Portal,
        Lie::Redirect,
        Lie::Half,
        Lie::CutOff,
        Lie::OneMore,
        Lie::Garbled,
        Lie::HugeLength,
        Lie::Deep,
        Lie::Empty,
        Lie::WrongType,
        Lie::WrongStatus,
        Lie::PlainRefusal,
        Lie::OtherNonce,
    ];
}

/// What is lied about now, and how often it was.
#[derive(Debug, Default)]
struct Plan {
    endpoint: Option<&'static str>,
    lie: Option<Lie>,
    told_count: u64,
}

/// A running liar in front of a store server.
pub struct Liar {
    address: SocketAddr,
    plan: Arc<Mutex<Plan>>,
}

impl Liar {
    pub async fn start(upstream: String) -> Liar {
        let plan = Arc::new(Mutex::new(Plan::default()));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let front = {
            let plan = Arc::clone(&plan);
            Router::new().fallback(async move |request: Request| {
                let path = request.uri().path().to_owned();
                let truth = ask(&client, &upstream, request).await;
                let lie = {
                    let mut plan = plan.lock().expect("no panic");
                    let concerned = plan.endpoint.is_some_and(|endpoint| path.contains(endpoint));
                    plan.lie.filter(|_| concerned).inspect(|_| plan.told_count += 1)
                };
                match lie {
                    Some(lie) => told(lie, truth),
                    None => truth.into_response(),
                }
            })
        };
        tokio::spawn(async move { axum::serve(listener, front).await });
        Liar { address, plan }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on answers of this endpoint are lies.
    pub fn lie(&self, endpoint: &'static str, lie: Lie) {
        *self.plan.lock().expect("no panic") =
            Plan { endpoint: Some(endpoint), lie: Some(lie), told_count: 0 };
    }

    /// From now on all answers are true.
    pub fn repent(&self) {
        *self.plan.lock().expect("no panic") = Plan::default();
    }

    pub fn told_count(&self) -> u64 {
        self.plan.lock().expect("no panic").told_count
    }
}

/// The store server's answer.
struct Truth {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl IntoResponse for Truth {
    fn into_response(self) -> Response {
        let mut response = (self.status, Body::from(self.body)).into_response();
        for name in [header::CONTENT_TYPE, header::RETRY_AFTER] {
            if let Some(value) = self.headers.get(&name) {
                response.headers_mut().insert(name, value.clone());
            }
        }
        response
    }
}

async fn ask(client: &reqwest::Client, upstream: &str, request: Request) -> Truth {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let method = if parts.method == Method::POST { Method::POST } else { Method::GET };
    let mut asked = client.request(method, format!("{upstream}{path}")).body(body);
    for (name, value) in &parts.headers {
        if name == header::AUTHORIZATION || name.as_str().starts_with("holdfast-") {
            asked = asked.header(name, value);
        }
    }
    match asked.send().await {
        Ok(answer) => Truth {
            status: answer.status(),
            headers: answer.headers().clone(),
            body: answer.bytes().await.unwrap_or_default(),
        },
        Err(_) => Truth { status: StatusCode::BAD_GATEWAY, headers: HeaderMap::new(), body: Bytes::new() },
    }
}

fn told(lie: Lie, truth: Truth) -> Response {
    let as_ours = |body: Vec<u8>| ([(header::CONTENT_TYPE, CONTENT_TYPE)], body).into_response();
    let portal = "<!doctype html><title>Sign in to the network</title>";
    let whole = truth.body.to_vec();
    match lie {
        Lie::Portal => ([(header::CONTENT_TYPE, "text/html")], portal).into_response(),
        Lie::Redirect => (StatusCode::FOUND, [(header::LOCATION, "/portal")]).into_response(),
        Lie::Half => as_ours(whole[..whole.len() / 2].to_vec()),
        Lie::CutOff => {
            let chunks = vec![Ok(truth.body.slice(..whole.len() / 2)), Err(std::io::Error::other("cut"))];
            let body = Body::from_stream(futures_util::stream::iter(chunks));
            ([(header::CONTENT_TYPE, CONTENT_TYPE)], body).into_response()
        }
        Lie::OneMore => as_ours([whole.as_slice(), &[0]].concat()),
        Lie::Garbled => {
            let half = whole.len() / 2;
            let garbled = whole[half..].iter().map(|byte| byte ^ 0xA5).collect::<Vec<u8>>();
            as_ours([&whole[..half], garbled.as_slice()].concat())
        }
        Lie::HugeLength => as_ours([&[0xa1, 0x05, 0x9b][..], &[0x7f; 8]].concat()),
        Lie::Deep => as_ours([&[0xa1, 0x18, 0xc8][..], &vec![0x81; 500_000]].concat()),
        Lie::Empty => as_ours(Vec::new()),
        Lie::WrongType => ([(header::CONTENT_TYPE, "text/html")], whole).into_response(),
        Lie::WrongStatus => (StatusCode::BAD_GATEWAY, whole).into_response(),
        Lie::PlainRefusal => (StatusCode::FORBIDDEN, "Forbidden by the proxy").into_response(),
        Lie::OtherNonce => match decode::<ContactReply>(&whole) {
            Ok(reply) => as_ours(encode(&ContactReply { nonce: reply.nonce ^ 1, ..reply })),
            // What has no nonce is someone else's answer altogether.
            Err(_) => as_ours([&SOME_CONTACT_REPLY[..], &[0xff; 8], &[0x06, 0xf4]].concat()),
        },
    }
}
