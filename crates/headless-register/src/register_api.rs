//! The register API over HTTP: calls of the engine as requests, answers as what they mean to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use holdfast_protocol::messages::{ActivateReply, ActivateRequest};
use holdfast_protocol::problem::{PROBLEM_CONTENT_TYPE, Problem};
use holdfast_protocol::{CONTENT_TYPE, PROTOCOL_VERSION_HEADER, Versions, decode, encode};
use holdfast_sync::{Call, CallError, CallReply};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE as CONTENT_TYPE_HEADER, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode};

use crate::traffic::{Kind, Traffic};
use crate::unpacked::UnpackedPages;

/// Largest answer that is read, bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The register API of one store server.
#[derive(Debug, Clone)]
pub struct RegisterApi {
    client: Client,
    base_urls: Vec<String>,
    // Shared by all copies, so that they take turns together.
    requests_count: Arc<AtomicUsize>,
    token: Option<String>,
    traffic: Arc<Traffic>,
    unpacked: UnpackedPages,
    versions: Versions,
}

impl RegisterApi {
    /// The API below this URL, such as `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// [`reqwest::Error`] when no client can be made.
    pub fn new(base_url: &str) -> Result<RegisterApi, reqwest::Error> {
        RegisterApi::over_many(&[base_url])
    }

    /// The API of several server processes over one database: each request goes to the next of them.
    ///
    /// # Errors
    /// [`reqwest::Error`] when no client can be made.
    pub fn over_many(base_urls: &[&str]) -> Result<RegisterApi, reqwest::Error> {
        let client = Client::builder().no_proxy().build()?;
        Ok(RegisterApi {
            client,
            base_urls: base_urls.iter().map(|url| url.trim_end_matches('/').to_owned()).collect(),
            requests_count: Arc::default(),
            token: None,
            traffic: Arc::default(),
            unpacked: UnpackedPages::default(),
            versions: Versions::OF_THIS_BUILD,
        })
    }

    /// The same, counted together with others; pages that several of them get are unpacked once.
    #[must_use]
    pub fn sharing(mut self, traffic: Arc<Traffic>, unpacked: UnpackedPages) -> RegisterApi {
        (self.traffic, self.unpacked) = (traffic, unpacked);
        self
    }

    /// The same for an activated register.
    #[must_use]
    pub fn with_token(mut self, token: &[u8; 32]) -> RegisterApi {
        self.token = Some(hex(token));
        self
    }

    /// The same for an app that speaks other versions than this build's.
    #[must_use]
    pub fn speaking(mut self, versions: Versions) -> RegisterApi {
        self.versions = versions;
        self
    }

    /// The versions that the app speaks.
    pub fn versions(&self) -> Versions {
        self.versions
    }

    /// The register's secret in hex, once it is activated.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Turns an activation code into an identity.
    ///
    /// # Errors
    /// [`CallError`], also when the store server refuses.
    pub async fn activate(
        &self,
        request: &ActivateRequest,
        timeout: Duration,
    ) -> Result<ActivateReply, CallError> {
        let body = encode(request);
        self.traffic.sent(Kind::Activate, body.len());
        let answer = self.answer(Kind::Activate, self.post("activate", body).timeout(timeout)).await?;
        answer.message()
    }

