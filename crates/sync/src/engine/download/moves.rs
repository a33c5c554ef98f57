//! A round that moves the register to another version of its profile: what differs is built beside what tills see, and
//! all of it is switched to at once.

use std::collections::BTreeSet;

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
        self.next_heads = Some((told.version, Heads::of(&told.heads, schema_version, self.shown_count)));
        self.plan_due = true;
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
        let (_, heads) = self.download.next_heads.clone().filter(|(told, _)| told == version)?;
        if self.move_waits_for_outbox() || !self.profile_move.back_off.is_over(self.now_ms) {
            return None;
        }
        let order = download_order(next);
        // A view that the store server is still making is told of later.
        if order.iter().any(|(table, _)| !heads.tables.contains_key(table)) {
            return None;
        }
        let is_built = |table: TableId| self.build_needed(table, &heads).is_some_and(|build| build.required);
        let built: BTreeSet<TableId> = order.iter().map(|e| e.0).filter(|&table| is_built(table)).collect();
        let taken = with_referred(built);
        let works = order.into_iter().map(|e| e.0).filter(|table| taken.contains(table));
        let works = works.filter_map(|table| {
            let build = self.build_needed(table, &heads).filter(|build: &Build| build.required);
            Some(self.work(heads.tables.get(&table)?, build))
        });
        Some(Round { moves_to: Some(*version), ..Round::new(&heads, works.collect()) })
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
