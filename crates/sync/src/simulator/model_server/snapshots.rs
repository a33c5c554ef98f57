//! Snapshots: pages by their address, made now and then, so that they are older than the feed.

use std::collections::BTreeMap;

use holdfast_profile::TableId;
use holdfast_protocol::messages::{Manifest, PageRef, RowChange};
use holdfast_protocol::page;

use super::Feed;

/// Manifests by table, pages by address.
#[derive(Debug, Default)]
pub(super) struct Snapshots {
    manifests: BTreeMap<TableId, Manifest>,
    pages: BTreeMap<[u8; 32], Vec<u8>>,
}

impl Snapshots {
    /// The table's manifest; made where there is none, or none that deltas can go on from.
    pub(super) fn manifest(&mut self, table: TableId, feed: &Feed, page_rows: usize) -> Manifest {
        let oldest = feed.oldest_cursor(table);
        if self.manifests.get(&table).is_none_or(|manifest| manifest.head < oldest) {
            self.make(table, feed, page_rows);
        }
        self.manifests.get(&table).cloned().unwrap_or(Manifest {
            table,
            head: 0,
            pages: Vec::new(),
            view: None,
        })
    }

    pub(super) fn page(&self, hash: &[u8; 32]) -> Option<Vec<u8>> {
        self.pages.get(hash).cloned()
    }

    /// Makes all anew and forgets the pages of the ones before.
    pub(super) fn rebuild(&mut self, feed: &Feed, page_rows: usize) {
        self.pages.clear();
        for table in self.manifests.keys().copied().collect::<Vec<_>>() {
            self.make(table, feed, page_rows);
        }
    }

    fn make(&mut self, table: TableId, feed: &Feed, page_rows: usize) {
        let rows: Vec<RowChange> = feed.live(table).into_values().collect();
        let mut pages = Vec::new();
        for chunk in rows.chunks(page_rows) {
            let bytes = page::pack_columns(chunk);
            let hash = page::address(&bytes);
            pages.push(PageRef {
                hash: hash.into(),
                rows: u32::try_from(chunk.len()).unwrap_or(u32::MAX),
                bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            });
            self.pages.insert(hash, bytes);
        }
        self.manifests.insert(table, Manifest { table, head: feed.version(), pages, view: None });
    }
}
