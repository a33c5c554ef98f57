//! The profile of one register: one of its own, or the store's.

use holdfast_ui::messages::profiles as text;
use holdfast_ui::{Button, Choice, ChoiceEntry};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::list::Assigned;
use crate::api::ApiError;
use crate::live::keep_fresh;
use crate::state::app_state;

/// The card on the register's page.
#[component]
pub fn RegisterProfile(
    /// The register.
    number: u16,
) -> impl IntoView {
    let state = app_state();
    keep_fresh(move || state.profiles.ask(state.api.profiles()));
    let wanted = RwSignal::new(None::<String>);
    let outcome = RwSignal::new(None::<Result<(), ApiError>>);
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
    let value = Signal::derive(move || wanted.get().or_else(|| current.get()).unwrap_or_default());
    let differs = Signal::derive(move || wanted.get().is_some_and(|wanted| Some(wanted) != current.get()));
    let assign = move || {
        let Some(wanted_now) = wanted.get_untracked() else { return };
        spawn_local(async move {
            let done = state.api.set_register_profile(number, wanted_now.parse().ok()).await;
            state.profiles.ask_anew(state.api.profiles());
            state.registers.ask_anew(state.api.registers());
            if done.is_ok() {
                wanted.try_set(None);
            }
            outcome.try_set(Some(done));
        });
    };
    view! {
        <section class="card padded choose-profile">
            <ChoiceEntry
                label=text::register_profile()
                choices=choices
                value=value
                on_choose=move |id| wanted.set(Some(id))
                help=TextProp::from(text::register_profile_help())
                test_id="register-profile"
            />
            <Button
                label=text::assign()
                on_press=assign
                disabled=Signal::derive(move || !differs.get())
                test_id="register-profile-assign"
            />
            <Assigned outcome />
        </section>
    }
    .into_any()
}
