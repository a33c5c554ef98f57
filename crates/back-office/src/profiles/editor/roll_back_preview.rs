//! What going back to a version would do, in the dialog that asks for it.

use holdfast_ui::messages::profiles as text;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::profiles::asked_preview::{Counted, WhatChanges, counted};
use crate::state::app_state;

/// What stops, what changes, and how many registers have no room for it.
#[component]
pub fn RollBackPreview(id: u64, version: u64) -> impl IntoView {
    let state = app_state();
    let answer: Counted<_> = RwSignal::new(None);
    spawn_local(async move {
        let preview = state.api.version_preview(id, version).await;
        // Closed meanwhile: nobody wants to know any more.
        answer.try_set(Some(preview));
    });
    counted(answer, "roll-back-not-counted", |preview| {
        view! {
            <WhatChanges preview nothing_changes=text::publish_unchanged() test_id="roll-back-preview" />
        }
        .into_any()
    })
}
