//! Deleting a profile: it can be undone for some seconds, then the store server is told.

use holdfast_ui::messages::profiles as text;
use leptos::prelude::*;

use crate::state::{AppState, app_state};
use crate::undoable::{Stage, UndoPanel, Undoable};

/// A profile that is about to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
}

/// The profile that is about to be deleted, if any.
pub type DeleteState = Undoable<Deletion>;

/// Begins; nothing has happened yet.
pub fn delete(state: AppState, deletion: Deletion) {
    let id = deletion.id;
    state.delete.begin(deletion, move || async move {
        let outcome = state.api.delete_profile(id).await;
        state.profiles.ask_anew(state.api.profiles());
        state.scopes.ask_anew(state.api.scopes());
        outcome
    });
}

/// What is about to happen, with the way to undo it.
#[component]
pub fn DeletePanel() -> impl IntoView {
    let words = |_: AppState, stage: &Stage<Deletion>| match stage {
        Stage::Pending { what, left_s } => text::deleting(&what.name, *left_s),
        Stage::Sending { what } => text::deleting_now(&what.name),
        Stage::Failed { what, error } => text::not_deleted(&what.name, &error.title()),
    };
    view! {
        <UndoPanel
            undoable=app_state().delete
            title=words
            detail=text::deleting_detail()
            retry=delete
            undo_test_id="undo-delete"
        />
    }
}
