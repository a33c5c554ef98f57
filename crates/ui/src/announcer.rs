//! What a screen reader hears without anything moving on the screen.

use leptos::prelude::*;

/// Says its text each time it changes, when the listener pauses.
#[component]
pub fn LiveRegion(
    /// What to say; empty says nothing.
    #[prop(into)]
    text: TextProp,
    /// Also visible.
    #[prop(optional)]
    visible: bool,
    /// For tests.
    #[prop(optional, into)]
    test_id: Option<String>,
) -> impl IntoView {
    view! {
        <div class=if visible { "" } else { "unseen" } role="status" aria-live="polite" data-testid=test_id>
            {move || text.get()}
        </div>
    }
    .into_any()
}

/// Sets `document.title` and says the page's name when it changes.
#[component]
pub fn RouteAnnouncer(
    /// The heading of the page that is shown.
    #[prop(into)]
    page: Signal<String>,
    /// From heading to document title.
    #[prop(into)]
    title: UnsyncCallback<String, String>,
) -> impl IntoView {
    let said = RwSignal::new(String::new());
    Effect::new(move |earlier: Option<String>| {
        let page = page.get();
        if let Some(title) = title.try_run(page.clone()) {
            document().set_title(&title);
        }
        // The first page is read out by the browser itself.
        if earlier.is_some_and(|earlier| earlier != page) {
            said.set(page.clone());
        }
        page
    });
    view! { <LiveRegion text=said /> }
}
