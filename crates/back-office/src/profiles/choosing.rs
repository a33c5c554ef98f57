//! Giving a profile to the store or to a register.

use holdfast_ui::messages::profiles as text;
use holdfast_ui::{Button, Choice, ChoiceEntry};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::api::ApiError;
use crate::live::keep_fresh;
use crate::state::{AppState, app_state};

/// The profile of one register, on its page: one of its own, or the store's.
#[component]
pub fn RegisterProfile(
    /// The register.
    number: u16,
) -> impl IntoView {
    let state = app_state();
    keep_fresh(move || state.profiles.ask(state.api.profiles()));
    let current = Memo::new(move |_| {
        state.profiles.with(|all| {
            let own = all?.profiles.iter().find(|one| one.registers_own.contains(&number));
            Some(own.map(|one| one.id.to_string()).unwrap_or_default())
        })
    });
    let choices = Signal::derive(move || {
        state.profiles.with(|all| {
            let Some(all) = all else { return Vec::new() };
            let store = all.profiles.iter().find(|one| Some(one.id) == all.store_profile);
            let follows = store.map_or_else(
                || text::register_follows_store_unknown().to_owned(),
                |store| text::register_follows_store(&store.name),
            );
            let mut choices = vec![Choice::new("", follows)];
            let can_be_own = |one: &&crate::api::ProfileSummary| {
                one.published.is_some() || one.registers_own.contains(&number)
            };
            choices.extend(
                all.profiles
                    .iter()
                    .filter(can_be_own)
                    .map(|one| Choice::new(one.id.to_string(), one.name.clone())),
            );
            choices
        })
    });
    view! {
        <ChooseProfile
            assignee=Assignee::Register(number)
            label=text::register_profile()
            help=text::register_profile_help()
            choices
            current
            test_id="register-profile"
        />
    }
}

/// Whom a profile is given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignee {
    /// All registers that have none of their own.
    Store,
    /// A register by its number.
    Register(u16),
}

/// Gives a profile to somebody; none is the store's.
pub async fn assign(state: AppState, to: Assignee, profile: Option<u64>) -> Result<(), ApiError> {
    let outcome = match (to, profile) {
        (Assignee::Store, Some(id)) => state.api.set_store_profile(id).await,
        // The store always has one.
        (Assignee::Store, None) => Ok(()),
        (Assignee::Register(number), profile) => state.api.set_register_profile(number, profile).await,
    };
    state.profiles.ask_anew(state.api.profiles());
    state.registers.ask_anew(state.api.registers());
    outcome
}

/// A list to choose a profile from, and the button that gives it.
#[component]
pub fn ChooseProfile(
    /// Who is to have it.
    assignee: Assignee,
    /// What is chosen.
    label: &'static str,
    /// Below it.
    help: &'static str,
    /// By id; an empty one is the store's.
    choices: Signal<Vec<Choice>>,
    /// What it is now.
    current: Memo<Option<String>>,
    /// Begins the test ids.
    test_id: &'static str,
) -> impl IntoView {
    let state = app_state();
    let wanted = RwSignal::new(None::<String>);
    let outcome = RwSignal::new(None::<Result<(), ApiError>>);
    let value = Signal::derive(move || wanted.get().or_else(|| current.get()).unwrap_or_default());
    let differs = Signal::derive(move || wanted.get().is_some_and(|wanted| Some(wanted) != current.get()));
    let press = move || {
        let Some(wanted_now) = wanted.get_untracked() else { return };
        spawn_local(async move {
            let done = assign(state, assignee, wanted_now.parse().ok()).await;
            if done.is_ok() {
                wanted.try_set(None);
            }
            outcome.try_set(Some(done));
        });
    };
    let said = move || {
        outcome.get().map(|outcome| match outcome {
            Ok(()) => text::assigned().to_owned(),
            Err(error) => format!("{} {}", error.title(), error.detail()),
        })
    };
    view! {
        <section class="card padded choose-profile">
            <ChoiceEntry
                label=label
                choices=choices
                value=value
                on_choose=move |id| wanted.set(Some(id))
                help=TextProp::from(help)
                test_id=test_id
            />
            <Button
                label=text::assign()
                on_press=press
                disabled=Signal::derive(move || !differs.get())
                test_id=format!("{test_id}-assign")
            />
            <p class="small" role="status" aria-live="polite">{said}</p>
        </section>
    }
    .into_any()
}
