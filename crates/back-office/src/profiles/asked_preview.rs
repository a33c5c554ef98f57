//! What an order would do, in the dialog that asks for it: counted once, while somebody reads. That it could not be
//! counted keeps nobody from it.

use gloo_timers::future::TimeoutFuture;
use holdfast_ui::messages::profiles as text;
use holdfast_ui::{Banner, Icon, Skeleton, Tone};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::plan_words::{change_sentences, stopped_sentence};
use super::sentences::Sentences;
use crate::api::{ApiError, Preview, Store};
use crate::live::REFRESH_EVERY;
use crate::state::app_state;

/// What came of counting; none while it is on its way.
pub type Counted<T> = RwSignal<Option<Result<T, ApiError>>>;

/// Asks what a deed would do, and again while the store server does not answer, for as long as it `is_asked`.
pub fn ask<T: Send + Sync + 'static>(
    answer: Counted<T>,
    is_asked: impl Fn() -> bool + 'static,
    question: impl AsyncFn() -> Result<T, ApiError> + 'static,
) {
    spawn_local(async move {
        loop {
            let counted = question().await;
            let is_away = matches!(counted, Err(ApiError::Away(_)));
            // Closed meanwhile: nobody wants to know any more.
            let was_told = answer.try_with_untracked(|answer| matches!(answer, Some(Err(_))));
            let Some(was_told) = was_told.filter(|_| is_asked()) else { return };
            // That there is no answer is said once, to screen readers too.
            if !(is_away && was_told) {
                answer.set(Some(counted));
            }
            if !is_away {
                return;
            }
            TimeoutFuture::new(REFRESH_EVERY.as_millis() as u32).await;
        }
    });
}

/// What was counted, once it is here, or that it could not be.
pub fn counted<T: Clone + Send + Sync + 'static>(
    answer: Counted<T>,
    not_counted_id: &'static str,
    show: impl Fn(T) -> AnyView + Send + 'static,
) -> impl IntoView {
    move || match answer.get() {
        None => view! { <Skeleton /> }.into_any(),
        Some(Err(error)) => view! {
            <Banner
                tone=Tone::Bad
                title=text::not_counted(&error.title())
                detail=TextProp::from(error.detail())
                test_id=not_counted_id
            />
        }
        .into_any(),
        Some(Ok(value)) => show(value),
    }
}

/// What stops, what changes, and how many registers have no room for it.
#[component]
pub fn WhatChanges(
    /// As it was counted.
    preview: Preview,
    /// Where nothing does.
    nothing_changes: &'static str,
    /// For tests.
    test_id: &'static str,
    /// What stands between the warnings and the changes.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let state = app_state();
    let without_room = preview.registers.iter().filter(|register| register.fits == Some(false)).count();
    let no_room = match (without_room as u64, preview.registers.len()) {
        (0, _) => None,
        (_, 1) => Some(text::does_not_fit_there().to_owned()),
        (without_room, count) => Some(text::does_not_fit(without_room, &count.to_string())),
    };
    let plan = preview.plan;
    let stops = plan.stops_to_say().map(stopped_sentence);
    let warnings: Vec<String> = no_room.into_iter().chain(stops).collect();
    let currency = Memo::new(move |_| state.store.with(|store| store.and_then(Store::known_currency)));
    let changes = Memo::new(move |_| change_sentences(&plan, currency.get()));
    view! {
        <div class="stack" data-testid=test_id>
            {(!warnings.is_empty()).then(|| view! { <Sentences sentences=warnings icon=Icon::Warn /> })}
            {children.map(|children| children())}
            {move || match changes.get() {
                none if none.is_empty() => view! { <p class="muted">{nothing_changes}</p> }.into_any(),
                some => view! { <Sentences sentences=some icon=Icon::Next /> }.into_any(),
            }}
        </div>
    }
    .into_any()
}
