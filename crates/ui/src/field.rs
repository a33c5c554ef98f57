//! A field: label, input, and one line below that helps or says what is wrong. The line is always there,
//! so nothing jumps when an error comes.

use leptos::prelude::*;

use crate::element_id;

/// What is typed into a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldKind {
    /// Text.
    #[default]
    Text,
    /// A password; not shown.
    Password,
    /// A whole number: a tablet shows its digits.
    Number,
    /// Text that a program made: no correction, no capital letters.
    Code,
}

impl FieldKind {
    pub(crate) fn input_type(self) -> &'static str {
        match self {
            FieldKind::Password => "password",
            FieldKind::Text | FieldKind::Number | FieldKind::Code => "text",
        }
    }

    pub(crate) fn input_mode(self) -> Option<&'static str> {
        match self {
            FieldKind::Number => Some("numeric"),
            FieldKind::Text | FieldKind::Password | FieldKind::Code => None,
        }
    }
}

/// A labelled input. The typed text lives in `value`, an error beside it in `error`: neither is lost.
#[component]
pub fn Field(
    /// What to type.
    #[prop(into)]
    label: TextProp,
    /// What was typed.
    value: RwSignal<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Below the input while nothing is wrong.
    #[prop(optional, into)]
    help: Option<TextProp>,
    /// What is typed.
    #[prop(optional)]
    kind: FieldKind,
    /// For the browser's memory, as in HTML; "off" when absent.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Longest text.
    #[prop(optional, into)]
    length_max: Option<u32>,
    /// Gets the focus when it appears.
    #[prop(optional)]
    focused: bool,
    /// Can't be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// For tests; on the input.
    #[prop(optional, into)]
    test_id: Option<String>,
    /// More classes.
    #[prop(optional, into)]
    class: Option<&'static str>,
) -> impl IntoView {
    let id = element_id::next("field");
    let note_id = format!("{id}-note");
    let input = NodeRef::<leptos::html::Input>::new();
    if focused {
        Effect::new(move |_| {
            if let Some(input) = input.get()
                && input.focus().is_err()
            {
                leptos::logging::warn!("a field could not take the focus");
            }
        });
    }
    let plain_text = matches!(kind, FieldKind::Text);
    let note = move || match (error.get(), &help) {
        (Some(error), _) => error.into(),
        (None, Some(help)) => help.get(),
        (None, None) => "".into(),
    };
    view! {
        <div
            class=class.map_or_else(|| "field".to_owned(), |class| format!("field {class}"))
            class:wrong=move || error.read().is_some()
        >
            <label for=id.clone()>{move || label.get()}</label>
            <input
                node_ref=input
                id=id
                type=kind.input_type()
                inputmode=kind.input_mode()
                autocomplete=autocomplete
                autocapitalize=(!plain_text).then_some("off")
                spellcheck=(!plain_text).then_some("false")
                maxlength=length_max.map(|length| length.to_string())
                aria-describedby=note_id.clone()
                aria-invalid=move || error.read().is_some().then_some("true")
                data-testid=test_id
                disabled=move || disabled.get()
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            />
            <small id=note_id aria-live="polite">{note}</small>
        </div>
    }
    .into_any()
}
