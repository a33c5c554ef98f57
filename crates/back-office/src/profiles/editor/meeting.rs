//! Fields that two administrators changed in different ways, as they are waiting for a choice; kept in this tab, so that
//! a reload takes no choice.

use std::collections::BTreeMap;

use holdfast_profile::{MergeConflict, Side};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::state::Editor;
use super::working_copy::WorkingCopy;
use crate::kept_typing::{keep, kept};

/// Fields that another administrator changed too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// The fields.
    pub conflicts: Vec<MergeConflict>,
    /// Who saved last.
    pub other: String,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    /// What the working copy was based on: another one meets other changes.
    base_revision: u64,
    meeting: Meeting,
    choices: BTreeMap<String, Side>,
}

/// What was waiting for a choice in a working copy, and what was chosen of it.
pub fn kept_meeting(profile: u64, base_revision: u64) -> Option<(Meeting, BTreeMap<String, Side>)> {
    let kept: Kept = kept(&name_of(profile))?;
    (kept.base_revision == base_revision).then_some((kept.meeting, kept.choices))
}

/// Keeps what waits for a choice in the open profile, and forgets it once nothing does.
pub fn keep_meetings(editor: Editor) {
    Effect::new(move |_| {
        let (meeting, choices) = (editor.meeting.get(), editor.choices.get());
        // A profile that is closed waits until it is opened again.
        let Some(profile) = editor.id() else { return };
        let base_revision = editor.peek(|copy: &WorkingCopy| copy.base_revision);
        let kept = meeting.map(|meeting| Kept { base_revision, meeting, choices });
        keep(&name_of(profile), kept.as_ref());
    });
}

fn name_of(profile: u64) -> String {
    format!("holdfast-profile-meeting:{profile}")
}
