//! Making the draft of `Default pr.` what ships again; where that loses changes or changes other profiles, after asking.

use holdfast_ui::messages::{common, profiles as text};
use holdfast_ui::{Banner, Button, ButtonKind, Dialog, Icon, Tone};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::questions::{Asked, Question};
use crate::api::{ApiError, Meant};
use crate::state::{AppState, app_state};

/// How far it is; belongs to the page.
#[derive(Clone, Copy)]
pub struct RestoreState {
    outcome: RwSignal<Option<Result<(), ApiError>>>,
    /// What is asked before it is done.
    question: RwSignal<Option<Question>>,
    /// What was answered so far.
    meant: RwSignal<Meant>,
}

impl RestoreState {
    /// Nothing yet.
    pub fn new() -> RestoreState {
        RestoreState {
            outcome: RwSignal::new(None),
            question: RwSignal::new(None),
            meant: RwSignal::new(Meant::default()),
        }
    }

    fn close(self) {
        self.question.set(None);
        self.meant.set(Meant::default());
    }

    /// Does it, and means what was shown.
    fn restore(self, state: AppState) {
        if let Some(question) = self.question.get_untracked() {
            self.meant.update(|meant| *meant = question.answered(*meant));
        }
        let meant = self.meant.get_untracked();
        spawn_local(async move {
            let outcome = state.api.restore_default_profile(&meant).await;
            state.profiles.ask_anew(state.api.profiles());
            state.scopes.ask_anew(state.api.scopes());
            let question = outcome.as_ref().err().and_then(Question::of);
            if question.is_none() {
                self.outcome.try_set(Some(outcome.map(|_| ())));
                self.meant.try_set(Meant::default());
            }
            self.question.try_set(question);
        });
    }
}

/// The button.
#[component]
pub fn RestoreButton(restoring: RestoreState) -> impl IntoView {
    let state = app_state();
    view! {
        <Button
            label=text::restore_default()
            icon=Icon::Return
            on_press=move || restoring.restore(state)
            test_id="restore-default"
        />
    }
}

/// What came of it, and the question that may come before.
#[component]
pub fn Restored(restoring: RestoreState) -> impl IntoView {
    let state = app_state();
    let RestoreState { outcome, question, meant: _ } = restoring;
    view! {
        {move || outcome.get().map(|outcome_now| {
            let (tone, title, detail) = match outcome_now {
                Ok(()) => (Tone::Ok, text::restored_default().to_owned(), text::restored_default_detail().to_owned()),
                Err(error) => (Tone::Bad, error.title(), error.detail()),
            };
            view! {
                <Banner tone=tone title=title detail=TextProp::from(detail) test_id="restored-default">
                    <Button label=common::close() on_press=move || outcome.set(None) />
                </Banner>
            }
        })}
        <Dialog
            open=Signal::derive(move || question.with(Option::is_some))
            title=text::restore_default()
            on_close=move || restoring.close()
            test_id="restore-default-dialog"
        >
            {move || question.get().map(|question| view! { <Asked question /> })}
            <div class="dialog-actions">
                <Button label=common::cancel() on_press=move || restoring.close() />
                <Button
                    label=TextProp::from(move || match question.get() {
                        Some(Question::LosesDraft(_)) => text::restore_default_and_lose(),
                        Some(Question::ChangesOthers(_) | Question::NoRoom(_)) | None => text::restore_default_these_too(),
                    })
                    kind=ButtonKind::Primary
                    on_press=move || restoring.restore(state)
                    test_id="restore-default-confirm"
                />
            </div>
        </Dialog>
    }
    .into_any()
}
