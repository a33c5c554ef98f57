//! Requests to the store server, by gloo-net.

use gloo_net::http::{Request, RequestBuilder};
use gloo_timers::callback::Timeout;
use holdfast_protocol::export::KeptExport;
use holdfast_protocol::messages::{ActivateReply, ActivateRequest};
use holdfast_protocol::pictures::PicturesReply;
use holdfast_protocol::{CONTENT_TYPE, PROTOCOL_VERSION, PROTOCOL_VERSION_HEADER, encode};
use holdfast_sync::{Call, CallError, CallReply};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::{AbortController, Blob, RequestCache, RequestCredentials, RequestRedirect};

use crate::answer::Answer;

/// How long a picture or a list of them may take, milliseconds.
const FILE_TIMEOUT_MS: i64 = 20_000;
/// How long an export may take to go up, milliseconds.
const EXPORT_TIMEOUT_MS: i64 = 60_000;

/// The store server's API, as one register uses it.
pub(crate) struct Http {
    authorization: Option<String>,
}

impl Http {
    /// With the register's token.
    pub fn of(token: &[u8; 32]) -> Http {
        Http { authorization: Some(format!("Bearer {}", hex(token))) }
    }

    /// Before there is a token.
    pub fn without_token() -> Http {
        Http { authorization: None }
    }

    /// Activates a register.
    pub async fn activate(
        &self,
        request: &ActivateRequest,
        timeout_ms: i64,
    ) -> Result<ActivateReply, CallError> {
        self.post("activate", encode(request), timeout_ms).await?.into_message()
    }

    /// Sends one of the engine's requests.
    pub async fn call(&self, call: Call, timeout_ms: i64) -> Result<CallReply, CallError> {
        match call {
            Call::Contact(request) => {
                let answer = self.post("contact", encode(&request), timeout_ms).await?;
                answer.into_message().map(CallReply::Contact)
            }
            Call::Profile => {
                let answer = self.get("profile", RequestCache::NoStore, timeout_ms).await?;
                answer.into_message().map(CallReply::Profile)
            }
            Call::Manifest(request) => {
                let answer = self.get(&request.path(), RequestCache::NoStore, timeout_ms).await?;
                answer.into_message().map(CallReply::Manifest)
            }
            Call::Page(address) => {
                // Named after its content, so a cached one is as good.
                let path = format!("page/{}", hex(&address));
                let answer = self.get(&path, RequestCache::Default, timeout_ms).await?;
                answer.into_page().map(CallReply::Page)
            }
            Call::Pull(request) => {
                let answer = self.post("pull", encode(&request), timeout_ms).await?;
                answer.into_message().map(CallReply::Pull)
            }
            Call::Upload(request) => {
                let answer = self.post("upload", encode(&request), timeout_ms).await?;
                answer.into_message().map(CallReply::Upload)
            }
            Call::LookUp(request) => {
                let answer = self.post("look-up", encode(&request), timeout_ms).await?;
                answer.into_message().map(CallReply::LookUp)
            }
        }
    }

    /// Which pictures changed after a version.
    pub async fn pictures(&self, since: u64) -> Result<PicturesReply, CallError> {
        let path = format!("pictures?since={since}");
        self.get(&path, RequestCache::NoStore, FILE_TIMEOUT_MS).await?.into_message()
    }

    /// A picture. It is kept in a database of its own, so the browser's cache needs none.
    pub async fn picture(&self, hash: &[u8; 32]) -> Result<Vec<u8>, CallError> {
        let path = format!("picture/{}", hex(hash));
        self.get(&path, RequestCache::NoStore, FILE_TIMEOUT_MS).await?.into_bytes()
    }

    /// Hands an export over.
    pub async fn export(&self, file: &Blob) -> Result<KeptExport, CallError> {
        let request = Request::post(&address("export")).cache(RequestCache::NoStore);
        let request = self.prepared(request).header("Content-Type", "application/gzip");
        exchange(request, Some(file.into()), EXPORT_TIMEOUT_MS).await?.into_message()
    }

    async fn get(&self, path: &str, cache: RequestCache, timeout_ms: i64) -> Result<Answer, CallError> {
        let request = self.prepared(Request::get(&address(path)).cache(cache));
        exchange(request, None, timeout_ms).await
    }

    async fn post(&self, path: &str, body: Vec<u8>, timeout_ms: i64) -> Result<Answer, CallError> {
        let request = Request::post(&address(path)).cache(RequestCache::NoStore);
        let request = self.prepared(request).header("Content-Type", CONTENT_TYPE);
        exchange(request, Some(Uint8Array::from(body.as_slice()).into()), timeout_ms).await
    }

    fn prepared(&self, request: RequestBuilder) -> RequestBuilder {
        // An administrator's cookie is none of a register's business, and the store server redirects nobody.
        let request = request.credentials(RequestCredentials::Omit).redirect(RequestRedirect::Error);
        let request = request.header(PROTOCOL_VERSION_HEADER, &PROTOCOL_VERSION.to_string());
        match &self.authorization {
            Some(authorization) => request.header("Authorization", authorization),
            None => request,
        }
    }
}

/// Sends a request and reads the answer to its end, within the time given for both.
async fn exchange(
    request: RequestBuilder,
    body: Option<JsValue>,
    timeout_ms: i64,
) -> Result<Answer, CallError> {
    let failed = |error: gloo_net::Error| CallError::NoAnswer(error.to_string());
    let controller = AbortController::new()
        .map_err(|_| CallError::NoAnswer("the browser can't give up a request".into()))?;
    let request = request.abort_signal(Some(&controller.signal()));
    let request = match body {
        Some(body) => request.body(body),
        None => request.build(),
    };
    let request = request.map_err(failed)?;
    // Ends the request, whatever it is waiting for; it then fails like any other.
    let _timer = Timeout::new(u32::try_from(timeout_ms).unwrap_or(0), move || controller.abort());
    let response = request.send().await.map_err(failed)?;
    let headers = response.headers();
    let content_type = headers.get("content-type").unwrap_or_default();
    Ok(Answer {
        status: response.status(),
        content_type: content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase(),
        retry_after: headers.get("retry-after"),
        body: response.binary().await.map_err(failed)?,
    })
}

fn address(path: &str) -> String {
    format!("/api/v1/{path}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
