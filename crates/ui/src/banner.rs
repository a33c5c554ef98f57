//! A calm strip that says what happened, what is safe and what to do; never covers anything.

use leptos::prelude::*;

use crate::badge::Tone;
use crate::icon::{Icon, IconView};

/// A strip with an icon, a title, a detail and perhaps buttons.
#[component]
pub fn Banner(
    /// What it means: `Bad` needs somebody, `Wait` goes on by itself.
    #[prop(optional)]
    tone: Tone,
    /// What happened.
    #[prop(into)]
    title: TextProp,
    /// What is safe and what to do.
    #[prop(optional, into)]
    detail: Option<TextProp>,
    /// The detail is in the words of the store server or of the browser, whatever the page's language.
    #[prop(optional)]
    foreign: bool,
    /// Instead of the tone's own picture.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
    /// For tests.
    #[prop(optional, into)]
    test_id: Option<String>,
) -> impl IntoView {
    let icon = icon.unwrap_or(match tone {
        Tone::Ok => Icon::Tick,
        Tone::Wait => Icon::Clock,
        Tone::Bad => Icon::Warn,
        Tone::Neutral | Tone::Accent => Icon::Info,
    });
    view! {
        <div class=format!("banner {}", tone.class()) role="status" data-testid=test_id>
            <IconView icon />
            <div class="grow">
                <strong>{move || title.get()}</strong>
                {detail.map(|detail| view! { <p lang=foreign.then_some("en")>{move || detail.get()}</p> })}
            </div>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}
