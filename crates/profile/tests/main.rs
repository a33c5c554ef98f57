//! Behaviour of profiles, by what an editor, a server or a register asks of them.

mod builders;
mod compatibility;
mod filters;
mod rows;
mod validation;
