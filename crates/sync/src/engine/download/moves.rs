//! A round that moves the register to another version of its profile: what differs is built beside what tills see, and
//! all of it is switched to at once.

use std::collections::BTreeMap;

use holdfast_profile::TableId;
use holdfast_protocol::messages::NextHeads;

use super::plan::{download_order, with_referred};
use super::round::{Build, Phase, Round};
use super::{Download, Heads};
use crate::engine::Engine;
use crate::engine::storage::Owner;
use crate::status::TableNeed;

impl Download {
    pub(in crate::engine) fn take_next_heads(&mut self, told: NextHeads, schema_version: u32) {
        self.next_heads = Some((told.version, Heads::of(&told.heads, schema_version)));
        self.plan_due = true;
    }

    /// Whether a store server has told where the tables of this version stand.
    pub(in crate::engine) fn knows_next(&self, version: u64) -> bool {
        self.next_heads.as_ref().is_some_and(|(told, _)| *told == version)
    }

    pub(in crate::engine) fn forget_next_heads(&mut self) {
        self.next_heads = None;
    }

    /// Whether a round is under way that moves the register.
    pub(in crate::engine) fn is_moving(&self) -> bool {
        self.round.as_ref().is_some_and(|round| round.moves_to.is_some())
    }

    /// Whether all is here that the round wanted, and nobody sees it yet.
    pub(in crate::engine) fn is_about_to_show(&self) -> bool {
        self.round.as_ref().is_some_and(|round| matches!(round.phase, Phase::Show { asked: false, .. }))
    }

    /// What the round builds, as far as it is known.
    pub(in crate::engine) fn needs(&self) -> Vec<TableNeed> {
        self.round.as_ref().map(Round::needs).unwrap_or_default()
    }
}

impl Engine {
    /// The round that moves the register, unless there is none to be made now. What the profile in force keeps is
    /// brought up to date first, so that this one is short.
    pub(super) fn plan_move(&mut self) -> Option<Round> {
        let (version, next) = self.state.next_profile.as_ref()?;
        if self.move_waits_for_outbox() || !self.profile_move.back_off.is_over(self.now_ms) {
            return None;
        }
        let (_, heads) = self.download.next_heads.as_ref().filter(|(told, _)| told == version)?;
        let order = download_order(next);
        // A view that the store server is still making is told of later.
        if order.iter().any(|(table, _)| !heads.tables.contains_key(table)) {
            return None;
        }
        let needed = order.iter().filter_map(|(table, _)| Some((*table, self.build_needed(*table, heads)?)));
        let mut builds: BTreeMap<TableId, Build> = needed.filter(|(_, build)| build.required).collect();
        let taken = with_referred(builds.keys().copied().collect());
        let works = order.into_iter().map(|e| e.0).filter(|table| taken.contains(table));
        let works =
            works.filter_map(|table| Some(self.work(heads.tables.get(&table)?, builds.remove(&table))));
        Some(Round { moves_to: Some(*version), ..Round::new(heads, works.collect()) })
    }

    /// Has everything switched, once nothing waits that could not go up any more.
    pub(super) fn step_switch(&mut self, round: &mut Round, asked: bool) -> bool {
        if asked || self.move_may_wait_for_outbox() {
            return false;
        }
        let next = self.state.next_profile.clone();
        let Some((version, profile)) = next.filter(|(version, _)| round.moves_to == Some(*version)) else {
            round.phase = Phase::Done;
            return true;
        };
        let schema_version = round.schema_version;
        let works = round.works.iter_mut();
        let shown: Vec<_> = works.filter_map(|work| self.shown_of(work, schema_version)).collect();
        self.switch_profile(Owner::Download, version, profile, shown);
        round.phase = Phase::Show { at: 0, asked: true };
        false
    }
}
