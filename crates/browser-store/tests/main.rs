//! The databases in a real browser. `cargo xtask test` runs this program twice: in a page and in a service
//! worker.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "the tests of a browser are not marked as tests for clippy")]

mod activation;
mod broken_browser;
mod edits;
mod exports;
mod finish_sale;
mod outbox;
mod pictures;
mod scopes;
mod shifts;
mod suite;
mod support;
