//! The trail: who changed what, in words that are made when it happens and never changed.

/// Longest detail that is kept, characters.
const DETAIL_CHARS_MAX: usize = 2_000;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeAction {
    /// A profile was made.
    ProfileCreated,
    /// A draft was saved.
    ProfileSaved,
    /// A draft was saved and merged with what somebody else had saved.
    ProfileMerged,
    /// A draft was saved under another name.
    ProfileRenamed,
    /// A profile was deleted.
    ProfileDeleted,
    /// A draft was published.
    ProfilePublished,
    /// An earlier version was published again.
    ProfileRolledBack,
    /// A profile came from a file.
    ProfileImported,
    /// `Default pr.` is what ships again.
    DefaultRestored,
    /// A draft got a scope that was changed in another one.
    ScopeChanged,
    /// A scope was deleted.
    ScopeDeleted,
    /// The store got another profile.
    StoreProfileSet,
    /// A register got another profile.
    RegisterProfileSet,
    /// A register is to synchronise everything.
    RegisterRetryAsked,
    /// A register was added.
    RegisterAdded,
    /// An activation code was made.
    ActivationCodeMade,
    /// A register was locked.
    RegisterLocked,
    /// A file was imported.
    RowsImported,
    /// A rejected entry was mended.
    EntryMended,
    /// Somebody may sign in to the back office.
    AdministratorAdded,
    /// Somebody may do so no more.
    AdministratorRemoved,
    /// An administrator got another password.
    PasswordSet,
}

impl ChangeAction {
    /// As the admin API and the database name it.
    pub fn name(self) -> &'static str {
        match self {
            ChangeAction::ProfileCreated => "profile_created",
            ChangeAction::ProfileSaved => "profile_saved",
            ChangeAction::ProfileMerged => "profile_merged",
            ChangeAction::ProfileRenamed => "profile_renamed",
            ChangeAction::ProfileDeleted => "profile_deleted",
            ChangeAction::ProfilePublished => "profile_published",
            ChangeAction::ProfileRolledBack => "profile_rolled_back",
            ChangeAction::ProfileImported => "profile_imported",
            ChangeAction::DefaultRestored => "default_restored",
            ChangeAction::ScopeChanged => "scope_changed",
            ChangeAction::ScopeDeleted => "scope_deleted",
            ChangeAction::StoreProfileSet => "store_profile_set",
            ChangeAction::RegisterProfileSet => "register_profile_set",
            ChangeAction::RegisterRetryAsked => "register_retry_asked",
            ChangeAction::RegisterAdded => "register_added",
            ChangeAction::ActivationCodeMade => "activation_code_made",
            ChangeAction::RegisterLocked => "register_locked",
            ChangeAction::RowsImported => "rows_imported",
            ChangeAction::EntryMended => "entry_mended",
            ChangeAction::AdministratorAdded => "administrator_added",
            ChangeAction::AdministratorRemoved => "administrator_removed",
            ChangeAction::PasswordSet => "password_set",
        }
    }
}

/// A change that is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// When, ms since 1970.
    pub at_ms: i64,
    /// Who.
    pub administrator: String,
    /// What.
    pub action: ChangeAction,
    /// What was changed, by its name.
    pub subject: String,
    /// Sentences.
    pub detail: String,
}

impl NewChange {
    /// A change, its detail no longer than is kept.
    pub fn new(
        at_ms: i64,
        administrator: &str,
        action: ChangeAction,
        subject: impl Into<String>,
        detail: impl Into<String>,
    ) -> NewChange {
        let detail = detail.into();
        let detail = match detail.char_indices().nth(DETAIL_CHARS_MAX) {
            Some((end, _)) => format!("{}…", detail.get(..end).unwrap_or_default()),
            None => detail,
        };
        NewChange { at_ms, administrator: administrator.to_owned(), action, subject: subject.into(), detail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_detail_is_cut_between_letters() {
        let change = |detail: &str| NewChange::new(1, "ann", ChangeAction::ProfileSaved, "x", detail).detail;
        assert_eq!(change("short"), "short");
        let exact = "ü".repeat(DETAIL_CHARS_MAX);
        assert_eq!(change(&exact), exact);
        assert_eq!(change(&format!("{exact}ü")), format!("{exact}…"));
    }
}
