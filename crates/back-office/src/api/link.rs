//! The way to the store server: sends a request, reads the answer, and knows whether the server answers,
//! whether this browser is signed in, and how the server's clock differs from this one.

use std::pin::Pin;

use gloo_net::http::{Request, RequestBuilder, Response};
use gloo_timers::callback::Timeout;
use holdfast_ui::time;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{ApiError, Problem};

/// Where the admin API is.
const BASE: &str = "/api/admin";
/// Required on every write: a page of another origin can't send it.
const WRITE_HEADER: (&str, &str) = ("X-Holdfast", "1");
/// After this long an answer to a question is not expected any more.
const READ_TIMEOUT_MS: u32 = 5_000;
/// What changes something may take longer.
const WRITE_TIMEOUT_MS: u32 = 15_000;
/// A file takes longer: it travels and is checked line by line.
const FILE_TIMEOUT_MS: u32 = 180_000;

/// Whether this browser is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// Not asked yet.
    Unknown,
    /// A name and a password are needed.
    SignedOut,
    /// The store server knows us.
    SignedIn,
}

/// Sends requests; belongs to the app's root and is copied where it is needed.
#[derive(Debug, Clone, Copy)]
pub struct Api {
    /// Whether this browser is signed in.
    pub session: RwSignal<Session>,
    /// Whether the session ended by itself, so that somebody has to be told why there is a sign-in.
    pub has_ended: RwSignal<bool>,
    /// Who is signed in, or was last, as the trail names them; empty where that is not known.
    pub who: RwSignal<String>,
    /// Since when the store server has not answered.
    pub away_since_ms: RwSignal<Option<i64>>,
    /// Milliseconds by which the server's clock is ahead of this one.
    clock_ahead_ms: RwSignal<i64>,
}

/// What is sent along.
enum Body {
    None,
    Json(String),
    File(web_sys::File),
}

/// What came back, not yet read.
struct Answer {
    url: String,
    text: String,
}

type Exchange = Pin<Box<dyn Future<Output = Result<Answer, ApiError>>>>;

impl Api {
    /// Made once, by the app's root.
    pub fn new() -> Api {
        Api {
            session: RwSignal::new(Session::Unknown),
            who: RwSignal::new(String::new()),
            away_since_ms: RwSignal::new(None),
            has_ended: RwSignal::new(false),
            clock_ahead_ms: RwSignal::new(0),
        }
    }

    /// Now, by the store server's clock.
    pub fn server_now_ms(self) -> i64 {
        time::now_ms() + self.clock_ahead_ms.get_untracked()
    }

    /// An answer to a question.
    pub(super) async fn get<T: DeserializeOwned>(self, path: &str) -> Result<T, ApiError> {
        read(&self.asked(path).await?)
    }

