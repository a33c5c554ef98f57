//! Building a table's next generation beside the visible one, switching to it, and adding deltas.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_profile::TableId;
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::{encode, page};
use holdfast_sync::store::TableRecord;
use wasm_bindgen::JsValue;

use crate::error::{BrowserStoreError, Outcome};
use crate::schema::{BUILDS, PAGES, TABLES};
use crate::transaction::{Reads, Writes};
use crate::values::{from_bytes, from_record, to_bytes, to_record_if_any};

use super::ScopeDatabase;
use super::records::{
    Build, KeptTable, other_slot, page_key, page_no_of, slot_range, table_key, table_range,
};

impl ScopeDatabase {
    /// Begins to build a generation, or goes on with it; gives the pages that are here already. A build that begins
    /// takes over what the visible generation and an unfinished build have of its pages.
    pub(crate) async fn begin_generation(
        &self,
        table: TableId,
        generation: u64,
        pages: &[[u8; 32]],
    ) -> Outcome<Vec<u32>> {
        let identity = Build::identity_of(generation, pages);
        let count = u32::try_from(pages.len())
            .map_err(|_| BrowserStoreError::Refused(format!("{table} has too many pages")))?;
        self.database
            .write(&[TABLES, BUILDS, PAGES], async |reads| {
                let mut writes = Writes::default();
                let unfinished = build(reads, table).await?;
                if let Some(build) = unfinished.as_ref().filter(|build| build.identity == identity) {
                    let keys = reads.get_all_keys(PAGES, Some(slot_range(table, build.slot)?)).await?;
                    let present: BTreeSet<u32> = keys.iter().filter_map(page_no_of).collect();
                    return Ok((present.into_iter().collect(), writes));
                }
                let before = kept_or_damaged(reads, table).await?;
                let slot = before.as_ref().map_or(0, |kept| other_slot(kept.slot));
                let used = [before.map(|kept| kept.slot), unfinished.map(|build| build.slot)];
                let mut here = BTreeMap::new();
                for slot in used.into_iter().flatten() {
                    add_whole_pages(reads, table, slot, pages, &mut here).await?;
                }
                let begun = Build { slot, pages: count, identity: identity.clone() };
                writes.delete(PAGES, slot_range(table, slot)?);
                writes.put(BUILDS, table_key(table), from_record(&begun)?);
                let mut present = Vec::new();
                for (page_no, address) in (0..).zip(pages) {
                    if let Some(bytes) = here.get(address) {
                        writes.put(PAGES, page_key(table, slot, page_no), bytes.clone());
                        present.push(page_no);
                    }
                }
                Ok((present, writes))
            })
            .await
    }

    /// Keeps a page of the generation that is being built.
    pub(crate) async fn put_page(
        &self,
        table: TableId,
        generation: u64,
        page_no: u32,
        bytes: &[u8],
    ) -> Outcome {
        self.database
            .write(&[BUILDS, PAGES], async |reads| {
                let build = build(reads, table).await?;
                let Some(build) = build.filter(|build| build.is_of(generation) && page_no < build.pages)
                else {
                    return Err(BrowserStoreError::Refused(format!(
                        "page {page_no} of {table} belongs to no generation that is being built"
                    )));
                };
                let mut writes = Writes::default();
                writes.put(PAGES, page_key(table, build.slot, page_no), from_bytes(bytes));
                Ok(((), writes))
            })
            .await
    }

    /// Makes a complete generation the visible one, with what has changed since, and drops the one before.
    pub(crate) async fn switch_generation(
        &self,
        table: TableId,
        generation: u64,
        changes: &[RowChange],
        record: &TableRecord,
    ) -> Outcome {
        let mut tried = Tried::of(record);
        self.database
            .write(&[TABLES, BUILDS, PAGES], async |reads| {
                if tried.is_done(reads, table).await? {
                    return Ok(((), Writes::default()));
                }
                let mut writes = Writes::default();
                write_switch(reads, &mut writes, table, generation, changes, &tried.record).await?;
                Ok(((), writes))
            })
            .await
    }

    /// Adds changes to the visible generation, as one more page, with the record that knows of them.
    pub(crate) async fn apply_delta(
        &self,
        table: TableId,
        changes: &[RowChange],
        record: &TableRecord,
    ) -> Outcome {
        let mut tried = Tried::of(record);
        self.database
            .write(&[TABLES, PAGES], async |reads| {
                if tried.is_done(reads, table).await? {
                    return Ok(((), Writes::default()));
                }
                let kept = kept(reads, table).await?;
                let Some(kept) = kept.filter(|kept| kept.generation() == record.generation) else {
                    return Err(BrowserStoreError::Refused(format!(
                        "generation {} of {table} is not the visible one",
                        record.generation
                    )));
                };
                let mut writes = Writes::default();
                write_delta(&mut writes, table, kept, changes, &tried.record)?;
                Ok(((), writes))
            })
            .await
    }

