//! An administrator who works at random, over the admin API as the back office does: saves and publishes profiles, goes
//! back to earlier versions, gives registers other profiles, and edits customers and products meanwhile.

use std::time::{Duration, Instant};

use holdfast_profile::{Profile, RandomChanges, ScopeRename};
use serde::Serialize;

use crate::admin_api::{AdminApi, AdminError};
use crate::admin_profiles::{DraftDetail, Meant};
use crate::master_data_edits::MasterDataEdits;
use crate::random::Random;

/// Tries of one change until it must have been taken: what another profile's draft does not allow is thrown again.
const TRIES_MAX: u32 = 500;
/// Unused scopes of the library beyond which some are deleted.
const UNUSED_SCOPES_MAX: usize = 8;
/// Name of the profile that registers get beside the store's.
const OTHER_PROFILE: &str = "Another pr.";
/// Refusals after which an administrator thinks of something else.
const REFUSED_BY_RULE: [&str; 3] = ["profile_invalid", "profile_conflicts", "profile_unchanged"];
/// The refusal that asks whether other profiles are meant to change too.
const CHANGES_OTHERS: &str = "profile_changes_others";
/// The refusal that asks whether changes that were never published may be lost.
const LOSES_DRAFT: &str = "profile_loses_draft";

/// How often what was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Deeds {
    /// Versions that were published, those that are earlier ones again too.
    #[serde(rename = "profile_changes")]
    pub published: u64,
    /// Those that are.
    pub rollbacks: u64,
    /// Times that `Default pr.` was made what ships.
    pub defaults_restored: u64,
    /// Registers that got another profile, or the store's back.
    pub assignments: u64,
    /// Customers that were changed or added.
    pub customer_edits: u64,
    /// Products that were changed or added, with their prices.
    pub product_edits: u64,
    /// Scopes of the library that were deleted.
    pub scopes_deleted: u64,
    /// Orders that a rule refused, and that so changed nothing.
    pub orders_refused: u64,
}

/// The administrator.
#[derive(Debug)]
pub struct RandomAdministrator {
    admin: AdminApi,
    random: Random,
    /// The store's profile, and the other one.
    profiles: [u64; 2],
    /// Registers that sell, and whether each has the other profile.
    registers: Vec<(u16, bool)>,
    edits: MasterDataEdits,
    deeds: Deeds,
    say: fn(&str),
}

