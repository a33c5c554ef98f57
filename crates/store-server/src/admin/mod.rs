//! The admin API: JSON, a session, and at every change a header that no other site can send.
//!
//! All requests but imports are live ([`crate::admission`]): a file takes long to arrive, and has a room of its own.

mod audit;
mod conflicts;
mod guard;
mod import;
mod json;
mod mend;
mod profiles;
pub mod registers;
mod rejected;
mod rejected_detail;
mod sales;
mod session;
mod sign_in;
mod store;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;

use crate::admission::live_for_administrators;
use crate::app::App;
use crate::error::{AdminError, ApiError};

/// The routes below `/api/admin`. All but signing in need a session, those that are not there too.
pub fn router(app: App) -> Router<App> {
    let open = Router::new().route("/sign-in", post(sign_in::sign_in));
    let guarded = Router::new()
        .route("/sign-out", post(session::sign_out))
        .route("/session", get(session::session))
        .route("/store", get(store::store))
        .route("/registers", get(registers::list).post(registers::add))
        .route("/registers/{number}/activation-code", post(registers::activation_code))
        .route("/registers/{number}/lock", post(registers::lock))
        .route("/profiles", get(profiles::profiles))
        .route("/profiles/preview", post(profiles::preview))
        .route("/sales", get(sales::list))
        .route("/sales/{register}/{counter}", get(sales::one))
        .route("/rejected", get(rejected::rejected))
        .route("/rejected/{register}/{seq}", get(rejected_detail::one))
        .route("/rejected/{register}/{seq}/mend", post(mend::mend))
        .route("/conflicts", get(conflicts::conflicts))
        .route("/audit", get(audit::audit))
        .fallback(async || AdminError(ApiError::NotFound))
        .method_not_allowed_fallback(async || AdminError(ApiError::WrongMethod))
        .layer(from_fn_with_state(app.clone(), guard::need_session));
    let imports = Router::new()
        .route("/import/{kind}", post(import::import))
        .method_not_allowed_fallback(async || AdminError(ApiError::WrongMethod))
        .layer(from_fn_with_state(app.clone(), guard::need_session));
    open.method_not_allowed_fallback(async || AdminError(ApiError::WrongMethod))
        .merge(guarded)
        .layer(from_fn_with_state(app, live_for_administrators))
        .merge(imports)
        .layer(from_fn(guard::need_own_site))
        .layer(CatchPanicLayer::custom(after_panic))
}

fn after_panic(_: Box<dyn std::any::Any + Send>) -> Response {
    ApiError::Internal.to_administrator()
}
