//! Headless registers against a real store server process.

mod command;
mod cut_network;
mod downloads;
mod outage;
mod real_data;
mod setting;
mod uploads;