impl RandomAdministrator {
    /// One who begins by making and publishing another profile beside the store's.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn begin(
        admin: AdminApi,
        seed: u64,
        registers: &[u16],
        edits: MasterDataEdits,
        say: fn(&str),
    ) -> Result<RandomAdministrator, AdminError> {
        let listed = admin.profiles().await?;
        let stores = listed.store_profile.or_else(|| listed.profiles.first().map(|profile| profile.id));
        let stores = stores.unwrap_or_default();
        let other = admin.copy_profile(stores, OTHER_PROFILE).await?;
        admin.publish_draft(other.id, other.revision).await?;
        Ok(RandomAdministrator {
            admin,
            random: Random::new(seed ^ 0xC4A9),
            profiles: [stores, other.id],
            registers: registers.iter().map(|number| (*number, false)).collect(),
            edits,
            deeds: Deeds::default(),
            say,
        })
    }

    /// Publishes `count` versions, one each `every` at the soonest, and does all the rest between.
    ///
    /// # Errors
    /// [`AdminError`] where the store server refuses what no rule forbids.
    pub async fn work(mut self, count: u32, every: Duration) -> Result<Deeds, AdminError> {
        let began = Instant::now();
        for place in 1..=count {
            self.do_the_rest().await?;
            let words = self.publish_something().await?;
            self.deeds.published += 1;
            (self.say)(&format!("profile change {place}: {words}"));
            tokio::time::sleep_until((began + every * place).into()).await;
        }
        Ok(self.deeds)
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.random.between(0, count) == 0
    }

    fn index(&mut self, count: usize) -> usize {
        usize::try_from(self.random.between(0, count as u64)).unwrap_or(0)
    }

    /// What is done beside changing profiles.
    async fn do_the_rest(&mut self) -> Result<(), AdminError> {
        if self.one_in(3) {
            let csv = self.edits.customers(&mut self.random);
            self.deeds.customer_edits += self.admin.import("customers", csv).await?.taken;
        }
        if self.one_in(3) {
            let csv = self.edits.products(&mut self.random);
            self.deeds.product_edits += self.admin.import("products", csv).await?.taken;
        }
        if self.one_in(3) && !self.registers.is_empty() {
            self.assign().await?;
        }
        self.tidy_library().await
    }

    /// Gives a register the other profile, or takes that away again.
    async fn assign(&mut self) -> Result<(), AdminError> {
        let at = self.index(self.registers.len());
        let [_, other] = self.profiles;
        if let Some((number, has_other)) = self.registers.get_mut(at) {
            let id = (!*has_other).then_some(other);
            self.admin.set_register_profile(*number, id).await?;
            *has_other = !*has_other;
            let whose = if *has_other { "the other profile" } else { "the store's profile again" };
            (self.say)(&format!("register {number} gets {whose}"));
            self.deeds.assignments += 1;
        }
        Ok(())
    }

    /// Deletes scopes that no profile uses, where there are many.
    async fn tidy_library(&mut self) -> Result<(), AdminError> {
        let scopes = self.admin.scopes().await?;
        let unused: Vec<&str> = scopes
            .iter()
            .filter(|listed| listed.used_by.is_empty())
            .map(|listed| listed.scope.name.as_str())
            .collect();
        if unused.len() <= UNUSED_SCOPES_MAX {
            return Ok(());
        }
        for name in unused.iter().take(UNUSED_SCOPES_MAX / 2) {
            self.admin.delete_scope(name).await?;
            self.deeds.scopes_deleted += 1;
        }
        Ok(())
    }

    /// Publishes one version of one profile, whatever it takes. Says what it was.
    async fn publish_something(&mut self) -> Result<String, AdminError> {
        let mut tries = 1;
        loop {
            let [stores, other] = self.profiles;
            // The store's is changed more often: more registers have it.
            let id = if self.one_in(3) { other } else { stores };
            let done = match self.random.between(0, 8) {
                0 => self.go_back(id).await,
                1 => self.restore_default().await,
                _ => self.change(id).await,
            };
            match done {
                Ok(Some(words)) => return Ok(words),
                Ok(None) => {}
                Err(AdminError::Refused { code, .. })
                    if tries < TRIES_MAX && REFUSED_BY_RULE.contains(&code.as_str()) =>
                {
                    self.deeds.orders_refused += 1;
                }
                Err(error) => return Err(error),
            }
            tries += 1;
        }
    }

    /// Saves a profile changed at random, in one or several steps, and publishes it.
    async fn change(&mut self, id: u64) -> Result<Option<String>, AdminError> {
        let categories = self.admin.categories().await?;
        let mut kinds = Vec::new();
        let mut saved = self.admin.draft(id).await?;
        for _ in 0..=self.random.between(0, 2) {
            let mut next = || self.random.next_u64();
            let mut changes = RandomChanges { next: &mut next, categories: &categories };
            let mut change = changes.change(&saved.draft);
            changes.change_pace(&mut change.profile);
            let renamed = if self.one_in(2) { renames(&saved.draft, &change.profile) } else { Vec::new() };
            saved = self.admin.save_draft(&saved, &change.profile, &renamed).await?;
            kinds.extend(change.kinds);
        }
        let version = self.publish(&saved).await?;
        Ok(Some(format!("version {version} of profile {id}: {}", kinds.join(", "))))
    }

    async fn publish(&self, draft: &DraftDetail) -> Result<u64, AdminError> {
        self.admin.publish_draft(draft.id, draft.revision).await
    }

    /// Publishes an earlier version again; none where there is none.
    async fn go_back(&mut self, id: u64) -> Result<Option<String>, AdminError> {
        let versions = self.admin.versions_of(id).await?;
        let earlier = versions.get(1..).unwrap_or_default();
        let at = self.index(earlier.len());
        let Some(version) = earlier.get(at).copied() else { return Ok(None) };
        let admin = &self.admin;
        let published = insist(async |meant| admin.roll_back(id, version, meant).await).await?;
        self.deeds.rollbacks += 1;
        Ok(Some(format!("version {published} of profile {id}: version {version} again")))
    }

    /// Makes `Default pr.` what ships, and publishes it.
    async fn restore_default(&mut self) -> Result<Option<String>, AdminError> {
        let admin = &self.admin;
        let restored = insist(async |meant| admin.restore_default(meant).await).await?;
        let version = self.publish(&restored).await?;
        self.deeds.defaults_restored += 1;
        Ok(Some(format!("version {version} of profile {}: as it ships", restored.id)))
    }
}

/// Gives an order and answers what it asks: all that it would do is meant.
async fn insist<T>(order: impl AsyncFn(Meant) -> Result<T, AdminError>) -> Result<T, AdminError> {
    let mut meant = Meant::default();
    loop {
        let asked = meant;
        match order(meant).await {
            Err(AdminError::Refused { code, loses_revision, .. }) if code == LOSES_DRAFT => {
                meant.drops_draft = loses_revision;
            }
            Err(AdminError::Refused { code, .. }) if code == CHANGES_OTHERS => {
                meant.also_changes_others = true;
            }
            done => return done,
        }
        if meant == asked {
            // It asks again what was answered.
            return order(meant).await;
        }
    }
}

/// The scopes that are the same but for their names.
fn renames(before: &Profile, after: &Profile) -> Vec<ScopeRename> {
    let is_in = |name: &str, profile: &Profile| profile.scopes.iter().any(|scope| scope.name == name);
    let gone = before.scopes.iter().filter(|scope| !is_in(&scope.name, after));
    let renamed = gone.filter_map(|gone| {
        let mut come = after.scopes.iter().filter(|scope| !is_in(&scope.name, before));
        let come = come.find(|scope| scope.tables == gone.tables && scope.direction == gone.direction)?;
        Some(ScopeRename { from: gone.name.clone(), to: come.name.clone() })
    });
    renamed.collect()
}