    /// Carries out a call of the engine.
    ///
    /// # Errors
    /// [`CallError`] as the engine's contract wants it.
    pub async fn call(&self, call: &Call, timeout: Duration) -> Result<CallReply, CallError> {
        let kind = Kind::of(call);
        let (path, body) = match call {
            Call::Contact(request) => ("contact".to_owned(), Some(encode(request))),
            Call::Profile => ("profile".to_owned(), None),
            Call::Manifest(request) => (request.path(), None),
            Call::Page(hash) => (format!("page/{}", hex(hash)), None),
            Call::Pull(request) => ("pull".to_owned(), Some(encode(request))),
            Call::Upload(request) => ("upload".to_owned(), Some(encode(request))),
            Call::LookUp(request) => ("look-up".to_owned(), Some(encode(request))),
        };
        self.traffic.sent(kind, body.as_ref().map_or(0, Vec::len));
        let request = match body {
            Some(body) => self.post(&path, body),
            None => self.get(&path),
        };
        let answer = self.answer(kind, request.timeout(timeout)).await?;
        match call {
            Call::Contact(_) => answer.message().map(CallReply::Contact),
            Call::Profile => answer.message().map(CallReply::Profile),
            Call::Manifest(_) => answer.message().map(CallReply::Manifest),
            Call::Page(hash) if answer.is_brotli => {
                self.unpacked.unpack(hash, answer.body).map(CallReply::Page).map_err(no_answer)
            }
            Call::Page(_) => Ok(CallReply::Page(answer.body)),
            Call::Pull(_) => answer.message().map(CallReply::Pull),
            Call::Upload(_) => answer.message().map(CallReply::Upload),
            Call::LookUp(_) => answer.message().map(CallReply::LookUp),
        }
    }

    /// Where the next request goes.
    fn url(&self, path: &str) -> String {
        let turn = self.requests_count.fetch_add(1, Ordering::Relaxed) % self.base_urls.len().max(1);
        let base_url = self.base_urls.get(turn).map_or("", String::as_str);
        format!("{base_url}/api/v1/{path}")
    }

    fn get(&self, path: &str) -> RequestBuilder {
        let request = self.client.get(self.url(path));
        self.authorised(request.header(ACCEPT_ENCODING, "br"))
    }

    fn post(&self, path: &str, body: Vec<u8>) -> RequestBuilder {
        let request = self.client.post(self.url(path));
        self.authorised(request.header(CONTENT_TYPE_HEADER, CONTENT_TYPE).body(body))
    }

    fn authorised(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header(PROTOCOL_VERSION_HEADER, self.versions.protocol);
        match &self.token {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    /// Sends a request; an answer that is not the store server's is none.
    async fn answer(&self, kind: Kind, request: RequestBuilder) -> Result<Answer, CallError> {
        let response = request.send().await.map_err(no_answer)?;
        let status = response.status();
        let content_type = header(&response, CONTENT_TYPE_HEADER.as_str());
        let retry_after_s = header(&response, RETRY_AFTER.as_str()).parse::<i64>().ok();
        let is_brotli = header(&response, CONTENT_ENCODING.as_str()) == "br";
        let body = read_bounded(response).await?;
        self.traffic.received(kind, body.len(), status == StatusCode::SERVICE_UNAVAILABLE);
        if status == StatusCode::OK && content_type != PROBLEM_CONTENT_TYPE {
            return Ok(Answer { content_type, is_brotli, body });
        }
        let problem = match Problem::decode(&body) {
            Ok(problem) if content_type == PROBLEM_CONTENT_TYPE => problem,
            Ok(_) | Err(_) => return Err(CallError::NoAnswer(format!("status {status} of {content_type}"))),
        };
        let asks_to_wait = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&status);
        match retry_after_s {
            Some(seconds) if asks_to_wait => {
                Err(CallError::Busy { retry_after_ms: seconds.saturating_mul(1_000) })
            }
            Some(_) | None => Err(CallError::Refused(problem)),
        }
    }
}

struct Answer {
    content_type: String,
    is_brotli: bool,
    body: Vec<u8>,
}

impl Answer {
    fn message<T: for<'b> minicbor::Decode<'b, ()>>(&self) -> Result<T, CallError> {
        if self.content_type != CONTENT_TYPE {
            return Err(CallError::NoAnswer(format!("a body of {}", self.content_type)));
        }
        decode(&self.body).map_err(no_answer)
    }
}

async fn read_bounded(mut response: Response) -> Result<Vec<u8>, CallError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(CallError::NoAnswer("an answer without end".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

fn no_answer(error: impl std::error::Error) -> CallError {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    CallError::NoAnswer(text)
}

/// Bytes as hex digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
