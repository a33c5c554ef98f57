//! Locking a register: it can be undone for some seconds, then the store server is told.

use holdfast_ui::messages::back_office as text;
use leptos::prelude::*;

use crate::state::{AppState, app_state};
use crate::undoable::{Stage, UndoPanel, Undoable};

/// The number of the register that is about to be locked, if any.
pub type LockState = Undoable<u16>;

/// Begins; nothing has happened yet.
pub fn lock(state: AppState, register: u16) {
    state.lock.begin(register, move || async move {
        let outcome = state.api.lock_register(register).await;
        state.registers.ask_anew(state.api.registers());
        outcome
    });
}

/// What is about to happen, with the way to undo it.
#[component]
pub fn LockPanel() -> impl IntoView {
    let words = |state: AppState, stage: &Stage<u16>| match stage {
        Stage::Pending { what, left_s } => text::locking(&state.register_name(*what), *left_s),
        Stage::Sending { what } => text::locking_now(&state.register_name(*what)),
        Stage::Failed { what, error } => text::not_locked(&state.register_name(*what), &error.title()),
    };
    view! {
        <UndoPanel
            undoable=app_state().lock
            title=words
            detail=text::locking_detail()
            retry=lock
            undo_test_id="undo-lock"
        />
    }
}
