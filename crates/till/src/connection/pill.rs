//! The connection pill: always in sight, in words and a picture. It moves nothing and asks nothing.

use holdfast_sync::NextUpload;
use holdfast_sync::messages::ToWorker;
use holdfast_ui::messages::{common, till as text};
use holdfast_ui::{IconView, LiveRegion};
use leptos::prelude::*;

use super::pill_text::{self, Face};
use crate::live;
use crate::till::use_till;

/// The pill.
#[component]
pub fn ConnectionPill() -> impl IntoView {
    let till = use_till();
    let face = Memo::new(move |_| till.connection.status.with(|status| Face::of(status.as_ref())));
    let waiting = till.connection.waiting;
    let try_now = move || {
        if let Some(link) = till.link() {
            link.send(&ToWorker::TryNow);
        }
    };
    let since = live::maybe(move || {
        face.get().since().map(|text| view! { <span class="wide-only">{text}</span> }.into_any())
    });
    let schedule = Memo::new(move |_| {
        till.connection.status.with(|status| {
            let status = status.as_ref()?;
            (!status.is_uploading).then_some(status.next_upload)
        })
    });
    let is_slow =
        Memo::new(move |_| till.connection.status.with(|status| status.as_ref().is_some_and(|s| s.is_slow)));
    // What is kept on purpose is said once, and when it has gone; what goes by itself is not said sale by sale.
    let is_kept = Memo::new(move |_| {
        waiting.get() > 0 && schedule.get().is_some_and(|next| next != NextUpload::AtOnce)
    });
    let sales = live::maybe(move || face.get().kept_until(waiting.get(), schedule.get()).map(detail));
    let slow = live::maybe(move || {
        is_slow.get().then(|| view! { <span data-testid="slow">{pill_text::slow()}</span> }.into_any())
    });
    let clock = live::maybe(move || face.get().clock(till.now_ms.get()).map(detail));
    let try_now = live::maybe(move || {
        face.get().can_try_now().then(|| {
            view! {
                <button type="button" class="pill-button" data-testid="try-now" on:click=live::press(try_now)>
                    {common::try_now()}
                </button>
            }
            .into_any()
        })
    });
    let again = live::maybe(move || {
        (face.get() == Face::NotActivated).then(|| {
            view! {
                <button
                    type="button"
                    class="pill-button"
                    data-testid="activate-again"
                    on:click=live::press(move || till.activation.is_wanted.set(true))
                >
                    {text::activation_again()}
                </button>
            }
            .into_any()
        })
    });
    view! {
        <div
            class=live::words(move || format!("pill {}", face.get().tone().class()))
            data-testid="connection"
            data-mode=live::word(move || face.get().name())
            data-waiting=live::words(move || waiting.get().to_string())
        >
            {live::part(move || view! { <IconView icon=face.get().icon() /> }.into_any())}
            <strong>{live::word(move || face.get().word())}</strong>
            <span class="pill-details">{since} {slow} {sales} {clock}</span>
            {try_now}
            {again}
        </div>
        <LiveRegion text=move || {
            is_kept.track();
            face.get().spoken(waiting.get_untracked(), is_slow.get_untracked(), schedule.get_untracked())
        } />
    }
    .into_any()
}

fn detail(text: String) -> AnyView {
    view! { <span>{text}</span> }.into_any()
}
