//! The admin API.

mod administrators;
mod categories;
mod conflicts;
mod import;
mod mends;
mod profiles;
mod register_scopes;
mod registers;
mod sales;
mod shifts;
mod sign_in;
