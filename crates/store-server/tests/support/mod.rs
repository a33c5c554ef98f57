//! A store server without a socket, a register that sells, and an administrator.

mod dump;
mod register;
mod test_database;
mod test_postgres;
mod wire;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use holdfast_protocol::Versions;
use holdfast_protocol::problem::Problem;
use holdfast_store_server::admission::AdmissionLimits;
use holdfast_store_server::app::{App, router};
use holdfast_store_server::clock::Clock;
use holdfast_store_server::database::{Database, Place, Store};
use holdfast_store_server::first_start::{make_ready, server_secret};
use holdfast_store_server::import::{ImportKind, ImportReport, import};
use holdfast_store_server::pages::Pages;
use tower::ServiceExt;

pub use dump::{Dump, differences};
pub use register::TestRegister;
pub use test_database::TestDatabase;
pub use wire::Wire;

/// At this time the clock is broken: whoever asks it panics.
const BROKEN: i64 = i64::MIN;

/// 24 November 2026, noon.
pub const NOON_MS: i64 = 1_795_521_600_000;

/// A store server on a database of its own.
pub struct TestServer {
    pub database: Database,
    // Removed with the server.
    pub test_database: TestDatabase,
    pub admin_password: String,
    router: Router,
    pub app: App,
    now_ms: Arc<AtomicI64>,
}

/// What a request was answered with.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl TestServer {
    /// With an empty store.
    pub async fn start() -> TestServer {
        TestServer::start_with(false, Pages::default()).await
    }

    /// With the demo shop.
    pub async fn demo() -> TestServer {
        TestServer::start_with(true, Pages::default()).await
    }

    pub async fn start_with(with_demo: bool, pages: Pages) -> TestServer {
        TestServer::start_with_limits(with_demo, pages, AdmissionLimits::new(2, 8)).await
    }

    pub async fn start_with_limits(with_demo: bool, pages: Pages, limits: AdmissionLimits) -> TestServer {
        let test_database = TestDatabase::fresh().await;
        let database = Database::open(&test_database.place).await.unwrap();
        let first = make_ready(&database, with_demo, NOON_MS).await.unwrap().unwrap();
        let now_ms = Arc::new(AtomicI64::new(NOON_MS));
        let clock = {
            let now_ms = Arc::clone(&now_ms);
            Clock::new(move || match now_ms.load(Ordering::SeqCst) {
                BROKEN => panic!("the clock is broken"),
                now_ms => now_ms,
            })
        };
        let secret = server_secret(&database).await.unwrap();
        let app = App::with_limits(database.clone(), clock, secret, pages, limits);
        let (router, admin_password) = (router(app.clone()), first.admin_password);
        TestServer { test_database, database, admin_password, router, app, now_ms }
    }

    /// From now on it is of another month, on the same data.
    pub fn speak(&mut self, versions: Versions) {
        self.router = router(self.app.clone().speaking(versions));
    }

    pub fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    /// Whoever asks for the time panics, until it is mended.
    pub fn break_clock(&self) {
        self.now_ms.store(BROKEN, Ordering::SeqCst);
    }

    pub fn mend_clock(&self) {
        self.now_ms.store(NOON_MS, Ordering::SeqCst);
    }

    /// All that the store database holds.
    pub async fn dump(&self) -> Dump {
        self.app.contacts().flush().await.unwrap();
        match &self.test_database.place {
            Place::Folder(folder) => dump::dump_folder(folder).await,
            Place::Address(address) => dump::dump_postgres(address.as_str()).await,
        }
    }

    /// The same server on a socket.
    pub async fn listen(&self) -> Wire {
        Wire::listen(self.router.clone()).await
    }

    pub fn pass(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
    }

    pub async fn store(&self) -> Store {
        self.database.store().await.unwrap().unwrap()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Imports a file given as text.
    pub async fn import(&self, kind: ImportKind, csv: &str) -> ImportReport {
        import(&self.database, &self.store().await, kind, csv.as_bytes(), "admin", self.now_ms())
            .await
            .unwrap()
    }

    /// Signs in as the first administrator, as a back office does that knows no other.
    pub async fn administrator(&self) -> Administrator<'_> {
        self.signed_in(serde_json::json!({ "password": self.admin_password })).await
    }

    /// Signs in as another administrator.
    pub async fn administrator_named(&self, name: &str, password: &str) -> Administrator<'_> {
        self.signed_in(serde_json::json!({ "name": name, "password": password })).await
    }

    async fn signed_in(&self, credentials: serde_json::Value) -> Administrator<'_> {
        let answer = self.sign_in(&credentials.to_string()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let cookie = answer.header(header::SET_COOKIE).split(';').next().unwrap().to_owned();
        Administrator { server: self, cookie }
    }

    /// Tries to sign in.
    pub async fn sign_in(&self, credentials: &str) -> Answer {
        let request = Request::post("/api/admin/sign-in").header("x-holdfast", "1");
        self.send(request.body(Body::from(credentials.to_owned())).unwrap()).await
    }

    /// A fresh activation code.
    pub async fn activation_code(&self, number: u16) -> String {
        let admin = self.administrator().await;
        let path = format!("/api/admin/registers/{number}/activation-code");
        admin.post(&path, "").await.json()["code"].as_str().unwrap().to_owned()
    }

    /// A register that was activated just now.
    pub async fn register(&self, number: u16) -> TestRegister<'_> {
        TestRegister::activate(self, number).await
    }
}

impl Answer {
    pub fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    #[track_caller]
    pub fn message<T: for<'b> minicbor::Decode<'b, ()>>(&self) -> T {
        assert_eq!(self.status, StatusCode::OK, "{:?}", Problem::decode(&self.body));
        assert_eq!(self.header(header::CONTENT_TYPE), "application/cbor");
        holdfast_protocol::decode(&self.body).unwrap()
    }

    /// The problem that a register was told.
    #[track_caller]
    pub fn problem(&self) -> Problem {
        assert_eq!(self.header(header::CONTENT_TYPE), "application/concise-problem-details+cbor");
        assert_eq!(self.header(header::CACHE_CONTROL), "no-store");
        let problem = Problem::decode(&self.body).unwrap();
        assert_eq!(problem.status, self.status.as_u16());
        problem
    }

    /// Status and code of the problem that an administrator was told.
    #[track_caller]
    pub fn json_problem(&self) -> (u16, String) {
        assert_eq!(self.header(header::CONTENT_TYPE), "application/problem+json", "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        (self.status.as_u16(), problem["code"].as_str().unwrap().to_owned())
    }
}

/// A signed-in administrator.
pub struct Administrator<'a> {
    pub server: &'a TestServer,
    pub cookie: String,
}

impl Administrator<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "").await
    }

    pub async fn post(&self, path: &str, body: &str) -> Answer {
        self.send(Method::POST, path, body).await
    }

    pub async fn put(&self, path: &str, body: &str) -> Answer {
        self.send(Method::PUT, path, body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, "").await
    }

    async fn send(&self, method: Method, path: &str, body: &str) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::COOKIE, &self.cookie).header("x-holdfast", "1");
        // What registers said is written in its own time.
        self.server.app.contacts().flush().await.unwrap();
        self.server.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }
}

/// The folder of the real data, where it is; says so where it is not, which under CI is a failure.
pub fn real_data() -> Option<PathBuf> {
    let default = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("HOLDFAST_DATA").map_or(default, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "no real data in {}", folder.display());
    println!("skipped, no real data");
    None
}
