//! Profiles that change while registers sell: what people do there meanwhile, and afterwards whether each register is
//! what a fresh one of the same profile version is. Who changes them is [`crate::random_administrator`].

use std::time::{Duration, Instant};

use holdfast_profile::{Direction, TableId};
use holdfast_sync::Event;

use crate::admin_api::AdminApi;
use crate::admin_profiles::Profiles;
use crate::clock::Clock;
use crate::customers::CustomerError;
use crate::equality::{differences, lost};
use crate::random::Random;
use crate::random_administrator::Deeds;
use crate::register::Register;
use crate::register_api::RegisterApi;
use crate::replay::ReplayError;
use crate::summary::ChangedProfiles;

/// How long a register may take at the end until it equals a fresh one.
const EQUAL_AT_MOST: Duration = Duration::from_secs(120);
/// How often it is looked.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Looks after which somebody asks again at the register.
const ASK_EVERY_LOOKS: u32 = 8;
/// How long selling goes on for each change.
pub const SELLING_PER_CHANGE: Duration = Duration::from_millis(400);

/// What people do at a register meanwhile, now and then: they reload its page, ask for a synchronisation or for a newer
/// profile, and change customers, which may go on while the profile that lets them goes. Says how many they changed.
///
/// # Errors
/// [`CustomerError`] when the register's databases take nothing.
pub fn disturb(register: &mut Register, random: &mut Random) -> Result<u64, CustomerError> {
    match random.between(0, 120) {
        0 => {
            let versions = register.api().versions();
            register.reload(versions);
        }
        1 => register.driver().tell(Event::SyncNow),
        2 => register.driver().tell(Event::LookForNewDatabase),
        3 => register.driver().tell(Event::SendNow),
        4..=7 => return edit_a_customer(register, random),
        _ => {}
    }
    Ok(0)
}

/// Changes a customer that is here, or adds one; nothing where the register's profile does not let it.
fn edit_a_customer(register: &Register, random: &mut Random) -> Result<u64, CustomerError> {
    let profile = register.store().state().profile;
    let scope = profile.as_ref().and_then(|(_, profile)| profile.entry(TableId::Customer));
    if scope.is_none_or(|(scope, _)| scope.direction != Direction::Bidirectional) {
        return Ok(0);
    }
    let rows = register.store().rows(TableId::Customer)?;
    let live: Vec<&String> = rows.iter().filter(|(_, row)| row.body.is_some()).map(|(id, _)| id).collect();
    let at = usize::try_from(random.between(0, live.len() as u64)).unwrap_or(0);
    let number = random.between(0, 1_000_000);
    let id = match live.get(at) {
        Some(id) if random.between(0, 4) > 0 => (*id).clone(),
        Some(_) | None => format!("till-{}-{number}", register.number()),
    };
    let edited = register.edit_customer(&id, |row| {
        if row.name.is_empty() {
            row.name = format!("Added {number}");
        }
        row.email = format!("{number}@example.org");
    })?;
    Ok(u64::from(edited.is_some()))
}

/// Provisions a fresh register of the same profile for each one that sold, and waits until they are equal.
///
/// # Errors
/// [`ReplayError`] where no fresh register can be made.
pub async fn compare_with_fresh(
    registers: &[&Register],
    admin: &AdminApi,
    url: &str,
    clock: Clock,
    deeds: Deeds,
    register_edits: u64,
) -> Result<ChangedProfiles, ReplayError> {
    let mut found = Vec::new();
    let profiles = admin.profiles().await?;
    for register in registers {
        let own = own_profile(&profiles, register.number());
        let number = admin.add_register(&format!("Fresh for {}", register.number())).await?;
        if own.is_some() {
            admin.set_register_profile(number, own).await?;
        }
        let code = admin.activation_code(number).await?;
        let random = Random::new(Random::fresh_seed());
        let fresh = Register::activate(RegisterApi::new(url)?, &code, clock, random).await?;
        found.extend(settle(register, &fresh).await);
        found.extend(lost(register.number(), register.store()));
        let (has, published) = (version_of(register), published_version(&profiles, own));
        if has != published {
            let number = register.number();
            found.push(format!("register {number} has profile version {has:?}, {published:?} is published"));
        }
    }
    Ok(ChangedProfiles { deeds, register_edits, differences: found })
}

/// The profile that a register has been given itself.
fn own_profile(profiles: &Profiles, number: u16) -> Option<u64> {
    let mut listed = profiles.profiles.iter();
    listed.find(|profile| profile.registers_own.contains(&number)).map(|profile| profile.id)
}

/// What is published of a profile, or of the store's.
fn published_version(profiles: &Profiles, own: Option<u64>) -> Option<u64> {
    let id = own.or(profiles.store_profile);
    let profile = profiles.profiles.iter().find(|profile| Some(profile.id) == id)?;
    profile.published.as_ref().map(|published| published.version)
}

fn version_of(register: &Register) -> Option<u64> {
    register.store().state().profile.map(|(version, _)| version)
}

/// Has both synchronise, whatever their schedules, until nothing differs or it has taken too long.
async fn settle(register: &Register, fresh: &Register) -> Vec<String> {
    let deadline = Instant::now() + EQUAL_AT_MOST;
    for look in 0_u32.. {
        if look.is_multiple_of(ASK_EVERY_LOOKS) {
            for asked in [register, fresh] {
                asked.driver().tell(Event::LookForNewDatabase);
                asked.driver().tell(Event::SyncNow);
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
        let found = differences(register.number(), register.store(), fresh.store());
        if found.is_empty() || Instant::now() > deadline {
            let said = register.driver().status().and_then(|status| status.last_error);
            let said = said.filter(|_| !found.is_empty()).map(|said| format!("it says: {said}"));
            return found.into_iter().chain(said).collect();
        }
    }
    Vec::new()
}
