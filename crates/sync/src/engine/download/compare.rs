//! Comparing tables with the store server's digests: what a cursor can't tell, such as rows that a disk has lost.
//!
//! A table is compared once it has come as far as the contact told: a new generation at once, later changes and what a
//! start finds not more often than every [`COMPARED_EVERY_MS`], since all of the table is read for it. One that differs
//! is built anew from the newest snapshot; the pages that are whole here don't travel. Where that does not help it is
//! tried again after longer and longer waits, and said.

use std::collections::BTreeMap;

use holdfast_profile::TableId;
use holdfast_protocol::TableDigest;
use holdfast_protocol::messages::TableHead;

use super::Heads;
use super::round::Build;
use crate::engine::Engine;
use crate::engine::back_off::BackOff;
use crate::engine::storage::{Owner, Step};
use crate::engine::wait::{self, Wait};
use crate::store::{StoreCall, TableRecord};

/// Between two comparisons of a generation, milliseconds.
pub(crate) const COMPARED_EVERY_MS: i64 = 10 * 60_000;
/// A register that starts has better things to do than to read all its tables, milliseconds.
const START_WAIT_MS: i64 = 60_000;
/// After the first generation that was built in vain; each further one doubles it, milliseconds.
const VAIN_WAIT_MS: i64 = 60_000;
/// Longest wait until a table that goes on differing is built again, milliseconds.
const VAIN_WAIT_MS_MAX: i64 = 60 * 60_000;

/// What is known of tables and digests since the start.
#[derive(Debug, Default)]
pub(super) struct Comparisons {
    /// The last comparison of each table whose rows have not changed since, whatever came of it.
    done: BTreeMap<TableId, Comparison>,
    /// The databases were just read.
    start: Option<Wait>,
    differing: BTreeMap<TableId, Differing>,
    /// Tables that could not be read for another reason than damage.
    back_off: BackOff,
}

/// With what a table was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) struct Comparison {
    /// The store server's digest.
    pub(in crate::engine) expected: TableDigest,
    /// The generation that was read.
    pub(in crate::engine) generation: u64,
}

/// A table that is not what the store server has.
#[derive(Debug)]
struct Differing {
    /// Which generation differs.
    generation: u64,
    /// Generations in a row that were found to differ.
    times: u32,
    /// Until it is built anew; the first time at once.
    wait: Option<Wait>,
    what: String,
}

impl Comparisons {
    pub(super) fn clamp_to_clock(&mut self, now_ms: i64) {
        self.back_off.clamp_to_clock(now_ms);
        let waits = self.differing.values_mut().filter_map(|differing| differing.wait.as_mut());
        for wait in waits.chain(&mut self.start) {
            wait.clamp_to_clock(now_ms);
        }
    }

    /// The databases were read, perhaps again: so are the tables after a while, unless that was lately. What they no
    /// longer have differs from nothing.
    pub(super) fn loaded(&mut self, tables: &BTreeMap<TableId, TableRecord>, now_ms: i64) {
        self.done.clear();
        self.differing.retain(|table, _| tables.contains_key(table));
        self.start = Some(Wait::begin(now_ms, START_WAIT_MS));
    }

    pub(super) fn rows_changed(&mut self, table: TableId) {
        self.done.remove(&table);
    }

    /// A table that is no longer kept differs from nothing.
    pub(super) fn forget(&mut self, table: TableId) {
        self.done.remove(&table);
        self.differing.remove(&table);
    }

    /// Somebody wants everything right now.
    pub(super) fn ask(&mut self) {
        self.back_off.reset();
        for differing in self.differing.values_mut() {
            differing.wait = None;
        }
    }

    /// Whether this generation of a table is to be replaced now, because it differs.
    pub(super) fn repair_is_due(&self, table: TableId, generation: u64, now_ms: i64) -> bool {
        self.differing.get(&table).is_some_and(|differing| {
            differing.generation == generation && differing.wait.is_none_or(|wait| wait.is_over(now_ms))
        })
    }

    fn is_due(&self, table: TableId, comparison: Comparison, record: &TableRecord, now_ms: i64) -> bool {
        let is_known_to_differ =
            self.differing.get(&table).is_some_and(|differing| differing.generation == comparison.generation);
        let was_lately = record
            .compared_at_ms
            .is_some_and(|compared_at_ms| (0..COMPARED_EVERY_MS).contains(&(now_ms - compared_at_ms)));
        self.done.get(&table) != Some(&comparison) && !was_lately && !is_known_to_differ
    }

    /// What differs, as a sentence.
    fn said(&self) -> Option<String> {
        let (table, differing) = self.differing.iter().max_by_key(|(_, differing)| differing.times)?;
        let what = &differing.what;
        Some(match differing.times {
            1 => format!("{table} is not what the store server has ({what}); it is built anew"),
            times => format!(
                "{table} is not what the store server has ({what}), although it was built anew {} times",
                times - 1
            ),
        })
    }
}