    /// An answer to a write.
    pub(super) async fn post<T: DeserializeOwned>(
        self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ApiError> {
        read(&self.written(post(path), json(body)?).await?)
    }

    /// A write whose answer is that it was done.
    pub(super) async fn post_done(self, path: &str, body: &impl Serialize) -> Result<(), ApiError> {
        self.written(post(path), json(body)?).await.map(|_| ())
    }

    /// An answer to what takes the place of something.
    pub(super) async fn put<T: DeserializeOwned>(
        self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ApiError> {
        read(&self.written(put(path), json(body)?).await?)
    }

    /// The same where the answer is that it was done.
    pub(super) async fn put_done(self, path: &str, body: &impl Serialize) -> Result<(), ApiError> {
        self.written(put(path), json(body)?).await.map(|_| ())
    }

    /// Has something deleted.
    pub(super) async fn delete(self, path: &str) -> Result<(), ApiError> {
        let request = Request::delete(&url(path)).header(WRITE_HEADER.0, WRITE_HEADER.1);
        self.written(request, Body::None).await.map(|_| ())
    }

    /// An answer to a file.
    pub(super) async fn post_file_as<T: DeserializeOwned>(
        self,
        path: &str,
        file: &web_sys::File,
        content_type: &str,
    ) -> Result<T, ApiError> {
        let request = post(path).header("Content-Type", content_type);
        read(&self.exchange(request, Body::File(file.clone()), FILE_TIMEOUT_MS).await?)
    }

    fn asked(self, path: &str) -> Exchange {
        self.exchange(Request::get(&url(path)), Body::None, READ_TIMEOUT_MS)
    }

    fn written(self, request: RequestBuilder, body: Body) -> Exchange {
        self.exchange(request, body, WRITE_TIMEOUT_MS)
    }

    /// One for all, with no type of what is sent or comes back: compiled once and not for each question.
    fn exchange(self, request: RequestBuilder, body: Body, timeout_ms: u32) -> Exchange {
        Box::pin(async move {
            let response = self.send(request, body, timeout_ms).await?;
            let url = response.url();
            match response.text().await {
                Ok(text) => Ok(Answer { url, text }),
                Err(error) => Err(ApiError::NotUnderstood(format!("{url}: {error}"))),
            }
        })
    }

    async fn send(self, request: RequestBuilder, body: Body, timeout_ms: u32) -> Result<Response, ApiError> {
        let began_ms = time::now_ms();
        let controller =
            web_sys::AbortController::new().map_err(|error| ApiError::NotUnderstood(format!("{error:?}")))?;
        let request = request.abort_signal(Some(&controller.signal()));
        let request = match body {
            Body::None => request.build(),
            Body::Json(text) => request.header("Content-Type", "application/json").body(text),
            Body::File(file) => request.body(file),
        };
        let request = request.map_err(|error| ApiError::NotUnderstood(error.to_string()))?;
        // Dropped when the answer is here, and then it never fires.
        let _timeout = Timeout::new(timeout_ms, move || controller.abort());
        let outcome = match request.send().await {
            Ok(response) => self.judge(response).await,
            Err(error) => Err(ApiError::Away(error.to_string())),
        };
        self.remember(&outcome, began_ms);
        outcome
    }

    /// Answers that are not the store server's count as none: a captive portal's 200 is not the server.
    async fn judge(self, response: Response) -> Result<Response, ApiError> {
        let status = response.status();
        let content_type = response.headers().get("content-type").unwrap_or_default();
        if response.ok() && (status == 204 || content_type.starts_with("application/json")) {
            return Ok(response);
        }
        if status == 401 && !response.url().ends_with("/sign-in") {
            return Err(ApiError::SignedOut);
        }
        if content_type.starts_with("application/problem+json") {
            let problem: Problem = response.json().await.unwrap_or_default();
            return Err(ApiError::Refused(problem));
        }
        Err(ApiError::Away(format!("{status} {content_type}")))
    }

    fn remember(self, outcome: &Result<Response, ApiError>, began_ms: i64) {
        let away_since_ms = match outcome {
            Err(ApiError::Away(_)) => Some(self.away_since_ms.get_untracked().unwrap_or(began_ms)),
            Err(ApiError::SignedOut) => {
                // Set only once: the sign-in form must not be made anew while somebody types.
                if self.session.get_untracked() != Session::SignedOut {
                    self.has_ended.set(self.session.get_untracked() == Session::SignedIn);
                    self.session.set(Session::SignedOut);
                }
                None
            }
            Ok(response) => {
                self.set_clock(response);
                None
            }
            Err(ApiError::Refused(_) | ApiError::NotUnderstood(_)) => None,
        };
        if away_since_ms != self.away_since_ms.get_untracked() {
            self.away_since_ms.set(away_since_ms);
        }
    }

    /// The header counts whole seconds, so a difference below two is none.
    fn set_clock(self, response: &Response) {
        let Some(date) = response.headers().get("date") else { return };
        let server_ms = js_sys::Date::parse(&date);
        if server_ms.is_finite() {
            let ahead_ms = server_ms as i64 + 500 - time::now_ms();
            self.clock_ahead_ms.set(if ahead_ms.abs() < 2_000 { 0 } else { ahead_ms });
        }
    }
}

fn url(path: &str) -> String {
    format!("{BASE}{path}")
}

fn post(path: &str) -> RequestBuilder {
    Request::post(&url(path)).header(WRITE_HEADER.0, WRITE_HEADER.1)
}

fn put(path: &str) -> RequestBuilder {
    Request::put(&url(path)).header(WRITE_HEADER.0, WRITE_HEADER.1)
}

fn json(body: &impl Serialize) -> Result<Body, ApiError> {
    serde_json::to_string(body).map(Body::Json).map_err(|error| ApiError::NotUnderstood(error.to_string()))
}

fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, ApiError> {
    serde_json::from_str(&answer.text)
        .map_err(|error| ApiError::NotUnderstood(format!("{}: {error}", answer.url)))
}
