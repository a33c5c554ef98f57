//! The admin API.

mod categories;
mod conflicts;
mod import;
mod mends;
mod profiles;
mod registers;
mod sales;
mod sign_in;
