//! Tests of the store server: its real router over a real SQLite file, and its program as a process. Most of them run
//! on PostgreSQL too: `on_postgres/main.rs`.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails there")]

mod admin;
mod after_restore;
mod api;
mod closed_doors;
mod damage;
mod hostile_text;
mod import;
mod pages;
mod problems;
mod process;
mod profiles_of_before;
mod support;

/// Which database every test here has.
const ON_POSTGRES: bool = false;
