//! What can be done with an entry, one press away from being done: a choice, then why, then the confirmation.

use holdfast_ui::messages::{back_office as text, common};
use holdfast_ui::{Banner, Button, ButtonKind, Field, Tone};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::mending::Mending;
use super::words;
use crate::api::RejectedSale;
use crate::page::focus;

/// Longest note.
const NOTE_CHARS_MAX: u32 = 500;
/// Longest corrected field.
const CORRECTION_CHARS_MAX: u32 = 100;

/// The choice, and what follows it.
#[component]
pub fn Decision(
    /// What can be done, by name.
    actions: Signal<Vec<String>>,
    /// What the entry says, where it is a sale.
    sale: Signal<Option<RejectedSale>>,
    /// The decision.
    mending: Mending,
    /// Asks for the entry again.
    #[prop(into)]
    redo: UnsyncCallback<()>,
) -> impl IntoView {
    let heading = NodeRef::<leptos::html::H2>::new();
    // Back from a choice, the focus must not be lost with the button that had it.
    Effect::new(move |was_chosen: Option<bool>| {
        let is_chosen = mending.chosen.with(Option::is_some);
        if was_chosen == Some(true)
            && !is_chosen
            && let Some(heading) = heading.get_untracked()
        {
            focus(&heading);
        }
        is_chosen
    });
    let choices = move || {
        let button = |action: String| {
            // An entry that can't be applied is set aside with a heavy heart.
            let kind = if action == "set_aside" { ButtonKind::Plain } else { ButtonKind::Primary };
            let (label, test_id) = (words::action(&action), format!("mend-{action}"));
            let choose = move || mending.choose(&action, sale.get_untracked().as_ref());
            view! { <Button label=label kind on_press=choose test_id=test_id /> }
        };
        actions.get().into_iter().map(button).collect_view()
    };
    view! {
        <section class="card padded decision" data-testid="decision">
            <h2 tabindex="-1" node_ref=heading>{text::what_can_be_done()}</h2>
            {move || match mending.chosen.get() {
                None => view! { <div class="choose">{choices}</div> }.into_any(),
                Some(action) => {
                    let corrects = action.starts_with("apply") && sale.with_untracked(Option::is_some);
                    view! { <Confirm action corrects mending redo /> }.into_any()
                }
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Confirm(action: String, corrects: bool, mending: Mending, redo: UnsyncCallback<()>) -> impl IntoView {
    let label = words::action(&action);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        mending.confirm(move || {
            redo.try_run(());
        });
    };
    view! {
        <form on:submit=submit>
            <h3>{label.clone()}</h3>
            <p class="muted">{words::action_detail(&action)}</p>
            {corrects.then(|| view! { <CorrectionFields mending /> })}
            <Field
                label=text::mend_note()
                value=mending.note
                help=TextProp::from(text::mend_note_help())
                error=mending.field_error("note")
                length_max=NOTE_CHARS_MAX
                focused=true
                test_id="mend-note"
            />
            {move || {
                mending.error().map(|error| {
                    view! { <Banner tone=Tone::Bad title=error.title() detail=TextProp::from(error.detail()) /> }
                })
            }}
            <div class="choose">
                <Button
                    label=label
                    kind=ButtonKind::Primary
                    submit=true
                    disabled=mending.is_sending
                    on_press=|| ()
                    test_id="mend-confirm"
                />
                <Button
                    label=common::cancel()
                    disabled=mending.is_sending
                    on_press=move || mending.cancel()
                    test_id="mend-cancel"
                />
            </div>
        </form>
    }
    .into_any()
}

/// What may be corrected in a sale; folded away, since most sales need none.
#[component]
fn CorrectionFields(mending: Mending) -> impl IntoView {
    let field = |label: &'static str, value: RwSignal<String>, name: &'static str| {
        view! {
            <Field
                label=label
                value=value
                error=mending.field_error(name)
                length_max=CORRECTION_CHARS_MAX
                test_id=format!("correct-{}", name.replace('_', "-"))
            />
        }
    };
    view! {
        <details class="corrections">
            <summary data-testid="correct">{text::correct()}</summary>
            <p class="muted small">{text::correct_help()}</p>
            <div class="pair">
                {field(text::correct_customer_id(), mending.customer_id, "customer_id")}
                {field(text::correct_customer_name(), mending.customer_name, "customer_name")}
                {field(text::correct_cashier_id(), mending.cashier_id, "cashier_id")}
                {field(text::correct_cashier_name(), mending.cashier_name, "cashier_name")}
                {field(text::correct_external_ref(), mending.external_ref, "external_ref")}
            </div>
        </details>
    }
    .into_any()
}
