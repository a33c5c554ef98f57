//! The scope database's first version.

use super::Step;

/// Profile and connectivity, by name.
pub(crate) const STATE: &str = "state";
/// A record per table.
pub(crate) const TABLES: &str = "tables";
/// A record per table whose next generation is being built.
pub(crate) const BUILDS: &str = "builds";
/// Pages as they came, by table, generation and place.
pub(crate) const PAGES: &str = "pages";

pub(super) const STEP: Step = Step { version: 1, adds: &[STATE, TABLES, BUILDS, PAGES] };
