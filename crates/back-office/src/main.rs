//! The administrator's page: registers, profiles, the sales that arrived, what was refused, imports.
//!
//! Owns what is on the screen and what was typed; the truth is the store server's, asked for by the admin
//! API. Never touches a register's databases: a till on the same device is another page.

#![forbid(unsafe_code)]

mod address_page;
mod amounts;
mod api;
mod app;
mod browser_storage;
mod conflicts;
mod facts;
mod file_chooser;
mod focus_keeper;
mod import;
mod kept_typing;
mod last_name;
mod link_banner;
mod list_page;
mod live;
mod not_found;
mod page;
mod profiles;
mod registers;
mod rejected;
mod row_words;
mod sale_lines;
mod sales;
mod section;
mod shell;
mod sign_in;
mod state;
mod undoable;

fn main() {
    console_error_panic_hook::set_once();
    holdfast_ui::messages::choose_locale();
    leptos::mount::mount_to_body(app::App);
}
