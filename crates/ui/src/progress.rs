//! How far something is: always with a count, so it visibly comes to an end.

use leptos::prelude::*;

use crate::messages;

/// A bar, its label and the count.
#[component]
pub fn ProgressBar(
    /// What is going on.
    #[prop(into)]
    label: TextProp,
    /// Done so far.
    #[prop(into)]
    value: Signal<u64>,
    /// When it is complete; 0 while that is not known.
    #[prop(into)]
    total: Signal<u64>,
    /// Instead of "12 of 40".
    #[prop(optional, into)]
    count: Option<TextProp>,
    /// For tests.
    #[prop(optional, into)]
    test_id: Option<String>,
) -> impl IntoView {
    let spoken = label.clone();
    let counted = move || match &count {
        Some(count) => count.get().into(),
        None => {
            let part = messages::number(value.get().min(total.get()));
            messages::common::of_total(&part, &messages::number(total.get()))
        }
    };
    view! {
        <div class="progress" data-testid=test_id>
            <div class="progress-words">
                <span>{move || label.get()}</span>
                <span class="num">{counted}</span>
            </div>
            <progress
                aria-label=move || spoken.get()
                value=move || value.get().to_string()
                max=move || total.get().max(1).to_string()
            ></progress>
        </div>
    }
    .into_any()
}