impl Engine {
    /// Tables that were found to be not what the store server has, with the generation that was read, until they
    /// are mended and found to be the same.
    pub fn differing_tables(&self) -> Vec<(TableId, u64)> {
        let differing = self.download.comparisons.differing.iter();
        differing.map(|(&table, differing)| (table, differing.generation)).collect()
    }

    /// Compares the next table, one at a time: uploads read the same databases.
    pub(super) fn compare_if_due(&mut self) {
        if self.storage.is_busy_with(Owner::Download)
            || !wait::is_over(self.download.comparisons.start.as_ref(), self.now_ms)
            || !self.download.comparisons.back_off.is_over(self.now_ms)
        {
            return;
        }
        let Some(heads) = &self.download.heads else { return };
        let next =
            heads.tables.values().find_map(|head| Some((head.table, self.comparison_due(heads, head)?)));
        if let Some((table, comparison)) = next {
            let step = Step::DigestTable { table, comparison };
            self.storage.enqueue(Owner::Download, step, StoreCall::DigestTable { table });
        }
    }

    fn comparison_due(&self, heads: &Heads, head: &TableHead) -> Option<Comparison> {
        let expected = head.digest?;
        let record = self.state.tables.get(&head.table)?;
        // Further than the contact told is as far as it told where the contact came after it.
        let is_there = record.cursor == head.head
            || (record.cursor > head.head && self.download.heads_shown_count == self.download.shown_count);
        let comparison = Comparison { expected, generation: record.generation };
        let is_due = is_there
            && !self.is_catching_up(head.table)
            && !self.build_needed(head.table, heads).is_some_and(|build: Build| build.required)
            && self.download.comparisons.is_due(head.table, comparison, record, self.now_ms);
        is_due.then_some(comparison)
    }

    pub(in crate::engine) fn table_digested(
        &mut self,
        table: TableId,
        comparison: Comparison,
        found: Result<TableDigest, String>,
    ) {
        self.download.comparisons.back_off.reset();
        // Another generation came meanwhile, or none is left: what was read is of the past.
        let Some(record) = self.state.tables.get(&table) else { return };
        if record.generation != comparison.generation {
            return;
        }
        self.download.comparisons.done.insert(table, comparison);
        let expected = comparison.expected;
        match found {
            Ok(digest) if digest == expected => self.table_is_the_same(table),
            Ok(digest) if digest.rows != expected.rows => {
                let what = format!("{} rows here, {} there", digest.rows, expected.rows);
                self.table_differs(table, comparison.generation, what);
            }
            Ok(_) => self.table_differs(table, comparison.generation, "other rows".to_owned()),
            Err(reason) => self.table_differs(table, comparison.generation, reason),
        }
        self.faults.digest = self.download.comparisons.said();
    }

    fn table_is_the_same(&mut self, table: TableId) {
        self.download.comparisons.differing.remove(&table);
        if let Some(record) = self.state.tables.get_mut(&table) {
            record.compared_at_ms = Some(self.now_ms);
            self.save_record(table);
        }
    }

    fn table_differs(&mut self, table: TableId, generation: u64, what: String) {
        let differing = &mut self.download.comparisons.differing;
        let times = differing.get(&table).map_or(0, |before| before.times).saturating_add(1);
        let wait = times.checked_sub(2).map(|vain| {
            let wait_ms = VAIN_WAIT_MS.saturating_mul(1 << vain.min(10)).min(VAIN_WAIT_MS_MAX);
            Wait::begin(self.now_ms, wait_ms)
        });
        differing.insert(table, Differing { generation, times, wait, what });
        self.download.plan_due = true;
    }

    /// The store server was restored from a backup: what was the same may differ now.
    pub(in crate::engine) fn compare_all(&mut self) {
        self.download.comparisons.done.clear();
        for record in self.state.tables.values_mut() {
            record.compared_at_ms = None;
        }
    }

    /// The databases were read.
    pub(in crate::engine) fn digests_loaded(&mut self) {
        self.download.comparisons.loaded(&self.state.tables, self.now_ms);
        self.faults.digest = self.download.comparisons.said();
    }

    pub(in crate::engine) fn digests_dropped(&mut self, tables: &[TableId]) {
        tables.iter().for_each(|&table| self.download.comparisons.forget(table));
        self.faults.digest = self.download.comparisons.said();
    }

    /// The databases could not even say that a page is damaged.
    pub(in crate::engine) fn digest_failed(&mut self) {
        self.download.comparisons.back_off.failed(self.now_ms);
    }
}
