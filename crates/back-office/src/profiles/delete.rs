//! Deleting a profile: it can be undone for five seconds, then the store server is told.

use holdfast_ui::messages::{common, profiles as text};
use holdfast_ui::{Banner, Button, Tone};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::api::ApiError;
use crate::state::{AppState, app_state};

/// How long it can be undone.
const UNDO_FOR_S: u64 = 5;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Deletion {
    Pending { name: String, left_s: u64 },
    Failed { id: u64, name: String, error: ApiError },
}

/// The profile that is about to be deleted; belongs to the app's root.
#[derive(Debug, Clone, Copy)]
pub struct DeleteState {
    deletion: RwSignal<Option<Deletion>>,
    /// Counts the attempts, so that an undone one does not go on when another begins.
    attempt: StoredValue<u32>,
}

impl DeleteState {
    /// None.
    pub fn new() -> DeleteState {
        DeleteState { deletion: RwSignal::new(None), attempt: StoredValue::new(0) }
    }

    /// Begins; nothing has happened yet.
    pub fn begin(self, state: AppState, id: u64, name: String) {
        let attempt = self.attempt.get_value() + 1;
        self.attempt.set_value(attempt);
        spawn_local(async move {
            for left_s in (1..=UNDO_FOR_S).rev() {
                self.deletion.set(Some(Deletion::Pending { name: name.clone(), left_s }));
                gloo_timers::future::TimeoutFuture::new(1_000).await;
                if self.attempt.get_value() != attempt {
                    return;
                }
            }
            let outcome = state.api.delete_profile(id).await;
            self.deletion.set(outcome.err().map(|error| Deletion::Failed { id, name, error }));
            state.profiles.ask_anew(state.api.profiles());
        });
    }

    /// Undoes it, or puts the failure away.
    pub fn put_away(self) {
        self.attempt.update_value(|attempt| *attempt += 1);
        self.deletion.set(None);
    }
}

/// What is about to happen, with the way to undo it.
#[component]
pub fn DeletePanel() -> impl IntoView {
    let state = app_state();
    let delete = state.delete;
    move || {
        delete.deletion.get().map(|what| match what {
            Deletion::Pending { name, left_s } => view! {
                <Banner
                    tone=Tone::Wait
                    title=text::deleting(&name, left_s)
                    detail=TextProp::from(text::deleting_detail())
                >
                    <Button label=text::undo() on_press=move || delete.put_away() test_id="undo-delete" />
                </Banner>
            }
            .into_any(),
            Deletion::Failed { id, name, error } => view! {
                <Banner
                    tone=Tone::Bad
                    title=text::not_deleted(&name, &error.title())
                    detail=TextProp::from(error.detail())
                >
                    <Button label=common::retry() on_press=move || delete.begin(state, id, name.clone()) />
                    <Button label=common::close() on_press=move || delete.put_away() />
                </Banner>
            }
            .into_any(),
        })
    }
}
