//! Offline profiles as they are published. They are read here; the editor is another feature.

mod detail;
mod device;
mod lines;
mod list;
mod words;

pub use detail::ProfilePage;
pub use list::ProfilesPage;
pub use words::table_label;
