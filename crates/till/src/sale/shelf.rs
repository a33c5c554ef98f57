//! Which tiles are shown, and in which order they are drawn: those in sight with the key that asked for them, the rest
//! when they are on the screen.

use std::time::Duration;

use leptos::prelude::*;

use super::tile::Tile;
use crate::catalogue::Catalogue;
use crate::catalogue::products::ProductNo;
use crate::till::Till;

/// Most results of a search, and most best sellers.
const RESULTS_MAX: usize = 60;
/// Most tiles of a category.
const CATEGORY_MAX: usize = 120;
/// As many as a tablet shows without scrolling.
const IN_SIGHT: usize = 30;

/// What is to be shown. Its number is another one when other products are.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    number: u64,
    products: Vec<ProductNo>,
}

/// The tiles that are drawn now.
pub fn tiles(till: Till) -> Memo<Vec<Tile>> {
    let found = Memo::new(move |before: Option<&Found>| {
        let products = till.catalogue.with(|catalogue| products(till, catalogue));
        match before {
            Some(before) if before.products == products => before.clone(),
            Some(Found { number, .. }) => Found { number: number + 1, products },
            None => Found { number: 0, products },
        }
    });
    let whole = RwSignal::new(None);
    Effect::new(move |_| {
        let number = found.with(|found| found.number);
        // In the frame after that one there is time until the next key.
        request_animation_frame(move || {
            set_timeout(
                move || {
                    if found.try_with_untracked(|found| found.number) == Some(number) {
                        whole.set(Some(number));
                    }
                },
                Duration::ZERO,
            );
        });
    });
    Memo::new(move |_| {
        let money = till.money();
        let is_whole = whole.get() == Some(found.with(|found| found.number));
        let count = if is_whole { usize::MAX } else { IN_SIGHT };
        till.catalogue.with(|catalogue| {
            let tile = |product| Tile::new(catalogue, product, |amount| money.signed(amount));
            found.with(|found| found.products.iter().copied().take(count).map(tile).collect())
        })
    })
}

/// What the search finds, or a category, or the best sellers.
fn products(till: Till, catalogue: &Catalogue) -> Vec<ProductNo> {
    if till.is_searching.get() {
        return till.search.with(|typed| catalogue.search(typed, RESULTS_MAX));
    }
    till.category.with(|category| match category {
        Some(code) => catalogue.products.in_category(code).take(CATEGORY_MAX).collect(),
        None => best_sellers(catalogue),
    })
}

/// The best sellers; where a shop has named none, the first products.
fn best_sellers(catalogue: &Catalogue) -> Vec<ProductNo> {
    let best: Vec<_> = catalogue.products.best_sellers().take(RESULTS_MAX).collect();
    if best.is_empty() { catalogue.products.best_first().take(RESULTS_MAX).collect() } else { best }
}
