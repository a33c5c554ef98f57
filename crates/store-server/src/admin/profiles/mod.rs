//! `/api/admin/profiles`: drafts, what is published, and what registers have of it.

pub mod edit;
pub mod file;
pub mod list;
pub mod preview;
pub mod publish;
pub mod rollout;
pub mod room;

use holdfast_profile::Profile;
use serde::Serialize;

use super::guard::Session;
use super::store::the_store;
use crate::app::App;
use crate::error::{AdminError, ApiError, ProfileProblem};
use crate::profiles::{KeptProfile, ProfileChange, ProfileDone, ProfileOrder, ProfileRefusal, ProfileShelf};

/// A profile whole: its draft and what is published.
#[derive(Debug, Serialize)]
pub struct ProfileDetail {
    id: u64,
    revision: u64,
    draft: Profile,
    updated_at_ms: i64,
    updated_by: String,
    published: Option<Published>,
    #[serde(flatten)]
    users: Users,
}

/// What registers get.
#[derive(Debug, Serialize)]
struct Published {
    version: u64,
    profile: Profile,
    published_at_ms: i64,
    published_by: String,
    restored_from: Option<u64>,
}

/// Who uses a profile.
#[derive(Debug, Serialize)]
struct Users {
    used_by_store: bool,
    /// Registers that it is assigned to themselves.
    registers_own: Vec<u16>,
    /// Registers with a device that should have the published version,
    registers_count: usize,
    /// and that do.
    registers_with_version: usize,
}

impl Users {
    fn of(shelf: &ProfileShelf, kept: &KeptProfile) -> Users {
        let activated = || shelf.registers_with(kept.id).filter(|register| register.is_activated);
        let version = kept.published.as_ref().map(|version| version.number);
        Users {
            used_by_store: shelf.store_profile == Some(kept.id),
            registers_own: shelf.registers_own(kept.id),
            registers_count: activated().count(),
            registers_with_version: activated()
                .filter(|register| version.is_some_and(|version| register.has(version)))
                .count(),
        }
    }
}

/// A profile of a shelf.
fn detail_of(shelf: &ProfileShelf, id: u64) -> Result<ProfileDetail, ApiError> {
    let kept = shelf.profile(id).ok_or(ApiError::NotFound)?;
    let published = kept.published.clone().map(|version| Published {
        version: version.number,
        profile: version.profile,
        published_at_ms: version.published_at_ms,
        published_by: version.published_by,
        restored_from: version.restored_from,
    });
    Ok(ProfileDetail {
        id,
        revision: kept.revision,
        draft: kept.draft.clone(),
        updated_at_ms: kept.updated_at_ms,
        updated_by: kept.updated_by.clone(),
        published,
        users: Users::of(shelf, kept),
    })
}

/// All profiles of the store.
pub async fn the_shelf(app: &App) -> Result<ProfileShelf, ApiError> {
    // What registers said in the last second counts too.
    app.contacts().flush().await?;
    let store = the_store(app).await?;
    Ok(app.database().profile_shelf(&store.row.id).await?)
}

/// All profiles of the store, and what rows its registers keep.
pub async fn the_shelf_with_rows(app: &App) -> Result<ProfileShelf, ApiError> {
    app.contacts().flush().await?;
    let store = the_store(app).await?;
    Ok(app.database().profile_shelf_with_rows(&store.row.id).await?)
}

/// Carries an order of an administrator out.
pub async fn carry_out(
    app: &App,
    session: &Session,
    change: ProfileChange,
) -> Result<ProfileDone, AdminError> {
    let store = the_store(app).await?;
    let saved = if let ProfileChange::Save { id, .. } = &change { Some(*id) } else { None };
    let order = ProfileOrder { by: session.administrator.clone(), at_ms: app.now_ms(), change };
    match app.database().change_profiles(&store.row.id, &order).await? {
        Ok(done) => Ok(done),
        Err(refusal) => {
            // Who settles conflicts needs to see what the others saved.
            let theirs = match saved.filter(|_| matches!(refusal, ProfileRefusal::Conflicts { .. })) {
                Some(id) => Some(serde_json::json!(detail_of(&the_shelf(app).await?, id)?)),
                None => None,
            };
            Err(ApiError::Profile(Box::new(ProfileProblem { refusal, theirs })).into())
        }
    }
}

/// The profile that an order was about, as it is now.
async fn detail_after(app: &App, done: &ProfileDone) -> Result<ProfileDetail, AdminError> {
    let id = done.id.ok_or(ApiError::Internal)?;
    Ok(detail_of(&the_shelf(app).await?, id)?)
}
