//! What becomes of uploaded outbox entries.
//!
//! Owns the decision: [`read`] decodes and checks entries outside of any transaction, [`plan`] decides, given
//! where the register's journal ends. Touches no database: a backend loads a [`JournalState`], asks for the
//! plan and writes it, all in one transaction. [`mend`] decides the same for what an administrator does with an
//! entry that was rejected.

mod edits;
pub mod mend;
mod plan;
mod reading;

pub use edits::{CurrentRow, EditEffect, EditState, RowKey, rules_of};
pub use plan::{Addition, Effect, JournalState, KnownEntry, Plan, UploadOutcome, UploadRefusal, plan};
pub use reading::{Content, ReadEntry, read, read_entry};
