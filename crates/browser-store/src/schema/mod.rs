//! The databases' names, versions and object stores, in one place; each version's step has a file.
//!
//! Whoever upgrades a database must name all its object stores, or rexie removes the others with what is in
//! them. So a step only ever adds to the list, and the list of all steps is what opens the database.

mod journal_1;
mod journal_2;
mod pictures_1;
mod scopes_1;

pub(crate) use journal_1::{BASKET, CUSTODY, ENTRIES, HEAD, REGISTER, SETTLED};
pub(crate) use journal_2::EDITS;
pub(crate) use pictures_1::{KEPT, OFFERED, PICTURE_STATE, PICTURES, USES};
pub(crate) use scopes_1::{BUILDS, PAGES, STATE, TABLES};

/// The object stores that one version added.
pub(crate) struct Step {
    version: u32,
    adds: &'static [&'static str],
}

/// A database.
pub(crate) struct Schema {
    /// Its name in the browser.
    pub name: &'static str,
    /// Its name in messages for people.
    pub shown: &'static str,
    /// From the first version to the one of this build.
    steps: &'static [Step],
}

/// What the register has produced; written durably, never dropped.
pub(crate) static JOURNAL: Schema =
    Schema { name: "holdfast-journal", shown: "journal", steps: &[journal_1::STEP, journal_2::STEP] };

/// What the register keeps of the store server's data; may be dropped and fetched again.
pub(crate) static SCOPES: Schema =
    Schema { name: "holdfast-scopes", shown: "offline database", steps: &[scopes_1::STEP] };

/// Pictures of products; may be dropped and fetched again, and is the first to be.
pub(crate) static PICTURE_DATABASE: Schema =
    Schema { name: "holdfast-pictures", shown: "pictures", steps: &[pictures_1::STEP] };

impl Schema {
    /// The version of this build.
    pub fn version(&self) -> u32 {
        self.steps.iter().map(|step| step.version).max().unwrap_or(1)
    }

    /// All object stores of all versions.
    pub fn stores(&self) -> impl Iterator<Item = &'static str> {
        self.steps.iter().flat_map(|step| step.adds.iter().copied())
    }
}
