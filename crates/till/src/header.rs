//! The top bar: menu, whose till this is, the connection, who is signed in.

use holdfast_ui::messages::till as text;
use holdfast_ui::{ButtonKind, Icon, IconButton, IconView};
use leptos::prelude::*;

use crate::connection::pill::ConnectionPill;
use crate::live;
use crate::menu::Menu;
use crate::session;
use crate::till::use_till;

/// The bar. Before anybody is signed in it has neither menu nor cashier.
#[component]
pub fn Header() -> impl IntoView {
    let till = use_till();
    let store = live::words(move || {
        let name =
            till.catalogue.with(|catalogue| catalogue.shop.store.as_ref().map(|store| store.name.clone()));
        name.or_else(|| till.register.get().map(|register| register.store_name)).unwrap_or_default()
    });
    let register = live::words(move || till.register.get().map(|register| register.name).unwrap_or_default());
    let cashier = move || till.cashier.get().map(|cashier| cashier.name);
    view! {
        <header class="top">
            <div class="top-start">
                {live::maybe(move || till.cashier.with(Option::is_some).then(|| view! { <Menu /> }.into_any()))}
                <p class="whose">
                    <span class="store wide-only small muted">{store}</span>
                    <span class="register">{register}</span>
                </p>
            </div>
            <ConnectionPill />
            <div class="top-end">
                {live::maybe(move || cashier().map(|name| view! {
                    <p class="cashier wide-only"><IconView icon=Icon::User />{name}</p>
                    <IconButton
                        icon=Icon::Lock
                        label=text::lock()
                        kind=ButtonKind::Plain
                        on_press=move || session::lock(till)
                        test_id="lock"
                    />
                }.into_any()))}
            </div>
        </header>
    }
}
