//! Making the draft of `Default pr.` what ships again; where that changes other profiles too, after asking.

use holdfast_ui::messages::{common, profiles as text};
use holdfast_ui::{Banner, Button, ButtonKind, Dialog, Icon, Tone};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::changed_others::ChangedOthers;
use crate::api::{ApiError, ChangedOther, RestoreOrder};
use crate::state::{AppState, app_state};

/// How far it is; belongs to the page.
#[derive(Clone, Copy)]
pub struct RestoreState {
    outcome: RwSignal<Option<Result<(), ApiError>>>,
    /// The profiles that would change too, while it is asked whether that is meant.
    others: RwSignal<Option<Vec<ChangedOther>>>,
}

impl RestoreState {
    /// Nothing yet.
    pub fn new() -> RestoreState {
        RestoreState { outcome: RwSignal::new(None), others: RwSignal::new(None) }
    }

    fn restore(self, state: AppState, also_changes_others: bool) {
        spawn_local(async move {
            let outcome = state.api.restore_default_profile(&RestoreOrder { also_changes_others }).await;
            state.profiles.ask_anew(state.api.profiles());
            state.scopes.ask_anew(state.api.scopes());
            let others = outcome.as_ref().err().and_then(|error| error.changes_others().map(<[_]>::to_vec));
            if others.is_none() {
                self.outcome.try_set(Some(outcome.map(|_| ())));
            }
            self.others.try_set(others);
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
            on_press=move || restoring.restore(state, false)
            test_id="restore-default"
        />
    }
}

/// What came of it, and the question that may come before.
#[component]
pub fn Restored(restoring: RestoreState) -> impl IntoView {
    let state = app_state();
    let RestoreState { outcome, others } = restoring;
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
            open=Signal::derive(move || others.with(Option::is_some))
            title=text::restore_default()
            on_close=move || others.set(None)
            test_id="restore-default-dialog"
        >
            {move || others.get().map(|others| view! { <ChangedOthers others /> })}
            <div class="dialog-actions">
                <Button label=common::cancel() on_press=move || others.set(None) />
                <Button
                    label=text::restore_default_these_too()
                    kind=ButtonKind::Primary
                    on_press=move || restoring.restore(state, true)
                    test_id="restore-default-confirm"
                />
            </div>
        </Dialog>
    }
    .into_any()
}
