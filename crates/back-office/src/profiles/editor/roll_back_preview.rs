//! What going back to a version would do, also on each register, in the dialog that asks for it.

use holdfast_ui::messages::profiles as text;
use leptos::prelude::*;

use crate::api::Preview;
use crate::profiles::asked_preview::{Counted, WhatChanges, ask, counted};
use crate::profiles::register_steps::RegisterSteps;
use crate::state::app_state;

/// What stops, what each register does, and what changes.
#[component]
pub fn RollBackPreview(id: u64, version: u64) -> impl IntoView {
    let state = app_state();
    let answer: Counted<_> = RwSignal::new(None);
    ask(answer, || true, async move || state.api.version_preview(id, version).await);
    counted(answer, "roll-back-not-counted", |preview: Preview| {
        let registers = match preview.registers.clone() {
            none if none.is_empty() => view! { <p class="note">{text::plan_no_registers()}</p> }.into_any(),
            registers => {
                view! { <RegisterSteps registers bytes_per_s=preview.estimated_bytes_per_s /> }.into_any()
            }
        };
        view! {
            <WhatChanges preview nothing_changes=text::publish_unchanged() test_id="roll-back-preview">
                {registers}
            </WhatChanges>
        }
        .into_any()
    })
}
