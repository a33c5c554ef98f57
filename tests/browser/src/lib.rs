//! Holdfast in real browsers: a real store server process, a real browser driven by WebDriver, and the
//! pages as a cashier uses them.
//!
//! Owns the harness ([`store_server`], [`browser`], [`hands`], [`till_page`], [`back_office_page`], [`admin`], [`look`],
//! and [`stage`], which puts them together); the tests are in `tests/`, the browser benchmarks in
//! `src/bin/bench/`. Never mocks a side: what is asserted is what the store server's own API or the page's
//! own text says.

pub mod admin;
pub mod back_office_page;
pub mod barriers;
pub mod browser;
pub mod clocks;
pub mod hands;
pub mod line;
pub mod look;
pub mod odd_register;
pub mod page_rules;
pub mod stage;
pub mod store_server;
pub mod till_page;
pub mod waiting;

/// What a test or a step of the harness gives; the error's text is the diagnosis.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
