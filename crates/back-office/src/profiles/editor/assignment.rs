//! Who has the profile: the store, and registers of their own. Assigning acts at once; it is no part of the draft.

use holdfast_ui::messages::{common, profiles as text};
use holdfast_ui::{Badge, Banner, Button, CheckEntry, Icon, Tone};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::state::Editor;
use crate::api::ApiError;
use crate::profiles::choosing::{Assignee, assign};
use crate::state::app_state;

/// The card.
#[component]
pub fn Assignment(editor: Editor) -> impl IntoView {
    let state = app_state();
    let refusal = RwSignal::new(None::<ApiError>);
    let is_published =
        Memo::new(move |_| editor.detail.with(|detail| detail.is_some_and(|one| one.published.is_some())));
    let is_store =
        Memo::new(move |_| editor.detail.with(|detail| detail.is_some_and(|one| one.used_by_store)));
    let own = Memo::new(move |_| {
        editor.detail.with(|detail| detail.map(|one| one.registers_own.clone())).unwrap_or_default()
    });
    let give = move |to: Assignee, is_given: bool| {
        let Some(id) = editor.id() else { return };
        spawn_local(async move {
            let outcome = assign(state, to, is_given.then_some(id)).await;
            editor.detail.ask_anew(state.api.profile(id));
            refusal.try_set(outcome.err());
        });
    };
    let registers = Memo::new(move |_| {
        state.registers.with(|all| {
            all.map(|all| all.iter().map(|one| (one.number, one.name.clone())).collect::<Vec<_>>())
        })
    });
    let boxes = move || {
        let registers = registers.get().unwrap_or_default();
        if registers.is_empty() {
            return view! { <p class="muted">{text::no_registers()}</p> }.into_any();
        }
        let register = |(number, name): (u16, String)| {
            view! {
                <CheckEntry
                    label=name
                    value=Signal::derive(move || own.with(|own| own.contains(&number)))
                    on_change=move |is_own| give(Assignee::Register(number), is_own)
                    disabled=Signal::derive(move || !is_published.get() && !own.with(|own| own.contains(&number)))
                    test_id=format!("assign-register-{number}")
                />
            }
        };
        registers.into_iter().map(register).collect_view().into_any()
    };
    view! {
        <section class="card padded stack" data-testid="assignment">
            <h2>{text::assignment()}</h2>
            <p class="muted">{text::assignment_detail()}</p>
            {move || (!is_published.get()).then(|| view! { <p>{text::assign_first_publish()}</p> })}
            {move || {
                if is_store.get() {
                    view! {
                        <p>
                            <Badge text=text::is_store_profile() tone=Tone::Ok icon=Some(Icon::Tick) test_id="is-store-profile" />
                        </p>
                    }
                    .into_any()
                } else {
                    view! {
                        <Button
                            label=text::make_store_profile()
                            on_press=move || give(Assignee::Store, true)
                            disabled=Signal::derive(move || !is_published.get())
                            class="start"
                            test_id="make-store-profile"
                        />
                    }
                    .into_any()
                }
            }}
            <fieldset>
                <legend>{text::registers_own()}</legend>
                {boxes}
            </fieldset>
            {move || {
                refusal.get().map(|error| {
                    view! {
                        <Banner tone=Tone::Bad title=error.title() detail=TextProp::from(error.detail())>
                            <Button label=common::close() on_press=move || refusal.set(None) />
                        </Banner>
                    }
                })
            }}
        </section>
    }
    .into_any()
}
