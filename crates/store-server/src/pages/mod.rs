//! The built pages: read once at the start, served with their compressed siblings and the right caching.
//!
//! `/` is the till, `/back-office/` the back office; both are one page each, so that an address within one
//! gives its index. `/help/` are the guides, a page each. Only what was read at the start is ever served: no path reaches the file system.

mod asset;
mod negotiation;

use std::path::Path;

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

pub use asset::Pages;
pub use negotiation::accepts;

use crate::app::App;
use crate::error::ApiError;

const BACK_OFFICE: &str = "/back-office";
const HELP: &str = "/help";

/// Answers what no API route took.
pub async fn serve_page(State(app): State<App>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    if path == "/api" || path.starts_with("/api/") {
        return ApiError::NotFound.to_administrator();
    }
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    if path == BACK_OFFICE || path == HELP {
        return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, format!("{path}/"))]).into_response();
    }
    let pages = app.pages();
    if let Some(asset) = pages.asset(if path == "/help/" { "/help/index.html" } else { path }) {
        return asset.answer(&headers);
    }
    // A guide that is not there is no address within the till.
    if path.starts_with("/help/") {
        return not_found(pages);
    }
    let index = if path.starts_with("/back-office/") { "/back-office/index.html" } else { "/index.html" };
    match pages.asset(index).filter(|_| wants_a_page(path, &headers)) {
        Some(asset) => asset.answer(&headers),
        None => not_found(pages),
    }
}

/// Whether somebody opened an address, rather than a page asking for a file that is not there.
fn wants_a_page(path: &str, headers: &HeaderMap) -> bool {
    let is_root = path == "/" || path == "/back-office/";
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    is_root || accept.contains("text/html")
}

fn not_found(pages: &Pages) -> Response {
    let words = if pages.is_empty() {
        "The store server runs without pages. Start it with --pages DIR.\n"
    } else {
        "There is nothing here.\n"
    };
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::NOT_FOUND, headers, words).into_response()
}

/// Reads the pages of a folder that `cargo xtask build` made.
///
/// # Errors
/// When the folder is there but can't be read.
pub fn read_folder(folder: &Path) -> std::io::Result<Pages> {
    let mut pages = Pages::default();
    pages.read_folder(&folder.join("till"), "")?;
    pages.read_folder(&folder.join("back-office"), BACK_OFFICE)?;
    pages.read_folder(&folder.join("help"), HELP)?;
    Ok(pages)
}
