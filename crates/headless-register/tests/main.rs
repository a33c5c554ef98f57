//! Headless registers against a real store server process.

mod command;
mod cut_network;
mod damage;
mod downloads;
mod hostile_replies;
mod in_process;
mod liar;
mod old_and_new;
mod outage;
mod pace;
mod real_data;
mod row_edits;
mod setting;
mod several_processes;
mod tax_exclusive;
#[path = "../../store-server/tests/support/test_postgres.rs"]
mod test_postgres;
mod uploads;
mod views;
