//! The digest of a table: tells whether a register and the store server have the same rows.
//!
//! Each live row is hashed by itself, SHA-256 over key, version and body with their lengths, and the hashes are
//! added up, 64 bits at a time and without carry from one part to the next. So a digest does not depend on the
//! order of the rows or on how they lie in pages, and a row that comes, changes or goes is added or subtracted
//! without looking at the others.
//!
//! Against accidents (a lost row, a row twice, an old body, a page of another snapshot, bits that have turned) that
//! is as good as one hash over all: two states that differ would have to differ by hashes that add up to nothing in
//! all four parts, by chance once in 2^256. It is no defence against somebody who chooses rows so that their
//! hashes add up: the store server is trusted with its own rows, and who stands in between is TLS's matter.

use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use crate::messages::RowChange;

/// Before each row's bytes; another rule for hashing would have another.
const RULE: &[u8; 4] = b"HFD1";
/// Bytes of one of the parts that are added up.
const PART_BYTES: usize = 8;

/// Number and hash of a table's live rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TableDigest {
    /// Live rows.
    #[n(0)]
    pub rows: u64,
    /// The sum of their hashes, four big-endian numbers of 64 bits; zeros without rows.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub hash: [u8; 32],
}

impl Default for TableDigest {
    fn default() -> TableDigest {
        TableDigest::EMPTY
    }
}

impl TableDigest {
    /// The digest of no rows.
    pub const EMPTY: TableDigest = TableDigest { rows: 0, hash: [0; 32] };

    /// The digest of the live ones among these rows, each key of which comes once.
    pub fn of<'r>(rows: impl IntoIterator<Item = &'r RowChange>) -> TableDigest {
        let mut digest = TableDigest::EMPTY;
        for row in rows {
            if let Some(body) = &row.body {
                digest.add(&row.key, row.version, body);
            }
        }
        digest
    }

    /// A live row has come.
    pub fn add(&mut self, key: &str, version: u64, body: &[u8]) {
        self.rows = self.rows.wrapping_add(1);
        self.combine(&hash_of(key, version, body), u64::wrapping_add);
    }

    /// A live row, exactly as it was added, has gone.
    pub fn remove(&mut self, key: &str, version: u64, body: &[u8]) {
        self.rows = self.rows.wrapping_sub(1);
        self.combine(&hash_of(key, version, body), u64::wrapping_sub);
    }

    /// All rows of `come` have come and all of `gone` have gone: changes that were summed up apart.
    #[must_use]
    pub fn after(mut self, come: &TableDigest, gone: &TableDigest) -> TableDigest {
        self.rows = self.rows.wrapping_add(come.rows).wrapping_sub(gone.rows);
        self.combine(&come.hash, u64::wrapping_add);
        self.combine(&gone.hash, u64::wrapping_sub);
        self
    }

    fn combine(&mut self, other: &[u8; 32], operation: fn(u64, u64) -> u64) {
        let (here, _) = self.hash.as_chunks_mut::<PART_BYTES>();
        let (other, _) = other.as_chunks::<PART_BYTES>();
        for (here, other) in here.iter_mut().zip(other) {
            *here = operation(u64::from_be_bytes(*here), u64::from_be_bytes(*other)).to_be_bytes();
        }
    }
}

/// The lengths keep what ends a key from being taken for what begins a body.
fn hash_of(key: &str, version: u64, body: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(RULE);
    hash.update((key.len() as u64).to_be_bytes());
    hash.update(key.as_bytes());
    hash.update(version.to_be_bytes());
    hash.update((body.len() as u64).to_be_bytes());
    hash.update(body);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    type Rows = BTreeMap<String, (u64, Vec<u8>)>;

    fn rows() -> impl Strategy<Value = Rows> {
        let row = (0u64..9, proptest::collection::vec(0u8..3, 0..4));
        proptest::collection::btree_map("[ab]{0,3}", row, 0..12)
    }

    fn digest_of<'r>(rows: impl IntoIterator<Item = (&'r String, &'r (u64, Vec<u8>))>) -> TableDigest {
        let mut digest = TableDigest::EMPTY;
        for (key, (version, body)) in rows {
            digest.add(key, *version, body);
        }
        digest
    }

    proptest! {
        #[test]
        fn the_order_of_the_rows_does_not_count(rows in rows(), shuffle in any::<u64>()) {
            let mut shuffled: Vec<_> = rows.iter().collect();
            let count = shuffled.len().max(1);
            shuffled.rotate_left(shuffle as usize % count);
            shuffled.reverse();
            prop_assert_eq!(digest_of(shuffled), digest_of(&rows));
        }

        #[test]
        fn only_the_same_rows_have_the_same_digest(one in rows(), other in rows()) {
            prop_assert_eq!(digest_of(&one) == digest_of(&other), one == other);
        }

        #[test]
        fn rows_that_come_and_go_leave_no_trace(kept in rows(), passing in rows()) {
            let mut digest = digest_of(&kept);
            for (key, (version, body)) in &passing {
                digest.add(key, *version, body);
            }
            for (key, (version, body)) in passing.iter().rev() {
                digest.remove(key, *version, body);
            }
            prop_assert_eq!(digest, digest_of(&kept));
        }

        #[test]
        fn changes_summed_up_apart_are_the_same_changes(before in rows(), after in rows()) {
            prop_assert_eq!(digest_of(&before).after(&digest_of(&after), &digest_of(&before)), digest_of(&after));
        }
    }

    fn of_one(key: &str, version: u64, body: &[u8]) -> TableDigest {
        let mut digest = TableDigest::EMPTY;
        digest.add(key, version, body);
        digest
    }

    #[test]
    fn each_part_of_a_row_counts_and_so_does_where_it_ends() {
        let digests = [
            of_one("ab", 1, b"cd"),
            of_one("ab", 1, b"ce"),
            of_one("ab", 1, b"c"),
            of_one("ab", 2, b"cd"),
            of_one("abc", 1, b"d"),
            of_one("a", 1, b"bcd"),
            of_one("", 1, b"abcd"),
            of_one("ab", 1, b""),
        ];
        for (at, digest) in digests.iter().enumerate() {
            assert!(digests[..at].iter().all(|other| other != digest), "{at} equals one before it");
        }
    }

    #[test]
    fn a_row_twice_is_not_a_row_once_nor_none() {
        let mut twice = of_one("a", 1, b"x");
        twice.add("a", 1, b"x");
        assert_ne!(twice.hash, of_one("a", 1, b"x").hash);
        assert_ne!(twice.hash, TableDigest::EMPTY.hash);
    }

    #[test]
    fn tombstones_are_no_rows() {
        let live = RowChange { key: "a".into(), version: 1, body: Some(b"x".to_vec().into()) };
        let gone = RowChange { key: "b".into(), version: 2, body: None };
        assert_eq!(TableDigest::of([&live, &gone]), of_one("a", 1, b"x"));
    }

    /// Kept in databases and compared over the network: other bytes would have every register build its tables anew.
    #[test]
    fn the_rule_is_the_one_that_peers_use() {
        let mut digest = of_one("1001", 41, b"body");
        digest.add("1002", 42, b"");
        let hex: String = digest.hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            (digest.rows, hex.as_str()),
            (2, "64e5f447365b65edc7a3096a5ee2a73631ca92cdc48af84714701bd2f032df73")
        );
    }
}
