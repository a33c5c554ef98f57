//! A page's frame: heading, what is beside it, actions, content; and what stands in the place of content
//! that is not here yet.

use std::time::Duration;

use holdfast_ui::messages::{back_office as text, common};
use holdfast_ui::{Button, EmptyState, Icon, IconView, Skeleton};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::live::Live;
use crate::section::Section;
use crate::state::app_state;

/// The element that scrolls.
pub const CONTENT_ID: &str = "content";
/// A skeleton says "at once"; after this long it would be a lie.
const SKELETON_FOR: Duration = Duration::from_secs(1);

/// A page.
#[component]
pub fn Page(
    /// Its heading, also in the document's title.
    #[prop(into)]
    title: TextProp,
    /// The section it stands below.
    #[prop(optional)]
    below: Option<Section>,
    /// Beside the heading.
    #[prop(optional)]
    beside: Option<AnyView>,
    /// At the end of the heading's line.
    #[prop(optional)]
    actions: Option<AnyView>,
    /// The content.
    children: Children,
) -> impl IntoView {
    let state = app_state();
    let heading = NodeRef::<leptos::html::H1>::new();
    let path = use_location().pathname.get_untracked();
    let spoken = title.clone();
    Effect::new(move |_| state.page_title.set(spoken.get().to_string()));
    Effect::new(move |_| {
        let Some(heading) = heading.get() else { return };
        take_over_focus(&heading);
        if let Some(content) = document().get_element_by_id(CONTENT_ID) {
            content.set_scroll_top(state.scroll_of(&path));
        }
    });
    view! {
        <header class="page-head">
            {below.map(|section| {
                view! {
                    <a class="crumb" href=section.href()>
                        <IconView icon=Icon::Back />
                        {section.label()}
                    </a>
                }
            })}
            <div class="page-line">
                <h1 tabindex="-1" node_ref=heading>
                    {move || title.get()}
                </h1>
                {beside}
                <span class="grow"></span>
                {actions}
            </div>
        </header>
        {children()}
    }
}

/// When what had the focus went with the page before, reading goes on at the heading.
fn take_over_focus(heading: &web_sys::HtmlElement) {
    let lost = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
    if lost {
        focus(heading);
    }
}

/// Gives an element the focus, where reading goes on.
pub fn focus(element: &web_sys::HtmlElement) {
    if element.focus().is_err() {
        leptos::logging::warn!("an element could not take the focus");
    }
}

/// What can be said of a value that the store server was asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Waiting,
    Failed,
    There,
}

/// Shows its children once the value is there; until then a skeleton, or why it does not come.
#[component]
pub fn Loaded<T: Clone + PartialEq + Send + Sync + 'static>(
    /// The value.
    live: Live<T>,
    /// Asks for it again.
    #[prop(into)]
    ask: UnsyncCallback<()>,
    /// What to show then; made once, and reads the value itself.
    children: ChildrenFn,
) -> impl IntoView {
    let phase = Memo::new(move |_| {
        if live.with(|value| value.is_some()) {
            Phase::There
        } else if live.is_waiting() {
            Phase::Waiting
        } else {
            Phase::Failed
        }
    });
    move || {
        match phase.get() {
        Phase::Waiting => view! { <Waiting /> }.into_any(),
        Phase::Failed => view! {
            <div class="card">
                {move || {
                    live.error().map(|error| {
                        view! {
                            <EmptyState icon=Icon::Warn title=error.title() detail=TextProp::from(error.detail())>
                                {error.may_pass().then(|| {
                                    view! {
                                        <Button label=common::retry() on_press=move || { ask.try_run(()); } />
                                    }
                                })}
                            </EmptyState>
                        }
                    })
                }}
            </div>
        }
        .into_any(),
        Phase::There => children().into_any(),
    }
    }
}

/// Grey bars for a second, then words.
#[component]
fn Waiting() -> impl IntoView {
    let is_late = RwSignal::new(false);
    match set_timeout_with_handle(move || is_late.set(true), SKELETON_FOR) {
        Ok(handle) => on_cleanup(move || handle.clear()),
        Err(error) => leptos::logging::warn!("the skeleton stays: {error:?}"),
    }
    view! {
        <div class="card">
            {move || {
                if is_late.get() {
                    view! { <EmptyState icon=Icon::Clock title=text::waiting_for_server() /> }.into_any()
                } else {
                    view! { <Skeleton rows=6 /> }.into_any()
                }
            }}
        </div>
    }
}
