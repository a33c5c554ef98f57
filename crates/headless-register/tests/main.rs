//! Headless registers against a real store server process.

mod command;
mod cut_network;
mod downloads;
mod outage;
mod real_data;
mod row_edits;
mod setting;
mod several_processes;
#[path = "../../store-server/tests/support/test_postgres.rs"]
mod test_postgres;
mod uploads;
mod views;
