//! Giving a profile to the store or to a register. What that would do there is shown first; then it is done at once, and
//! is no part of any draft.

use holdfast_ui::messages::{assigning as text, common};
use holdfast_ui::{Banner, Button, ButtonKind, Dialog, Tone};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::asked_preview::{Counted, WhatChanges, ask, counted};
use super::editor::finding_words;
use super::register_steps::RegisterSteps;
use crate::api::{ApiError, Assignment, AssignmentPreview, GivenProfile};
use crate::state::{AppState, app_state};

/// Who is given which profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Giving {
    /// The store, and with it all registers that have none of their own.
    ToStore {
        /// The profile.
        id: u64,
        /// Its name.
        name: String,
    },
    /// A register.
    ToRegister {
        /// Its number.
        number: u16,
        /// The profile and its name; none is the store's.
        profile: Option<(u64, String)>,
    },
}

impl Giving {
    fn title(&self, state: AppState) -> String {
        match self {
            Giving::ToStore { name, .. } => text::assign_to_store(name),
            Giving::ToRegister { number, profile: Some((_, name)) } => {
                text::assign_to_register(&state.register_name(*number), name)
            }
            Giving::ToRegister { number, profile: None } => {
                text::assign_follows_store(&state.register_name(*number))
            }
        }
    }

    /// What the button says that does it.
    fn action(&self) -> &'static str {
        match self {
            Giving::ToStore { .. } => text::make_store_profile(),
            Giving::ToRegister { .. } => text::assign(),
        }
    }

    async fn preview(&self, state: AppState) -> Result<AssignmentPreview, ApiError> {
        match self {
            Giving::ToStore { id, .. } => state.api.preview_store_profile(*id).await,
            Giving::ToRegister { number, profile } => {
                let id = profile.as_ref().map(|(id, _)| *id);
                state.api.preview_register_profile(*number, id).await
            }
        }
    }

    async fn give(&self, state: AppState, force: bool) -> Result<(), ApiError> {
        let outcome = match self {
            Giving::ToStore { id, .. } => {
                state.api.set_store_profile(&Assignment { profile: Some(*id), force }).await
            }
            Giving::ToRegister { number, profile } => {
                let order = Assignment { profile: profile.as_ref().map(|(id, _)| *id), force };
                state.api.set_register_profile(*number, &order).await
            }
        };
        state.profiles.ask_anew(state.api.profiles());
        state.registers.ask_anew(state.api.registers());
        outcome
    }

    /// Where registers go by that profile already.
    fn nothing_moves(&self, state: AppState) -> String {
        match self {
            Giving::ToStore { .. } => text::assign_is_the_stores().to_owned(),
            Giving::ToRegister { number, profile: Some(_) } => {
                text::assign_keeps_it(&state.register_name(*number))
            }
            Giving::ToRegister { number, profile: None } => {
                text::assign_goes_with_store(&state.register_name(*number))
            }
        }
    }

    /// Where none of those that would move has a device.
    fn no_device(&self) -> &'static str {
        match self {
            Giving::ToStore { .. } => text::assign_no_devices(),
            Giving::ToRegister { .. } => text::assign_no_device(),
        }
    }
}

