//! Profiles that change all the time, for every third seed: what administrators do while registers sell, and slow
//! networks, which some of those profiles mind.

use holdfast_profile::{
    CheckForNewDatabase, Frequency, Profile, RandomChanges, SlowIsOffline, UploadTransactions,
};

use super::rng::Rng;
use super::scenario::{Plan, Scenario};

/// One seed in so many.
const ONE_SEED_IN: u64 = 3;

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
    }
}

/// The profile without what waits for a person or a time of day.
pub(super) fn that_waits_for_nobody(profile: &Profile) -> Profile {
    let mut calm = profile.clone();
    calm.device.check_for_new_database = CheckForNewDatabase::AtEachSync;
    calm.device.reconnect_interval_min = 1;
    calm.device.offline_timeout_s = calm.device.offline_timeout_s.min(10);
    match calm.device.upload_transactions {
        UploadTransactions::AtOnce => {}
        UploadTransactions::EveryMinutes { .. } => {
            calm.device.upload_transactions = UploadTransactions::EveryMinutes { minutes: 1 };
        }
        UploadTransactions::AtShiftClose | UploadTransactions::ByHand => {
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
