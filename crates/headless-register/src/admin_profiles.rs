//! The admin API's profiles and scopes: drafts, publishing, going back, and who gets which.

use holdfast_profile::{Profile, Scope, ScopeRename};
use reqwest::{Method, Url};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::admin_api::{AdminApi, AdminError};

/// All profiles of the store.
#[derive(Debug, Clone, Deserialize)]
pub struct Profiles {
    /// By their names.
    pub profiles: Vec<ListedProfile>,
    /// The profile of registers that have none of their own.
    pub store_profile: Option<u64>,
}

/// A profile in the list.
#[derive(Debug, Clone, Deserialize)]
pub struct ListedProfile {
    /// Its number in the store, for ever.
    pub id: u64,
    /// What registers get; none where it was never published.
    pub published: Option<ListedVersion>,
    /// Registers that it is assigned to themselves.
    pub registers_own: Vec<u16>,
}

/// A published version.
#[derive(Debug, Clone, Deserialize)]
pub struct ListedVersion {
    /// Its number.
    pub version: u64,
}

/// A profile's draft.
#[derive(Debug, Clone, Deserialize)]
pub struct DraftDetail {
    /// The profile's number in the store.
    pub id: u64,
    /// Grows at each save.
    pub revision: u64,
    /// The draft.
    pub draft: Profile,
}

/// A scope of the library.
#[derive(Debug, Clone, Deserialize)]
pub struct LibraryScope {
    /// The scope.
    pub scope: Scope,
    /// The profiles whose drafts hold it; only how many matters.
    pub used_by: Vec<IgnoredAny>,
}

/// What an order is said to mean beside what it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Meant {
    /// Although other profiles have scopes of it that change there too.
    pub also_changes_others: bool,
    /// The revision of the draft that may be lost with changes that were never published.
    pub drops_draft: Option<u64>,
}

#[derive(Deserialize)]
struct Saved {
    detail: DraftDetail,
}

#[derive(Deserialize)]
struct Versions {
    versions: Vec<ListedVersion>,
}

#[derive(Deserialize)]
struct Scopes {
    scopes: Vec<LibraryScope>,
}

impl AdminApi {
    /// Lists the profiles.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn profiles(&self) -> Result<Profiles, AdminError> {
        self.read("profiles").await
    }

    /// A profile's draft.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn draft(&self, id: u64) -> Result<DraftDetail, AdminError> {
        self.read(&format!("profiles/{id}")).await
    }

    /// Makes a profile with the draft of another.
    ///
    /// # Errors
    /// [`AdminError`], also for a name that is taken.
    pub async fn copy_profile(&self, of: u64, name: &str) -> Result<DraftDetail, AdminError> {
        let body = json!({ "name": name, "description": "", "copy_of": of });
        let request = self.change(Method::POST, "profiles").json(&body);
        Ok(self.send("to make a profile", request).await?.json().await?)
    }

    /// Saves a draft that was made from a revision.
    ///
    /// # Errors
    /// [`AdminError`], also where it, or another draft that shares a scope with it, would not be valid.
    pub async fn save_draft(
        &self,
        before: &DraftDetail,
        draft: &Profile,
        renamed: &[ScopeRename],
    ) -> Result<DraftDetail, AdminError> {
        let body = json!({ "base_revision": before.revision, "profile": draft, "renamed_scopes": renamed });
        let request = self.change(Method::PUT, &format!("profiles/{}", before.id)).json(&body);
        let saved: Saved = self.send("to save a profile", request).await?.json().await?;
        Ok(saved.detail)
    }

    /// Publishes a draft of this revision, and gives the version's number.
    ///
    /// # Errors
    /// [`AdminError`], also where registers have that already.
    pub async fn publish_draft(&self, id: u64, revision: u64) -> Result<u64, AdminError> {
        let body = json!({ "revision": revision });
        let request = self.change(Method::POST, &format!("profiles/{id}/publish")).json(&body);
        let published: ListedVersion = self.send("to publish a profile", request).await?.json().await?;
        Ok(published.version)
    }

    /// Numbers of a profile's versions, newest first.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn versions_of(&self, id: u64) -> Result<Vec<u64>, AdminError> {
        let versions: Versions = self.read(&format!("profiles/{id}/versions")).await?;
        Ok(versions.versions.into_iter().map(|listed| listed.version).collect())
    }

    /// Publishes an earlier version again, and gives the new one's number.
    ///
    /// # Errors
    /// [`AdminError`], also where other profiles have scopes of it that would change or the draft would be lost, unless
    /// that is said to be meant.
    pub async fn roll_back(&self, id: u64, version: u64, meant: Meant) -> Result<u64, AdminError> {
        let Meant { also_changes_others, drops_draft } = meant;
        let body = json!({
            "version": version,
            "also_changes_others": also_changes_others,
            "drops_draft": drops_draft,
        });
        let request = self.change(Method::POST, &format!("profiles/{id}/rollback")).json(&body);
        let published: ListedVersion = self.send("to go back to a version", request).await?.json().await?;
        Ok(published.version)
    }

    /// Makes the draft of `Default pr.` what ships, and gives it.
    ///
    /// # Errors
    /// [`AdminError`], also where other profiles have scopes of it that would change or the draft would be lost, unless
    /// that is said to be meant.
    pub async fn restore_default(&self, meant: Meant) -> Result<DraftDetail, AdminError> {
        let request = self.change(Method::POST, "profiles/default/restore").json(&meant);
        Ok(self.send("to restore the default", request).await?.json().await?)
    }

    /// Gives a register a profile of its own, or the store's.
    ///
    /// # Errors
    /// [`AdminError`], also where the profile was never published.
    pub async fn set_register_profile(&self, number: u16, id: Option<u64>) -> Result<(), AdminError> {
        let body = json!({ "profile": id });
        let request = self.change(Method::PUT, &format!("registers/{number}/profile")).json(&body);
        self.send("to give a register a profile", request).await.map(drop)
    }

    /// The library of scopes.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn scopes(&self) -> Result<Vec<LibraryScope>, AdminError> {
        let scopes: Scopes = self.read("scopes").await?;
        Ok(scopes.scopes)
    }

    /// Deletes a scope.
    ///
    /// # Errors
    /// [`AdminError`], also where a profile holds it.
    pub async fn delete_scope(&self, name: &str) -> Result<(), AdminError> {
        let request = self.change(Method::DELETE, &format!("scopes/{}", escaped(name)));
        self.send("to delete a scope", request).await.map(drop)
    }
}

/// A name as one part of a path.
fn escaped(name: &str) -> String {
    let mut url = Url::parse("http://x/").ok();
    if let Some(mut parts) = url.as_mut().and_then(|url| url.path_segments_mut().ok()) {
        parts.pop_if_empty().push(name);
    }
    url.map(|url| url.path().trim_start_matches('/').to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_name_is_one_part_of_a_path_whatever_it_holds() {
        assert_eq!(escaped("Prices & discounts"), "Prices%20&%20discounts");
        assert_eq!(escaped("a/b?c#d%"), "a%2Fb%3Fc%23d%25");
        assert_eq!(escaped("קופה"), "%D7%A7%D7%95%D7%A4%D7%94");
    }
}
