//! The admin API.

mod import;
mod registers;
mod sales;
mod sign_in;
