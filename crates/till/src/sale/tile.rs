//! A product's tile: what is on it, and the button.

use holdfast_domain::{Money, Unit};
use holdfast_ui::messages::till as text;
use leptos::prelude::*;

use super::adding;
use crate::catalogue::Catalogue;
use crate::catalogue::products::ProductNo;
use crate::live;
use crate::till::use_till;
use crate::unit_text::per_unit;

/// What is on a tile. Equal tiles are the same tile, so that a keystroke moves only what it changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Stock keeping unit.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Price of one unit, with the currency sign; `None` where there is none.
    pub price: Option<String>,
    /// What it is sold by; `None` where this version doesn't know the unit.
    pub unit: Option<Unit>,
    /// Colour of its category.
    pub hue: Option<u8>,
}

impl Tile {
    /// The tile of a product.
    pub fn new(catalogue: &Catalogue, product: ProductNo, price_text: impl Fn(Money) -> String) -> Tile {
        let products = &catalogue.products;
        Tile {
            sku: products.sku(product).to_owned(),
            name: products.name(product).to_owned(),
            price: catalogue.prices.of(product).map(price_text),
            unit: products.unit(product),
            hue: catalogue.shop.hue(products.category(product)),
        }
    }

    /// Its class in the page.
    pub fn class(&self) -> String {
        self.hue.map_or_else(|| "tile".to_owned(), |hue| format!("tile hue-{hue}"))
    }
}

/// What is written on it.
pub fn face(tile: &Tile) -> AnyView {
    let price = match &tile.price {
        Some(price) => view! {
            <span class="tile-price">
                <b class="amount" dir="ltr">{price.clone()}</b>
                " "
                <span class="small muted">{tile.unit.map(per_unit)}</span>
            </span>
        }
        .into_any(),
        None => view! { <span class="tile-price small muted">{text::tile_no_price()}</span> }.into_any(),
    };
    view! {
        <span class="tile-name">{tile.name.clone()}</span>
        {price}
    }
    .into_any()
}

/// The button.
#[component]
pub fn TileButton(
    /// What is on it.
    tile: Tile,
) -> impl IntoView {
    let till = use_till();
    let (class, face) = (tile.class(), face(&tile));
    let sku = tile.sku;
    let test_id = format!("result-{sku}");
    // Its place is kept as soon as it is known that there is one; what is on the tile then stays where it is.
    let (of_place, of_picture) = (sku.clone(), sku.clone());
    let has_picture = live::flag(move || till.pictures.is_kept(&of_place));
    let picture = live::maybe(move || {
        let address = till.pictures.address(&of_picture)?;
        Some(
            view! { <img class="tile-picture" src=address alt="" decoding="async" draggable="false" /> }
                .into_any(),
        )
    });
    let press = move |_| {
        // By sku: the columns may have been read anew since the tile was drawn.
        if let Some(product) = till.catalogue.with_untracked(|catalogue| catalogue.products.by_sku(&sku)) {
            adding::add(till, product);
        }
    };
    view! {
        <button type="button" class=class class:with-picture=has_picture data-testid=test_id on:click=press>
            {face}
            {picture}
        </button>
    }
    .into_any()
}
