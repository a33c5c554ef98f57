//! The root: makes the state, asks whether this browser is signed in, and shows the one or the other.

use holdfast_ui::messages::back_office as text;
use holdfast_ui::{RouteAnnouncer, Skeleton};
use leptos::prelude::*;
use leptos_router::components::Router;
use wasm_bindgen_futures::spawn_local;

use crate::api::{Api, ApiError, Session};
use crate::focus_keeper::keep_focus;
use crate::last_name;
use crate::link_banner::LinkBanner;
use crate::live::keep_fresh;
use crate::section::BASE;
use crate::shell::Shell;
use crate::sign_in::SignIn;
use crate::state::AppState;

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let state = AppState::new();
    provide_context(state);
    // All tabs of a browser share what is kept of profiles. Stays as long as the page.
    window_event_listener(leptos::ev::storage, move |event| {
        if let Some(name) = event.key() {
            state.editor.heed_other_tab(&name);
            // Another signed in there, and the session is that of all tabs.
            if last_name::is_kept_as(&name) {
                spawn_local(ask_who(state.api));
            }
        }
    });
    keep_focus();
    let session = Memo::new(move |_| state.api.session.get());
    view! {
        <RouteAnnouncer page=state.page_title title=|page: String| text::page_title(&page) />
        <Router base=BASE>
            {move || match session.get() {
                Session::Unknown => view! { <Starting /> }.into_any(),
                Session::SignedOut => view! { <SignIn /> }.into_any(),
                Session::SignedIn => view! { <Shell /> }.into_any(),
            }}
        </Router>
    }
}

/// What is done in this tab stands under the name that the store server says.
async fn ask_who(api: Api) {
    match api.session().await {
        Ok(()) => api.session.set(Session::SignedIn),
        Err(error) => leptos::logging::warn!("not known who is signed in: {error}"),
    }
}

/// Until the store server has said who we are; it is asked again until it does.
#[component]
fn Starting() -> impl IntoView {
    let api = crate::state::app_state().api;
    keep_fresh(move || {
        spawn_local(async move {
            match api.session().await {
                Ok(()) => api.session.set(Session::SignedIn),
                // 401 is remembered by the link; a server that is away is asked again.
                Err(ApiError::SignedOut | ApiError::Away(_)) => {}
                // Whatever else it says, a password can be tried.
                Err(ApiError::Refused(_) | ApiError::NotUnderstood(_)) => api.session.set(Session::SignedOut),
            }
        });
    });
    view! {
        <main class="starting">
            <LinkBanner />
            <Skeleton rows=5 />
        </main>
    }
}
