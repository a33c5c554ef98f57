//! The connection pill: always in sight, in words and a picture. It moves nothing and asks nothing.

use holdfast_sync::messages::ToWorker;
use holdfast_ui::messages::common;
use holdfast_ui::{IconView, LiveRegion};
use leptos::prelude::*;

use super::pill_text::Face;
use crate::till::use_till;

/// The pill.
#[component]
pub fn ConnectionPill() -> impl IntoView {
    let till = use_till();
    let face = Memo::new(move |_| till.connection.mode().map_or(Face::Starting, Face::Mode));
    let waiting = till.connection.waiting;
    let since = move || face.get().since().map(|text| view! { <span class="wide-only">{text}</span> });
    let sales = move || face.get().waiting(waiting.get()).map(|text| view! { <span>{text}</span> });
    let clock = move || face.get().clock(till.now_ms.get()).map(|text| view! { <span>{text}</span> });
    let try_now = move || {
        face.get().can_try_now().then(|| {
            view! {
                <button
                    type="button"
                    class="pill-button"
                    data-testid="try-now"
                    on:click=move |_| {
                        if let Some(link) = till.link() {
                            link.send(&ToWorker::TryNow);
                        }
                    }
                >
                    {common::try_now()}
                </button>
            }
        })
    };
    view! {
        <div
            class=move || format!("pill {}", face.get().tone().class())
            data-testid="connection"
            data-mode=move || face.get().name()
            data-waiting=move || waiting.get().to_string()
        >
            {move || view! { <IconView icon=face.get().icon() /> }}
            <strong>{move || face.get().word()}</strong>
            <span class="pill-details">{since} {sales} {clock}</span>
            {try_now}
        </div>
        <LiveRegion text=move || face.get().spoken(waiting.get_untracked()) />
    }
    .into_any()
}
