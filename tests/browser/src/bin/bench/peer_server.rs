//! The peers' page and their rows, served as others would: gzipped JSON pages from memory.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::{self, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use holdfast_browser_tests::Outcome;
use serde_json::Value;

use crate::products::Product;

/// As many as Holdfast's own pages have at most.
const PAGE_ROWS: usize = 5_000;
/// As Holdfast's own pages are packed.
const GZIP_LEVEL: u32 = 6;

/// A server that ends with its process.
pub struct PeerServer {
    port: u16,
    /// Pages of rows.
    pub pages_count: usize,
    /// All of them, gzipped.
    pub wire_bytes: usize,
}

struct Files {
    page: &'static str,
    scripts: [(&'static str, Vec<u8>); 3],
    rows: Vec<Vec<u8>>,
}

impl PeerServer {
    /// Serves these products and the libraries in `packages`, npm's folder.
    ///
    /// # Errors
    /// When a library is missing or no port is free.
    pub async fn start(products: &[Product], packages: &Path) -> Outcome<PeerServer> {
        let library = |path: &str| {
            let path = packages.join(path);
            std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
        };
        let rows: Vec<Vec<u8>> = products.chunks(PAGE_ROWS).map(packed).collect::<Result<_, _>>()?;
        let (pages_count, wire_bytes) = (rows.len(), rows.iter().map(Vec::len).sum());
        let files = Arc::new(Files {
            page: include_str!("peers/peers.html"),
            scripts: [
                ("peers.js", include_bytes!("peers/peers.js").to_vec()),
                ("dexie.js", library("dexie/dist/dexie.min.js")?),
                ("pouchdb.js", library("pouchdb/dist/pouchdb.min.js")?),
            ],
            rows,
        });
        let router = Router::new()
            .route("/", get(page))
            .route("/{script}", get(script))
            .route("/rows/{page}", get(page_of_rows))
            .with_state(files);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                eprintln!("the peers' server failed: {error}");
            }
        });
        Ok(PeerServer { port, pages_count, wire_bytes })
    }

    /// Where the peers' page is.
    pub fn url(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }
}

fn packed(products: &[Product]) -> Result<Vec<u8>, std::io::Error> {
    let rows = Value::Array(products.iter().map(Product::to_json).collect());
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL));
    encoder.write_all(rows.to_string().as_bytes())?;
    encoder.finish()
}

async fn page(State(files): State<Arc<Files>>) -> Response {
    ([(header::CONTENT_TYPE, "text/html")], files.page).into_response()
}

async fn script(State(files): State<Arc<Files>>, extract::Path(name): extract::Path<String>) -> Response {
    match files.scripts.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => ([(header::CONTENT_TYPE, "text/javascript")], text.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn page_of_rows(
    State(files): State<Arc<Files>>,
    extract::Path(page): extract::Path<String>,
) -> Response {
    let number = page.strip_suffix(".json").and_then(|number| number.parse::<usize>().ok());
    match number.and_then(|number| files.rows.get(number)) {
        Some(rows) => {
            let headers = [(header::CONTENT_TYPE, "application/json"), (header::CONTENT_ENCODING, "gzip")];
            (headers, rows.clone()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
