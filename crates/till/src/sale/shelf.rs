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

/// What somebody wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    /// What has this text in its name.
    Search(String),
    /// A category; none are the best sellers.
    Category(Option<String>),
}

/// What is to be shown. Its number is another one when somebody asks for something else and that is other products: what
/// is on the screen stays there while the catalogue under it changes, though products have other numbers in a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    number: u64,
    asked: Asked,
    products: Vec<ProductNo>,
}

impl Found {
    fn after(before: Option<&Found>, asked: Asked, products: Vec<ProductNo>) -> Found {
        let number = match before {
            Some(before) if before.asked == asked || before.products == products => before.number,
            Some(before) => before.number + 1,
            None => 0,
        };
        Found { number, asked, products }
    }
}

/// The tiles that are drawn now.
pub fn tiles(till: Till) -> Memo<Vec<Tile>> {
    let found = Memo::new(move |before: Option<&Found>| {
        let asked = asked(till);
        let products = till.catalogue.with(|catalogue| products(&asked, catalogue));
        Found::after(before, asked, products)
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

/// What is typed into the search, or the category.
fn asked(till: Till) -> Asked {
    if till.is_searching.get() {
        Asked::Search(till.sought.get())
    } else {
        Asked::Category(till.category.get())
    }
}

/// What the search finds, or a category, or the best sellers.
fn products(asked: &Asked, catalogue: &Catalogue) -> Vec<ProductNo> {
    match asked {
        Asked::Search(typed) => catalogue.search(typed, RESULTS_MAX),
        Asked::Category(Some(code)) => catalogue.products.in_category(code).take(CATEGORY_MAX).collect(),
        Asked::Category(None) => best_sellers(catalogue),
    }
}

/// The best sellers; where a shop has named none, the first products.
fn best_sellers(catalogue: &Catalogue) -> Vec<ProductNo> {
    let best: Vec<_> = catalogue.products.best_sellers().take(RESULTS_MAX).collect();
    if best.is_empty() { catalogue.products.best_first().take(RESULTS_MAX).collect() } else { best }
}

#[cfg(test)]
mod tests {
    use crate::catalogue::products::tests::products;

    use super::*;

    #[test]
    fn what_is_shown_stays_while_the_catalogue_changes_and_not_while_something_else_is_asked_for() {
        let search = |typed: &str| Asked::Search(typed.to_owned());
        let two = products(&[("1", "Milk", 0), ("2", "Mill", 0)]);
        let three = products(&[("1", "Milk", 0), ("2", "Mill", 0), ("3", "Milo", 0)]);
        let of_two: Vec<ProductNo> = two.best_first().collect();
        let of_three: Vec<ProductNo> = three.best_first().collect();
        assert_ne!(of_two, of_three);

        let first = Found::after(None, search("mil"), of_two.clone());
        let renumbered = Found::after(Some(&first), search("mil"), of_three.clone());
        assert_eq!(renumbered.number, first.number);
        assert_eq!(renumbered.products, of_three);
        let same_found = Found::after(Some(&renumbered), search("milk"), of_three);
        assert_eq!(same_found.number, first.number);
        let other = Found::after(Some(&same_found), Asked::Category(None), of_two.clone());
        assert_ne!(other.number, first.number);
        // What was asked for last counts, not what was found when the number was given.
        let back = Found::after(Some(&other), search("mil"), vec![]);
        assert_ne!(back.number, other.number);
    }
}
