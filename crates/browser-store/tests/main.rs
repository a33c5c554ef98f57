//! The databases in a real browser. `cargo xtask test` runs this program twice: in a page and in a service
//! worker.
#![cfg(target_arch = "wasm32")]

mod activation;
mod broken_browser;
mod finish_sale;
mod outbox;
mod scopes;
mod support;
