//! The frame around all pages: navigation, content, and the foot for what needs an answer. The foot takes
//! its room at the bottom, so nothing moves and nothing is covered.

use holdfast_ui::messages::{back_office as text, common};
use holdfast_ui::{Badge, Button, ButtonKind, Icon, IconButton, IconView, Tone};
use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Redirect, Route};
use leptos_router::hooks::use_location;
use leptos_router::{NavigateOptions, path};
use wasm_bindgen_futures::spawn_local;

use crate::api::Session;
use crate::conflicts::ConflictsPage;
use crate::import::ImportPage;
use crate::link_banner::LinkBanner;
use crate::live::keep_fresh;
use crate::not_found::NotFound;
use crate::page::CONTENT_ID;
use crate::profiles::{
    ChangesPage, DeletePanel, EditorFoot, ProfilePage, ProfilesPage, PublishPage, RolloutPage,
};
use crate::registers::{LockPanel, NewCodePanel, RegisterMode, RegisterPage, RegistersPage};
use crate::rejected::{RejectedEntryPage, RejectedPage};
use crate::sales::{SalePage, SalesPage};
use crate::section::{BASE, Section};
use crate::state::{AppState, app_state};

/// Everything that a signed-in administrator sees.
#[component]
pub fn Shell() -> impl IntoView {
    let state = app_state();
    keep_fresh(move || {
        // While the store server is away nothing is known of the registers, so none becomes offline by that.
        if state.api.away_since_ms.with_untracked(Option::is_none) {
            state.now_ms.set(state.api.server_now_ms());
        }
        state.registers.ask(state.api.registers());
        state.rejected.ask(state.api.rejected());
        if !state.store.is_known() {
            state.store.ask(state.api.store());
        }
    });
    let path = use_location().pathname;
    let remember_scroll = move |event: leptos::ev::Event| {
        let content = event_target::<web_sys::HtmlElement>(&event);
        state.keep_scroll(&path.get_untracked(), content.scroll_top());
    };
    let home = NavigateOptions { replace: true, ..NavigateOptions::default() };
    view! {
        <a class="skip" href=format!("#{CONTENT_ID}")>
            {text::skip_to_content()}
        </a>
        <div class="app">
            <Navigation />
            <main class="content" id=CONTENT_ID tabindex="-1" on:scroll=remember_scroll>
                <div class="content-inner">
                    <FlatRoutes fallback=|| view! { <NotFound /> }>
                        <Route
                            path=path!("")
                            view=move || view! { <Redirect path="/registers" options=home.clone() /> }
                        />
                        <Route path=path!("registers") view=RegistersPage />
                        <Route path=path!("registers/:number") view=RegisterPage />
                        <Route path=path!("sales") view=SalesPage />
                        <Route path=path!("sales/:register/:counter") view=SalePage />
                        <Route path=path!("profiles") view=ProfilesPage />
                        <Route path=path!("profiles/changes") view=ChangesPage />
                        <Route path=path!("profiles/:id") view=ProfilePage />
                        <Route path=path!("profiles/:id/publish") view=PublishPage />
                        <Route path=path!("profiles/:id/rollout") view=RolloutPage />
                        <Route path=path!("rejected") view=RejectedPage />
                        <Route path=path!("conflicts") view=ConflictsPage />
                        <Route path=path!("rejected/:register/:seq") view=RejectedEntryPage />
                        <Route path=path!("import") view=ImportPage />
                    </FlatRoutes>
                </div>
            </main>
            <div class="foot">
                <LinkBanner />
                <NewCodePanel />
                <LockPanel />
                <DeletePanel />
                <EditorFoot />
            </div>
        </div>
    }
}

#[component]
fn Navigation() -> impl IntoView {
    let state = app_state();
    let path = use_location().pathname;
    let current = Memo::new(move |_| Section::of_path(&path.get()));
    let links = Section::ALL.map(|section| {
        view! {
            <li>
                <a
                    href=section.href()
                    data-testid=format!("nav-{}", section.name())
                    aria-current=move || (current.get() == Some(section)).then_some("page")
                >
                    <IconView icon=section.icon() />
                    <span class="nav-long">{section.label()}</span>
                    <span class="nav-short">{section.short_label()}</span>
                    {move || badge(state, section)}
                </a>
            </li>
        }
    });
    let store_name = move || state.store.with(|store| store.map(|store| store.name.clone()));
    view! {
        <header class="side">
            <a class="brand" href=BASE>
                <span class="brand-mark"><IconView icon=Icon::Register /></span>
                <span>{common::product_name()}</span>
            </a>
            <nav aria-label=text::navigation()>
                <ul>{links.into_iter().collect_view()}</ul>
            </nav>
            <div class="side-foot">
                <span class="store-name">{store_name}</span>
                <Who />
                <Button
                    label=text::sign_out()
                    icon=Icon::SignOut
                    kind=ButtonKind::Quiet
                    class="sign-out"
                    on_press=move || sign_out(state)
                    test_id="sign-out"
                />
                <IconButton
                    label=text::sign_out()
                    icon=Icon::SignOut
                    kind=ButtonKind::Quiet
                    class="sign-out-small"
                    on_press=move || sign_out(state)
                />
            </div>
        </header>
    }
}

/// Who is signed in: what is done here stands under this name in the trail.
#[component]
fn Who() -> impl IntoView {
    let who = app_state().api.who;
    view! {
        <span class="who" title=move || text::signed_in_as(&who.get()) data-testid="who">
            <IconView icon=Icon::User />
            <span class="unseen">{move || text::signed_in_as(&who.get())}</span>
            <span class="who-name" aria-hidden="true" dir="auto">{move || who.get()}</span>
        </span>
    }
}

/// How many things in a section want to be looked at.
fn badge(state: AppState, section: Section) -> Option<AnyView> {
    let (count, tone, words): (u64, Tone, fn(u64) -> String) = match section {
        Section::Registers => {
            let now_ms = state.now_ms.get();
            let is_offline = |register: &&crate::api::Register| {
                RegisterMode::of(register, now_ms) == RegisterMode::Offline
            };
            let count =
                state.registers.with(|all| all.map_or(0, |all| all.iter().filter(is_offline).count() as u64));
            (count, Tone::Wait, text::registers_offline)
        }
        Section::Rejected => (state.rejected_open_count(), Tone::Bad, text::rejected_count),
        Section::Sales | Section::Profiles | Section::Conflicts | Section::Import => return None,
    };
    (count > 0).then(|| {
        view! {
            <span class="nav-badge" title=words(count)>
                <Badge text=count.to_string() tone=tone />
                <span class="unseen">{words(count)}</span>
            </span>
        }
        .into_any()
    })
}

/// Without an answer the session lives on at the store server, so the page stays too.
fn sign_out(state: AppState) {
    spawn_local(async move {
        match state.api.sign_out().await {
            Ok(()) => {
                state.forget();
                state.api.session.set(Session::SignedOut);
            }
            Err(error) => leptos::logging::warn!("not signed out: {error}"),
        }
    });
}
