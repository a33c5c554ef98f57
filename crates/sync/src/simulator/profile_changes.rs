//! Profiles that change all the time, for every third seed: what administrators do while registers sell, and slow
//! networks, which some of those profiles mind.

use holdfast_profile::{
    CheckForNewDatabase, Direction, Frequency, OfflineCustomers, Profile, RandomChanges, RowFilter,
    SlowIsOffline, TableId, Test, UploadTransactions,
};

use super::rng::Rng;
use super::scenario::{Plan, Scenario};

/// One seed in so many.
pub(super) const ONE_SEED_IN: u64 = 3;

impl Scenario {
    /// Adds to what the seed means already, and takes nothing from its chance.
    pub(super) fn plan_profile_changes(&mut self, is_long: bool) {
        if !self.seed.is_multiple_of(ONE_SEED_IN) || is_long {
            return;
        }
        let mut rng = Rng::new(self.seed ^ 0xC4A9_6E5C_4A96_E5C4);
        if rng.chance(500) {
            let for_s = u32::try_from(rng.between(1, 15)).unwrap_or(1);
            self.profile.device.offline_timeout_s = 10;
            self.profile.device.slow_is_offline = Some(SlowIsOffline { latency_ms: 800, for_s });
        }
        for _ in 0..rng.between(0, 2) {
            let register = usize::try_from(rng.below(self.registers_count as u64)).unwrap_or(0);
            let for_ms = rng.between(5_000, 120_000);
            let at_ms = rng.between(0, self.faults_end_at_ms);
            self.plans.push((at_ms, Plan::Slow { register, for_ms }));
        }
        let mut times: Vec<i64> =
            (0..rng.between(0, 8)).map(|_| rng.between(0, self.faults_end_at_ms)).collect();
        times.sort_unstable();
        let mut profile = self.profile.clone();
        for at_ms in times {
            let mut next = || rng.next();
            profile = RandomChanges { next: &mut next, categories: &[] }.change(&profile).profile;
            self.plans.push((at_ms, Plan::Publish(Box::new(profile.clone()))));
        }
        if rng.chance(400) {
            // It stays the last one, and what is sold goes up when a shift is closed.
            profile.device.upload_transactions = UploadTransactions::AtShiftClose;
            self.plans.push((self.faults_end_at_ms - 1, Plan::Publish(Box::new(profile.clone()))));
        }
        if rng.chance(400) {
            // Somebody edits a customer just before customers leave the profile.
            profile.scopes.retain(|scope| scope.direction != Direction::Bidirectional);
            // Of a table that no scope holds nothing can be chosen: nobody could publish that.
            profile.offline_customers = OfflineCustomers::AllOfThisStore;
            let at_ms = rng.between(20_000, 40_000);
            for register in 0..self.registers_count {
                self.plans.push((at_ms, Plan::EditCustomer { register }));
                self.plans.push((at_ms + 10, Plan::EditCustomer { register }));
            }
            self.plans.push((at_ms + 20, Plan::Publish(Box::new(profile))));
        }
        self.plan_shifts_and_room(&mut rng);
        self.plan_related_rows(&mut rng);
    }

    /// A last profile that keeps barcodes by their products, or products by their prices and no prices, and then rows
    /// that change. Of a few seeds, none of those that were found before there was this.
    fn plan_related_rows(&mut self, rng: &mut Rng) {
        if self.seed % 15 != 6 {
            return;
        }
        let mut profile = self.profile.clone();
        let by_price = rng.chance(500);
        let (table, column) = if by_price {
            profile.scopes.retain(|scope| scope.tables.iter().all(|entry| entry.table != TableId::Price));
            (TableId::Product, "price.price_minor")
        } else {
            (TableId::Barcode, "product.rank")
        };
        for entry in profile.scopes.iter_mut().flat_map(|scope| &mut scope.tables) {
            if entry.table == table {
                entry.filter = Some(RowFilter::of(column, Test::Over { number: 1 }));
            }
        }
        let published_at_ms = self.faults_end_at_ms;
        self.plans.push((published_at_ms, Plan::Publish(Box::new(profile))));
        self.faults_end_at_ms += 60_000;
        for _ in 0..6 {
            self.plans.push((rng.between(published_at_ms, self.faults_end_at_ms), Plan::Edit));
        }
    }

    /// Shifts that are closed, networks that get better by and by, and disks with no room for what a profile brings.
    fn plan_shifts_and_room(&mut self, rng: &mut Rng) {
        let registers_count = self.registers_count as u64;
        let register = |rng: &mut Rng| usize::try_from(rng.below(registers_count)).unwrap_or(0);
        for _ in 0..rng.between(0, 3) {
            let (register, is_heard) = (register(rng), rng.chance(500));
            self.plans.push((rng.between(0, self.faults_end_at_ms), Plan::CloseShift { register, is_heard }));
        }
        if self.profile.device.slow_is_offline.is_some() && rng.chance(700) {
            // An attempt may meet a fast answer and then a slow one, again and again.
            self.faults_end_at_ms = self.faults_end_at_ms.max(4 * 60_000);
            let (register, at_ms, for_ms) = (register(rng), rng.between(0, 30_000), 60_000);
            self.plans.push((at_ms, Plan::Slow { register, for_ms }));
            self.plans.push((at_ms + for_ms, Plan::Unsteady { register, for_ms: self.faults_end_at_ms }));
        }
        let published = self.plans.iter().filter(|(_, plan)| matches!(plan, Plan::Publish(_)));
        let times: Vec<i64> = published.map(|(at_ms, _)| *at_ms).collect();
        for _ in 0..rng.between(0, 3) {
            let Some(&published_at_ms) = rng.pick(&times) else { break };
            let (register, for_ms) = (register(rng), rng.between(2_000, 180_000));
            let at_ms = (published_at_ms + rng.between(-5_000, 3_000)).clamp(0, self.faults_end_at_ms);
            let plan = if rng.chance(500) {
                Plan::DiskFull { register, for_ms }
            } else {
                Plan::NoRoom { register, for_ms }
            };
            self.plans.push((at_ms, plan));
        }
    }
}

/// The profile without what waits for a person or a time of day.
pub(super) fn that_waits_for_nobody(profile: &Profile) -> Profile {
    let mut calm = profile.clone();
    calm.device.check_for_new_database = CheckForNewDatabase::AtEachSync;
    calm.device.reconnect_interval_min = 1;
    calm.device.offline_timeout_s = calm.device.offline_timeout_s.min(10);
    calm.device.health_check_s.seconds = calm.device.health_check_s.seconds.min(10);
    match calm.device.upload_transactions {
        // Whoever is at the till closes the shift.
        UploadTransactions::AtOnce | UploadTransactions::AtShiftClose => {}
        UploadTransactions::EveryMinutes { .. } => {
            calm.device.upload_transactions = UploadTransactions::EveryMinutes { minutes: 1 };
        }
        UploadTransactions::ByHand => {
            calm.device.upload_transactions = UploadTransactions::AtOnce;
        }
    }
    for scope in &mut calm.scopes {
        scope.frequency = match scope.frequency {
            Frequency::WithEverySync | Frequency::DailyAt { .. } | Frequency::ByHand => {
                Frequency::WithEverySync
            }
            Frequency::EveryMinutes { .. } => Frequency::EveryMinutes { minutes: 1 },
        };
    }
    calm
}
