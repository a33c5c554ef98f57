//! The steps of a database's schema.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

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

/// Brings a database from whichever step to the last of these, oldest first.
pub fn migrator(steps: &[Step]) -> Migrator {
    let migrations = steps.iter().map(|step| {
        Migration::new(step.version, step.name.into(), MigrationType::Simple, step.sql.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}
