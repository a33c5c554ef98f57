//! A calm strip while the store server does not answer: since when, what stays, and a way to try at once.

use holdfast_ui::messages::{back_office as text, common};
use holdfast_ui::{Banner, Button, Tone, time};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::state::app_state;

/// One lost request says nothing yet.
const SHOWN_AFTER_MS: i64 = 4_000;

/// The strip; nothing while the store server answers.
#[component]
pub fn LinkBanner() -> impl IntoView {
    let state = app_state();
    let now = time::use_now(std::time::Duration::from_secs(1));
    let since = Memo::new(move |_| {
        let since_ms = state.api.away_since_ms.get()?;
        (now.get() - since_ms >= SHOWN_AFTER_MS).then_some(since_ms)
    });
    let retry = move || {
        spawn_local(async move {
            // What comes of it is remembered by the link, and the strip follows that.
            if let Err(error) = state.api.session().await {
                leptos::logging::log!("{error}");
            }
        });
    };
    move || {
        since.get().map(|since_ms| {
            view! {
                <Banner
                    tone=Tone::Wait
                    title=text::away_since(&time::clock(since_ms))
                    detail=TextProp::from(text::away_detail())
                    test_id="away"
                >
                    <Button label=common::retry() on_press=retry test_id="retry" />
                </Banner>
            }
        })
    }
}
