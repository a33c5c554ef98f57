//! What may come of a request instead of an answer, and how it is said.

use holdfast_profile::{Finding, MergeConflict};
use holdfast_ui::messages::{back_office as text, quotes_apart};

use super::profile_types::{ChangedOther, LostDraft, ProfileDetail};

/// A refusal as RFC 9457 has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(default)]
pub struct Problem {
    /// What was refused, in short.
    pub title: String,
    /// Why, and what to do.
    pub detail: String,
    /// For programs.
    pub code: String,
    /// The field of the request that can't be taken.
    pub field: Option<String>,
    /// What it is, as an address whose end says it.
    #[serde(rename = "type")]
    pub kind: String,
    /// What keeps a profile from being saved.
    pub findings: Vec<Finding>,
    /// Whether that is so only with another's changes.
    pub after_merge: bool,
    /// What both have changed.
    pub conflicts: Vec<MergeConflict>,
    /// What the store server has.
    pub theirs: Option<Box<ProfileDetail>>,
    /// Profiles that would change too.
    pub others: Vec<ChangedOther>,
    /// A draft that would be lost.
    pub draft: Option<Box<LostDraft>>,
}

impl Problem {
    /// What was refused: in this page's language where the refusal is a known one, else as the store server says it.
    fn title(&self) -> String {
        match self.known_words() {
            Some((title, _)) => title.to_owned(),
            None if self.title.is_empty() => text::refused_title().to_owned(),
            None => quotes_apart(&self.title),
        }
    }

    /// Whether it is of a kind, such as `profile-conflicts`.
    pub fn is(&self, kind: &str) -> bool {
        self.kind.rsplit('/').next() == Some(kind) || self.code.replace('_', "-") == kind
    }

    fn detail(&self) -> String {
        self.known_words().map_or_else(|| quotes_apart(&self.detail), |(_, detail)| detail.to_owned())
    }

    /// Refusals that hold nothing particular, by their code.
    fn known_words(&self) -> Option<(&'static str, &'static str)> {
        match self.code.as_str() {
            "password_wrong" => Some((text::password_wrong_title(), text::password_wrong_detail())),
            "too_many_attempts" => Some((text::too_many_attempts_title(), text::too_many_attempts_detail())),
            "busy" => Some((text::busy_title(), text::busy_detail())),
            "internal" => Some((text::server_failed_title(), text::server_failed_detail())),
            _ => None,
        }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// Nothing that the store server would have said came back in time.
    #[error("the store server does not answer: {0}")]
    Away(String),
    /// The session is over, or never was.
    #[error("not signed in")]
    SignedOut,
    /// The store server said no, and why.
    #[error("{}: {}", .0.title, .0.detail)]
    Refused(Problem),
    /// An answer of the store server that this page doesn't understand: one of the two is newer.
    #[error("an answer was not understood: {0}")]
    NotUnderstood(String),
}

impl ApiError {
    /// Whether asking again may help.
    pub fn may_pass(&self) -> bool {
        match self {
            ApiError::Away(_) | ApiError::SignedOut => true,
            ApiError::Refused(_) | ApiError::NotUnderstood(_) => false,
        }
    }

    /// Whether what was ordered may have been done all the same.
    pub fn leaves_open(&self) -> bool {
        match self {
            ApiError::Away(_) | ApiError::NotUnderstood(_) => true,
            ApiError::SignedOut | ApiError::Refused(_) => false,
        }
    }

    /// Why a field of the request can't be taken, where that is what was refused.
    pub fn of_field(&self, name: &str) -> Option<String> {
        match self {
            ApiError::Refused(problem) if problem.field.as_deref() == Some(name) => {
                Some(problem.detail.clone())
            }
            ApiError::Refused(_) | ApiError::Away(_) | ApiError::SignedOut | ApiError::NotUnderstood(_) => {
                None
            }
        }
    }

    /// The other profiles that would change too, where it is asked whether that is meant.
    pub fn changes_others(&self) -> Option<&[ChangedOther]> {
        let problem = self.problem().filter(|problem| problem.is("profile-changes-others"))?;
        Some(&problem.others)
    }

    /// The draft that would be lost with changes that were never published, where it is asked whether that is meant.
    pub fn loses_draft(&self) -> Option<&LostDraft> {
        let problem = self.problem().filter(|problem| problem.is("profile-loses-draft"))?;
        problem.draft.as_deref()
    }

    /// Whether no register that would get it has room for it, which somebody may insist on.
    pub fn has_no_room(&self) -> bool {
        self.problem().is_some_and(|problem| problem.is("profile-no-room"))
    }

    /// What the store server said, where it refused.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            ApiError::Refused(problem) => Some(problem),
            ApiError::Away(_) | ApiError::SignedOut | ApiError::NotUnderstood(_) => None,
        }
    }

    /// What happened, in a few words.
    pub fn title(&self) -> String {
        match self {
            ApiError::Away(_) => text::away_title().to_owned(),
            ApiError::SignedOut => text::signed_out_title().to_owned(),
            ApiError::Refused(problem) => problem.title(),
            ApiError::NotUnderstood(_) => text::not_understood_title().to_owned(),
        }
    }

    /// What is safe and what to do.
    pub fn detail(&self) -> String {
        match self {
            ApiError::Away(_) => text::away_detail().to_owned(),
            ApiError::SignedOut => text::signed_out_detail().to_owned(),
            ApiError::Refused(problem) => problem.detail(),
            ApiError::NotUnderstood(what) => text::not_understood_detail(what),
        }
    }
}
