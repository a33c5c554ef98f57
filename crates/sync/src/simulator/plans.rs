//! What is planned in a run: what people, devices and the store server do, and the end of the faults.

use holdfast_profile::CheckForNewDatabase;

use super::edit_rules;
use super::look_up_rules;
use super::mutation::Mutation;
use super::profile_changes::that_waits_for_nobody;
use super::rules::{self, Broken, Rule};
use super::scenario::{Plan, Rates};
use super::version_rules;
use super::world::{Happening, World};
use crate::effect::Event;

impl World {
    pub(super) fn carry_out(&mut self, plan: Plan) -> Result<(), Broken> {
        match plan {
            Plan::Sale { register } => self.till_sells(register),
            Plan::Mend { register } => {
                let number = self.registers[register].number;
                let chance = self.rng.next();
                self.server.mend(number, chance, self.now_ms);
                return self.server.edits.take_seen().iter().try_for_each(edit_rules::check_merge);
            }
            Plan::Edit => {
                let late = self.rng.chance(300);
                self.shop.edit(&mut self.server.feed, &mut self.rng, late);
            }
            Plan::EditCustomer { register } => return self.till_edits_customer(register),
            Plan::LookUp { register } => return self.till_looks_up(register),
            Plan::ShopEditsCustomer => self.shop_edits_customer(),
            Plan::CommitLate => self.server.feed.commit_late(),
            Plan::Compact => self.server.compact(),
            Plan::RebuildSnapshots => self.server.rebuild_snapshots(),
            Plan::Publish(profile) => self.server.publish(*profile),
            Plan::RaiseSchema => self.server.schema_version = 1,
            Plan::SetBack { register, entries_count, mends_count } => {
                self.count_fault("set back to a backup");
                let number = self.registers[register].number;
                self.server.journals.entry(number).or_default().set_back(entries_count, mends_count);
            }
            Plan::ServerDown { for_ms } => {
                self.count_fault("server down");
                self.server_down_until_ms = self.server_down_until_ms.max(self.now_ms + for_ms);
                self.after(for_ms, Happening::ServerUp);
            }
            Plan::Partition { register, for_ms } => {
                self.count_fault("partition");
                self.registers[register].partitioned_until_ms = self.now_ms + for_ms;
            }
            Plan::Portal { register, for_ms } => {
                self.count_fault("captive portal");
                self.registers[register].portal_until_ms = self.now_ms + for_ms;
            }
            Plan::Lock { register, for_ms } => {
                self.count_fault("locked");
                let number = self.registers[register].number;
                self.server.locked_until_ms.insert(number, self.now_ms + for_ms);
            }
            Plan::DiskFull { register, for_ms } => {
                self.count_fault("disk full");
                self.registers[register].disk_full_until_ms = self.now_ms + for_ms;
            }
            Plan::Slow { register, for_ms } => {
                self.count_fault("slow network");
                self.registers[register].slow_until_ms = self.now_ms + for_ms;
            }
            Plan::Unsteady { register, for_ms } => {
                self.registers[register].unsteady_until_ms = self.now_ms + for_ms;
            }
            Plan::CloseShift { register, is_heard } => return self.till_closes_shift(register, is_heard),
            Plan::NoRoom { register, for_ms } => {
                self.count_fault("no room");
                self.after(for_ms, Happening::Planned(Plan::Room { register }));
                let full = Event::StorageMeasured { used_bytes: 1_000_000_000, allowed_bytes: 1_000_000_000 };
                return self.tell(register, full);
            }
            Plan::Room { register } => {
                let roomy = Event::StorageMeasured { used_bytes: 0, allowed_bytes: 1_000_000_000 };
                return self.tell(register, roomy);
            }
            Plan::LookIfNobodyDoes { register } => {
                let looks_itself = self.registers[register].store.with_profile(|profile| {
                    profile.is_some_and(|(_, kept)| {
                        kept.device.check_for_new_database == CheckForNewDatabase::AtEachSync
                    })
                });
                return if looks_itself { Ok(()) } else { self.tell(register, Event::LookForNewDatabase) };
            }
            Plan::Kill { register, for_ms } => return self.kill(register, for_ms),
            Plan::PageRots { register } => self.rot_page(register),
            Plan::RowRots { register } => self.rot_row(register),
            Plan::Sleep { register, for_ms } => {
                self.count_fault("sleep");
                let register = &mut self.registers[register];
                register.asleep_until_ms = register.asleep_until_ms.max(self.now_ms + for_ms);
            }
            Plan::ClockJump { register, by_ms } => {
                self.count_fault("clock jump");
                self.registers[register].clock_offset_ms += by_ms;
                self.registers[register].clock_set_at_ms = self.now_ms;
                look_up_rules::note_clock_set(&mut self.registers[register]);
                // A clock that is set forward looks like a sleep, after which it is counted anew how long answers are slow.
                self.registers[register].slow_since_ms = None;
                self.registers[register].clock_is_unseen = true;
            }
            Plan::GoOffline { register, for_ms } => {
                self.after(for_ms, Happening::EndGoOffline { at: register });
                return self.tell(register, Event::GoOffline);
            }
            Plan::TryNow { register } => return self.tell(register, Event::TryNow),
            Plan::SyncNow { register } => return self.tell(register, Event::SyncNow),
            Plan::BrowserOnline { register } => return self.tell(register, Event::BrowserOnline),
        }
        Ok(())
    }

