//! The scope database in memory: profile, pages by generation, deltas behind them.

use std::collections::BTreeMap;
use std::sync::Arc;

use holdfast_profile::{Profile, TableId};
use holdfast_protocol::borrowed_rows::BorrowedChange;
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::{TableDigest, page};

use super::shared_pages::SharedPages;
use crate::connectivity::Connectivity;
use crate::page_fold::{DamagedPage, Deltas, add_to_digest, open_page};
use crate::store::{ShownTable, StoreError, TableRecord, UploadTimes};

#[derive(Debug, Default)]
pub(super) struct MemoryScopes {
    pub(super) profile: Option<(u64, Profile)>,
    pub(super) next_profile: Option<(u64, Profile)>,
    pub(super) connectivity: Option<Connectivity>,
    pub(super) uploads: Option<UploadTimes>,
    tables: BTreeMap<TableId, KeptTable>,
    shared: SharedPages,
}

#[derive(Debug, Default)]
struct KeptTable {
    record: TableRecord,
    /// Pages of the visible generation: the snapshot's, then deltas.
    pages: Vec<Arc<[u8]>>,
    /// How many of them are the snapshot's.
    snapshot_pages: usize,
    building: Option<Building>,
}

/// A generation that nobody sees yet.
#[derive(Debug)]
struct Building {
    generation: u64,
    addresses: Vec<[u8; 32]>,
    pages: BTreeMap<u32, Arc<[u8]>>,
}

