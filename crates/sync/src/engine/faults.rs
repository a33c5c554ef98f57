//! The last failure of each part, until that part works again.

use std::borrow::Cow;
use std::collections::BTreeMap;

use holdfast_protocol::messages::{FAULT_CHARS_MAX, FAULTS_MAX, FaultPart, RegisterFault};

use super::profile_move::MoveFault;

/// What is wrong now, by part.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Faults {
    /// Storage calls.
    pub(super) storage: Option<String>,
    /// Uploads.
    pub(super) upload: Option<String>,
    /// The profile.
    pub(super) profile: Option<String>,
    /// The version of the profile to which the register can't move.
    pub(super) moving: Option<MoveFault>,
    /// Downloads.
    pub(super) download: Option<String>,
    /// Tables that are not what the store server has.
    pub(super) digest: Option<String>,
    /// Contacts, and answers that can't be.
    pub(super) contact: Option<String>,
}

fn kept(text: &Option<String>) -> Option<Cow<'_, str>> {
    text.as_deref().map(Cow::Borrowed)
}

impl Faults {
    /// The one to show: what endangers the journal first. A move's is shown beside it, in the page's words.
    pub(super) fn shown(&self) -> Option<String> {
        let mut others = self.parts().into_iter().filter(|(part, _)| *part != FaultPart::Move);
        others.find_map(|(_, text)| text).map(Cow::into_owned)
    }

    fn parts(&self) -> [(FaultPart, Option<Cow<'_, str>>); 7] {
        [
            (FaultPart::Storage, kept(&self.storage)),
            (FaultPart::Upload, kept(&self.upload)),
            (FaultPart::Profile, kept(&self.profile)),
            (FaultPart::Move, self.moving.as_ref().map(|fault| Cow::Owned(fault.sentence()))),
            (FaultPart::Download, kept(&self.download)),
            (FaultPart::Digest, kept(&self.digest)),
            (FaultPart::Contact, kept(&self.contact)),
        ]
    }
}

/// Since when each part has failed.
#[derive(Debug, Clone, Default)]
pub(super) struct FaultTimes {
    since_ms: BTreeMap<u8, i64>,
}

impl FaultTimes {
    /// Notes what fails and what works again.
    pub(super) fn note(&mut self, faults: &Faults, now_ms: i64) {
        for (part, text) in faults.parts() {
            match text {
                Some(_) => {
                    self.since_ms.entry(part.number()).or_insert(now_ms);
                }
                None => {
                    self.since_ms.remove(&part.number());
                }
            }
        }
    }

    /// What is told the store server.
    pub(super) fn told(&self, faults: &Faults) -> Vec<RegisterFault> {
        let told = faults.parts().into_iter().filter_map(|(part, text)| {
            let since_ms = self.since_ms.get(&part.number()).copied()?;
            let text = text?.chars().take(FAULT_CHARS_MAX).collect();
            let moving = faults.moving.as_ref().filter(|_| part == FaultPart::Move);
            let no_room = moving.and_then(MoveFault::no_room);
            Some(RegisterFault { part: part.number(), since_ms, text, no_room })
        });
        told.take(FAULTS_MAX).collect()
    }
}