    /// Drops tables with all their pages.
    pub(crate) async fn drop_tables(&self, tables: &[TableId]) -> Outcome {
        self.database
            .write(&[TABLES, BUILDS, PAGES], async |_| {
                let mut writes = Writes::default();
                for &table in tables {
                    writes.delete(TABLES, table_key(table));
                    writes.delete(BUILDS, table_key(table));
                    writes.delete(PAGES, table_range(table)?);
                }
                Ok(((), writes))
            })
            .await
    }
}

/// What makes a complete generation the visible one.
pub(super) async fn write_switch(
    reads: &Reads,
    writes: &mut Writes,
    table: TableId,
    generation: u64,
    changes: &[RowChange],
    record: &[u8],
) -> Outcome {
    let incomplete =
        || BrowserStoreError::Refused(format!("generation {generation} of {table} is not complete"));
    let build = build(reads, table).await?;
    let build = build.filter(|build| build.is_of(generation)).ok_or_else(incomplete)?;
    if reads.count(PAGES, slot_range(table, build.slot)?).await? != build.pages {
        return Err(incomplete());
    }
    writes.delete(PAGES, slot_range(table, other_slot(build.slot))?);
    writes.delete(BUILDS, table_key(table));
    let mut next = KeptTable {
        table: table.number(),
        slot: build.slot,
        snapshot_pages: build.pages,
        pages: build.pages,
        damaged: false,
        record: record.to_vec(),
    };
    add_page(writes, &mut next, table, changes);
    writes.put(TABLES, table_key(table), from_record(&next)?);
    Ok(())
}

/// What adds changes to the visible generation.
pub(super) fn write_delta(
    writes: &mut Writes,
    table: TableId,
    mut kept: KeptTable,
    changes: &[RowChange],
    record: &[u8],
) -> Outcome {
    add_page(writes, &mut kept, table, changes);
    kept.record = record.to_vec();
    writes.put(TABLES, table_key(table), from_record(&kept)?);
    Ok(())
}

/// A write that must not be done twice: where the connection was lost, it may have been done all the same.
struct Tried {
    before: bool,
    record: Vec<u8>,
}

impl Tried {
    fn of(record: &TableRecord) -> Tried {
        Tried { before: false, record: encode(record) }
    }

    /// Whether this is not the first time and the record is there already.
    async fn is_done(&mut self, reads: &Reads, table: TableId) -> Outcome<bool> {
        let again = std::mem::replace(&mut self.before, true);
        Ok(again && kept(reads, table).await?.is_some_and(|kept| kept.record == self.record))
    }
}

/// Stores changes as one more page, if there are any.
fn add_page(writes: &mut Writes, kept: &mut KeptTable, table: TableId, changes: &[RowChange]) {
    if !changes.is_empty() {
        writes.put(PAGES, page_key(table, kept.slot, kept.pages), from_bytes(&page::pack(changes)));
        kept.pages += 1;
    }
}

/// The pages of a slot that are what a wanted address says, one at a time in memory beside those.
async fn add_whole_pages(
    reads: &Reads,
    table: TableId,
    slot: u8,
    wanted: &[[u8; 32]],
    here: &mut BTreeMap<[u8; 32], JsValue>,
) -> Outcome {
    for key in reads.get_all_keys(PAGES, Some(slot_range(table, slot)?)).await? {
        let Some(value) = reads.get(PAGES, key).await? else { continue };
        let Ok(bytes) = to_bytes("a page", &value) else { continue };
        let address = page::address(&bytes);
        if wanted.contains(&address) {
            here.insert(address, value);
        }
    }
    Ok(())
}

/// The table as it is visible; none where a page of it was found damaged.
pub(super) async fn kept(reads: &Reads, table: TableId) -> Outcome<Option<KeptTable>> {
    Ok(kept_or_damaged(reads, table).await?.filter(|kept| !kept.damaged))
}

/// What is here of a table. A record that can't be read is none: the table is fetched again.
pub(super) async fn kept_or_damaged(reads: &Reads, table: TableId) -> Outcome<Option<KeptTable>> {
    let value = reads.get(TABLES, table_key(table)).await?;
    Ok(to_record_if_any("a table's record", value).unwrap_or_default())
}

pub(super) async fn build(reads: &Reads, table: TableId) -> Outcome<Option<Build>> {
    let value = reads.get(BUILDS, table_key(table)).await?;
    Ok(to_record_if_any("a build", value).unwrap_or_default())
}
