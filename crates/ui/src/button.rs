//! Buttons: with words, or with an icon that has a label for those who can't see it.

use leptos::prelude::*;

use crate::icon::{Icon, IconView};

/// How much a button asks to be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// What to do next; one in view.
    Primary,
    /// One of several things to do.
    #[default]
    Plain,
    /// Rarely needed; no frame.
    Quiet,
    /// Destroys or costs money; never beside what is pressed often.
    Danger,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            ButtonKind::Primary => "button primary",
            ButtonKind::Plain => "button",
            ButtonKind::Quiet => "button quiet",
            ButtonKind::Danger => "button danger",
        }
    }
}

/// A button with a label and perhaps an icon before it.
#[component]
pub fn Button(
    /// What it does, in words.
    #[prop(into)]
    label: TextProp,
    /// What a screen reader says, where several buttons have the same label; holds the label.
    #[prop(optional, into)]
    spoken: Option<TextProp>,
    /// What happens.
    #[prop(into)]
    on_press: UnsyncCallback<()>,
    /// How much it asks to be pressed.
    #[prop(optional)]
    kind: ButtonKind,
    /// Before the label.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Can't be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Submits the form it stands in; `on_press` is still called.
    #[prop(optional)]
    submit: bool,
    /// For tests.
    #[prop(optional, into)]
    test_id: Option<String>,
    /// More classes.
    #[prop(optional, into)]
    class: Option<&'static str>,
) -> impl IntoView {
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=classes(kind, class)
            data-testid=test_id
            aria-label=spoken.map(|spoken| move || spoken.get())
            disabled=move || disabled.get()
            on:click=move |_| press(on_press)
        >
            {icon.map(|icon| view! { <IconView icon /> })}
            <span>{move || label.get()}</span>
        </button>
    }
    .into_any()
}

/// A button that shows an icon only.
#[component]
pub fn IconButton(
    /// What it shows.
    icon: Icon,
    /// What a screen reader says, and the tooltip.
    #[prop(into)]
    label: TextProp,
    /// What happens.
    #[prop(into)]
    on_press: UnsyncCallback<()>,
    /// How much it asks to be pressed.
    #[prop(optional)]
    kind: ButtonKind,
    /// Can't be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// For tests.
    #[prop(optional, into)]
    test_id: Option<String>,
    /// More classes.
    #[prop(optional, into)]
    class: Option<&'static str>,
) -> impl IntoView {
    let title = label.clone();
    view! {
        <button
            type="button"
            class=format!("{} icon-only", classes(kind, class))
            data-testid=test_id
            aria-label=move || label.get()
            title=move || title.get()
            disabled=move || disabled.get()
            on:click=move |_| press(on_press)
        >
            <IconView icon />
        </button>
    }
    .into_any()
}

fn classes(kind: ButtonKind, more: Option<&'static str>) -> String {
    more.map_or_else(|| kind.class().to_owned(), |more| format!("{} {more}", kind.class()))
}

/// A press may arrive after what it belongs to has gone from the screen; then there is nothing to do.
fn press(on_press: UnsyncCallback<()>) {
    on_press.try_run(());
}
