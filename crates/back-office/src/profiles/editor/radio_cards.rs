//! A few choices side by side, each with what it means.

use holdfast_ui::{Icon, IconView};
use leptos::prelude::*;

/// One of the choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RadioCard {
    /// What the page calls it; also the end of its test id.
    pub value: &'static str,
    /// In a word.
    pub label: &'static str,
    /// What it means.
    pub note: &'static str,
    /// Its picture.
    pub icon: Option<Icon>,
}

/// The choices. Arrow keys move between them, as the browser has it.
#[component]
pub fn RadioCards(
    /// What is chosen.
    legend: &'static str,
    /// In order.
    cards: Vec<RadioCard>,
    /// The value of the chosen one.
    #[prop(into)]
    value: Signal<String>,
    /// The value of the one that was chosen.
    #[prop(into)]
    on_choose: UnsyncCallback<&'static str>,
    /// What is wrong with the choice.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The name that findings have for it; empty where they lead elsewhere.
    #[prop(into)]
    field: Signal<String>,
    /// Begins the test ids, and names the group.
    test_id: &'static str,
    /// Stands in a narrow place: the meaning of the chosen one follows below.
    #[prop(optional)]
    narrow: bool,
) -> impl IntoView {
    let error_id = format!("{test_id}-error");
    let notes: Vec<(&'static str, &'static str)> = cards.iter().map(|card| (card.value, card.note)).collect();
    let views = cards.into_iter().enumerate().map(|(at, card)| {
        let is_chosen = move || value.with(|value| value == card.value);
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name=test_id
                    value=card.value
                    data-field=move || Some(field.get()).filter(|field| at == 0 && !field.is_empty())
                    data-testid=format!("{test_id}-{}", card.value)
                    aria-describedby=error_id.clone()
                    prop:checked=is_chosen
                    on:change=move |_| {
                        on_choose.try_run(card.value);
                    }
                />
                {card.icon.map(|icon| view! { <IconView icon /> })}
                <span class="grow">
                    <strong>{card.label}</strong>
                    {(!narrow).then(|| view! { <span class="small muted">{card.note}</span> })}
                </span>
            </label>
        }
    });
    let views = views.collect_view();
    let chosen_note =
        move || value.with(|value| notes.iter().find(|(name, _)| name == value).map_or("", |(_, note)| note));
    view! {
        <fieldset class="radio-cards" class:narrow=narrow>
            <legend>{legend}</legend>
            <div class="choices">{views}</div>
            {narrow.then(|| view! { <p class="small muted" aria-live="polite">{chosen_note}</p> })}
            <p class="field-error small" id=error_id.clone() lang="en" aria-live="polite">
                {move || error.get()}
            </p>
        </fieldset>
    }
    .into_any()
}
