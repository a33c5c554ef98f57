//! The menu: what is needed seldom. Opens over the page's corner, closes with Esc or a tap elsewhere.

use holdfast_sync::messages::ToWorker;
use holdfast_ui::messages::till as text;
use holdfast_ui::{Icon, IconView};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::live;
use crate::till::{Place, Till, use_till};
use crate::{offline_database, sales_list, shift};

/// The button and what it opens.
#[component]
pub fn Menu() -> impl IntoView {
    let till = use_till();
    // Esc gives the focus back to the button; whoever chose something has left for another screen.
    Effect::new(move |was_open: Option<bool>| {
        let is_open = till.menu_is_open.get();
        match (was_open, is_open) {
            (_, true) => request_animation_frame(|| focus(".menu-item")),
            (Some(true), false) => request_animation_frame(|| focus(".menu-anchor > button")),
            (_, false) => {}
        }
        is_open
    });
    view! {
        <div class="menu-anchor">
            <button
                type="button"
                class="button quiet icon-only"
                data-testid="menu"
                aria-label=text::menu()
                aria-expanded=live::words(move || till.menu_is_open.get().to_string())
                on:click=live::press(move || till.menu_is_open.update(|open| *open = !*open))
            >
                <IconView icon=Icon::Menu />
            </button>
            {live::maybe(move || till.menu_is_open.get().then(|| view! { <MenuPanel /> }.into_any()))}
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
        <div class="menu-veil" on:click=live::press(move || till.menu_is_open.set(false))></div>
        <nav class="menu-panel" aria-label=text::menu()>
            {item(Icon::Basket, text::menu_sale(), "menu-sale", move || till.go_to(Place::Sale))}
            {item(Icon::Receipt, text::menu_sales(), "menu-sales", move || sales_list::open(till))}
            {item(
                Icon::Database,
                text::menu_offline_database(),
                "menu-offline-database",
                move || offline_database::open(till),
            )}
            {item(Icon::Clock, text::menu_close_shift(), "menu-close-shift", move || shift::open(till))}
            {live::maybe(move || is_manager().then(|| {
                if by_hand() {
                    item(Icon::Again, text::menu_go_online(), "menu-go-online", move || {
                        tell(till, &ToWorker::GoOnline);
                    })
                } else {
                    item(Icon::Offline, text::menu_go_offline(), "menu-go-offline", move || {
                        tell(till, &ToWorker::GoOffline);
                    })
                }
            }))}
            {live::maybe(move || is_manager().then(profiles_link))}
        </nav>
    }
}

/// To the profiles in the back office, which asks for its own password. In a tab of its own: this one keeps selling.
fn profiles_link() -> AnyView {
    view! {
        <a
            class="menu-item"
            href="/back-office/profiles"
            target="_blank"
            rel="noopener"
            data-testid="menu-profiles"
        >
            <IconView icon=Icon::Layers />
            <span>{text::menu_profiles()}</span>
        </a>
    }
    .into_any()
}

fn focus(selector: &str) {
    let element = document().query_selector(selector).ok().flatten();
    let element = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element
        && element.focus().is_err()
    {
        leptos::logging::warn!("the menu could not take the focus");
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
        <button type="button" class="menu-item" data-testid=test_id on:click=live::press(on_press)>
            <IconView icon />
            <span>{label}</span>
        </button>
    }
    .into_any()
}
