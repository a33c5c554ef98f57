//! Published versions: numbered and never changed. Going back to an earlier one publishes its profile again under a
//! new number, so that registers only ever move forward.

use minicbor::{Decode, Encode};

use crate::{Finding, Profile, validate};

/// A published version of a profile.
///
/// Invariant: its profile was valid when it was published, and differs from the version before it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(map)]
pub struct ProfileVersion {
    /// Number, unique in the store; later versions have greater ones.
    #[n(0)]
    pub number: u64,
    /// The profile.
    #[n(1)]
    pub profile: Profile,
    /// When it was published, milliseconds since 1970.
    #[n(2)]
    pub published_at_ms: i64,
    /// Who published it.
    #[n(3)]
    pub published_by: String,
    /// Number of the version that it brings back, if it does.
    #[n(4)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored_from: Option<u64>,
}

/// The number, the time and the person of a version to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Number: greater than any in the store.
    pub number: u64,
    /// Now, milliseconds since 1970.
    pub at_ms: i64,
    /// Who publishes.
    pub by: String,
}

/// Why a profile is not published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// It breaks a rule.
    #[error("The profile is not valid, in {} places.", .findings.len())]
    Invalid {
        /// The rules, by field.
        findings: Vec<Finding>,
    },
    /// It is what registers have already.
    #[error("Nothing differs from version {number}.")]
    Unchanged {
        /// The latest version.
        number: u64,
    },
    /// The number was given before.
    #[error("Version {number} was published already; the latest is {latest}.")]
    NumberTaken {
        /// The number that was to be given.
        number: u64,
        /// The number of the latest version.
        latest: u64,
    },
}

/// Makes the next version of a profile; `latest` is the last one of the same profile.
///
/// # Errors
/// [`PublishError`] when the profile breaks a rule or nothing differs.
pub fn publish(
    latest: Option<&ProfileVersion>,
    profile: Profile,
    publication: Publication,
) -> Result<ProfileVersion, PublishError> {
    let Publication { number, at_ms, by } = publication;
    let findings = validate(&profile);
    if !findings.is_empty() {
        return Err(PublishError::Invalid { findings });
    }
    if let Some(latest) = latest {
        if latest.profile == profile {
            return Err(PublishError::Unchanged { number: latest.number });
        }
        if latest.number >= number {
            return Err(PublishError::NumberTaken { number, latest: latest.number });
        }
    }
    Ok(ProfileVersion { number, profile, published_at_ms: at_ms, published_by: by, restored_from: None })
}

/// Publishes an earlier version again.
///
/// # Errors
/// [`PublishError`] when the earlier profile breaks a rule of today, or is what registers have.
pub fn restore(
    latest: &ProfileVersion,
    earlier: &ProfileVersion,
    publication: Publication,
) -> Result<ProfileVersion, PublishError> {
    let version = publish(Some(latest), earlier.profile.clone(), publication)?;
    Ok(ProfileVersion { restored_from: Some(earlier.number), ..version })
}
