//! Two administrators changed the same fields: what was there before, mine and theirs side by side, and a choice for
//! each. Nothing is saved before all are chosen.

use std::collections::BTreeMap;

use holdfast_profile::{FieldValue, MergeConflict, Side};
use holdfast_ui::messages::profiles as text;
use holdfast_ui::{Button, ButtonKind};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::meeting::Meeting;
use super::place_words::{field_words, table_of};
use super::state::{Editor, Saving};
use crate::page::focus;
use crate::profiles::value_words::value_words;

/// The panel; nothing while no two changes met.
#[component]
pub fn MergePanel(editor: Editor) -> impl IntoView {
    move || editor.meeting.get().map(|meeting| view! { <Choices editor meeting /> })
}

#[component]
fn Choices(editor: Editor, meeting: Meeting) -> impl IntoView {
    let Meeting { conflicts, other } = meeting;
    let heading = NodeRef::<leptos::html::H2>::new();
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
            focus(&heading);
        }
    });
    let chosen = editor.choices;
    let fields: Vec<String> = conflicts.iter().map(|conflict| conflict.field.clone()).collect();
    let left = Memo::new(move |_| {
        chosen.with(|chosen| fields.iter().filter(|field| !chosen.contains_key(*field)).count() as u64)
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if left.get_untracked() == 0 {
            editor.save(chosen.get_untracked(), || {});
        }
    };
    let lead =
        if other.is_empty() { text::meeting_lead_nobody().to_owned() } else { text::meeting_lead(&other) };
    let rows = conflicts
        .into_iter()
        .enumerate()
        .map(|(at, conflict)| view! { <OneConflict editor at conflict chosen /> })
        .collect_view();
    view! {
        <section class="card padded stack" data-testid="merge">
            <h2 tabindex="-1" node_ref=heading>{text::meeting_title()}</h2>
            <p>{lead}</p>
            <form class="stack" on:submit=submit>
                {rows}
                <div class="row wrap">
                    <Button
                        label=text::meeting_save()
                        kind=ButtonKind::Primary
                        submit=true
                        disabled=Signal::derive(move || left.get() > 0 || editor.saving.get() == Saving::UnderWay)
                        on_press=|| {}
                        test_id="merge-save"
                    />
                    <span class="muted" aria-live="polite">
                        {move || (left.get() > 0).then(|| text::meeting_choose_all(left.get()))}
                    </span>
                </div>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn OneConflict(
    editor: Editor,
    at: usize,
    conflict: MergeConflict,
    chosen: RwSignal<BTreeMap<String, Side>>,
) -> impl IntoView {
    let MergeConflict { field, base, mine, theirs } = conflict;
    let table = table_of(&field);
    let words = move |value: Option<FieldValue>| {
        let nothing_there = |value: &FieldValue| matches!(value, FieldValue::Text(text) if text.is_empty());
        let Some(value) = value.filter(|value| !nothing_there(value)) else {
            return view! { <span class="muted">{text::meeting_nothing()}</span> }.into_any();
        };
        let said = if let FieldValue::Text(text) = value {
            text
        } else {
            value_words(&value, table, editor.currency.get_untracked())
        };
        view! { <span dir="auto">{said}</span> }.into_any()
    };
    let side = |side: Side, label: &'static str, value: Option<FieldValue>, end: &'static str| {
        let (field, shown) = (field.clone(), field.clone());
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name=format!("merge-{at}")
                    data-testid=format!("merge-{}-{end}", at + 1)
                    prop:checked=move || chosen.with(|chosen| chosen.get(&shown) == Some(&side))
                    on:change=move |_| chosen.update(|chosen| {
                        chosen.insert(field.clone(), side);
                    })
                />
                <span class="grow">
                    <span class="small muted">{label}</span>
                    <strong class="prose">{words(value)}</strong>
                </span>
            </label>
        }
    };
    let mine = side(Side::Mine, text::meeting_mine(), mine, "mine");
    let theirs = side(Side::Theirs, text::meeting_theirs(), theirs, "theirs");
    view! {
        <fieldset class="conflict" data-testid=format!("merge-{}", at + 1)>
            <legend>
                <span class="unseen">{text::meeting_choose(&field_words(&field))}</span>
                <span aria-hidden="true">{field_words(&field)}</span>
            </legend>
            <p class="small">
                <span class="muted">{text::meeting_before()} ": "</span>
                {words(base)}
            </p>
            <div class="choices">{mine} {theirs}</div>
        </fieldset>
    }
    .into_any()
}
