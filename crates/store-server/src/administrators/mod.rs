//! Administrators as people: their names, and what the command line does to who may sign in to the back office.
//!
//! Owns what a name may be and the words of a refusal. The store database does an order in one transaction that others
//! wait for: of two orders at once the second sees what the first has done.

mod name;
mod order;

pub use name::{AdministratorName, NameError};
pub use order::{AdministratorChange, AdministratorOrder, AdministratorRefusal};
