//! Changes profiles at random while registers sell, and afterwards compares each register with a fresh one.

use std::time::{Duration, Instant};

use holdfast_profile::{Profile, RandomChanges, default_profile};
use holdfast_sync::Event;

use crate::admin_api::AdminApi;
use crate::clock::Clock;
use crate::equality::{differences, lost};
use crate::random::Random;
use crate::register::Register;
use crate::register_api::RegisterApi;
use crate::replay::ReplayError;
use crate::server_process::ServerProcess;
use crate::summary::ChangedProfiles;

/// How long a register may take at the end until it equals a fresh one.
const EQUAL_AT_MOST: Duration = Duration::from_secs(120);
/// How often it is looked.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Looks after which somebody asks again at the register.
const ASK_EVERY_LOOKS: u32 = 8;
/// How long selling goes on for each change.
pub const SELLING_PER_CHANGE: Duration = Duration::from_millis(400);

/// Publishes one changed profile after the other on a store server, until there were so many.
pub struct ProfileChanger<'s> {
    server: &'s ServerProcess,
    random: Random,
    profile: Profile,
    categories: Vec<String>,
    say: fn(&str),
}

impl<'s> ProfileChanger<'s> {
    /// One that begins with the profile that the store server has from its first start.
    pub fn new(server: &'s ServerProcess, seed: u64, categories: Vec<String>, say: fn(&str)) -> Self {
        ProfileChanger {
            server,
            random: Random::new(seed ^ 0xC4A9),
            profile: default_profile(),
            categories,
            say,
        }
    }

    /// Publishes `count` changes, one each `every` at the soonest.
    ///
    /// # Errors
    /// [`ReplayError::Network`] where the store server refuses one: all of them are valid.
    pub async fn publish_all(mut self, count: u32, every: Duration) -> Result<u64, ReplayError> {
        let began = Instant::now();
        for place in 1..=count {
            let mut random = self.random.clone();
            let mut next = || random.next_u64();
            let change =
                RandomChanges { next: &mut next, categories: &self.categories }.change(&self.profile);
            self.random = random;
            self.profile = change.profile;
            self.server.publish(&self.profile).await?;
            (self.say)(&format!("profile change {place}: {}", change.kinds.join(", ")));
            tokio::time::sleep_until((began + every * place).into()).await;
        }
        Ok(u64::from(count))
    }
}

/// What people do at a register meanwhile, now and then: they reload its page, ask for a synchronisation or for a newer
/// profile.
pub fn disturb(register: &mut Register, random: &mut Random) {
    match random.between(0, 120) {
        0 => {
            let versions = register.api().versions();
            register.reload(versions);
        }
        1 => register.driver().tell(Event::SyncNow),
        2 => register.driver().tell(Event::LookForNewDatabase),
        3 => register.driver().tell(Event::SendNow),
        _ => {}
    }
}

/// Provisions a fresh register for each one that sold and waits until they are equal.
///
/// # Errors
/// [`ReplayError`] where no fresh register can be made.
pub async fn compare_with_fresh(
    registers: &[&Register],
    admin: &AdminApi,
    url: &str,
    clock: Clock,
    published: u64,
) -> Result<ChangedProfiles, ReplayError> {
    let mut found = Vec::new();
    for register in registers {
        let number = admin.add_register(&format!("Fresh for {}", register.number())).await?;
        let code = admin.activation_code(number).await?;
        let random = Random::new(Random::fresh_seed());
        let fresh = Register::activate(RegisterApi::new(url)?, &code, clock, random).await?;
        found.extend(settle(register, &fresh).await);
        found.extend(lost(register.number(), register.store()));
    }
    Ok(ChangedProfiles { published, differences: found })
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
