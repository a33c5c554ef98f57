//! The admin API.

mod conflicts;
mod import;
mod profiles;
mod registers;
mod sales;
mod sign_in;
