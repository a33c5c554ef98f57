//! The shapes of the admin API about offline profiles. Fields that an older or newer server may not send have a
//! default.

use std::collections::BTreeMap;

use holdfast_profile::{ChangePlan, Finding, Profile, Scope, Side, StoppedOperation, TableId};
use serde::{Deserialize, Serialize};

/// All profiles.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ProfileList {
    /// By name.
    pub profiles: Vec<ProfileSummary>,
    /// The profile of registers that have none of their own.
    pub store_profile: Option<u64>,
}

/// A profile in the list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ProfileSummary {
    /// Stays the same whatever it is named.
    pub id: u64,
    /// Name of the draft.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Scopes of the draft.
    pub scopes_count: u64,
    /// What registers get; none before it is published.
    pub published: Option<PublishedSummary>,
    /// Whether the draft differs from that.
    pub has_unpublished_changes: bool,
    /// Whether it is the store's profile.
    pub used_by_store: bool,
    /// Registers that have it as their own.
    #[serde(default)]
    pub registers_own: Vec<u16>,
    /// Activated registers that should have the published version.
    #[serde(default)]
    pub registers_count: u64,
    /// Those that have it.
    #[serde(default)]
    pub registers_with_version: u64,
}

/// What was published last.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PublishedSummary {
    /// The version's number.
    pub version: u64,
}

/// A whole profile.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ProfileDetail {
    /// Stays the same whatever it is named.
    pub id: u64,
    /// Grows at each save of the draft.
    pub revision: u64,
    /// What is saved.
    pub draft: Profile,
    /// Who saved it last.
    #[serde(default)]
    pub updated_by: String,
    /// What registers get; none before it is published.
    pub published: Option<PublishedProfile>,
    /// Whether it is the store's profile.
    pub used_by_store: bool,
    /// Registers that have it as their own.
    #[serde(default)]
    pub registers_own: Vec<u16>,
    /// Activated registers that should have the published version.
    #[serde(default)]
    pub registers_count: u64,
    /// Those that have it.
    #[serde(default)]
    pub registers_with_version: u64,
}

impl ProfileDetail {
    /// Whether what is saved is not what registers get.
    pub fn differs_from_published(&self) -> bool {
        self.published.as_ref().is_none_or(|published| published.profile != self.draft)
    }
}

/// What was published last, whole.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PublishedProfile {
    /// The version's number.
    pub version: u64,
    /// The profile.
    pub profile: Profile,
}

/// A profile to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewProfile {
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The profile that it begins as.
    pub copy_of: Option<u64>,
}

/// A draft to save.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SaveOrder {
    /// Revision that it is based on.
    pub base_revision: u64,
    /// The profile.
    pub profile: Profile,
    /// Scopes that have another name.
    pub renamed_scopes: Vec<RenamedScope>,
    /// What holds where another changed the same, by the conflict's field.
    pub choices: BTreeMap<String, Side>,
}

/// A scope that has another name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RenamedScope {
    /// What the store server knows it by.
    pub from: String,
    /// Its name from now on.
    pub to: String,
}

/// What came of a save.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Saved {
    /// What is saved now.
    pub detail: ProfileDetail,
    /// Whether another's changes were merged in.
    #[serde(default)]
    pub merged: bool,
}

/// What a profile would do to registers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Preview {
    /// What a register keeps, by table.
    #[serde(default)]
    pub tables: Vec<TablePreview>,
    /// What each register downloads and removes.
    #[serde(default)]
    pub registers: Vec<RegisterPreview>,
    /// What changes against the published version.
    #[serde(default)]
    pub plan: ChangePlan,
    /// The rate at which times are estimated, bytes of rows a second.
    pub estimated_bytes_per_s: u64,
}

/// What a register would keep of a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TablePreview {
    /// Which.
    pub table: TableId,
    /// Rows that a register keeps.
    pub rows: u64,
    /// Bytes of these, before compression.
    #[serde(default)]
    pub bytes: u64,
    /// Rows that the store server has.
    #[serde(default)]
    pub all_rows: u64,
    /// Rows that are kept only because kept rows refer to them.
    #[serde(default)]
    pub related_rows: u64,
    /// Rows with the published version.
    #[serde(default)]
    pub before_rows: u64,
}

/// What a register would do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RegisterPreview {
    /// Its number.
    pub number: u16,
    /// Its name.
    pub name: String,
    /// The version that it has,
    pub version: Option<u64>,
    /// and the name of the profile that this was published of.
    #[serde(default)]
    pub profile_name: Option<String>,
    /// Rows to download.
    pub rows_down: u64,
    /// Bytes to download.
    pub bytes_down: u64,
    /// Rows that go.
    pub rows_removed: u64,
    /// How long it takes.
    pub estimated_s: u64,
    /// Whether its browser has room for that; none where it is not known.
    #[serde(default)]
    pub fits: Option<bool>,
    /// Most that pictures take beyond what they may take now, bytes,
    #[serde(default)]
    pub pictures_bytes: u64,
    /// and whether these find room beside that, too.
    #[serde(default)]
    pub pictures_fit: Option<bool>,
    /// What stops working offline there and not in the plan.
    #[serde(default)]
    pub also_stops_offline: Vec<StoppedOperation>,
    /// Entries that waited there at its last contact,
    #[serde(default)]
    pub waiting: Option<u64>,
    /// and whether they go up before what they belong to goes.
    #[serde(default)]
    pub uploads_first: bool,
    /// Since when it has been offline.
    #[serde(default)]
    pub offline_since_ms: Option<i64>,
}

