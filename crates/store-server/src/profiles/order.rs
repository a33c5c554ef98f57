//! What administrators order, and how it is refused.

use std::collections::BTreeMap;

use holdfast_profile::{Finding, MergeConflict, Profile, ProfileVersion, ScopeRename, Side};

use super::LostDraft;

/// An order.
#[derive(Debug, Clone)]
pub struct ProfileOrder {
    /// Who orders.
    pub by: String,
    /// Now, ms since 1970.
    pub at_ms: i64,
    /// What.
    pub change: ProfileChange,
}

/// What is to be done.
#[derive(Debug, Clone)]
pub enum ProfileChange {
    /// Make a profile: a copy of another, or with the scopes that ship.
    Create {
        /// Its name.
        name: String,
        /// What it is for.
        description: String,
        /// Whose draft it begins as.
        copy_of: Option<u64>,
    },
    /// Add a profile that came as a file; scopes that the library has otherwise get names of their own.
    Import {
        /// The profile.
        profile: Profile,
    },
    /// Save a draft.
    Save {
        /// Which.
        id: u64,
        /// The revision that it was made from.
        base_revision: u64,
        /// The draft.
        profile: Profile,
        /// Scopes that go by other names.
        renames: Vec<ScopeRename>,
        /// Whose value each field in conflict gets.
        choices: BTreeMap<String, Side>,
    },
    /// Save a profile by its name, whatever its draft says, and publish it.
    SaveAndPublish {
        /// The profile.
        profile: Profile,
    },
    /// Delete a profile that nobody uses.
    Delete {
        /// Which.
        id: u64,
    },
    /// Publish a draft.
    Publish {
        /// Which.
        id: u64,
        /// The revision that was looked at.
        revision: u64,
    },
    /// Publish an earlier version again.
    RollBack {
        /// Of which profile.
        id: u64,
        /// Which version.
        version: u64,
        /// Although other profiles have scopes of it that change there too.
        also_changes_others: bool,
        /// The revision of the draft that may be lost with changes that were never published.
        drops_draft: Option<u64>,
    },
    /// Make the draft of `Default pr.` what ships.
    RestoreDefault {
        /// Although other profiles have scopes of it that change there too.
        also_changes_others: bool,
        /// The revision of the draft that may be lost with changes that were never published.
        drops_draft: Option<u64>,
    },
    /// Delete a scope that no profile holds.
    DeleteScope {
        /// Its name.
        name: String,
    },
    /// Give the store a profile.
    SetStoreProfile {
        /// Which.
        id: u64,
    },
    /// Give a register a profile of its own, or take that away.
    SetRegisterProfile {
        /// The register's number.
        number: u16,
        /// Which; none is the store's.
        id: Option<u64>,
    },
    /// Have a register synchronise everything at its next contact.
    AskRetry {
        /// The register's number.
        number: u16,
    },
}

/// What an order needs from before.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    /// The draft that a save was made from.
    pub base: Option<Profile>,
    /// The version that is to be published again.
    pub version: Option<ProfileVersion>,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileDone {
    /// The profile that it was done to.
    pub id: Option<u64>,
    /// The number that it was published under.
    pub version: Option<u64>,
    /// Whether another's changes were merged in.
    pub merged: bool,
    /// Scopes that got other names than they came with.
    pub renamed: Vec<ScopeRename>,
}

/// A profile whose draft an order for another one changes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ChangedOther {
    /// Its number in the store.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// The scopes that change in it.
    pub scopes: Vec<String>,
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileRefusal {
    /// There is no such profile, version, scope or register.
    NotFound,
    /// A field of the order can't be taken.
    Field {
        /// Which.
        field: &'static str,
        /// Why, and what to do: whole sentences.
        reason: String,
    },
    /// A profile would break a rule.
    Invalid {
        /// The rules, by field.
        findings: Vec<Finding>,
        /// They are about what was sent together with what others saved, and not about that alone.
        after_merge: bool,
    },
    /// Somebody else changed the same fields.
    Conflicts {
        /// The fields that need a choice.
        conflicts: Vec<MergeConflict>,
    },
    /// The profile is in use.
    Used {
        /// By whom, whole sentences.
        detail: String,
    },
    /// A profile holds the scope.
    ScopeUsed {
        /// Which, whole sentences.
        detail: String,
    },
    /// Other profiles have scopes that would change there too, and nobody said that this is meant.
    ChangesOthers {
        /// Those profiles.
        others: Vec<ChangedOther>,
    },
    /// The draft has changes that were never published, and nobody who has seen them said that they may be lost.
    LosesDraft {
        /// That draft.
        draft: Box<LostDraft>,
    },
    /// No register that would go by the profile has room for it, and nobody insists.
    NoRoom {
        /// What there is no room for, and what can be done.
        finding: Finding,
    },
    /// The draft is another by now.
    Changed {
        /// Its revision.
        revision: u64,
    },
    /// Registers have that already.
    Unchanged {
        /// Its version.
        version: u64,
    },
}

impl std::fmt::Display for ProfileRefusal {
    /// Whole sentences, for logs and the command line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ProfileRefusal::NotFound => f.write_str("There is nothing of that name or number."),
            ProfileRefusal::Field { reason, .. } => f.write_str(reason),
            ProfileRefusal::Invalid { findings, .. } => {
                let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
                f.write_str(&lines.join("\n"))
            }
            ProfileRefusal::Conflicts { conflicts } => {
                let fields: Vec<&str> = conflicts.iter().map(|conflict| conflict.field.as_str()).collect();
                write!(
                    f,
                    "Somebody else changed the same fields: {}. Choose whose values hold.",
                    fields.join(", ")
                )
            }
            ProfileRefusal::Used { detail } | ProfileRefusal::ScopeUsed { detail } => f.write_str(detail),
            ProfileRefusal::ChangesOthers { others } => {
                let line = |other: &ChangedOther| {
                    let scopes: Vec<String> = other.scopes.iter().map(|name| format!("“{name}”")).collect();
                    format!("In “{}” it would change {}.", other.name, scopes.join(", "))
                };
                let lines: Vec<String> = others.iter().map(line).collect();
                write!(f, "Other profiles have the same scopes. {} Say that this is meant.", lines.join(" "))
            }
            ProfileRefusal::LosesDraft { draft } => {
                let LostDraft { name, revision, updated_by, .. } = &**draft;
                write!(
                    f,
                    "The draft of “{name}” has changes that were never published and would be lost; {updated_by} saved it \
                     last. Publish it first, or say that revision {revision} may be lost."
                )
            }
            ProfileRefusal::NoRoom { finding } => write!(f, "{} {}", finding.reason, finding.mend),
            ProfileRefusal::Changed { revision } => {
                write!(f, "The draft is another by now: revision {revision}. Look at it again first.")
            }
            ProfileRefusal::Unchanged { version } => {
                write!(f, "Nothing differs from version {version}, which is published already.")
            }
        }
    }
}
