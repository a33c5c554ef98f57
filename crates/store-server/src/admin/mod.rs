//! The admin API: JSON, a session, and at every change a header that no other site can send.
//!
//! All requests but those with files or whole profiles are live ([`crate::admission`]): these take long to arrive, and
//! have rooms of their own.

mod assignments;
mod audit;
mod categories;
mod changes;
mod conflicts;
mod exports;
mod guard;
mod import;
mod json;
mod large_json;
mod mend;
mod profiles;
mod register_scopes;
pub mod registers;
mod rejected;
mod rejected_detail;
mod sales;
mod scopes;
mod session;
mod shifts;
mod sign_in;
mod store;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{delete, get, post, put};
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
        .route("/registers/{number}/profile", put(assignments::set_register_profile))
        .route("/registers/{number}/profile/preview", get(assignments::look_at_register))
        .route("/registers/{number}/retry", post(assignments::ask_retry))
        .route("/store/profile", put(assignments::set_store_profile))
        .route("/store/profile/preview", get(assignments::look_at_store))
        .route("/profiles", get(profiles::list::list).post(profiles::edit::create))
        .route("/profiles/default/restore", post(profiles::edit::restore_default))
        .route("/profiles/{id}/publish", post(profiles::publish::publish))
        .route("/profiles/{id}/versions", get(profiles::publish::versions))
        .route("/profiles/{id}/versions/{version}/preview", get(profiles::preview::look_back))
        .route("/profiles/{id}/rollback", post(profiles::publish::roll_back))
        .route("/profiles/{id}/rollout", get(profiles::rollout::look))
        .route("/profiles/{id}/file", get(profiles::file::export))
        .route("/scopes", get(scopes::list))
        .route("/scopes/{name}", delete(scopes::delete))
        .route("/changes", get(changes::list))
        .route("/categories", get(categories::list))
        .route("/registers/{number}/exports", get(exports::list))
        .route("/registers/{number}/scopes", get(register_scopes::look))
        .route("/registers/{number}/shifts", get(shifts::list))
        .route("/registers/{number}/exports/{export}", get(exports::file))
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
    let one_profile = get(profiles::list::one).put(profiles::edit::save).delete(profiles::edit::delete);
    // Their bodies arrive in rooms of their own.
    let large = Router::new()
        .route("/import/{kind}", post(import::import))
        .route("/profiles/{id}", one_profile)
        .route("/profiles/{id}/preview", post(profiles::preview::look))
        .route("/profiles/import", post(profiles::file::import))
        .route("/profiles/import/save", post(profiles::file::save_import))
        .method_not_allowed_fallback(async || AdminError(ApiError::WrongMethod))
        .layer(from_fn_with_state(app.clone(), guard::need_session));
    open.method_not_allowed_fallback(async || AdminError(ApiError::WrongMethod))
        .merge(guarded)
        .layer(from_fn_with_state(app, live_for_administrators))
        .merge(large)
        .layer(from_fn(guard::need_own_site))
        .layer(CatchPanicLayer::custom(after_panic))
}

fn after_panic(_: Box<dyn std::any::Any + Send>) -> Response {
    ApiError::Internal.to_administrator()
}