/// What giving a profile to somebody would do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AssignmentPreview {
    /// The profile that it is instead of.
    #[serde(default)]
    pub from: Option<GivenProfile>,
    /// The profile.
    pub to: GivenProfile,
    /// What registers would do.
    #[serde(flatten)]
    pub preview: Preview,
}

/// A profile that registers go by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GivenProfile {
    /// Stays the same whatever it is named.
    pub id: u64,
    /// Name of the draft.
    pub name: String,
    /// What is published of it.
    pub version: Option<u64>,
}

/// A draft to publish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublishOrder {
    /// Its revision.
    pub revision: u64,
    /// Although no register could hold it.
    pub force: bool,
}

/// A version to go back to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RollbackOrder {
    /// Its number.
    pub version: u64,
    /// What is meant beside that.
    #[serde(flatten)]
    pub meant: Meant,
}

/// What whoever gives an order was asked, and means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Meant {
    /// Although other profiles have scopes of it that change there too.
    pub also_changes_others: bool,
    /// The revision of the draft that may be lost with changes that were never published.
    pub drops_draft: Option<u64>,
    /// Although no register could hold it; of a version that is published.
    pub force: bool,
}

/// A draft whose changes were never published and would be lost.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LostDraft {
    /// Its name.
    pub name: String,
    /// Its revision.
    pub revision: u64,
    /// When it was saved, ms since 1970.
    pub updated_at_ms: i64,
    /// Who saved it last.
    pub updated_by: String,
    /// What it changes against what registers get.
    pub plan: ChangePlan,
}

/// A profile that would change too, because it has the same scopes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ChangedOther {
    /// Its name.
    pub name: String,
    /// The scopes that would change in it.
    pub scopes: Vec<String>,
}

/// The number of what was published.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PublishedVersion {
    /// The number.
    pub version: u64,
}

/// Answer with the versions of a profile.
#[derive(Deserialize)]
pub struct VersionList {
    /// Newest first.
    pub versions: Vec<VersionSummary>,
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct VersionSummary {
    /// Its number.
    pub version: u64,
    /// When.
    pub published_at_ms: i64,
    /// Who.
    #[serde(default)]
    pub published_by: String,
    /// The version that it brought back.
    #[serde(default)]
    pub restored_from: Option<u64>,
    /// Registers that have it.
    #[serde(default)]
    pub registers_count: u64,
}

/// Who has which version.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Rollout {
    /// The version that all should have.
    pub version: Option<u64>,
    /// By number.
    pub registers: Vec<RolloutRegister>,
}

/// How far a register has come.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RolloutRegister {
    /// Its number.
    pub number: u16,
    /// Its name.
    pub name: String,
    /// The version that it has.
    pub version: Option<u64>,
    /// How it stands: one of the stages that the rollout's page knows.
    pub state: String,
    /// Rows of that version that it has; none where nothing is known of them.
    #[serde(default)]
    pub rows_have: Option<u64>,
    /// Rows that it should have.
    #[serde(default)]
    pub rows_wanted: u64,
    /// Its last contact.
    #[serde(default)]
    pub last_contact_ms: Option<i64>,
    /// Why it does not come further.
    #[serde(default)]
    pub error: Option<String>,
    /// Whether it is told to try again at its next contact.
    #[serde(default)]
    pub retry_asked: bool,
}

/// A profile from a file. Nothing is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedProfile {
    /// The profile.
    pub profile: Profile,
    /// Fields that were not understood.
    #[serde(default)]
    pub unknown_fields: Vec<String>,
    /// What keeps it from being saved.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// The profile of that name that is here already.
    #[serde(default)]
    pub existing: Option<u64>,
}

/// A profile to save as a new one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportOrder {
    /// The profile.
    pub profile: Profile,
}

/// Answer with the scopes of the store.
#[derive(Deserialize)]
pub struct ScopeList {
    /// By name.
    pub scopes: Vec<LibraryScope>,
}

/// A scope that profiles may use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LibraryScope {
    /// The scope.
    pub scope: Scope,
    /// The profiles that use it.
    #[serde(default)]
    pub used_by: Vec<NamedProfile>,
}

/// A profile by its name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NamedProfile {
    /// Stays the same whatever it is named.
    pub id: u64,
    /// Its name.
    pub name: String,
}

/// The profile that the store or a register is to have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assignment {
    /// Its id; none is the store's.
    pub profile: Option<u64>,
    /// Although there is no room for it.
    pub force: bool,
}

/// A page of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ChangeList {
    /// Newest first.
    pub changes: Vec<Change>,
}

/// Something that an administrator did.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Change {
    /// Place in the trail.
    pub id: u64,
    /// When.
    pub at_ms: i64,
    /// Who.
    #[serde(default)]
    pub administrator: String,
    /// What, by name.
    pub action: String,
    /// To what.
    #[serde(default)]
    pub subject: String,
    /// More about it, in the store server's language.
    #[serde(default)]
    pub detail: String,
}

/// Answer with the categories.
#[derive(Deserialize)]
pub struct CategoryList {
    /// In the shop's order.
    pub categories: Vec<CategoryCount>,
}

/// A category and how much is in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CategoryCount {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Products in it.
    #[serde(default)]
    pub products: u64,
}
