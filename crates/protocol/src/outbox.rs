//! The outbox envelope: what a register has produced, hash-chained, in a frozen form that any later
//! version of Holdfast can read.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

/// What an outbox entry's payload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A finished sale: [`crate::sale::SaleRecord`].
    Sale,
    /// A shift opened or closed: [`crate::sale::ShiftRecord`].
    Shift,
    /// A row that the register changed or made: [`crate::row_edit::RowEdit`].
    RowEdit,
}

impl EntryKind {
    /// The number in the envelope.
    pub fn number(self) -> u8 {
        match self {
            EntryKind::Sale => 1,
            EntryKind::Shift => 2,
            EntryKind::RowEdit => 3,
        }
    }

    /// The kind with this number, if this build knows it.
    pub fn from_number(number: u8) -> Option<EntryKind> {
        match number {
            1 => Some(EntryKind::Sale),
            2 => Some(EntryKind::Shift),
            3 => Some(EntryKind::RowEdit),
            _ => None,
        }
    }
}

/// One entry of a register's outbox.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OutboxEntry {
    /// Place in the register's journal, from 1, without gaps.
    #[n(0)]
    pub seq: u64,
    /// [`EntryKind`] as a number, so that an unknown kind can still be kept.
    #[n(1)]
    pub kind: u8,
    /// When the register made it, by its own clock, ms since 1970.
    #[n(2)]
    pub created_at_ms: i64,
    /// Hash of the entry before; zeros for the first.
    #[n(3)]
    pub previous_hash: ByteArray<32>,
    /// The payload in CBOR.
    #[n(4)]
    pub payload: ByteVec,
    /// [`entry_hash`] of all the above.
    #[n(5)]
    pub hash: ByteArray<32>,
}

impl OutboxEntry {
    /// Makes the entry that follows `previous_hash`.
    pub fn seal(
        seq: u64,
        kind: EntryKind,
        created_at_ms: i64,
        previous_hash: [u8; 32],
        payload: Vec<u8>,
    ) -> Self {
        let hash = entry_hash(seq, kind.number(), created_at_ms, &previous_hash, &payload);
        OutboxEntry {
            seq,
            kind: kind.number(),
            created_at_ms,
            previous_hash: previous_hash.into(),
            payload: payload.into(),
            hash: hash.into(),
        }
    }

    /// Whether the stated hash is that of the content.
    pub fn is_intact(&self) -> bool {
        let computed =
            entry_hash(self.seq, self.kind, self.created_at_ms, &self.previous_hash, self.payload.as_slice());
        *self.hash == computed
    }
}

/// SHA-256 over the fields of an entry, numbers as big-endian.
pub fn entry_hash(
    seq: u64,
    kind: u8,
    created_at_ms: i64,
    previous_hash: &[u8; 32],
    payload: &[u8],
) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(b"holdfast-outbox-1");
    hasher.update(seq.to_be_bytes());
    hasher.update([kind]);
    hasher.update(created_at_ms.to_be_bytes());
    hasher.update(previous_hash);
    hasher.update(payload);
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_entry_is_not_intact() {
        let entry = OutboxEntry::seal(7, EntryKind::Sale, 1_700_000_000_000, [3; 32], vec![1, 2, 3]);
        assert!(entry.is_intact());
        assert!(!OutboxEntry { seq: 8, ..entry.clone() }.is_intact());
        assert!(!OutboxEntry { payload: vec![1, 2, 4].into(), ..entry.clone() }.is_intact());
        assert!(!OutboxEntry { previous_hash: [4; 32].into(), ..entry.clone() }.is_intact());
        assert!(!OutboxEntry { created_at_ms: 0, ..entry }.is_intact());
    }
}
