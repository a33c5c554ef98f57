//! The steps of a database's schema; `sql/schema.rs` takes them.

/// One step. Its number and its text never change once it is published.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Its number, from 1.
    pub version: i64,
    /// What it is about.
    pub name: &'static str,
    /// Its statements.
    pub sql: &'static str,
}
