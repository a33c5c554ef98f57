//! What all requests share, and the router.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, FromRef, FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use holdfast_protocol::Versions;

use crate::address::AddressQuery;
use crate::admission::{Admission, AdmissionLimits};
use crate::attempts::Door;
use crate::clock::Clock;
use crate::contacts::Contacts;
use crate::database::Database;
use crate::error::ApiError;
use crate::look_up::SearchTexts;
use crate::page_cache::PageCache;
use crate::pages::Pages;
use crate::snapshot::Snapshots;
use crate::views::{Sizes, Views};
use crate::{admin, api, pages};

/// The pages may load what this server gives them and nothing else.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Longest nonce that the health check gives back.
const NONCE_BYTES_MAX: usize = 64;

/// What all requests share. Cheap to clone.
#[derive(Clone)]
pub struct App {
    shared: Arc<Shared>,
    versions: Versions,
}

struct Shared {
    database: Database,
    clock: Clock,
    server_secret: Vec<u8>,
    snapshots: Snapshots,
    page_cache: PageCache,
    contacts: Contacts,
    admission: Admission,
    views: Views,
    sizes: Sizes,
    search_texts: SearchTexts,
    // argon2 takes much memory: one at a time.
    password_turn: tokio::sync::Mutex<()>,
    pages: Pages,
}

impl App {
    /// Puts a server together. `server_secret` is what [`crate::first_start`] stored.
    pub fn new(database: Database, clock: Clock, server_secret: Vec<u8>, pages: Pages) -> App {
        let limits = AdmissionLimits::on(&database);
        App::with_limits(database, clock, server_secret, pages, limits)
    }

    /// The same with other limits.
    pub fn with_limits(
        database: Database,
        clock: Clock,
        server_secret: Vec<u8>,
        pages: Pages,
        limits: AdmissionLimits,
    ) -> App {
        let shared = Shared {
            page_cache: PageCache::default(),
            contacts: Contacts::new(database.clone()),
            admission: Admission::new(limits),
            database,
            clock,
            server_secret,
            snapshots: Snapshots::default(),
            views: Views::default(),
            sizes: Sizes::default(),
            search_texts: SearchTexts::default(),
            password_turn: tokio::sync::Mutex::default(),
            pages,
        };
        App { shared: Arc::new(shared), versions: Versions::OF_THIS_BUILD }
    }

    /// The same, speaking other versions than this build's.
    #[must_use]
    pub fn speaking(self, versions: Versions) -> App {
        App { versions, ..self }
    }

    /// The versions that this server speaks.
    pub fn versions(&self) -> Versions {
        self.versions
    }

    /// The store database.
    pub fn database(&self) -> &Database {
        &self.shared.database
    }

    /// Now, ms since 1970.
    pub fn now_ms(&self) -> i64 {
        self.shared.clock.now_ms()
    }

    /// Secret from which registers' tokens are made.
    pub fn server_secret(&self) -> &[u8] {
        &self.shared.server_secret
    }

    /// Snapshots of tables.
    pub fn snapshots(&self) -> &Snapshots {
        &self.shared.snapshots
    }

    /// Pages of snapshots that were sent lately.
    pub(crate) fn page_cache(&self) -> &PageCache {
        &self.shared.page_cache
    }

    /// What registers said.
    pub fn contacts(&self) -> &Contacts {
        &self.shared.contacts
    }

    /// Who is let in when.
    pub fn admission(&self) -> &Admission {
        &self.shared.admission
    }

    /// Copies of tables for registers that keep a part of them.
    pub fn views(&self) -> &Views {
        &self.shared.views
    }

    /// What registers with a profile would keep.
    pub fn sizes(&self) -> &Sizes {
        &self.shared.sizes
    }

    /// What look-ups compare, made where it is missing.
    pub fn search_texts(&self) -> &SearchTexts {
        &self.shared.search_texts
    }

    /// Counts an attempt of an address, as failed until [`App::attempt_was_right`] says otherwise.
    ///
    /// # Errors
    /// [`ApiError::TooManyAttempts`] when it comes too soon; then it must not be judged.
    pub async fn begin_attempt(&self, door: Door, Peer(peer): Peer) -> Result<(), ApiError> {
        match self.database().begin_attempt(door, &peer.to_string(), self.now_ms()).await? {
            None => Ok(()),
            Some(wait) => Err(wait.into()),
        }
    }

    /// The attempt of this address was right.
    ///
    /// # Errors
    /// [`ApiError`] when it stays counted.
    pub async fn attempt_was_right(&self, door: Door, Peer(peer): Peer) -> Result<(), ApiError> {
        Ok(self.database().attempt_was_right(door, &peer.to_string()).await?)
    }

    /// Held while a password is checked.
    pub fn password_turn(&self) -> &tokio::sync::Mutex<()> {
        &self.shared.password_turn
    }

    /// The built pages.
    pub fn pages(&self) -> &Pages {
        &self.shared.pages
    }
}

/// All routes.
pub fn router(app: App) -> Router {
    Router::new()
        .nest("/api/v1", api::router(app.clone()))
        .nest("/api/admin", admin::router(app.clone()))
        .route("/api/health", get(health))
        .route("/api/{*rest}", axum::routing::any(unknown_api))
        .fallback(pages::serve_page)
        .layer(middleware::from_fn(add_safety_headers))
        .with_state(app)
}

/// Registers are told in their own words, as everywhere below their address.
async fn unknown_api(uri: Uri) -> Response {
    if uri.path().starts_with("/api/v1/") {
        ApiError::NotFound.to_register()
    } else {
        ApiError::NotFound.to_administrator()
    }
}

#[derive(serde::Deserialize)]
struct Health {
    #[serde(default)]
    nonce: String,
}

/// `GET /api/health`: tells that a store server's process answers here; the nonce tells it from a captive portal or a
/// cache. It passes no room of [`crate::admission`] and asks no database, so it answers however much is to do, and says
/// nothing of whether sales can be taken: a contact does.
async fn health(query: AddressQuery<Health>) -> Response {
    let asked = match query {
        Ok(Query(asked)) => asked,
        Err(rejection) => return ApiError::from(rejection).to_administrator(),
    };
    let plain = asked.nonce.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if asked.nonce.len() > NONCE_BYTES_MAX || !plain {
        return ApiError::Malformed("The nonce is letters, digits and dashes, 64 at most.".to_owned())
            .to_administrator();
    }
    let body = serde_json::json!({ "holdfast": true, "nonce": asked.nonce });
    ([(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}

async fn add_safety_headers(request: Request<axum::body::Body>, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The address that a request came from.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Peer
where
    App: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        // Without a socket, as in tests, all requests are of one peer.
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Peer(address.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip())))
    }
}
