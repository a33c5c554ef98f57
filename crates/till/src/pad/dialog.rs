//! The floating number pad: the question, what was entered, the keys.

use holdfast_ui::messages::common;
use holdfast_ui::{Button, ButtonKind, Dialog, NumberPad, PadKey};
use leptos::prelude::*;

use super::PadRequest;
use crate::live;
use crate::till::use_till;
use crate::unit_text::unit;

/// The dialog; open while a number is asked for.
#[component]
pub fn PadDialog() -> impl IntoView {
    let till = use_till();
    let open = Signal::derive(move || till.pad.with(Option::is_some));
    let title = move || till.pad.with(|pad| pad.as_ref().map(PadRequest::title).unwrap_or_default());
    view! {
        <Dialog open title on_close=move || till.pad.set(None) test_id="pad" class="pad-dialog">
            <PadBody />
        </Dialog>
    }
}

#[component]
fn PadBody() -> impl IntoView {
    let till = use_till();
    let entered = live::words(move || till.pad.with(|pad| pad.as_ref().map(shown).unwrap_or_default()));
    let is_missing =
        Signal::derive(move || till.pad.with(|pad| pad.as_ref().and_then(PadRequest::milli).is_none()));
    view! {
        <p class="pad-value amount" dir="ltr" tabindex="-1" autofocus aria-live="polite" data-testid="pad-value">
            {entered}
        </p>
        <NumberPad
            prefix="pad"
            on_key=move |pressed: PadKey| {
                super::key(till, &pressed.keyboard_key());
            }
            left=PadKey::Clear
            right=PadKey::Backspace
        />
        <Button
            label=common::pad_ok()
            kind=ButtonKind::Primary
            disabled=is_missing
            on_press=move || super::finish(till)
            test_id="pad-ok"
            class="pad-ok"
        />
    }
}

/// The number as it will stand in the basket: scales show all three decimals, zeros included.
fn shown(request: &PadRequest) -> String {
    let value = request.entry.value().unwrap_or(0);
    if request.unit().is_divisible() {
        format!("{}.{:03}\u{a0}{}", value / 1_000, value % 1_000, unit(request.unit()))
    } else {
        value.to_string()
    }
}
