//! One wasm for all that a register runs: the till in a page, the engine in the service worker.
//!
//! The two have most of their code in common, so that both in one file are much smaller to download than a file for
//! each.

#![forbid(unsafe_code)]

// Its exports are what `web/sw.js` calls.
use holdfast_sync_worker as _;

/// Runs whenever the wasm is instantiated. The service worker has no window; what it does begins with its messages.
fn main() {
    if web_sys::window().is_some() {
        console_error_panic_hook::set_once();
        // The language first, then the app.
        holdfast_ui::messages::choose_locale();
        leptos::mount::mount_to_body(holdfast_till::app::App);
    }
}
