//! Entries: fields whose value lives elsewhere, such as in a draft. Each shows what it is told, says what was
//! entered, and has one line below that helps or says what is wrong.

use leptos::prelude::*;

use crate::element_id;
use crate::field::FieldKind;

/// A labelled input. What was typed is said at each letter; it stays in the input as `value` has it.
#[component]
pub fn Entry(
    /// What to type.
    #[prop(into)]
    label: TextProp,
    /// What is there.
    #[prop(into)]
    value: Signal<String>,
    /// What was typed.
    #[prop(into)]
    on_input: UnsyncCallback<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Below the input while nothing is wrong.
    #[prop(optional, into)]
    help: Option<TextProp>,
    /// What is typed.
    #[prop(optional)]
    kind: FieldKind,
    /// Several lines.
    #[prop(optional)]
    multiline: bool,
    /// Gets the focus when it appears.
    #[prop(optional)]
    focused: bool,
    /// The name that findings have for it, by which it is found on the page.
    #[prop(optional, into)]
    field: Signal<String>,
    /// For tests; on the input.
    #[prop(optional, into)]
    test_id: Option<String>,
    /// More classes.
    #[prop(optional, into)]
    class: Option<&'static str>,
) -> impl IntoView {
    let id = element_id::next("entry");
    let note_id = format!("{id}-note");
    let plain_text = matches!(kind, FieldKind::Text);
    let is_wrong = move || error.with(Option::is_some).then_some("true");
    let control = if multiline {
        let area = NodeRef::<leptos::html::Textarea>::new();
        focus_when_there(focused, move || area.get().map(|area| area.focus().is_ok()));
        view! {
            <textarea
                node_ref=area
                id=id.clone()
                rows="4"
                autocomplete="off"
                dir="auto"
                aria-describedby=note_id.clone()
                aria-invalid=is_wrong
                data-field=named(field)
                data-testid=test_id
                prop:value=move || value.get()
                on:input:target=move |event| tell(on_input, event.target().value())
            ></textarea>
        }
        .into_any()
    } else {
        let input = NodeRef::<leptos::html::Input>::new();
        focus_when_there(focused, move || input.get().map(|input| input.focus().is_ok()));
        view! {
            <input
                node_ref=input
                id=id.clone()
                type=kind.input_type()
                inputmode=kind.input_mode()
                autocomplete="off"
                autocapitalize=(!plain_text).then_some("off")
                spellcheck=(!plain_text).then_some("false")
                dir=plain_text.then_some("auto")
                aria-describedby=note_id.clone()
                aria-invalid=is_wrong
                data-field=named(field)
                data-testid=test_id
                prop:value=move || value.get()
                on:input:target=move |event| tell(on_input, event.target().value())
            />
        }
        .into_any()
    };
    view! {
        <div class=classes(class) class:wrong=move || error.with(Option::is_some)>
            <label for=id>{move || label.get()}</label>
            {control}
            <Note id=note_id error help />
        </div>
    }
    .into_any()
}

/// One of several choices; its value is what the page calls it, its label what people call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the page calls it.
    pub value: String,
    /// In words.
    pub label: String,
    /// The heading that it stands under; neighbours under the same stand together.
    pub group: Option<String>,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Choice {
        Choice { value: value.into(), label: label.into(), group: None }
    }

    /// The same choice under a heading.
    #[must_use]
    pub fn under(self, heading: impl Into<String>) -> Choice {
        Choice { group: Some(heading.into()), ..self }
    }
}

