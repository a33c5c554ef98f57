//! The admin API.

mod conflicts;
mod import;
mod registers;
mod sales;
mod sign_in;
