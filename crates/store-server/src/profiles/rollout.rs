//! How far the registers of a profile have come with its published version.

use std::collections::BTreeMap;

use holdfast_profile::{CheckForNewDatabase, Profile, ProfileVersion, TableId};
use serde::Serialize;

use super::preview::heard_for_ms;
use super::{ProfileRegister, ProfileShelf};
use crate::database::BuildingOverview;

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
    /// It does not speak, so nothing that it told before counts.
    Offline,
    /// Its app is too old for what the store server has; it sells on, and sends what it sold.
    NeedsNewerApp,
    /// Something keeps it from having the version.
    Error,
    /// No device is this register.
    NotActivated,
    /// Its device counts no more.
    Locked,
}

/// One register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RolloutRegister {
    number: u16,
    name: String,
    wanted_version: u64,
    version: Option<u64>,
    state: RolloutState,
    /// Rows of the version that it has; none where none are known of that one, whatever it has of the one before.
    rows_have: Option<u64>,
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
        let state = state(register, published, bodies, now_ms);
        let building = register.builds(published.number);
        RolloutRegister {
            number: register.number,
            name: register.name.clone(),
            wanted_version: published.number,
            version: register.version,
            state,
            rows_have: rows_have(register, state, building, rows_wanted),
            rows_wanted: building.map_or_else(|| rows_wanted.values().sum(), |building| building.rows_wanted),
            last_contact_ms: register.last_contact_ms,
            error: register.profile_error.clone().filter(|_| state == RolloutState::Error),
            retry_asked: register.retry_asked_at_ms.is_some(),
        }
    };
    shelf.registers_with(id).map(one).collect()
}

fn rows_have(
    register: &ProfileRegister,
    state: RolloutState,
    building: Option<BuildingOverview>,
    rows_wanted: &BTreeMap<TableId, u64>,
) -> Option<u64> {
    match state {
        RolloutState::HasIt => Some(rows_wanted.keys().filter_map(|table| register.rows.get(table)).sum()),
        RolloutState::Building => Some(building.map_or(0, |building| building.rows_have)),
        RolloutState::Error => building.map(|building| building.rows_have),
        RolloutState::Waits
        | RolloutState::WaitsForStart
        | RolloutState::WaitsForSomebody
        | RolloutState::Offline
        | RolloutState::NeedsNewerApp
        | RolloutState::NotActivated
        | RolloutState::Locked => None,
    }
}

fn state(
    register: &ProfileRegister,
    published: &ProfileVersion,
    bodies: &BTreeMap<u64, Profile>,
    now_ms: i64,
) -> RolloutState {
    if register.is_locked {
        return RolloutState::Locked;
    }
    if !register.is_activated {
        return RolloutState::NotActivated;
    }
    if register.has(published.number) {
        return RolloutState::HasIt;
    }
    let Some(last_contact_ms) = register.last_contact_ms else { return RolloutState::Waits };
    let here = register.version.and_then(|version| bodies.get(&version));
    if now_ms - last_contact_ms > heard_for_ms(here) {
        return RolloutState::Offline;
    }
    if register.app_is_too_old {
        return RolloutState::NeedsNewerApp;
    }
    if register.profile_error.is_some() {
        return RolloutState::Error;
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

    const NOON_MS: i64 = 1_795_521_600_000;

    /// A register with version 1 that spoke after version 2 was published.
    fn told() -> ProfileRegister {
        ProfileRegister {
            number: 1,
            name: "Till 1".to_owned(),
            own_profile: None,
            is_activated: true,
            is_locked: false,
            version: Some(1),
            building: None,
            last_contact_ms: Some(NOON_MS),
            storage_bytes: None,
            waiting: None,
            retry_asked_at_ms: None,
            profile_error: None,
            app_is_too_old: false,
            rows: BTreeMap::new(),
        }
    }

    fn published() -> ProfileVersion {
        ProfileVersion {
            number: 2,
            profile: default_profile(),
            published_at_ms: NOON_MS - 1_000,
            published_by: "ann".to_owned(),
            restored_from: None,
        }
    }

    fn check(change: impl FnOnce(&mut ProfileRegister, &mut Profile), expected: RolloutState) {
        let mut register = told();
        let mut here = default_profile();
        change(&mut register, &mut here);
        let bodies = BTreeMap::from([(1, here)]);
        assert_eq!(state(&register, &published(), &bodies, NOON_MS + 1_000), expected);
    }

    /// What is said of a register that keeps 600 rows of the version before.
    fn said(change: impl FnOnce(&mut ProfileRegister)) -> RolloutRegister {
        let mut register = told();
        register.rows = BTreeMap::from([(TableId::Product, 600)]);
        change(&mut register);
        let shelf = ProfileShelf {
            profiles: Vec::new(),
            unused: Vec::new(),
            store_profile: Some(1),
            registers: vec![register],
            last_id: 1,
            last_version: 2,
            currency: holdfast_domain::Currency::GBP,
        };
        let wanted = BTreeMap::from([(TableId::Product, 600)]);
        rollout(&shelf, 1, &published(), &wanted, &BTreeMap::new(), NOON_MS + 1_000).remove(0)
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
        check(|register, _| register.profile_error = Some("full".to_owned()), RolloutState::Error);
    }

    #[test]
    fn rows_of_the_version_before_are_none_of_this_one() {
        let rows = |register: RolloutRegister| (register.rows_have, register.rows_wanted);
        assert_eq!(rows(said(|_| {})), (Some(0), 600), "it has only been told");
        assert_eq!(rows(said(|register| register.version = Some(2))), (Some(600), 600));
        assert_eq!(rows(said(|register| register.last_contact_ms = None)), (None, 600));
        let builds = |register: &mut ProfileRegister| {
            register.building = Some(BuildingOverview { version: 2, rows_have: 5, rows_wanted: 9 });
        };
        assert_eq!(rows(said(builds)), (Some(5), 9));
        assert_eq!(
            rows(said(|register| {
                builds(register);
                register.last_contact_ms = Some(NOON_MS - 86_400_000);
            })),
            (None, 9)
        );
    }

    #[test]
    fn what_went_wrong_days_ago_does_not_say_why_a_register_is_not_heard() {
        let full = |register: &mut ProfileRegister| register.profile_error = Some("full".to_owned());
        let heard = said(full);
        assert_eq!((heard.state, heard.error.as_deref()), (RolloutState::Error, Some("full")));
        let gone = said(|register| {
            full(register);
            register.last_contact_ms = Some(NOON_MS - 86_400_000);
        });
        assert_eq!((gone.state, gone.error), (RolloutState::Offline, None));
    }

    #[test]
    fn a_locked_register_is_locked_and_not_one_that_nobody_activated() {
        let lock = |register: &mut ProfileRegister, _: &mut Profile| {
            (register.is_activated, register.is_locked) = (false, true);
        };
        check(lock, RolloutState::Locked);
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
                register.profile_error = Some("full".to_owned());
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