/// Shows what it would do, and does it or not.
#[component]
pub fn AssignDialog(
    /// What is asked; none while nothing is.
    asked: RwSignal<Option<Giving>>,
    /// It was done.
    #[prop(into)]
    on_given: UnsyncCallback<Giving>,
) -> impl IntoView {
    let state = app_state();
    let answer: Counted<AssignmentPreview> = RwSignal::new(None);
    let refusal = RwSignal::new(None::<ApiError>);
    let is_busy = RwSignal::new(false);
    let close = move || {
        asked.set(None);
        answer.set(None);
        refusal.set(None);
    };
    // It may be closed by the time an answer comes, and something else be asked: that is another question.
    let is_asked = move |giving: &Giving| {
        asked.try_with_untracked(|asked| asked.as_ref() == Some(giving)).unwrap_or_default()
    };
    Effect::new(move |_| {
        let Some(giving) = asked.get() else { return };
        let wanted = giving.clone();
        ask(answer, move || is_asked(&wanted), async move || giving.preview(state).await);
    });
    // Once it is known that there is no room, or that nobody can say, the next press means it all the same.
    let insists = Memo::new(move |_| {
        refusal.with(|refusal| refusal.as_ref().is_some_and(ApiError::has_no_room))
            || answer.with(|answer| answer.as_ref().is_some_and(Result::is_err))
    });
    let give = move || {
        let Some(giving) = asked.get_untracked().filter(|_| !is_busy.get_untracked()) else { return };
        let force = insists.get_untracked();
        is_busy.set(true);
        spawn_local(async move {
            let outcome = giving.give(state, force).await;
            is_busy.try_set(false);
            match outcome {
                Ok(()) => {
                    if is_asked(&giving) {
                        close();
                    }
                    on_given.try_run(giving);
                }
                Err(error) if is_asked(&giving) => refusal.set(Some(error)),
                Err(error) => leptos::logging::warn!("a profile was not assigned: {error}"),
            }
        });
    };
    let title = move || asked.get().map(|giving| giving.title(state)).unwrap_or_default();
    let label = move || match asked.get() {
        Some(_) if insists.get() => text::assign_anyway(),
        Some(giving) => giving.action(),
        None => "",
    };
    view! {
        <Dialog
            open=Signal::derive(move || asked.with(Option::is_some))
            title=title
            on_close=close
            class="wide asks"
            test_id="assign-dialog"
        >
            {counted(answer, "assign-not-counted", move |shown| {
                let giving = asked.get_untracked();
                giving.map(|giving| view! { <WhatItDoes giving shown /> }).into_any()
            })}
            {move || refusal.get().map(|error| view! { <Refusal error /> })}
            <div class="dialog-actions">
                <Button label=common::cancel() on_press=close test_id="assign-cancel" />
                <Button
                    label=TextProp::from(label)
                    kind=ButtonKind::Primary
                    disabled=is_busy
                    on_press=give
                    test_id="assign-confirm"
                />
            </div>
        </Dialog>
    }
    .into_any()
}

/// From what to what, what each register does for it, and what is another there.
#[component]
fn WhatItDoes(giving: Giving, shown: AssignmentPreview) -> impl IntoView {
    let AssignmentPreview { from, to, preview } = shown;
    if from.as_ref().is_some_and(|from| from.id == to.id) {
        let words = giving.nothing_moves(app_state());
        return view! { <p dir="auto" class="breaks" data-testid="assign-preview">{words}</p> }.into_any();
    }
    let lead = match &from {
        Some(from) => text::assign_from_to(&named(from), &named(&to)),
        None => text::assign_first(&named(&to)),
    };
    let registers = match preview.registers.clone() {
        none if none.is_empty() => view! { <p class="note">{giving.no_device()}</p> }.into_any(),
        registers => {
            view! { <RegisterSteps registers bytes_per_s=preview.estimated_bytes_per_s /> }.into_any()
        }
    };
    view! {
        <p dir="auto" class="breaks">{lead}</p>
        <WhatChanges preview nothing_changes=text::assign_same_content() test_id="assign-preview">
            {registers}
        </WhatChanges>
    }
    .into_any()
}

fn named(profile: &GivenProfile) -> String {
    match profile.version {
        Some(version) => text::profile_and_version(&profile.name, version),
        None => profile.name.clone(),
    }
}

/// Why it was not done.
#[component]
fn Refusal(error: ApiError) -> impl IntoView {
    let findings = error.problem().map(|problem| problem.findings.as_slice()).unwrap_or_default();
    let said: Vec<String> = findings.iter().map(finding_words).collect();
    let detail = if said.is_empty() { error.detail() } else { said.join(" ") };
    view! {
        <Banner
            tone=Tone::Bad
            title=text::not_assigned(&error.title())
            detail=TextProp::from(detail)
            test_id="assign-refused"
        />
    }
    .into_any()
}
