//! The editor of a profile. What it does to a profile is in `working_copy`, without a page; the other files are
//! what can be seen.

mod add_scope;
mod assignment;
mod condition;
mod condition_value;
mod counting;
mod counts;
mod device;
mod drag;
mod field_below;
mod field_list;
mod filter_builder;
mod focusing;
mod foot;
mod general;
mod gone;
mod kept;
mod lines;
mod meeting;
mod merge;
mod offline_data;
mod other_tab;
mod page;
mod place_words;
mod places;
mod radio_cards;
mod reorder;
mod roll_back_preview;
mod scope_editor;
mod state;
mod tables;
mod typed;
mod versions;
mod working_copy;

pub use counts::NotCounted;
pub use foot::EditorFoot;
pub use gone::{Gone, UnsavedOfGone};
pub use kept::has_unsaved;
pub use page::{ProfilePage, address, open};
pub use place_words::field_words;
pub use state::Editor;
pub use versions::RolledBack;
pub use working_copy::{error_at, finding_words};
