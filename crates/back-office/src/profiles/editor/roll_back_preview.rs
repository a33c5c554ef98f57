//! What going back to a version would do, in the dialog that asks for it.

use holdfast_ui::messages::profiles as text;
use holdfast_ui::{Banner, Icon, Skeleton, Tone};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::state::Editor;
use crate::api::{ApiError, Preview};
use crate::profiles::plan_words::{change_sentences, stopped_sentence};
use crate::profiles::sentences::Sentences;
use crate::state::app_state;

/// What stops, what changes, and how many registers have no room for it.
#[component]
pub fn RollBackPreview(editor: Editor, id: u64, version: u64) -> impl IntoView {
    let state = app_state();
    let preview = RwSignal::new(None::<Result<Preview, ApiError>>);
    spawn_local(async move {
        let answer = state.api.version_preview(id, version).await;
        // Closed meanwhile: nobody wants to know any more.
        preview.try_set(Some(answer));
    });
    move || match preview.get() {
        None => view! { <Skeleton /> }.into_any(),
        // It can be gone back to all the same.
        Some(Err(error)) => view! {
            <Banner
                tone=Tone::Bad
                title=text::not_counted(&error.title())
                detail=TextProp::from(error.detail())
                test_id="roll-back-not-counted"
            />
        }
        .into_any(),
        Some(Ok(preview)) => view! { <WhatChanges editor preview /> }.into_any(),
    }
}

#[component]
fn WhatChanges(editor: Editor, preview: Preview) -> impl IntoView {
    let without_room = preview.registers.iter().filter(|register| register.fits == Some(false)).count();
    let registers_count = preview.registers.len();
    let plan = preview.plan;
    let stops = plan.stops_offline.iter().map(stopped_sentence);
    let warnings: Vec<String> = (without_room > 0)
        .then(|| text::roll_back_does_not_fit(without_room as u64, &registers_count.to_string()))
        .into_iter()
        .chain(stops)
        .collect();
    let changes = Memo::new(move |_| change_sentences(&plan, editor.currency.get()));
    view! {
        <div class="stack" data-testid="roll-back-preview">
            {(!warnings.is_empty()).then(|| view! { <Sentences sentences=warnings icon=Icon::Warn /> })}
            {move || match changes.get() {
                none if none.is_empty() => view! { <p class="muted">{text::publish_unchanged()}</p> }.into_any(),
                some => view! { <Sentences sentences=some icon=Icon::Next /> }.into_any(),
            }}
        </div>
    }
    .into_any()
}
