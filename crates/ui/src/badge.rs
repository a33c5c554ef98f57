//! A short state in colour, with its word and mostly an icon: colour never speaks alone.

use leptos::prelude::*;

use crate::icon::{Icon, IconView};

/// What a colour means, everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Neutral,
    /// Done, good.
    Ok,
    /// Waits.
    Wait,
    /// Wrong, needs somebody.
    Bad,
    /// Belongs to what to do next.
    Accent,
}

impl Tone {
    /// The class that carries the colour.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Neutral => "neutral",
            Tone::Ok => "ok",
            Tone::Wait => "wait",
            Tone::Bad => "bad",
            Tone::Accent => "accent",
        }
    }
}

/// A word on a coloured ground.
#[component]
pub fn Badge(
    /// The word.
    #[prop(into)]
    text: TextProp,
    /// What it means.
    #[prop(optional, into)]
    tone: Signal<Tone>,
    /// Before the word.
    #[prop(optional, into)]
    icon: Signal<Option<Icon>>,
    /// For tests.
    #[prop(optional, into)]
    test_id: Option<String>,
) -> impl IntoView {
    view! {
        <span class=move || format!("badge {}", tone.get().class()) data-testid=test_id>
            {move || icon.get().map(|icon| view! { <IconView icon /> })}
            <span>{move || text.get()}</span>
        </span>
    }
    .into_any()
}
