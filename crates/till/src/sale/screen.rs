//! The screen that a cashier sees most.

use holdfast_ui::messages::till as text;
use leptos::prelude::*;

use super::basket_pane::BasketPane;
use super::products_pane::ProductsPane;

/// The screen.
#[component]
pub fn SaleScreen() -> impl IntoView {
    view! {
        <main class="products">
            <h1 class="unseen" tabindex="-1">{text::screen_sale()}</h1>
            <ProductsPane />
        </main>
        <BasketPane is_editable=true />
    }
}
