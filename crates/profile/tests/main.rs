//! Behaviour of profiles, by what an editor, a server or a register asks of them.

mod builders;
mod change_plans;
mod compatibility;
mod filters;
mod largest_profile;
mod libraries;
mod limits;
mod merges;
mod profile_files;
mod rows;
mod validation;
mod versions;
mod views;
