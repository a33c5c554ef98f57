//! What may come of a request instead of an answer, and how it is said.

use holdfast_ui::messages;

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
    /// What happened, in a few words.
    pub fn title(&self) -> String {
        match self {
            ApiError::Away(_) => messages::back_office::away_title().to_owned(),
            ApiError::SignedOut => messages::back_office::signed_out_title().to_owned(),
            ApiError::Refused(problem) if problem.title.is_empty() => {
                messages::back_office::refused_title().to_owned()
            }
            ApiError::Refused(problem) => problem.title.clone(),
            ApiError::NotUnderstood(_) => messages::back_office::not_understood_title().to_owned(),
        }
    }

    /// What is safe and what to do.
    pub fn detail(&self) -> String {
        match self {
            ApiError::Away(_) => messages::back_office::away_detail().to_owned(),
            ApiError::SignedOut => messages::back_office::signed_out_detail().to_owned(),
            ApiError::Refused(problem) => problem.detail.clone(),
            ApiError::NotUnderstood(what) => messages::back_office::not_understood_detail(what),
        }
    }
}
