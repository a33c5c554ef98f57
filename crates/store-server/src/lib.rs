//! The store server: the API of registers and administrators, the store database, the import, the pages.
//!
//! Owns everything that the shop has in one place. Handlers in [`api`] and [`admin`] hold no SQL; all of it
//! is in [`database`]. Knows nothing of browsers beyond serving them their pages, and never trusts what a
//! register or a file says: what can't be taken is refused with a reason or kept as rejected.

#![allow(clippy::duplicate_mod, reason = "the SQL is written once and compiled for each database")]
#![forbid(unsafe_code)]

mod address;
pub mod admin;
pub mod admin_change;
pub mod administrators;
pub mod admission;
pub mod api;
pub mod app;
pub mod attempts;
pub mod cli;
pub mod clock;
mod connections;
pub mod contacts;
pub mod database;
mod dates;
pub mod demo;
pub mod error;
mod exports;
pub mod first_start;
pub mod housekeeping;
pub mod import;
mod long_work;
pub mod look_up;
mod page_cache;
mod page_encoding;
pub mod pages;
pub mod passwords;
pub mod pictures;
pub mod pin;
mod printable;
mod profile_text;
pub mod profiles;
mod read_export;
mod request_body;
pub mod secrets;
pub mod serve;
pub mod snapshot;
mod stop_signals;
pub mod upload;
pub mod views;
