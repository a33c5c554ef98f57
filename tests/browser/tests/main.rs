//! Holdfast in a real browser.

mod back_office;
mod customers;
mod damaged_catalogue;
mod data_export;
mod export_schedule;
mod fifty_changes;
mod guide_pictures;
mod kill_while_paying;
mod mending;
mod page_rules;
mod pictures;
mod profile_answers;
mod profile_changes;
mod profile_drafts;
mod profile_editor;
mod profile_move;
mod profile_settings;
mod reconnecting;
mod refusals;
mod removed_scope;
mod screens;
mod sell_offline;
mod settings_on_register;
mod sync_frequency;
mod two_tabs;
mod worker_killed;