    pub(super) fn end_faults(&mut self) -> Result<(), Broken> {
        self.rates = Rates::default();
        self.server_down_until_ms = 0;
        self.server.locked_until_ms.clear();
        self.server.feed.commit_late();
        self.let_rot_be_found();
        let calm = that_waits_for_nobody(&self.server.profile.1);
        if calm != self.server.profile.1 {
            self.server.publish(calm);
        }
        // Who looks by itself has to find it without being told. Who was killed at this very moment is asked again.
        for (register, wait_ms) in (0..self.registers.len()).flat_map(|at| [(at, 1), (at, 15_000)]) {
            self.after(wait_ms, Happening::Planned(Plan::LookIfNobodyDoes { register }));
        }
        for at in 0..self.registers.len() {
            let register = &mut self.registers[at];
            register.partitioned_until_ms = 0;
            register.portal_until_ms = 0;
            register.disk_full_until_ms = 0;
            register.slow_until_ms = 0;
            register.unsteady_until_ms = 0;
            register.asleep_until_ms = register.asleep_until_ms.min(self.now_ms);
            if register.engine.is_none() {
                self.start(at)?;
            }
            self.tell(at, Event::GoOnline)?;
            self.carry_out(Plan::Room { register: at })?;
            // By the profile, what was sold may go up with it alone, whoever hears of it.
            self.till_closes_shift(at, false)?;
        }
        Ok(())
    }

    fn till_closes_shift(&mut self, at: usize, is_heard: bool) -> Result<(), Broken> {
        self.registers[at].close_shift(self.now_ms);
        if is_heard && self.mutation != Some(Mutation::ShiftClosedUnheard) {
            return self.tell(at, Event::JournalGrew);
        }
        Ok(())
    }

    pub(super) fn start(&mut self, at: usize) -> Result<(), Broken> {
        if self.registers[at].engine.is_some() {
            return Ok(());
        }
        rules::check_journal(&self.registers[at])?;
        let register = &mut self.registers[at];
        register.start(&mut self.rng);
        register.last_genuine_ms = self.now_ms;
        let local_ms = self.now_ms + register.clock_offset_ms;
        let event = if register.page_says_started(local_ms) { Event::TillStarted } else { Event::Tick };
        self.asks_when_started(at);
        self.tell(at, event)
    }

    /// The worker dies, and its page with it or not. What the disk was writing is written or not.
    pub(super) fn kill(&mut self, at: usize, for_ms: i64) -> Result<(), Broken> {
        self.count_fault("kill");
        self.after(for_ms, Happening::Start { at });
        if self.mutation == Some(Mutation::NumberBeforeSale) && self.rng.chance(300) {
            self.registers[at].numbers_lost += 1;
        }
        for _ in 0..self.registers[at].questions.len() {
            self.count_look_up("killed");
        }
        self.registers[at].end(self.now_ms)?;
        if for_ms % 2 == 0 {
            self.registers[at].end_page();
        }
        self.registers[at].disk_free_at_ms = self.now_ms;
        if let Some(call) = self.registers[at].storing.take()
            && self.rng.chance(500)
        {
            self.execute(at, call)
                .map_or_else(|error| Err((Rule::Readable, error.to_string())), |_| Ok(()))?;
            self.registers[at].note_orphans();
            version_rules::check_one_version(&mut self.registers[at], &self.server)?;
            rules::check_visible(&self.registers[at], &self.server)?;
            return self.check_customers(at);
        }
        Ok(())
    }

    fn till_sells(&mut self, at: usize) {
        let incarnation = self.registers[at].incarnation;
        if self.mutation == Some(Mutation::FinishedBeforeDurable) {
            let register = &mut self.registers[at];
            let counter = register.finished.last_key_value().map_or(0, |(counter, _)| *counter) + 1;
            register.finished.insert(counter, super::register::Finished { payload: Vec::new() });
            let happening = Happening::SaleReachesDisk { at, incarnation, sold_at_ms: self.now_ms };
            self.after(500, happening);
            return;
        }
        self.sell(at, self.now_ms);
        if !self.rng.chance(self.rates.message_lost) {
            let wait_ms = self.rng.between(0, 20);
            self.after(wait_ms, Happening::JournalGrew { at, incarnation });
        }
    }

    pub(super) fn sell(&mut self, at: usize, at_ms: i64) {
        // An activated register with numbers left can always sell.
        if let Err(error) = self.registers[at].sell(at_ms, &mut self.rng) {
            unreachable!("a simulated till can't sell: {error}");
        }
    }
}
