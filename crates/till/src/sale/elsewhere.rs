//! Below what the search finds here: what only the store server has.

use holdfast_domain::Unit;
use holdfast_protocol::look_up::{FoundProduct, Wanted};
use holdfast_sync::messages::LookUpFailure;
use holdfast_ui::messages::till as text;
use leptos::prelude::*;

use super::adding;
use super::tile::{Tile, face};
use crate::live;
use crate::look_up::AskedBy;
use crate::look_up::elsewhere::{Elsewhere, follow};
use crate::look_up::product;
use crate::till::{Till, use_till};

/// Asks for what is typed into the search, where this register keeps only some products.
pub fn search(till: Till) {
    let typed = move || (!till.keeps_all_products.get()).then(|| till.search.get());
    follow(till, typed, Wanted::Products, AskedBy::Products, till.products_elsewhere);
}

/// A line that says how far it is, and the tiles; nothing where nothing is looked for.
#[component]
pub fn ElsewhereProducts() -> impl IntoView {
    let till = use_till();
    live::maybe(move || {
        // A scanner's digits are asked for by nobody.
        let said = till.products_elsewhere.with(said).filter(|_| till.is_searching.get())?;
        let tiles = till.products_elsewhere.with(|elsewhere| {
            elsewhere.found().iter().map(|found| tile(till, found.clone())).collect::<Vec<_>>()
        });
        Some(
            view! {
                <section class="elsewhere" data-testid="elsewhere">
                    <p class="muted" role="status">{said}</p>
                    <div class="tiles">{tiles}</div>
                </section>
            }
            .into_any(),
        )
    })
}

/// What there is to say of it; nothing where the empty search says it already.
fn said(elsewhere: &Elsewhere<FoundProduct>) -> Option<&'static str> {
    match elsewhere {
        Elsewhere::NotAsked => None,
        Elsewhere::Pausing | Elsewhere::Asking(_) => Some(text::elsewhere_asking()),
        // Even where all of these are kept here: those beyond them may not be.
        Elsewhere::Found(hits) if hits.more => Some(text::elsewhere_products_more()),
        Elsewhere::Found(hits) if hits.found.is_empty() => None,
        Elsewhere::Found(_) => Some(text::elsewhere_products()),
        Elsewhere::Failed(LookUpFailure::Offline) => Some(text::elsewhere_products_offline()),
        Elsewhere::Failed(LookUpFailure::NoAnswer | LookUpFailure::Busy | LookUpFailure::Refused) => {
            Some(text::elsewhere_products_failed())
        }
    }
}

fn tile(till: Till, found: FoundProduct) -> AnyView {
    let money = till.money();
    let product = &found.product;
    let tile = Tile {
        sku: product.sku.clone(),
        name: product.name.clone(),
        price: product::price(&found).map(|price| money.signed(price)),
        unit: Unit::from_code(&product.unit),
        hue: till.catalogue.with_untracked(|catalogue| catalogue.shop.hue(&product.category)),
    };
    let class = tile.class();
    let test_id = format!("elsewhere-{}", tile.sku);
    view! {
        <button
            type="button"
            class=class
            data-testid=test_id
            on:click=live::press(move || adding::add_found(till, &found))
        >
            {face(&tile)}
        </button>
    }
    .into_any()
}
