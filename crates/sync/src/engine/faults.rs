//! The last failure of each part, until that part works again.

/// What is wrong now, by part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Faults {
    /// Storage calls.
    pub(super) storage: Option<String>,
    /// Uploads.
    pub(super) upload: Option<String>,
    /// The profile.
    pub(super) profile: Option<String>,
    /// Downloads.
    pub(super) download: Option<String>,
    /// Tables that are not what the store server has.
    pub(super) digest: Option<String>,
    /// Contacts, and answers that can't be.
    pub(super) contact: Option<String>,
}

impl Faults {
    /// The one to show: what endangers the journal first.
    pub(super) fn shown(&self) -> Option<String> {
        let parts = [&self.storage, &self.upload, &self.profile, &self.download, &self.digest, &self.contact];
        parts.into_iter().flatten().next().cloned()
    }
}
