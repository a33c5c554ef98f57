//! The sales that arrived: a list, newest first, and each with its lines, tax and payments.

mod detail;
mod list;
mod merge;
mod state;

pub use detail::SalePage;
pub use list::SalesPage;
pub use state::SalesState;
