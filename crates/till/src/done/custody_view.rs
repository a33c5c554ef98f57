//! Where a sale is: on this till, on its way, with the store server.

use holdfast_browser_store::Custody;
use holdfast_ui::messages::till as text;
use holdfast_ui::{Badge, Icon, Tone, time};
use leptos::prelude::*;

use crate::live;
use crate::till::use_till;

/// For tests and styles.
pub fn state(custody: &Custody) -> &'static str {
    match custody {
        Custody::Waiting => "waiting",
        Custody::Accepted { .. } => "accepted",
        Custody::Rejected { .. } => "rejected",
    }
}

/// The last place a sale has reached, as one badge.
#[component]
pub fn CustodyBadge(
    /// Where it is.
    #[prop(into)]
    custody: Signal<Custody>,
    /// Its place in the journal.
    seq: u64,
) -> impl IntoView {
    let exports = use_till().exports;
    let words = move || {
        custody.with(|custody| match custody {
            Custody::Waiting if exports.hold(seq) => text::custody_exported().to_owned(),
            Custody::Waiting => text::custody_waits().to_owned(),
            Custody::Accepted { at_ms } => text::custody_accepted(&time::clock(*at_ms)),
            Custody::Rejected { .. } => text::custody_rejected().to_owned(),
        })
    };
    let tone = Signal::derive(move || {
        custody.with(|custody| match custody {
            Custody::Waiting => Tone::Wait,
            Custody::Accepted { .. } => Tone::Ok,
            Custody::Rejected { .. } => Tone::Bad,
        })
    });
    let icon = Signal::derive(move || {
        Some(custody.with(|custody| match custody {
            Custody::Waiting => Icon::Clock,
            Custody::Accepted { .. } => Icon::Tick,
            Custody::Rejected { .. } => Icon::Refused,
        }))
    });
    view! { <Badge text=words tone icon /> }.into_any()
}

/// The way of a sale: saved here, then with the store server.
#[component]
pub fn CustodyTrail(
    /// Where it is.
    #[prop(into)]
    custody: Signal<Custody>,
    /// Its place in the journal.
    seq: u64,
) -> impl IntoView {
    view! {
        <div class="custody" data-testid="custody" data-state=live::word(move || custody.with(state)) role="status">
            <Badge text=text::custody_saved() tone=Tone::Ok icon=Icon::Tick />
            <span class="custody-line" aria-hidden="true"></span>
            <CustodyBadge custody seq />
        </div>
    }
    .into_any()
}
