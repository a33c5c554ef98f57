//! All profiles of a store, and who uses them.

use std::collections::BTreeMap;

use holdfast_domain::Currency;
use holdfast_profile::{Draft, Library, Profile, ProfileVersion, Scope, TableId};

use super::ProfileRefusal;
use crate::database::BuildingOverview;

/// A profile: its draft and what is published of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptProfile {
    /// Its number in the store, for ever.
    pub id: u64,
    /// Grows by one at each save.
    pub revision: u64,
    /// The draft.
    pub draft: Profile,
    /// When it was saved, ms since 1970.
    pub updated_at_ms: i64,
    /// Who saved it.
    pub updated_by: String,
    /// What registers get; none where it was never published.
    pub published: Option<ProfileVersion>,
}

/// A register as its profile matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileRegister {
    /// Number in the store.
    pub number: u16,
    /// Name.
    pub name: String,
    /// The profile of its own; none where it has the store's.
    pub own_profile: Option<u64>,
    /// Whether a device is this register now.
    pub is_activated: bool,
    /// Whether it was locked, and no device is it since.
    pub is_locked: bool,
    /// Profile version that it has, as it last said.
    pub version: Option<u64>,
    /// What it builds, as it last said.
    pub building: Option<BuildingOverview>,
    /// Last contact, ms since 1970.
    pub last_contact_ms: Option<i64>,
    /// Bytes that its browser has stored, and may store.
    pub storage_bytes: Option<(u64, u64)>,
    /// Entries that waited in its outbox at its last contact and have not come since.
    pub waiting: Option<u64>,
    /// When somebody asked that it synchronise everything, which it was not told yet.
    pub retry_asked_at_ms: Option<i64>,
    /// What kept it from having its profile's rows at its last contact.
    pub profile_error: Option<String>,
    /// Whether its app was too old then for anything but uploads.
    pub app_is_too_old: bool,
    /// Rows that it keeps, by table, where that was asked for.
    pub rows: BTreeMap<TableId, u64>,
}

impl ProfileRegister {
    /// How far it has come with a version that it builds; none where it builds no rows for that one.
    pub fn builds(&self, version: u64) -> Option<BuildingOverview> {
        self.building.filter(|building| building.version == version)
    }

    /// Whether it sells from all of a version. A register without a version before goes by its first one at once, and an
    /// app from before registers moved as a whole goes by each so: its rows come afterwards. A table of the version in
    /// force that is built anew, since a disk has damaged it, counts on purpose: not all that is there is whole.
    pub fn has(&self, version: u64) -> bool {
        self.version == Some(version) && self.builds(version).is_none()
    }
}

/// All profiles of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileShelf {
    /// By their ids.
    pub profiles: Vec<KeptProfile>,
    /// Scopes that no draft holds.
    pub unused: Vec<Scope>,
    /// The profile of registers that have none of their own.
    pub store_profile: Option<u64>,
    /// By their numbers.
    pub registers: Vec<ProfileRegister>,
    /// Highest id that was given to a profile.
    pub last_id: u64,
    /// Highest number of a published version.
    pub last_version: u64,
    /// The store's currency, for amounts in sentences.
    pub currency: Currency,
}

impl ProfileShelf {
    /// A profile.
    pub fn profile(&self, id: u64) -> Option<&KeptProfile> {
        self.profiles.iter().find(|kept| kept.id == id)
    }

    /// A profile that registers can get, and what they get of it.
    ///
    /// # Errors
    /// [`ProfileRefusal::Field`] where there is none, or it was never published.
    pub fn published(&self, id: u64) -> Result<(&KeptProfile, &ProfileVersion), ProfileRefusal> {
        let field = |reason: &str| ProfileRefusal::Field { field: "profile", reason: reason.to_owned() };
        let kept = self.profile(id).ok_or_else(|| field("There is no such profile. Choose another."))?;
        let never = "This profile was never published, so registers can't get it. Publish it first.";
        let version = kept.published.as_ref().ok_or_else(|| field(never))?;
        Ok((kept, version))
    }

    /// A register.
    ///
    /// # Errors
    /// [`ProfileRefusal::NotFound`].
    pub fn register(&self, number: u16) -> Result<&ProfileRegister, ProfileRefusal> {
        let mut registers = self.registers.iter();
        registers.find(|register| register.number == number).ok_or(ProfileRefusal::NotFound)
    }

    /// The drafts and the scopes that they share.
    pub fn library(&self) -> Library {
        let draft = |kept: &KeptProfile| Draft { id: kept.id, profile: kept.draft.clone() };
        Library { drafts: self.profiles.iter().map(draft).collect(), unused: self.unused.clone() }
    }

    /// The registers that use a profile, their own or the store's.
    pub fn registers_with(&self, id: u64) -> impl Iterator<Item = &ProfileRegister> {
        self.registers.iter().filter(move |register| register.own_profile.or(self.store_profile) == Some(id))
    }

    /// Numbers of the registers that a profile is assigned to itself.
    pub fn registers_own(&self, id: u64) -> Vec<u16> {
        let own = self.registers.iter().filter(|register| register.own_profile == Some(id));
        own.map(|register| register.number).collect()
    }

    /// A profile by its name as it is compared.
    pub fn by_name(&self, name: &str) -> Option<&KeptProfile> {
        let key = holdfast_profile::name_key(name);
        self.profiles.iter().find(|kept| holdfast_profile::name_key(&kept.draft.name) == key)
    }
}
