//! A store server in the test's own process, over real HTTP: for what the program can't be told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use holdfast_headless_register::clock::Clock;
use holdfast_headless_register::random::Random;
use holdfast_headless_register::register::Register;
use holdfast_headless_register::register_api::RegisterApi;
use holdfast_protocol::Versions;
use holdfast_store_server::admin::registers::{Actor, make_activation_code};
use holdfast_store_server::app::{App, router};
use holdfast_store_server::clock::Clock as ServerClock;
use holdfast_store_server::database::{Database, RegisterKey};
use holdfast_store_server::first_start::{make_ready, server_secret};
use holdfast_store_server::pages::Pages;
use tokio::net::TcpListener;
use tower::ServiceExt;

/// A running store server with the demo shop, whose program can be replaced while it runs.
pub struct InProcess {
    _folder: tempfile::TempDir,
    database: Database,
    app: App,
    running: Arc<Mutex<Router>>,
    address: SocketAddr,
}

impl InProcess {
    pub async fn start() -> InProcess {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Database::open_folder(folder.path()).await.expect("it opens");
        let clock = ServerClock::system();
        make_ready(&database, true, clock.now_ms()).await.expect("it is filled");
        let secret = server_secret(&database).await.expect("it has one");
        let app = App::new(database.clone(), clock, secret, Pages::default());
        let running = Arc::new(Mutex::new(router(app.clone())));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let front = {
            let running = Arc::clone(&running);
            Router::new().fallback(async move |request: Request| {
                let router = running.lock().expect("no panic").clone();
                router.oneshot(request).await
            })
        };
        tokio::spawn(async move { axum::serve(listener, front).await });
        InProcess { _folder: folder, database, app, running, address }
    }

    /// Replaces the program by one that speaks other versions, on the same data.
    pub fn update(&self, versions: Versions) {
        *self.running.lock().expect("no panic") = router(self.app.clone().speaking(versions));
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn database(&self) -> &Database {
        &self.database
    }

    pub async fn register(&self, number: u16, clock: Clock) -> Register {
        self.register_at(&self.url(), number, clock).await
    }

    /// A register that reaches it by this URL.
    pub async fn register_at(&self, url: &str, number: u16, clock: Clock) -> Register {
        let code = self.activation_code(number).await;
        let api = RegisterApi::new(url).expect("a client");
        let random = Random::new(Random::fresh_seed());
        Register::activate(api, &code, clock, random).await.expect("the code is right")
    }

    pub async fn activation_code(&self, number: u16) -> String {
        let store = self.database.store().await.expect("it answers").expect("there is one");
        let key = RegisterKey { store_id: store.row.id, number };
        let by = Actor { name: "test", now_ms: ServerClock::system().now_ms() };
        let made = make_activation_code(&self.database, &key, by).await;
        made.unwrap_or_else(|error| panic!("{error:?}")).code
    }
}