impl KeptTable {
    /// Gives the live rows of the visible generation, a page's worth at a time.
    fn give_live_rows(&self, mut take: impl FnMut(&[BorrowedChange<'_>])) -> Result<(), DamagedPage> {
        let (snapshot, deltas) = self.pages.split_at(self.snapshot_pages);
        let first_delta = u32::try_from(snapshot.len()).unwrap_or(u32::MAX);
        let numbered = (first_delta..).zip(deltas);
        let opened: Result<Vec<_>, _> = numbered.map(|(page_no, bytes)| open_page(page_no, bytes)).collect();
        let opened = opened?;
        let mut deltas = Deltas::default();
        opened.iter().for_each(|page| deltas.add(page));
        for (page_no, bytes) in (0..).zip(snapshot) {
            take(&deltas.fold_into(&open_page(page_no, bytes)?));
        }
        take(&deltas.rest());
        Ok(())
    }

    /// By their place among the wanted: those that are here, visible or in an unfinished generation.
    fn pages_of(&self, addresses: &[[u8; 32]]) -> BTreeMap<u32, Arc<[u8]>> {
        let building = self.building.iter().flat_map(|building| building.pages.values());
        let here = self.pages.iter().take(self.snapshot_pages).chain(building);
        let here: BTreeMap<[u8; 32], &Arc<[u8]>> = here.map(|bytes| (page::address(bytes), bytes)).collect();
        let found = (0..).zip(addresses).filter_map(|(page_no, address)| Some((page_no, here.get(address)?)));
        found.map(|(page_no, bytes)| (page_no, Arc::clone(bytes))).collect()
    }
}

impl MemoryScopes {
    pub(super) fn sharing(shared: SharedPages) -> MemoryScopes {
        MemoryScopes { shared, ..MemoryScopes::default() }
    }

    pub(super) fn records(&self) -> BTreeMap<TableId, TableRecord> {
        let visible = self.tables.iter().filter(|(_, kept)| kept.record.generation > 0);
        visible.map(|(&table, kept)| (table, kept.record.clone())).collect()
    }

    pub(super) fn rows(&self, table: TableId) -> Result<BTreeMap<String, RowChange>, StoreError> {
        let mut rows: BTreeMap<String, RowChange> = BTreeMap::new();
        let Some(kept) = self.tables.get(&table) else { return Ok(rows) };
        kept.give_live_rows(|part| {
            rows.extend(part.iter().map(|row| (row.key.to_owned(), RowChange::from(*row))));
        })
        .map_err(|error| StoreError::Damaged(error.to_string()))?;
        Ok(rows)
    }

    pub(super) fn begin_generation(
        &mut self,
        table: TableId,
        generation: u64,
        addresses: Vec<[u8; 32]>,
    ) -> Vec<u32> {
        let kept = self.tables.entry(table).or_default();
        match &kept.building {
            Some(building) if building.generation == generation && building.addresses == addresses => {
                building.pages.keys().copied().collect()
            }
            Some(_) | None => {
                let pages = kept.pages_of(&addresses);
                let present = pages.keys().copied().collect();
                kept.building = Some(Building { generation, addresses, pages });
                present
            }
        }
    }

    pub(super) fn put_page(
        &mut self,
        table: TableId,
        generation: u64,
        page_no: u32,
        bytes: Vec<u8>,
    ) -> Result<(), StoreError> {
        let building = self.tables.get_mut(&table).and_then(|kept| kept.building.as_mut());
        match building {
            Some(building)
                if building.generation == generation && (page_no as usize) < building.addresses.len() =>
            {
                building.pages.insert(page_no, self.shared.keep(bytes));
                Ok(())
            }
            Some(_) | None => Err(StoreError::Failed(format!(
                "page {page_no} of {table} belongs to no generation that is being built"
            ))),
        }
    }

    pub(super) fn switch_generation(
        &mut self,
        table: TableId,
        generation: u64,
        changes: &[RowChange],
        record: TableRecord,
    ) -> Result<(), StoreError> {
        let kept = self.tables.entry(table).or_default();
        match kept.building.take() {
            Some(building)
                if building.generation == generation && building.pages.len() == building.addresses.len() =>
            {
                kept.pages = building.pages.into_values().collect();
                kept.snapshot_pages = kept.pages.len();
                if !changes.is_empty() {
                    kept.pages.push(self.shared.keep(page::pack(changes)));
                }
                kept.record = record;
                Ok(())
            }
            building => {
                kept.building = building;
                Err(StoreError::Failed(format!("generation {generation} of {table} is not complete")))
            }
        }
    }

    pub(super) fn apply_delta(
        &mut self,
        table: TableId,
        changes: &[RowChange],
        record: TableRecord,
    ) -> Result<(), StoreError> {
        match self.tables.get_mut(&table) {
            Some(kept) if kept.record.generation > 0 && kept.record.generation == record.generation => {
                if !changes.is_empty() {
                    kept.pages.push(self.shared.keep(page::pack(changes)));
                }
                kept.record = record;
                Ok(())
            }
            Some(_) | None => Err(StoreError::Failed(format!(
                "generation {} of {table} is not the visible one",
                record.generation
            ))),
        }
    }

    pub(super) fn switch_profile(
        &mut self,
        version: u64,
        profile: Profile,
        tables: Vec<ShownTable>,
    ) -> Result<(), StoreError> {
        if let Some(shown) = tables.iter().find(|shown| !self.can_show(shown)) {
            let (table, generation) = (shown.table, shown.record.generation);
            return Err(StoreError::Failed(format!(
                "generation {generation} of {table} is neither visible nor complete"
            )));
        }
        let builds_are_over = !tables.is_empty();
        for ShownTable { table, changes, record } in tables {
            let is_visible =
                self.tables.get(&table).is_some_and(|kept| kept.record.generation == record.generation);
            if is_visible {
                self.apply_delta(table, &changes, record)?;
            } else {
                self.switch_generation(table, record.generation, &changes, record)?;
            }
        }
        self.profile = Some((version, profile));
        self.next_profile = None;
        if builds_are_over {
            self.drop_builds();
        }
        Ok(())
    }

    fn can_show(&self, shown: &ShownTable) -> bool {
        let generation = shown.record.generation;
        self.tables.get(&shown.table).filter(|_| generation > 0).is_some_and(|kept| {
            let is_built = kept.building.as_ref().is_some_and(|building| {
                building.generation == generation && building.pages.len() == building.addresses.len()
            });
            kept.record.generation == generation || is_built
        })
    }

    pub(super) fn drop_builds(&mut self) {
        self.tables.retain(|_, kept| kept.record.generation > 0);
        self.tables.values_mut().for_each(|kept| kept.building = None);
    }

    pub(super) fn digest(&self, table: TableId) -> Result<TableDigest, String> {
        let visible = self.tables.get(&table).filter(|kept| kept.record.generation > 0);
        let kept = visible.ok_or_else(|| "the table is not here".to_owned())?;
        self.shared.digest(kept.snapshot_pages, &kept.pages, || {
            let mut digest = TableDigest::EMPTY;
            kept.give_live_rows(|part| add_to_digest(&mut digest, part))
                .map_err(|error| error.to_string())?;
            Ok(digest)
        })
    }

    pub(super) fn pages(&self, table: TableId) -> Vec<Vec<u8>> {
        self.tables
            .get(&table)
            .map(|kept| kept.pages.iter().map(|page| page.to_vec()).collect())
            .unwrap_or_default()
    }

    pub(super) fn spoil_page(&mut self, table: TableId, page_no: usize, spoil: impl FnOnce(&mut Vec<u8>)) {
        if let Some(page) = self.tables.get_mut(&table).and_then(|kept| kept.pages.get_mut(page_no)) {
            let mut bytes = page.to_vec();
            spoil(&mut bytes);
            *page = bytes.into();
        }
    }

    pub(super) fn drop_tables(&mut self, tables: &[TableId]) {
        for table in tables {
            self.tables.remove(table);
        }
    }
}
