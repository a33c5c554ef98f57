//! The journal's first version.
//!
//! What a sale writes (`head`, `entries`, `basket`) and what the worker writes when entries are settled
//! (`custody`, `settled`) are different object stores, so that neither waits for the other.

use super::Step;

/// Identity, activation attempt, PIN attempts; small records by name.
pub(crate) const REGISTER: &str = "register";
/// Where the journal ends: counters and the last hash, one record.
pub(crate) const HEAD: &str = "head";
/// The open basket, one record in CBOR.
pub(crate) const BASKET: &str = "basket";
/// Sealed entries in CBOR, by [series, seq]; written once, never changed.
pub(crate) const ENTRIES: &str = "entries";
/// What became of an entry, by [series, seq]; an entry without one waits.
pub(crate) const CUSTODY: &str = "custody";
/// How many entries are settled, one record.
pub(crate) const SETTLED: &str = "settled";

pub(super) const STEP: Step = Step { version: 1, adds: &[REGISTER, HEAD, BASKET, ENTRIES, CUSTODY, SETTLED] };
