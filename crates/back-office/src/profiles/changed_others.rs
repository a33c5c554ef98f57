//! What an order for one profile would also change in others, because they have the same scopes: shown before it is done.

use holdfast_ui::messages::profiles as text;
use holdfast_ui::{Banner, Tone};
use leptos::prelude::*;

use crate::api::ChangedOther;

/// The other profiles, each with the scopes that would change in it.
#[component]
pub fn ChangedOthers(
    /// As the store server says.
    others: Vec<ChangedOther>,
) -> impl IntoView {
    let line = |other: ChangedOther| {
        let words = text::changes_others_scopes(&other.name, &other.scopes.join(", "));
        view! { <li dir="auto" class="breaks">{words}</li> }
    };
    view! {
        <Banner
            tone=Tone::Wait
            title=text::changes_others_title()
            detail=TextProp::from(text::changes_others_detail())
            test_id="changes-others"
        />
        <ul>{others.into_iter().map(line).collect_view()}</ul>
    }
    .into_any()
}
