//! Choosing the profile that the store or a register is to have.

use holdfast_ui::messages::assigning as text;
use holdfast_ui::{Button, Choice, ChoiceEntry};
use leptos::prelude::*;

use super::assign::{AssignDialog, Giving};
use crate::api::ProfileSummary;
use crate::live::keep_fresh;
use crate::state::app_state;

/// The profile of one register, on its page: one of its own, or the store's.
#[component]
pub fn RegisterProfile(
    /// The register.
    number: u16,
) -> impl IntoView {
    let state = app_state();
    keep_fresh(move || state.profiles.ask(state.api.profiles()));
    // By id; an empty one is the store's.
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
            let can_be_own =
                |one: &&ProfileSummary| one.published.is_some() || one.registers_own.contains(&number);
            choices.extend(
                all.profiles
                    .iter()
                    .filter(can_be_own)
                    .map(|one| Choice::new(one.id.to_string(), one.name.clone())),
            );
            choices
        })
    });
    let to_register = move |profile| Some(Giving::ToRegister { number, profile });
    view! {
        <ChooseProfile
            giving=to_register
            label=text::register_profile()
            help=text::register_profile_help()
            choices
            current
            test_id="register-profile"
        />
    }
}

/// A list to choose a profile from, and the button that shows what the choice would do.
#[component]
pub fn ChooseProfile(
    /// Who would be given the profile, by its id and name; none is the store's.
    giving: impl Fn(Option<(u64, String)>) -> Option<Giving> + Copy + Send + Sync + 'static,
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
    let asked = RwSignal::new(None::<Giving>);
    let was_given = RwSignal::new(false);
    let value = Signal::derive(move || wanted.get().or_else(|| current.get()).unwrap_or_default());
    let differs = Signal::derive(move || wanted.get().is_some_and(|wanted| Some(wanted) != current.get()));
    let choose = move |id| {
        was_given.set(false);
        wanted.set(Some(id));
    };
    let ask = move || {
        let Some(wanted) = wanted.get_untracked() else { return };
        let named = |id: u64| {
            let of = |one: &&ProfileSummary| one.id == id;
            let name = state.profiles.peek(|all| Some(all?.profiles.iter().find(of)?.name.clone()));
            (id, name.unwrap_or_default())
        };
        asked.set(giving(wanted.parse().ok().map(named)));
    };
    let given = move |_| {
        wanted.set(None);
        was_given.set(true);
    };
    view! {
        <section class="card padded choose-profile">
            <ChoiceEntry
                label=label
                choices=choices
                value=value
                on_choose=choose
                help=TextProp::from(help)
                test_id=test_id
            />
            <Button
                label=text::assign_ask()
                on_press=ask
                disabled=Signal::derive(move || !differs.get())
                test_id=format!("{test_id}-assign")
            />
            <p class="small" role="status" aria-live="polite">
                {move || was_given.get().then(text::assigned)}
            </p>
        </section>
        <AssignDialog asked on_given=given />
    }
    .into_any()
}
