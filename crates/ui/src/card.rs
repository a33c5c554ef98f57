//! A white surface that groups what belongs together.

use leptos::prelude::*;

/// A surface with a frame.
#[component]
pub fn Card(
    /// More classes (`padded` gives it room inside).
    #[prop(optional, into)]
    class: Option<&'static str>,
    /// What is on it.
    children: Children,
) -> impl IntoView {
    let class = class.map_or_else(|| "card".to_owned(), |more| format!("card {more}"));
    view! { <div class=class>{children()}</div> }.into_any()
}
