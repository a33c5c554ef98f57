//! How far the registers of a profile have come with its published version.

use std::collections::BTreeMap;

use holdfast_profile::{CheckForNewDatabase, Profile, ProfileVersion, TableId};
use serde::Serialize;

use super::preview::heard_for_ms;
use super::{ProfileRegister, ProfileShelf};

/// How a register stands with the version that it should have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RolloutState {
    /// It has it.
    HasIt,
    /// It was told, and builds.
    Building,
    /// It was not told yet.
    Waits,
    /// It looks for a new version only when a till starts.
    WaitsForStart,
    /// It looks for a new version only when somebody there wants it to.
    WaitsForSomebody,
    /// It does not speak.
    Offline,
    /// Something went wrong there.
    Error,
    /// No device is this register.
    NotActivated,
}

/// One register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RolloutRegister {
    number: u16,
    name: String,
    wanted_version: u64,
    version: Option<u64>,
    state: RolloutState,
    rows_have: u64,
    rows_wanted: u64,
    last_contact_ms: Option<i64>,
    error: Option<String>,
    retry_asked: bool,
}

/// The registers that use a profile. `rows_wanted` are those of its tables, `bodies` the versions that registers have.
pub fn rollout(
    shelf: &ProfileShelf,
    id: u64,
    published: &ProfileVersion,
    rows_wanted: &BTreeMap<TableId, u64>,
    bodies: &BTreeMap<u64, Profile>,
    now_ms: i64,
) -> Vec<RolloutRegister> {
    let one = |register: &ProfileRegister| {
        let (rows_have, rows_wanted) = match register.builds(published.number) {
            Some(building) => (building.rows_have, building.rows_wanted),
            None => {
                let have = rows_wanted.keys().filter_map(|table| register.rows.get(table));
                (have.sum(), rows_wanted.values().sum())
            }
        };
        RolloutRegister {
            number: register.number,
            name: register.name.clone(),
            wanted_version: published.number,
            version: register.version,
            state: state(register, published, bodies, now_ms),
            rows_have,
            rows_wanted,
            last_contact_ms: register.last_contact_ms,
            error: register.last_error.clone(),
            retry_asked: register.retry_asked_at_ms.is_some(),
        }
    };
    shelf.registers_with(id).map(one).collect()
}

fn state(
    register: &ProfileRegister,
    published: &ProfileVersion,
    bodies: &BTreeMap<u64, Profile>,
    now_ms: i64,
) -> RolloutState {
    if !register.is_activated {
        return RolloutState::NotActivated;
    }
    if register.has(published.number) {
        return RolloutState::HasIt;
    }
    if register.last_error.is_some() {
        return RolloutState::Error;
    }
    let Some(last_contact_ms) = register.last_contact_ms else { return RolloutState::Waits };
    let here = register.version.and_then(|version| bodies.get(&version));
    if now_ms - last_contact_ms > heard_for_ms(here) {
        return RolloutState::Offline;
    }
    if register.builds(published.number).is_some() {
        return RolloutState::Building;
    }
    let looks = here.map(|profile| profile.device.check_for_new_database);
    match looks.unwrap_or(CheckForNewDatabase::AtEachSync) {
        CheckForNewDatabase::AtStart => RolloutState::WaitsForStart,
        CheckForNewDatabase::Never => RolloutState::WaitsForSomebody,
        // It is told at each contact.
        CheckForNewDatabase::AtEachSync if last_contact_ms >= published.published_at_ms => {
            RolloutState::Building
        }
        CheckForNewDatabase::AtEachSync => RolloutState::Waits,
    }
}

#[cfg(test)]
mod tests {
    use holdfast_profile::default_profile;

    use super::*;
    use crate::database::BuildingOverview;

    const NOON_MS: i64 = 1_795_521_600_000;

    fn check(change: impl FnOnce(&mut ProfileRegister, &mut Profile), expected: RolloutState) {
        let mut register = ProfileRegister {
            number: 1,
            name: "Till 1".to_owned(),
            own_profile: None,
            is_activated: true,
            version: Some(1),
            building: None,
            last_contact_ms: Some(NOON_MS),
            storage_bytes: None,
            waiting: None,
            retry_asked_at_ms: None,
            last_error: None,
            rows: BTreeMap::new(),
        };
        let mut here = default_profile();
        change(&mut register, &mut here);
        let published = ProfileVersion {
            number: 2,
            profile: default_profile(),
            published_at_ms: NOON_MS - 1_000,
            published_by: "ann".to_owned(),
            restored_from: None,
        };
        let bodies = BTreeMap::from([(1, here)]);
        assert_eq!(state(&register, &published, &bodies, NOON_MS + 1_000), expected);
    }

    #[test]
    fn a_register_is_where_its_last_contact_says() {
        check(|_, _| {}, RolloutState::Building);
        check(|register, _| register.version = Some(2), RolloutState::HasIt);
        check(|register, _| register.version = None, RolloutState::Building);
        check(|register, _| register.is_activated = false, RolloutState::NotActivated);
        check(|register, _| register.last_contact_ms = None, RolloutState::Waits);
        check(|register, _| register.last_contact_ms = Some(NOON_MS - 5_000), RolloutState::Waits);
        check(|register, _| register.last_contact_ms = Some(NOON_MS - 20_000), RolloutState::Offline);
        check(|register, _| register.last_error = Some("full".to_owned()), RolloutState::Error);
    }

    #[test]
    fn a_register_that_seldom_asks_is_offline_only_when_it_should_have_asked() {
        let spoke = |before_ms| {
            move |register: &mut ProfileRegister, here: &mut Profile| {
                here.device.health_check_s.seconds = 60;
                register.last_contact_ms = Some(NOON_MS - before_ms);
            }
        };
        check(spoke(120_000), RolloutState::Waits);
        check(spoke(130_000), RolloutState::Offline);
        // Of a register that has no profile yet nothing else is known than how often all of those ask.
        check(
            |register, here| {
                spoke(120_000)(register, here);
                register.version = None;
            },
            RolloutState::Offline,
        );
    }

    #[test]
    fn a_register_has_a_version_only_when_it_has_its_rows() {
        let builds = |register: &mut ProfileRegister, version| {
            register.version = Some(2);
            register.building = Some(BuildingOverview { version, rows_have: 0, rows_wanted: 9 });
        };
        check(|register, _| builds(register, 2), RolloutState::Building);
        check(|register, _| builds(register, 1), RolloutState::HasIt);
        let never = CheckForNewDatabase::Never;
        check(
            |register, here| {
                builds(register, 2);
                here.device.check_for_new_database = never;
            },
            RolloutState::Building,
        );
        check(
            |register, _| {
                builds(register, 2);
                register.last_error = Some("full".to_owned());
            },
            RolloutState::Error,
        );
        check(
            |register, _| {
                builds(register, 2);
                register.last_contact_ms = Some(NOON_MS - 20_000);
            },
            RolloutState::Offline,
        );
    }

    #[test]
    fn a_register_that_does_not_look_for_new_versions_says_what_it_waits_for() {
        for (when, waits) in [
            (CheckForNewDatabase::AtStart, RolloutState::WaitsForStart),
            (CheckForNewDatabase::Never, RolloutState::WaitsForSomebody),
        ] {
            check(|_, here| here.device.check_for_new_database = when, waits);
        }
    }
}
