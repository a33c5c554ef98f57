//! Sentences one under another.

use holdfast_ui::Icon;
use leptos::prelude::*;

/// A list of them, each behind the same icon.
#[component]
pub fn Sentences(sentences: Vec<String>, icon: Icon) -> impl IntoView {
    let items = sentences.into_iter().map(|sentence| {
        view! {
            <li>
                <holdfast_ui::IconView icon />
                <span dir="auto" class="breaks">{sentence}</span>
            </li>
        }
    });
    view! { <ul class="sentences">{items.collect_view()}</ul> }.into_any()
}
