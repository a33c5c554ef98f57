//! Entries of registers' journals that were not applied: a list, each with what it says, and what can be done with it.

mod corrections;
mod decision;
mod entry;
mod list;
mod mending;
mod says;
mod words;

pub use entry::RejectedEntryPage;
pub use list::RejectedPage;
