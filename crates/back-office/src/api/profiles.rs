//! The requests about offline profiles.

use holdfast_profile::Profile;

use super::profile_types::{
    Assignment, AssignmentPreview, CategoryCount, CategoryList, Change, ChangeList, ImportOrder,
    ImportedProfile, LibraryScope, Meant, NewProfile, Preview, ProfileDetail, ProfileList, PublishOrder,
    PublishedVersion, RollbackOrder, Rollout, SaveOrder, Saved, ScopeList, VersionList, VersionSummary,
};
use super::{Api, ApiError};

/// How many changes a page of the audit trail has.
pub const CHANGES_LIMIT: usize = 50;

/// A draft that a preview is asked for.
#[derive(serde::Serialize)]
struct PreviewOrder<'a> {
    profile: &'a Profile,
}

impl Api {
    /// All profiles.
    pub async fn profiles(self) -> Result<ProfileList, ApiError> {
        self.get("/profiles").await
    }

    /// A whole profile.
    pub async fn profile(self, id: u64) -> Result<ProfileDetail, ApiError> {
        self.get(&format!("/profiles/{id}")).await
    }

    /// Makes a profile.
    pub async fn add_profile(self, profile: &NewProfile) -> Result<ProfileDetail, ApiError> {
        self.post("/profiles", profile).await
    }

    /// Saves a draft.
    pub async fn save_profile(self, id: u64, order: &SaveOrder) -> Result<Saved, ApiError> {
        self.put(&format!("/profiles/{id}"), order).await
    }

    /// Deletes a profile that nothing uses.
    pub async fn delete_profile(self, id: u64) -> Result<(), ApiError> {
        self.delete(&format!("/profiles/{id}")).await
    }

    /// What a draft would do to registers. It needs not be valid or saved.
    pub async fn preview_profile(self, id: u64, profile: &Profile) -> Result<Preview, ApiError> {
        self.post(&format!("/profiles/{id}/preview"), &PreviewOrder { profile }).await
    }

    /// Publishes a draft.
    pub async fn publish_profile(self, id: u64, order: &PublishOrder) -> Result<PublishedVersion, ApiError> {
        self.post(&format!("/profiles/{id}/publish"), order).await
    }

    /// The published versions of a profile, newest first.
    pub async fn profile_versions(self, id: u64) -> Result<Vec<VersionSummary>, ApiError> {
        self.get::<VersionList>(&format!("/profiles/{id}/versions")).await.map(|list| list.versions)
    }

    /// What going back to a version would do.
    pub async fn version_preview(self, id: u64, version: u64) -> Result<Preview, ApiError> {
        self.get(&format!("/profiles/{id}/versions/{version}/preview")).await
    }

    /// Publishes an earlier version again.
    pub async fn roll_back_profile(
        self,
        id: u64,
        order: &RollbackOrder,
    ) -> Result<PublishedVersion, ApiError> {
        self.post(&format!("/profiles/{id}/rollback"), order).await
    }

    /// Who has which version of a profile.
    pub async fn rollout(self, id: u64) -> Result<Rollout, ApiError> {
        self.get(&format!("/profiles/{id}/rollout")).await
    }

    /// Has a register synchronise all at its next contact.
    pub async fn retry_register(self, number: u16) -> Result<(), ApiError> {
        self.post_done(&format!("/registers/{number}/retry"), &()).await
    }

    /// Reads a profile's file; nothing is saved.
    pub async fn read_profile_file(self, file: &web_sys::File) -> Result<ImportedProfile, ApiError> {
        self.post_file_as("/profiles/import", file, "application/json").await
    }

    /// Saves a profile from a file as a new one.
    pub async fn save_imported_profile(self, profile: Profile) -> Result<ProfileDetail, ApiError> {
        self.post("/profiles/import/save", &ImportOrder { profile }).await
    }

    /// Makes the draft of `Default pr.` what ships.
    pub async fn restore_default_profile(self, meant: &Meant) -> Result<ProfileDetail, ApiError> {
        self.post("/profiles/default/restore", meant).await
    }

    /// The scopes of the store.
    pub async fn scopes(self) -> Result<Vec<LibraryScope>, ApiError> {
        self.get::<ScopeList>("/scopes").await.map(|list| list.scopes)
    }

    /// Deletes a scope that no profile has.
    pub async fn delete_scope(self, name: &str) -> Result<(), ApiError> {
        let name = String::from(js_sys::encode_uri_component(name));
        self.delete(&format!("/scopes/{name}")).await
    }

    /// Gives the store a profile.
    pub async fn set_store_profile(self, order: &Assignment) -> Result<(), ApiError> {
        self.put_done("/store/profile", order).await
    }

    /// What that would do.
    pub async fn preview_store_profile(self, profile: u64) -> Result<AssignmentPreview, ApiError> {
        self.get(&format!("/store/profile/preview?profile={profile}")).await
    }

    /// Gives a register a profile of its own, or the store's.
    pub async fn set_register_profile(self, number: u16, order: &Assignment) -> Result<(), ApiError> {
        self.put_done(&format!("/registers/{number}/profile"), order).await
    }

    /// What that would do.
    pub async fn preview_register_profile(
        self,
        number: u16,
        profile: Option<u64>,
    ) -> Result<AssignmentPreview, ApiError> {
        let query = profile.map(|id| format!("?profile={id}")).unwrap_or_default();
        self.get(&format!("/registers/{number}/profile/preview{query}")).await
    }

    /// What administrators did, newest first: the newest, or what came before one.
    pub async fn changes(self, before: Option<u64>) -> Result<Vec<Change>, ApiError> {
        let before = before.map(|id| format!("&before={id}")).unwrap_or_default();
        self.get::<ChangeList>(&format!("/changes?limit={CHANGES_LIMIT}{before}"))
            .await
            .map(|list| list.changes)
    }

    /// The categories of the catalogue.
    pub async fn categories(self) -> Result<Vec<CategoryCount>, ApiError> {
        self.get::<CategoryList>("/categories").await.map(|list| list.categories)
    }
}
