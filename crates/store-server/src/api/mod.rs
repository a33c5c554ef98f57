//! The register API: CBOR in, CBOR out, a token at every request but the first.
//!
//! Live requests pass one room, bulk the other ([`crate::admission`]): bulk handlers ask for their register's
//! turn themselves, once they know the register and before they read a body.

mod activate;
mod contact;
mod export;
mod immutable;
mod look_up;
mod manifest;
mod message;
mod page;
mod pictures;
mod profile;
mod pull;
mod registered;
mod upload;
mod versions;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;

use crate::admission::live_for_registers;
use crate::app::App;
use crate::error::{ApiError, RegisterError};

/// The routes below `/api/v1`.
pub fn router(app: App) -> Router<App> {
    let only_who_can_read_it = from_fn_with_state(app.clone(), versions::need_known_version);
    let read_back =
        Router::new().route("/profile", get(profile::profile)).route("/look-up", post(look_up::look_up));
    let live = Router::new()
        .route("/activate", post(activate::activate))
        .route("/contact", post(contact::contact))
        .merge(read_back.route_layer(only_who_can_read_it.clone()))
        .route_layer(from_fn_with_state(app, live_for_registers));
    let downloads = Router::new()
        .route("/manifest/{table}", get(manifest::manifest))
        .route("/page/{hash}", get(page::page))
        .route("/pull", post(pull::pull))
        .route("/pictures", get(pictures::changes))
        .route("/picture/{hash}", get(pictures::picture))
        .route_layer(only_who_can_read_it);
    live.merge(downloads)
        .route("/upload", post(upload::upload))
        .route("/export", post(export::export))
        .method_not_allowed_fallback(async || RegisterError(ApiError::WrongMethod))
        .fallback(async || RegisterError(ApiError::NotFound))
        .layer(CatchPanicLayer::custom(after_panic))
}

fn after_panic(_: Box<dyn std::any::Any + Send>) -> Response {
    ApiError::Internal.to_register()
}
