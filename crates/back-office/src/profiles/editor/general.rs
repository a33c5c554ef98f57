//! Name and description, and who has the profile.

use holdfast_ui::Entry;
use holdfast_ui::messages::profiles as text;
use leptos::prelude::*;

use super::assignment::Assignment;
use super::state::Editor;

/// The tab.
#[component]
pub fn General(editor: Editor) -> impl IntoView {
    view! {
        <div class="columns">
            <section class="card padded stack">
                <h2>{text::general()}</h2>
                <Entry
                    label=text::name()
                    value=editor.part(|copy| copy.profile.name.clone())
                    on_input=move |name| editor.edit(|copy| copy.profile.name = name)
                    error=editor.error("name")
                    help=TextProp::from(text::name_help())
                    field="name"
                    test_id="profile-name"
                />
                <Entry
                    label=text::description()
                    value=editor.part(|copy| copy.profile.description.clone())
                    on_input=move |description| editor.edit(|copy| copy.profile.description = description)
                    error=editor.error("description")
                    help=TextProp::from(text::description_help())
                    field="description"
                    test_id="profile-description"
                />
            </section>
            <Assignment editor />
        </div>
    }
    .into_any()
}
