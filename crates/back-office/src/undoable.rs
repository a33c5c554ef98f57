//! What can be undone for some seconds before the store server is told, such as deleting a profile or locking a
//! register. One at a time: while one is under way, no other begins.

use holdfast_ui::messages::{common, profiles as text};
use holdfast_ui::{Banner, Button, Tone};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::api::ApiError;
use crate::state::{AppState, app_state};

/// How long it can be undone.
const UNDO_FOR_S: u64 = 5;

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage<T> {
    /// Nothing has happened yet.
    Pending {
        /// What is about to happen.
        what: T,
        /// Seconds in which it can be undone.
        left_s: u64,
    },
    /// The store server is told; it can't be undone any more.
    Sending {
        /// What happens.
        what: T,
    },
    /// It did not happen.
    Failed {
        /// What did not.
        what: T,
        /// Why.
        error: ApiError,
    },
}

/// What is about to happen, if anything; belongs to the app's root.
#[derive(Debug)]
pub struct Undoable<T: Send + Sync + 'static> {
    stage: RwSignal<Option<Stage<T>>>,
    /// Counts the attempts, so that an undone one does not go on when another begins.
    attempt: StoredValue<u32>,
}

impl<T: Send + Sync + 'static> Copy for Undoable<T> {}

impl<T: Send + Sync + 'static> Clone for Undoable<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + Send + Sync + 'static> Undoable<T> {
    /// Nothing.
    pub fn new() -> Undoable<T> {
        Undoable { stage: RwSignal::new(None), attempt: StoredValue::new(0) }
    }

    /// Whether something is about to happen or happens.
    pub fn is_under_way(self) -> bool {
        self.stage.with(|stage| matches!(stage, Some(Stage::Pending { .. } | Stage::Sending { .. })))
    }

    /// Begins: nothing has happened yet. `send` tells the store server once it can't be undone any more.
    pub fn begin<F>(self, what: T, send: impl FnOnce() -> F + 'static)
    where
        F: Future<Output = Result<(), ApiError>> + 'static,
    {
        if untrack(|| self.is_under_way()) {
            return;
        }
        let attempt = self.next_attempt();
        spawn_local(async move {
            for left_s in (1..=UNDO_FOR_S).rev() {
                self.stage.set(Some(Stage::Pending { what: what.clone(), left_s }));
                gloo_timers::future::TimeoutFuture::new(1_000).await;
                if self.attempt.get_value() != attempt {
                    return;
                }
            }
            self.stage.set(Some(Stage::Sending { what: what.clone() }));
            let outcome = send().await;
            if self.attempt.get_value() == attempt {
                self.stage.set(outcome.err().map(|error| Stage::Failed { what, error }));
            }
        });
    }

    /// Forgets what is about to happen or has failed.
    pub fn clear(self) {
        self.next_attempt();
        self.stage.set(None);
    }

    fn next_attempt(self) -> u32 {
        self.attempt.update_value(|attempt| *attempt += 1);
        self.attempt.get_value()
    }
}

/// What is about to happen, with the way to undo it.
#[component]
pub fn UndoPanel<T: Clone + Send + Sync + 'static>(
    /// What.
    undoable: Undoable<T>,
    /// That in words.
    title: fn(AppState, &Stage<T>) -> String,
    /// What it means, while it can be undone.
    detail: &'static str,
    /// Begins anew after a failure.
    retry: fn(AppState, T),
    /// For tests; on the button that undoes it.
    undo_test_id: &'static str,
) -> impl IntoView {
    let state = app_state();
    move || {
        let stage = undoable.stage.get()?;
        let title = title(state, &stage);
        let panel = match stage {
            Stage::Pending { .. } => view! {
                <Banner tone=Tone::Wait title=title detail=TextProp::from(detail)>
                    <Button label=text::undo() on_press=move || undoable.clear() test_id=undo_test_id />
                </Banner>
            }
            .into_any(),
            Stage::Sending { .. } => view! { <Banner tone=Tone::Wait title=title /> }.into_any(),
            Stage::Failed { what, error } => view! {
                <Banner tone=Tone::Bad title=title detail=TextProp::from(error.detail())>
                    <Button label=common::retry() on_press=move || retry(state, what.clone()) test_id="undo-retry" />
                    <Button label=common::close() on_press=move || undoable.clear() test_id="undo-close" />
                </Banner>
            }
            .into_any(),
        };
        Some(panel)
    }
}
