//! Bytes of pages that many registers of one process keep: in memory once, and summed up once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use holdfast_protocol::TableDigest;

/// How many pages are the snapshot's, and all pages.
type Generation = (usize, Vec<Arc<[u8]>>);

/// A set of pages. A clone is the same set; nothing ever leaves it.
#[derive(Debug, Clone, Default)]
pub struct SharedPages {
    /// None where each register has its own.
    kept: Option<Arc<Mutex<Kept>>>,
}

#[derive(Debug, Default)]
struct Kept {
    pages: BTreeSet<Arc<[u8]>>,
    digests: BTreeMap<Generation, TableDigest>,
}

impl SharedPages {
    /// An empty set.
    pub fn new() -> SharedPages {
        SharedPages { kept: Some(Arc::default()) }
    }

    /// The page with these bytes.
    pub(super) fn keep(&self, bytes: Vec<u8>) -> Arc<[u8]> {
        let Some(mut kept) = self.lock() else { return bytes.into() };
        if let Some(known) = kept.pages.get(bytes.as_slice()) {
            return Arc::clone(known);
        }
        let page: Arc<[u8]> = bytes.into();
        kept.pages.insert(Arc::clone(&page));
        page
    }

    /// The digest of a generation, summed up by `sum` unless a register with the same pages has done so.
    pub(super) fn digest<E>(
        &self,
        snapshot_pages: usize,
        pages: &[Arc<[u8]>],
        sum: impl FnOnce() -> Result<TableDigest, E>,
    ) -> Result<TableDigest, E> {
        if self.kept.is_none() {
            return sum();
        }
        let key = (snapshot_pages, pages.to_vec());
        if let Some(known) = self.lock().and_then(|kept| kept.digests.get(&key).copied()) {
            return Ok(known);
        }
        let digest = sum()?;
        if let Some(mut kept) = self.lock() {
            kept.digests.insert(key, digest);
        }
        Ok(digest)
    }

    fn lock(&self) -> Option<MutexGuard<'_, Kept>> {
        // Sets of bytes are sound whatever panicked.
        self.kept.as_ref().map(|kept| kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_are_kept_once_where_they_are_shared() {
        let shared = SharedPages::new();
        let [one, same, other] = [b"a", b"a", b"b"].map(|bytes| shared.keep(bytes.to_vec()));
        assert!(Arc::ptr_eq(&one, &same) && !Arc::ptr_eq(&one, &other));
        let own = SharedPages::default();
        assert!(!Arc::ptr_eq(&own.keep(vec![1]), &own.keep(vec![1])));
    }

    #[test]
    fn the_same_pages_are_summed_up_once_where_they_are_shared() {
        let digest = TableDigest { rows: 1, ..TableDigest::EMPTY };
        let never = || -> Result<TableDigest, ()> { panic!("it is known") };
        let shared = SharedPages::new();
        let pages = [shared.keep(vec![1]), shared.keep(vec![2])];
        assert_eq!(shared.digest(1, &pages, || Ok::<_, ()>(digest)), Ok(digest));
        assert_eq!(shared.clone().digest(1, &pages, never), Ok(digest));
        // Another delta, and the same bytes as a snapshot, are other tables; what can't be read is not kept.
        assert_eq!(shared.digest(1, &pages[..1], || Err(())), Err(()));
        assert_eq!(shared.digest(2, &pages, || Ok::<_, ()>(TableDigest::EMPTY)), Ok(TableDigest::EMPTY));
        assert_eq!(SharedPages::default().digest(1, &pages, || Err(())), Err(()));
    }
}
