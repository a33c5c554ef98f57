//! Whose sale it is, above the basket's lines.

use holdfast_ui::messages::till as text;
use holdfast_ui::{ButtonKind, Icon, IconButton, IconView};
use leptos::prelude::*;

use crate::live;
use crate::till::use_till;

/// The customer of the sale and the way to choose another one.
#[component]
pub fn CustomerLine() -> impl IntoView {
    let till = use_till();
    let name = Memo::new(move |_| {
        till.basket.read(|basket| basket.customer().map(|customer| customer.name.clone()))
    });
    let shown = live::words(move || name.get().unwrap_or_else(|| text::customer_none().to_owned()));
    view! {
        <div class="customer-line">
            <button
                type="button"
                class="button quiet"
                data-testid="customer"
                on:click=live::press(move || super::open(till))
            >
                <IconView icon=Icon::User />
                <span dir="auto">{shown}</span>
            </button>
            {live::maybe(move || name.with(Option::is_some).then(|| view! {
                <IconButton
                    icon=Icon::Cross
                    kind=ButtonKind::Quiet
                    label=text::customer_remove()
                    on_press=move || till.basket.set_customer(None)
                    test_id="customer-remove"
                />
            }.into_any()))}
        </div>
    }
}
