//! Bytes of pages that many registers of one process keep: in memory once.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

type Pages = BTreeSet<Arc<[u8]>>;

/// A set of pages. A clone is the same set; nothing ever leaves it.
#[derive(Debug, Clone, Default)]
pub struct SharedPages {
    /// None where each register has its own.
    pages: Option<Arc<Mutex<Pages>>>,
}

impl SharedPages {
    /// An empty set.
    pub fn new() -> SharedPages {
        SharedPages { pages: Some(Arc::default()) }
    }

    /// The page with these bytes.
    pub(super) fn keep(&self, bytes: Vec<u8>) -> Arc<[u8]> {
        let Some(pages) = &self.pages else { return bytes.into() };
        // A set of bytes is sound whatever panicked.
        let mut pages = pages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = pages.get(bytes.as_slice()) {
            return Arc::clone(known);
        }
        let page: Arc<[u8]> = bytes.into();
        pages.insert(Arc::clone(&page));
        page
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
}
