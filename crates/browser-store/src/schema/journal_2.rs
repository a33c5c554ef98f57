//! The journal's second version: the register's own edits of rows.

use super::Step;

/// Edits in CBOR, by [series, seq] as their entries: those that lie over a row or were rejected, so that nobody looks
/// for them among all entries.
pub(crate) const EDITS: &str = "edits";

pub(super) const STEP: Step = Step { version: 2, adds: &[EDITS] };
