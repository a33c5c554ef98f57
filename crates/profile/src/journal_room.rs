//! The room that what a profile brings leaves to the journal.

/// Bytes of a register's storage that are left to its journal, whatever a profile brings: what is sold offline finds
/// room in them. A preview and the register itself both go by it.
pub const JOURNAL_ROOM_BYTES: u64 = 16 * 1024 * 1024;
