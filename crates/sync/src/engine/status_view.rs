//! The status that tills show, made from what the engine knows.

use holdfast_profile::{Scope, TableId};

use super::Engine;
use crate::connectivity::Timeouts;
use crate::effect::Effect;
use crate::status::{ScopeStatus, Status, TableStatus};

impl Engine {
    /// The register's state as of the last event.
    pub fn status(&self) -> Status {
        let profile = self.state.profile.as_ref();
        let (offline_timeout_s, reconnect_interval_min) = profile.map_or(
            (whole(Timeouts::INITIAL.offline_ms / 1_000), whole(Timeouts::INITIAL.reconnect_ms / 60_000)),
            |(_, profile)| (profile.device.offline_timeout_s, profile.device.reconnect_interval_min),
        );
        Status {
            mode: self.connectivity.mode(),
            waiting: self.state.waiting,
            rejected: self.state.rejected,
            last_exchange_at_ms: self.last_exchange_at_ms.map(as_f64),
            profile: profile.map(|(version, profile)| (profile.name.clone(), count_as_f64(*version))),
            next_upload: self.upload.next(self.upload_transactions()),
            is_uploading: self.is_uploading(),
            is_slow: self.connectivity.is_offline_for_slowness(),
            looked_for_profile_at_ms: self.looked_for_profile_at_ms().map(as_f64),
            profile_waits_for_outbox: self.move_waits_for_outbox(),
            moving: self.move_status(),
            offline_timeout_s,
            reconnect_interval_min,
            scopes: profile.map_or_else(Vec::new, |(_, profile)| {
                profile.scopes.iter().map(|scope| self.scope_status(scope)).collect()
            }),
            download_progress: if self.is_ready_to_sell() { None } else { self.download.progress() },
            ready_to_sell: self.is_ready_to_sell(),
            last_error: self.faults.shown(),
            update_required: self.update_required,
            deactivated: self.deactivated.is_some(),
        }
    }

    pub(super) fn show_status(&mut self) {
        let status = self.status();
        if self.loaded_once && self.shown.as_ref() != Some(&status) {
            self.shown = Some(status);
            self.effects.push_back(Effect::StatusChanged);
        }
    }

    pub(super) fn is_ready_to_sell(&self) -> bool {
        self.state.profile.as_ref().is_some_and(|(_, profile)| {
            profile.download_tables().iter().all(|table| self.state.tables.contains_key(table))
        })
    }

    fn scope_status(&self, scope: &Scope) -> ScopeStatus {
        let tables = scope.tables.iter().map(|entry| self.table_status(scope, entry.table));
        ScopeStatus { name: scope.name.clone(), direction: scope.direction, tables: tables.collect() }
    }

    fn table_status(&self, scope: &Scope, table: TableId) -> TableStatus {
        if !scope.direction.downloads() {
            // The outbox is one queue; it is shown with the sales.
            let rows = if table == TableId::Sale { self.state.waiting } else { 0 };
            let synced_at_ms = if rows == 0 { self.last_exchange_at_ms.map(as_f64) } else { None };
            return TableStatus { table, rows, bytes: 0, synced_at_ms, complete: rows == 0 };
        }
        let record = self.state.tables.get(&table);
        TableStatus {
            table,
            rows: record.map_or(0, |record| record.rows),
            bytes: record.map_or(0, |record| record.bytes),
            synced_at_ms: record.and_then(|record| record.synced_at_ms).map(as_f64),
            complete: record.is_some() && !self.is_catching_up(table),
        }
    }
}

fn whole(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "exact to 2^53 ms, some 285,000 years")]
fn as_f64(at_ms: i64) -> f64 {
    at_ms as f64
}

#[expect(clippy::cast_precision_loss, reason = "versions count publications")]
pub(super) fn count_as_f64(count: u64) -> f64 {
    count as f64
}