/// A labelled list to choose one from.
#[component]
pub fn ChoiceEntry(
    /// What to choose.
    #[prop(into)]
    label: TextProp,
    /// In order.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The value of the chosen one.
    #[prop(into)]
    value: Signal<String>,
    /// The value of the one that was chosen.
    #[prop(into)]
    on_choose: UnsyncCallback<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Below while nothing is wrong.
    #[prop(optional, into)]
    help: Option<TextProp>,
    /// Can't be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The name that findings have for it.
    #[prop(optional, into)]
    field: Signal<String>,
    /// For tests; on the list.
    #[prop(optional, into)]
    test_id: Option<String>,
    /// More classes.
    #[prop(optional, into)]
    class: Option<&'static str>,
) -> impl IntoView {
    let id = element_id::next("choice");
    let note_id = format!("{id}-note");
    let options = move || {
        let option = |choice: &Choice| {
            let Choice { value: name, label, group: _ } = choice.clone();
            let compared = name.clone();
            view! {
                <option value=name prop:selected=move || value.with(|value| *value == compared)>
                    {label}
                </option>
            }
        };
        let run = |run: &[Choice]| {
            let options = run.iter().map(option).collect_view();
            match run.first().and_then(|choice| choice.group.clone()) {
                None => options.into_any(),
                Some(heading) => view! { <optgroup label=heading>{options}</optgroup> }.into_any(),
            }
        };
        choices.with(|all| all.chunk_by(|one, next| one.group == next.group).map(run).collect_view())
    };
    view! {
        <div class=classes(class) class:wrong=move || error.with(Option::is_some)>
            <label for=id.clone()>{move || label.get()}</label>
            <select
                id=id
                aria-describedby=note_id.clone()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                data-field=named(field)
                data-testid=test_id
                disabled=move || disabled.get()
                on:change:target=move |event| tell(on_choose, event.target().value())
            >
                {options}
            </select>
            <Note id=note_id error help />
        </div>
    }
    .into_any()
}

/// Something that is so or not.
#[component]
pub fn CheckEntry(
    /// What is so.
    #[prop(into)]
    label: TextProp,
    /// Whether it is so.
    #[prop(into)]
    value: Signal<bool>,
    /// Whether it is to be so.
    #[prop(into)]
    on_change: UnsyncCallback<bool>,
    /// Below the label.
    #[prop(optional, into)]
    help: Option<TextProp>,
    /// Can't be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The name that findings have for it.
    #[prop(optional, into)]
    field: Signal<String>,
    /// For tests; on the box.
    #[prop(optional, into)]
    test_id: Option<String>,
) -> impl IntoView {
    let id = element_id::next("check");
    let (label_for, note_id) = (id.clone(), format!("{id}-note"));
    view! {
        <div class="check">
            <label for=label_for>
                <input
                    type="checkbox"
                    id=id
                    aria-describedby=note_id.clone()
                    data-field=named(field)
                    data-testid=test_id
                    disabled=move || disabled.get()
                    prop:checked=move || value.get()
                    on:change:target=move |event| {
                        let input = event.target();
                        on_change.try_run(input.checked());
                        // It shows what is so: what was asked for may be refused, and then nothing else changes.
                        input.set_checked(value.get_untracked());
                    }
                />
                <span>{move || label.get()}</span>
            </label>
            <small id=note_id>{help.map(|help| move || help.get())}</small>
        </div>
    }
    .into_any()
}

/// The line below an entry. What is wrong may be said in another language than the page's.
#[component]
fn Note(id: String, error: Signal<Option<String>>, help: Option<TextProp>) -> impl IntoView {
    let words = move || match (error.get(), &help) {
        (Some(error), _) => error.into(),
        (None, Some(help)) => help.get(),
        (None, None) => "".into(),
    };
    view! {
        <small id=id aria-live="polite" lang=move || error.with(Option::is_some).then_some("en")>
            {words}
        </small>
    }
    .into_any()
}

/// Nothing where it has no name.
fn named(field: Signal<String>) -> impl Fn() -> Option<String> + Send + Sync + Copy + 'static {
    move || Some(field.get()).filter(|field| !field.is_empty())
}

fn classes(more: Option<&'static str>) -> String {
    more.map_or_else(|| "field".to_owned(), |more| format!("field {more}"))
}

/// What is entered may arrive after the entry has gone from the screen; then there is nothing to do.
fn tell(to: UnsyncCallback<String>, text: String) {
    to.try_run(text);
}

fn focus_when_there(wanted: bool, focus: impl Fn() -> Option<bool> + 'static) {
    if wanted {
        Effect::new(move |_| {
            if focus() == Some(false) {
                leptos::logging::warn!("an entry could not take the focus");
            }
        });
    }
}
