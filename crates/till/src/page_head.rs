//! The head of a page beside the sale: its name, the way back, what can be done there.

use holdfast_ui::messages::common;
use holdfast_ui::{ButtonKind, Icon, IconButton};
use leptos::prelude::*;

use crate::till::{Place, use_till};

/// Name, way back, actions.
#[component]
pub fn PageHead(
    /// The page's name.
    title: &'static str,
    /// What can be done there.
    children: Children,
) -> impl IntoView {
    let till = use_till();
    view! {
        <div class="page-head">
            <IconButton
                icon=Icon::Back
                label=common::back()
                kind=ButtonKind::Plain
                on_press=move || till.go_to(Place::Sale)
                test_id="back"
            />
            <h1 class="grow">{title}</h1>
            {children()}
        </div>
    }
    .into_any()
}
