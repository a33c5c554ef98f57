//! The cashier's app: sells from memory and the journal, whatever the network does.
//!
//! A folder a feature: state and decisions in its `mod.rs` (or files beside it that also compile and are
//! tested natively), what is on the screen in `screen.rs`. State that outlives a screen is in [`till::Till`].
//! Talks to the store server only through the service worker, and never waits for it to sell.

#![forbid(unsafe_code)]

pub mod activation;
pub mod app;
pub mod browser;
pub mod catalogue;
pub mod connection;
pub mod customers;
pub mod done;
pub mod download;
pub mod each_row;
pub mod export;
pub mod header;
pub mod keyboard;
pub mod live;
pub mod look_up;
pub mod menu;
pub mod money_text;
pub mod notice;
pub mod offline_database;
pub mod other_tab;
pub mod pad;
pub mod page_head;
pub mod pay;
pub mod pictures;
pub mod profile;
pub mod receipt;
pub mod sale;
pub mod sales_list;
pub mod session;
pub mod shift;
pub mod start;
pub mod till;
pub mod trouble;
pub mod unit_text;
pub mod worker_link;
