//! Screens for when there can be no till here: why, and what to do.

use holdfast_ui::messages::till as text;
use holdfast_ui::{Button, ButtonKind, EmptyState, Icon};
use leptos::prelude::*;

/// The browser gives this address no service worker: not HTTPS, or switched off.
#[component]
pub fn NoServiceWorkerScreen() -> impl IntoView {
    let is_secure = window().is_secure_context();
    let detail = if is_secure { text::no_worker_off_detail() } else { text::no_worker_insecure_detail() };
    view! {
        <main class="centred">
            <EmptyState icon=Icon::Lock title=text::no_worker_title() detail=detail test_id="no-service-worker" />
        </main>
    }
}

/// The register's databases can't be opened.
#[component]
pub fn FailedScreen(
    /// What the browser says.
    reason: String,
) -> impl IntoView {
    let detail = text::failed_detail(&reason);
    view! {
        <main class="centred">
            <EmptyState icon=Icon::Warn title=text::failed_title() detail=detail test_id="failed">
                <Button label=text::failed_reload() kind=ButtonKind::Primary on_press=reload test_id="reload" />
            </EmptyState>
        </main>
    }
}

fn reload() {
    if window().location().reload().is_err() {
        leptos::logging::warn!("the page was not reloaded");
    }
}
