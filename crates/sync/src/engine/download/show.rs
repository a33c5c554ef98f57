//! Making what was built and held visible, from the first table to the last; rows and cursor together.

use holdfast_profile::TableId;
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::page;

use super::round::{Build, Held, Phase, Round, Work};
use crate::engine::Engine;
use crate::engine::storage::{Owner, Step, Visible};
use crate::store::{ShownTable, StoreCall, TableRecord};

impl Engine {
    pub(super) fn step_show(&mut self, round: &mut Round, at: usize, asked: bool) -> bool {
        if asked {
            return false;
        }
        let schema_version = round.schema_version;
        let Some(work) = round.works.get_mut(at) else {
            round.phase = Phase::Done;
            return true;
        };
        let is_built = work.build.is_some();
        match self.shown_of(work, schema_version) {
            Some((ShownTable { table, changes, record }, rows_changed)) => {
                let step = Step::Show(Visible { table, record: record.clone(), rows_changed });
                let call = if is_built {
                    let generation = record.generation;
                    StoreCall::SwitchGeneration { table, generation, changes, record }
                } else {
                    StoreCall::ApplyDelta { table, changes, record }
                };
                self.storage.enqueue(Owner::Download, step, call);
                round.phase = Phase::Show { at, asked: true };
                false
            }
            None => {
                round.phase = Phase::Show { at: at + 1, asked: false };
                true
            }
        }
    }

    /// The databases show a table; on with the next.
    pub(in crate::engine) fn table_shown(&mut self, table: TableId) {
        self.note_shown(table);
        let Some(round) = self.download.round.as_mut() else {
            return self.confused("a table was shown that no round wants");
        };
        match round.phase {
            Phase::Show { at, asked: true } => round.phase = Phase::Show { at: at + 1, asked: false },
            Phase::Show { asked: false, .. }
            | Phase::Manifests
            | Phase::Pages { .. }
            | Phase::Pulls { .. }
            | Phase::Done => self.confused("a table was shown before its turn"),
        }
    }

    pub(in crate::engine) fn note_shown(&mut self, table: TableId) {
        self.download.restart.remove(&table);
        self.download.synced_saved_at_ms.insert(table, self.now_ms);
        self.download.shown_count += 1;
    }

    /// A table's new state, and whether its rows change; none where it has none.
    pub(super) fn shown_of(&mut self, work: &mut Work, schema_version: u32) -> Option<(ShownTable, bool)> {
        let table = work.table;
        let held = work.held.take();
        let before = self.state.tables.get(&table).cloned().unwrap_or_default();
        if let Some(build) = &work.build {
            let base = TableRecord { schema_version, view: work.view, ..built_record(build)? };
            let (changes, record) = self.with_held(base, held);
            return Some((ShownTable { table, changes, record }, true));
        }
        let moves = held.as_ref().is_some_and(|held| {
            !held.changes.is_empty() || held.up_to > before.cursor || (before.is_part() && !held.more)
        });
        if !moves {
            if let Some(record) = self.state.tables.get_mut(&table) {
                record.synced_at_ms = Some(self.now_ms);
            }
            return None;
        }
        let (changes, record) = self.with_held(before, held);
        let rows_changed = !changes.is_empty();
        Some((ShownTable { table, changes, record }, rows_changed))
    }

    fn with_held(&self, base: TableRecord, held: Option<Held>) -> (Vec<RowChange>, TableRecord) {
        let now = Some(self.now_ms);
        let Some(held) = held else { return (Vec::new(), TableRecord { synced_at_ms: now, ..base }) };
        let part_since = held.more.then(|| base.whole_up_to());
        let mut record = TableRecord { cursor: base.cursor.max(held.up_to), part_since, ..base };
        if !held.changes.is_empty() {
            record.pages = record.pages.saturating_add(1);
            record.bytes = record.bytes.saturating_add(page::pack(&held.changes).len() as u64);
        }
        // Without a count from the store server it can't be told here which changes are of new rows.
        let deleted = held.changes.iter().filter(|change| change.body.is_none()).count() as u64;
        let upserts = held.changes.len() as u64 - deleted;
        let estimate = record.rows.saturating_add(upserts).saturating_sub(deleted);
        record.rows = held.rows.unwrap_or(estimate);
        if !held.more {
            record.synced_at_ms = now;
        }
        (held.changes, record)
    }
}

fn built_record(build: &Build) -> Option<TableRecord> {
    let manifest = build.manifest.as_ref()?;
    let bytes = manifest.pages.iter().map(|page| u64::from(page.bytes)).sum();
    let pages = u32::try_from(manifest.pages.len()).ok()?;
    Some(TableRecord {
        generation: build.generation,
        cursor: manifest.head,
        rows: manifest.pages.iter().map(|page| u64::from(page.rows)).sum(),
        bytes,
        pages,
        synced_at_ms: None,
        snapshot_pages: pages,
        snapshot_bytes: bytes,
        schema_version: 0,
        view: 0,
        compared_at_ms: None,
        part_since: None,
    })
}
