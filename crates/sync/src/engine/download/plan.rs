//! Which tables a round takes, and which of them are built anew.

use std::collections::BTreeSet;

use holdfast_profile::{Frequency, Profile, TableId};
use holdfast_protocol::messages::TableHead;

use super::Heads;
use super::round::{Build, Pull, Round, Work};
use crate::engine::schedule::is_due;
use crate::engine::storage::{Owner, Step, Visible};
use crate::engine::{Engine, wait};
use crate::store::{StoreCall, TableRecord};

/// More delta pages than this are folded into a new snapshot.
const DELTA_PAGES_MAX: u32 = 64;
/// Deltas of fewer bytes are not worth a new snapshot.
const DELTA_BYTES_MIN: u64 = 256 * 1024;
/// After a snapshot that was older than the table, how long none is asked for, milliseconds.
pub(super) const COMPACTION_WAIT_MS: i64 = 10 * 60_000;
/// How often the time at which an unchanged table equalled the server's is stored, milliseconds.
const SYNCED_SAVE_EVERY_MS: i64 = 5 * 60_000;

impl Engine {
    /// The next round, unless nothing is to be done.
    pub(super) fn plan_round(&mut self) -> Option<Round> {
        let heads = self.download.heads.clone()?;
        let order = self.state.profile.as_ref().map_or_else(Vec::new, |(_, here)| download_order(here));
        let due: BTreeSet<TableId> = order
            .iter()
            .filter(|(table, frequency)| {
                // Tables of a view belong together, however often each is synchronised.
                self.has_other_view(*table, &heads) || self.is_table_due(*table, *frequency)
            })
            .map(|e| e.0)
            .collect();
        let behind: BTreeSet<TableId> =
            due.iter().copied().filter(|&table| self.is_behind(table, &heads)).collect();
        let whole = due.iter().copied().filter(|table| heads.tables.contains_key(table));
        self.note_synced(whole.filter(|table| !behind.contains(table)));
        if behind.is_empty() {
            return None;
        }
        let taken = with_referred(due);
        let mut works: Vec<Work> = Vec::new();
        for (table, _) in order.into_iter().filter(|(table, _)| taken.contains(table)) {
            let Some(head) = heads.tables.get(&table) else { continue };
            works.push(self.work(head, self.build_needed(table, &heads)));
            // What comes after it may refer to what is still missing in it.
            if self.is_part(table) {
                break;
            }
        }
        Some(Round::new(&heads, works))
    }

    /// A table's part of a round.
    pub(super) fn work(&self, head: &TableHead, build: Option<Build>) -> Work {
        Work {
            table: head.table,
            head: head.head,
            view: view_of(head),
            cursor: self.state.tables.get(&head.table).map_or(0, |record| record.cursor),
            build,
            pull: Pull::ToDo,
            held: None,
        }
    }

    fn is_table_due(&self, table: TableId, frequency: Frequency) -> bool {
        let Some(record) = self.state.tables.get(&table) else { return true };
        self.download.asked
            || self.download.comparisons.repair_is_due(table, record.generation, self.now_ms)
            || self.is_catching_up(table)
            || is_due(frequency, record.synced_at_ms, self.now_ms, self.utc_offset_min)
    }

    fn is_behind(&self, table: TableId, heads: &Heads) -> bool {
        let Some(head) = heads.tables.get(&table) else { return false };
        let cursor = self.state.tables.get(&table).map_or(0, |record| record.cursor);
        // Of a table with more than one reply holds, rows that changed meanwhile are missing until the last.
        head.head > cursor || self.is_part(table) || self.build_needed(table, heads).is_some()
    }

    pub(super) fn build_needed(&self, table: TableId, heads: &Heads) -> Option<Build> {
        let head = heads.tables.get(&table)?;
        let Some(record) = self.state.tables.get(&table) else { return Some(Build::new(1, true)) };
        let generation = record.generation + 1;
        if self.download.restart.contains(&table)
            || self.download.comparisons.repair_is_due(table, record.generation, self.now_ms)
            || record.schema_version != heads.schema_version
            || self.has_other_view(table, heads)
            || record.cursor < head.oldest_cursor
        {
            return Some(Build::new(generation, true));
        }
        let may_compact = wait::is_over(self.download.no_compaction.as_ref(), self.now_ms);
        (may_compact && is_fragmented(record)).then(|| Build::new(generation, false))
    }

    /// Whether the table is here as a profile before wanted it.
    fn has_other_view(&self, table: TableId, heads: &Heads) -> bool {
        let (record, head) = (self.state.tables.get(&table), heads.tables.get(&table));
        record.zip(head).is_some_and(|(record, head)| record.view != view_of(head))
    }

    /// These tables have nothing that the store server had not at the contact, and lack nothing of it.
    fn note_synced(&mut self, tables: impl Iterator<Item = TableId>) {
        for table in tables {
            if let Some(record) = self.state.tables.get_mut(&table) {
                record.synced_at_ms = Some(self.now_ms);
            }
        }
    }

    /// So that a register that starts offline knows how old its unchanged tables are.
    pub(super) fn save_synced_times(&mut self) {
        let tables: Vec<TableId> = self.state.tables.keys().copied().collect();
        for table in tables {
            let last_ms = *self.download.synced_saved_at_ms.entry(table).or_insert(self.now_ms);
            let since_ms = self.now_ms - last_ms;
            if !(0..SYNCED_SAVE_EVERY_MS).contains(&since_ms) {
                self.save_record(table);
            }
        }
    }

    /// Keeps what is known of a table whose rows stay as they are.
    pub(super) fn save_record(&mut self, table: TableId) {
        let Some(record) = self.state.tables.get(&table) else { return };
        self.download.synced_saved_at_ms.insert(table, self.now_ms);
        let step = Step::Show(Visible { table, record: record.clone(), rows_changed: false });
        let call = StoreCall::ApplyDelta { table, changes: Vec::new(), record: record.clone() };
        self.storage.enqueue(Owner::Engine, step, call);
    }
}

/// The tables that come down by a profile, in its order.
pub(super) fn download_order(profile: &Profile) -> Vec<(TableId, Frequency)> {
    let scopes = profile.scopes.iter().filter(|scope| scope.direction.downloads());
    scopes.flat_map(|scope| scope.tables.iter().map(|entry| (entry.table, scope.frequency))).collect()
}

/// A table that is due brings along the tables that it refers to, whatever their own frequency.
pub(super) fn with_referred(due: BTreeSet<TableId>) -> BTreeSet<TableId> {
    let mut taken = due;
    let mut to_follow: Vec<TableId> = taken.iter().copied().collect();
    while let Some(table) = to_follow.pop() {
        to_follow.extend(table.refers_to().iter().copied().filter(|&referred| taken.insert(referred)));
    }
    taken
}

/// Which view of a table the store server gives. Rows that another one lets in are older than the table's cursor, so
/// that the table is built anew.
fn view_of(head: &TableHead) -> u64 {
    head.view.unwrap_or(0)
}

fn is_fragmented(record: &TableRecord) -> bool {
    let delta_pages = record.pages.saturating_sub(record.snapshot_pages);
    let delta_bytes = record.bytes.saturating_sub(record.snapshot_bytes);
    delta_pages > DELTA_PAGES_MAX || delta_bytes > record.snapshot_bytes.max(DELTA_BYTES_MIN)
}
