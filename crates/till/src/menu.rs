//! The menu: what is needed seldom. Opens over the page's corner, closes with Esc or a tap elsewhere.

use holdfast_sync::messages::ToWorker;
use holdfast_ui::messages::till as text;
use holdfast_ui::{ButtonKind, Icon, IconButton, IconView};
use leptos::prelude::*;

use crate::till::{Place, Till, use_till};
use crate::{offline_database, sales_list};

/// The button and what it opens.
#[component]
pub fn Menu() -> impl IntoView {
    let till = use_till();
    let toggle = move || till.menu_is_open.update(|open| *open = !*open);
    view! {
        <div class="menu-anchor">
            <IconButton icon=Icon::Menu label=text::menu() kind=ButtonKind::Quiet on_press=toggle test_id="menu" />
            {move || till.menu_is_open.get().then(|| view! { <MenuPanel /> })}
        </div>
    }
}

#[component]
fn MenuPanel() -> impl IntoView {
    let till = use_till();
    let is_manager =
        move || till.cashier.with(|cashier| cashier.as_ref().is_some_and(|cashier| cashier.is_manager));
    let by_hand = move || till.connection.is_offline_by_hand();
    view! {
        <div class="menu-veil" on:click=move |_| till.menu_is_open.set(false)></div>
        <nav class="menu-panel" aria-label=text::menu()>
            {item(Icon::Basket, text::menu_sale(), "menu-sale", move || till.go_to(Place::Sale))}
            {item(Icon::Receipt, text::menu_sales(), "menu-sales", move || sales_list::open(till))}
            {item(
                Icon::Database,
                text::menu_offline_database(),
                "menu-offline-database",
                move || offline_database::open(till),
            )}
            {move || is_manager().then(|| {
                if by_hand() {
                    item(Icon::Again, text::menu_go_online(), "menu-go-online", move || {
                        tell(till, &ToWorker::GoOnline);
                    })
                } else {
                    item(Icon::Offline, text::menu_go_offline(), "menu-go-offline", move || {
                        tell(till, &ToWorker::GoOffline);
                    })
                }
            })}
        </nav>
    }
}

fn tell(till: Till, message: &ToWorker) {
    till.menu_is_open.set(false);
    if let Some(link) = till.link() {
        link.send(message);
    }
}

fn item(icon: Icon, label: &'static str, test_id: &'static str, on_press: impl Fn() + 'static) -> AnyView {
    view! {
        <button type="button" class="menu-item" data-testid=test_id on:click=move |_| on_press()>
            <IconView icon />
            <span>{label}</span>
        </button>
    }
    .into_any()
}
