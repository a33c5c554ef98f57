//! Who has the profile: the store, and registers of their own. What an assignment would do is shown before it is done; it
//! is no part of the draft.

use holdfast_ui::messages::assigning as text;
use holdfast_ui::{Badge, Button, CheckEntry, Icon, Tone};
use leptos::prelude::*;

use super::state::Editor;
use crate::profiles::assign::{AssignDialog, Giving};
use crate::state::app_state;

/// The card.
#[component]
pub fn Assignment(editor: Editor) -> impl IntoView {
    let state = app_state();
    let asked = RwSignal::new(None::<Giving>);
    let is_published =
        Memo::new(move |_| editor.detail.with(|detail| detail.is_some_and(|one| one.published.is_some())));
    let is_store =
        Memo::new(move |_| editor.detail.with(|detail| detail.is_some_and(|one| one.used_by_store)));
    let own = Memo::new(move |_| {
        editor.detail.with(|detail| detail.map(|one| one.registers_own.clone())).unwrap_or_default()
    });
    // By the name that the store server has.
    let this = move || editor.detail.peek(|detail| detail.map(|one| (one.id, one.draft.name.clone())));
    let ask_for_store = move || asked.set(this().map(|(id, name)| Giving::ToStore { id, name }));
    let ask_for_register = move |number: u16, is_own: bool| {
        let profile = this().filter(|_| is_own);
        asked.set(Some(Giving::ToRegister { number, profile }));
    };
    let given = move |_| {
        if let Some(id) = editor.id() {
            editor.detail.ask_anew(state.api.profile(id));
        }
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
                    on_change=move |is_own| ask_for_register(number, is_own)
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
                            label=text::make_store_profile_ask()
                            on_press=ask_for_store
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
        </section>
        <AssignDialog asked on_given=given />
    }
    .into_any()
}
