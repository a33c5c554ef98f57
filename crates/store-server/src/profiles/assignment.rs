//! Giving a published profile to the store or to a register: which registers go by another one then.

use holdfast_profile::ProfileVersion;

use super::preview::Moving;
use super::{KeptProfile, ProfileChange, ProfileRefusal, ProfileRegister, ProfileShelf};

/// Who is given which profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Giving {
    /// The store, and with it all registers that have none of their own.
    ToStore {
        /// Which.
        id: u64,
    },
    /// A register.
    ToRegister {
        /// Its number.
        number: u16,
        /// Which; none takes its own away, so that it has the store's.
        id: Option<u64>,
    },
}

impl From<Giving> for ProfileChange {
    fn from(giving: Giving) -> ProfileChange {
        match giving {
            Giving::ToStore { id } => ProfileChange::SetStoreProfile { id },
            Giving::ToRegister { number, id } => ProfileChange::SetRegisterProfile { number, id },
        }
    }
}

/// What giving a profile to somebody changes.
#[derive(Debug, Clone)]
pub struct Assignment<'a> {
    /// The profile that those who are given another one go by now.
    pub from: Option<&'a KeptProfile>,
    /// The profile that they go by then.
    pub to: &'a KeptProfile,
    /// What is published of it.
    pub version: &'a ProfileVersion,
    /// The registers for which it is another one, by their numbers.
    registers: Vec<&'a ProfileRegister>,
}

impl<'a> Assignment<'a> {
    /// The same as registers see it.
    pub fn moving(&self) -> Moving<'a> {
        let published = |kept: &'a KeptProfile| kept.published.as_ref().map(|version| &version.profile);
        Moving {
            before: self.from.and_then(published),
            after: &self.version.profile,
            registers: self.registers.clone(),
        }
    }
}

impl ProfileShelf {
    /// What giving a profile to somebody changes.
    ///
    /// # Errors
    /// [`ProfileRefusal`], as the order itself is refused.
    pub fn assignment(&self, giving: Giving) -> Result<Assignment<'_>, ProfileRefusal> {
        let (before, after, registers): (_, _, Vec<&ProfileRegister>) = match giving {
            Giving::ToStore { id } => {
                let of_store = self.registers.iter().filter(|register| register.own_profile.is_none());
                (self.store_profile, Some(id), of_store.collect())
            }
            Giving::ToRegister { number, id } => {
                let register = self.register(number)?;
                let before = register.own_profile.or(self.store_profile);
                (before, id.or(self.store_profile), vec![register])
            }
        };
        let no_store_profile = || ProfileRefusal::Field {
            field: "profile",
            reason: "The store has no profile. Give it one first.".to_owned(),
        };
        let (to, version) = self.published(after.ok_or_else(no_store_profile)?)?;
        let registers = if before == after { Vec::new() } else { registers };
        Ok(Assignment { from: before.and_then(|id| self.profile(id)), to, version, registers })
    }
}
