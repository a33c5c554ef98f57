//! What is done to who may sign in, and how it is refused.

use super::AdministratorName;
use crate::admin_change::ChangeAction;

/// An order.
#[derive(Debug, Clone)]
pub struct AdministratorOrder {
    /// Who orders.
    pub by: String,
    /// Now, ms since 1970.
    pub at_ms: i64,
    /// Who is added, changed or removed.
    pub name: AdministratorName,
    /// What.
    pub change: AdministratorChange,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdministratorChange {
    /// They may sign in from now on.
    Add {
        /// Of their password.
        password_hash: String,
    },
    /// They get another password; their sessions end.
    SetPassword {
        /// Of their password.
        password_hash: String,
    },
    /// They may sign in no more; their sessions end.
    Remove,
}

impl AdministratorChange {
    /// As the trail has it, with a sentence.
    pub fn in_words(&self) -> (ChangeAction, &'static str) {
        match self {
            AdministratorChange::Add { .. } => {
                (ChangeAction::AdministratorAdded, "They may sign in from now on.")
            }
            AdministratorChange::SetPassword { .. } => {
                (ChangeAction::PasswordSet, "The one before counts no more; their sessions have ended.")
            }
            AdministratorChange::Remove => {
                (ChangeAction::AdministratorRemoved, "They may sign in no more; their sessions have ended.")
            }
        }
    }
}

/// Why nothing was done; sentences for the command line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdministratorRefusal {
    /// Somebody is called so.
    #[error("There is an administrator “{name}” already.")]
    Taken {
        /// As they are called.
        name: String,
    },
    /// Nobody is called so.
    #[error("There is no administrator “{name}”. There are: {}.", known.join(", "))]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// All names.
        known: Vec<String>,
    },
    /// Nobody could sign in any more.
    #[error("“{name}” is the only administrator and can't be removed. Add another one first.")]
    Last {
        /// As they are called.
        name: String,
    },
}
