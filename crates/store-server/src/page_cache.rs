//! Pages of snapshots in memory, so that a thousand registers that take the same page read it once.
//!
//! A page never changes and its address is its content: nothing here can be out of date. Bounded by bytes; those
//! that nobody has asked for the longest go first. What is being sent is shared, not copied.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::database::{Database, DatabaseError, StoredPage};

/// Bytes of all pages together: those of some hundred thousand products.
const BYTES_MAX: usize = 32 * 1024 * 1024;

/// Store and address.
type PageKey = (String, [u8; 32]);

/// The pages.
#[derive(Debug, Default)]
pub struct PageCache {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    pages: BTreeMap<PageKey, (u64, StoredPage)>,
    /// The same by their last use, oldest first.
    by_use: BTreeMap<u64, PageKey>,
    uses_count: u64,
    bytes_count: usize,
}

impl PageCache {
    /// A page, from here or from the database.
    ///
    /// # Errors
    /// [`DatabaseError`] when it can't be read.
    pub async fn page(
        &self,
        database: &Database,
        store_id: &str,
        hash: [u8; 32],
    ) -> Result<Option<StoredPage>, DatabaseError> {
        let key = (store_id.to_owned(), hash);
        if let Some(page) = self.lock().get(&key) {
            return Ok(Some(page));
        }
        let page = database.page(store_id, hash).await?;
        if let Some(page) = &page {
            self.lock().put(key, page.clone(), BYTES_MAX);
        }
        Ok(page)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Whatever panicked, a page is itself; at worst some bytes are counted that are not there.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn get(&mut self, key: &PageKey) -> Option<StoredPage> {
        self.uses_count += 1;
        let (used, page) = self.pages.get_mut(key)?;
        self.by_use.remove(used);
        self.by_use.insert(self.uses_count, key.clone());
        *used = self.uses_count;
        Some(page.clone())
    }

    fn put(&mut self, key: PageKey, page: StoredPage, bytes_max: usize) {
        // Another request may have read it meanwhile.
        self.remove(&key);
        self.uses_count += 1;
        self.bytes_count += page.brotli.len();
        self.by_use.insert(self.uses_count, key.clone());
        self.pages.insert(key, (self.uses_count, page));
        while self.bytes_count > bytes_max {
            let Some((_, oldest)) = self.by_use.pop_first() else { break };
            self.remove(&oldest);
        }
    }

    fn remove(&mut self, key: &PageKey) {
        if let Some((used, page)) = self.pages.remove(key) {
            self.by_use.remove(&used);
            self.bytes_count -= page.brotli.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_profile::TableId;

    fn key(name: u8) -> PageKey {
        ("S1".to_owned(), [name; 32])
    }

    fn page(bytes: usize) -> StoredPage {
        StoredPage { feed: TableId::Product.into(), brotli: vec![0; bytes].into(), bytes_count: 1 }
    }

    #[test]
    fn what_was_not_used_for_the_longest_goes_first() {
        let mut state = State::default();
        for name in [1, 2, 3] {
            state.put(key(name), page(10), 30);
        }
        assert!(state.get(&key(1)).is_some());
        state.put(key(4), page(10), 30);
        let kept: Vec<u8> =
            [1, 2, 3, 4].into_iter().filter(|&name| state.get(&key(name)).is_some()).collect();
        assert_eq!(kept, [1, 3, 4]);
        assert_eq!((state.bytes_count, state.by_use.len()), (30, 3));
    }

    #[test]
    fn a_page_that_is_put_twice_counts_once_and_one_that_is_too_large_is_not_kept() {
        let mut state = State::default();
        state.put(key(1), page(10), 30);
        state.put(key(1), page(10), 30);
        assert_eq!(state.bytes_count, 10);
        state.put(key(2), page(31), 30);
        assert_eq!((state.bytes_count, state.pages.len(), state.by_use.len()), (0, 0, 0));
    }
}
