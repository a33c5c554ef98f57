//! Tests of the store server: its real router over a real SQLite file, and its program as a process.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails there")]

mod admin;
mod api;
mod closed_doors;
mod import;
mod pages;
mod problems;
mod process;
mod support;
