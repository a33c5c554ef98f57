//! Profiles that say how much a register sends at once and how often it asks, for every fifth seed, and what must hold of
//! both: told from what is sent, without the engine that decides.

use holdfast_profile::{HealthCheck, Profile, UploadBatch};

use super::model_server::ModelServer;
use super::register::Register;
use super::rng::Rng;
use super::rules::{Broken, Rule};
use super::scenario::{Plan, Scenario};
use crate::Status;

/// One seed in so many, the first of them this one; the others mean what they meant before there was such a choice.
const ONE_SEED_IN: u64 = 5;
const FIRST_SEED: u64 = 1;
const BATCHES: [u32; 5] = [1, 2, 3, 10, 500];
const INTERVALS_S: [u32; 6] = [1, 2, 5, 20, 60, 300];
/// What was begun before there was a profile goes by what a register begins with.
const NO_VERSION: u64 = 0;
/// Contacts that may come besides those of the interval while nothing happens: the first, and one for a newer snapshot.
const CONTACTS_BESIDES: i64 = 2;

impl Scenario {
    pub(super) fn plan_paces(&mut self) {
        if self.seed % ONE_SEED_IN != FIRST_SEED {
            return;
        }
        let mut rng = Rng::new(self.seed ^ 0x9ACE_0A5C_9ACE_0A5C);
        let published = self.plans.iter_mut().filter_map(|(_, plan)| {
            if let Plan::Publish(profile) = plan { Some(profile.as_mut()) } else { None }
        });
        for profile in std::iter::once(&mut self.profile).chain(published) {
            set(profile, &mut rng);
        }
    }
}

fn set(profile: &mut Profile, rng: &mut Rng) {
    let entries = rng.pick(&BATCHES).copied().unwrap_or(1);
    let seconds = rng.pick(&INTERVALS_S).copied().unwrap_or(1);
    profile.device.upload_batch_entries = UploadBatch { entries };
    profile.device.health_check_s = HealthCheck { seconds };
}

/// How often a register asks by the version that it says it has, milliseconds.
pub(super) fn asks_every_ms(status: &Status, server: &ModelServer) -> i64 {
    let profile = status.profile.as_ref().and_then(|(_, version)| server.edits.version(*version as u64));
    profile.map(|profile| profile.device.health_check_s).unwrap_or_default().interval_ms()
}

/// What was begun by a version may be sent once by the next.
pub(super) fn note_version(register: &mut Register, status: &Status) {
    let Some(version) = status.profile.as_ref().map(|(_, version)| *version as u64) else { return };
    let before = register.version_seen.replace(version).unwrap_or(NO_VERSION);
    if before != version {
        register.batch_version_before = Some(before);
    }
}

/// No upload has more entries than the profile says.
pub(super) fn check_upload(
    register: &mut Register,
    entries_count: usize,
    server: &ModelServer,
) -> Result<(), Broken> {
    let versions = [register.version_seen, register.batch_version_before.take()];
    let batches = versions.into_iter().flatten().map(|version| {
        let profile = server.edits.version(version);
        profile.map(|profile| profile.device.upload_batch_entries).unwrap_or_default()
    });
    let most = batches.map(UploadBatch::entries_max).max();
    if most.is_none_or(|most| entries_count <= most) {
        return Ok(());
    }
    let detail = format!("register {} sent {entries_count} entries at once", register.number);
    Err((Rule::BatchSize, detail))
}

/// Who had nothing to do for so long asked as often as the profile says, no more and no less.
pub(super) fn check_at_rest(register: &Register, profile: &Profile, calm_ms: i64) -> Result<(), Broken> {
    let expected = calm_ms / profile.device.health_check_s.interval_ms();
    if ((expected - 1)..=(expected + CONTACTS_BESIDES)).contains(&register.contacts_at_rest) {
        return Ok(());
    }
    let detail = format!(
        "register {} asked {} times in {calm_ms} ms of rest, where {expected} were to come",
        register.number, register.contacts_at_rest
    );
    Err((Rule::AsksAsOften, detail))
}
