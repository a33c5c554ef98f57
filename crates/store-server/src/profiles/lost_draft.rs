//! Drafts that an order would write over although they have changes that were never published: no version keeps these, so
//! nobody loses them unseen.

use holdfast_profile::{ChangePlan, Profile, change_plan};

use super::{KeptProfile, ProfileRefusal};

/// A draft that would be lost.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LostDraft {
    /// The profile's number in the store.
    pub id: u64,
    /// Name of the draft.
    pub name: String,
    /// Its revision: an order that names it was given by somebody who has seen it.
    pub revision: u64,
    /// When it was saved, ms since 1970.
    pub updated_at_ms: i64,
    /// Who saved it last.
    pub updated_by: String,
    /// What it changes against what registers get.
    pub plan: ChangePlan,
}

/// Refuses to make `next` the draft of a profile whose draft has other changes that were never published, unless the
/// order names the revision that would go.
///
/// # Errors
/// [`ProfileRefusal::LosesDraft`].
pub fn check_draft(
    kept: &KeptProfile,
    next: &Profile,
    drops_draft: Option<u64>,
) -> Result<(), ProfileRefusal> {
    let published = kept.published.as_ref().map(|version| &version.profile);
    let is_kept_elsewhere = kept.draft == *next || published == Some(&kept.draft);
    if is_kept_elsewhere || drops_draft == Some(kept.revision) {
        return Ok(());
    }
    let nothing = Profile { scopes: Vec::new(), ..kept.draft.clone() };
    let draft = LostDraft {
        id: kept.id,
        name: kept.draft.name.clone(),
        revision: kept.revision,
        updated_at_ms: kept.updated_at_ms,
        updated_by: kept.updated_by.clone(),
        plan: change_plan(published.unwrap_or(&nothing), &kept.draft),
    };
    Err(ProfileRefusal::LosesDraft { draft: Box::new(draft) })
}
