//! What stands where there is nothing: yet (a skeleton), or at all (an empty state that says what to do).

use leptos::prelude::*;

use crate::icon::{Icon, IconView};
use crate::messages;

/// Nothing is here; why, and what to do next.
#[component]
pub fn EmptyState(
    /// A large picture.
    icon: Icon,
    /// What is not here.
    #[prop(into)]
    title: TextProp,
    /// What to do.
    #[prop(optional, into)]
    detail: Option<TextProp>,
    /// A button that does it.
    #[prop(optional)]
    children: Option<Children>,
    /// For tests.
    #[prop(optional, into)]
    test_id: Option<String>,
) -> impl IntoView {
    view! {
        <div class="empty" data-testid=test_id>
            <span class="empty-icon"><IconView icon /></span>
            <p class="empty-title">{move || title.get()}</p>
            {detail.map(|detail| view! { <p class="muted">{move || detail.get()}</p> })}
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}

/// Grey bars in the place of rows that are on their way.
#[component]
pub fn Skeleton(
    /// How many bars.
    #[prop(default = 4)]
    rows: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="unseen">{messages::common::loading()}</span>
            {(0..rows).map(|_| view! { <span class="skeleton-row" aria-hidden="true"></span> }).collect_view()}
        </div>
    }
    .into_any()
}
