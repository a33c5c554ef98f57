//! Behaviour of profiles, by what an editor, a server or a register asks of them.

mod compatibility;
mod validation;
