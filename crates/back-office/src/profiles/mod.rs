//! Offline profiles: the list, the editor, what a publish does, how it reaches registers, and who changed what.

mod asked_preview;
mod assign;
mod changed_others;
mod changes;
pub mod choosing;
mod delete;
mod editor;
mod import_file;
mod import_renames;
mod list;
mod new;
mod plan_words;
mod publish;
mod questions;
mod register_steps;
mod restore_default;
mod rollout;
mod sentences;
mod unused_scopes;
mod value_words;
mod words;

pub use changes::{ChangesPage, ChangesState};
pub use delete::{DeletePanel, DeleteState};
pub use editor::{Editor, EditorFoot, ProfilePage, RolledBack};
pub use import_file::FileState;
pub use list::ProfilesPage;
pub use new::NewProfileState;
pub use publish::PublishPage;
pub use rollout::RolloutPage;
pub use value_words::said_frequency;
pub use words::{direction_icon, direction_label, table_label};
