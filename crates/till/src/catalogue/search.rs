//! The search over product names: every word anywhere, best sellers first, words' beginnings before the rest.

use holdfast_protocol::search_text::{fold, fold_onto, is_boundary};

use super::find::Finder;
use super::products::{ProductNo, Products};
use super::text_column::TextColumn;
use super::trigrams::{BLOCK_NAMES, Trigrams};

/// How many products are added at a time: some milliseconds on a slow tablet.
const PART_PRODUCTS: usize = 2_048;

/// All names, folded, in the order in which hits are shown.
///
/// Since the order is the ranking, a search may stop at enough hits.
#[derive(Debug, Clone, Default)]
pub struct SearchIndex {
    // Each name starts with a boundary, so that a word's beginning is always behind one.
    names: TextColumn,
    trigrams: Trigrams,
    products: Vec<ProductNo>,
}

impl SearchIndex {
    /// The index over all products.
    pub fn new(products: &Products) -> SearchIndex {
        let mut index = SearchIndex::default();
        while !index.add_some(products) {}
        index
    }

    /// Adds some more of the products to an index that is being built; whether all of them are in it. Only then
    /// it is an index.
    pub fn add_some(&mut self, products: &Products) -> bool {
        let mut folded = String::new();
        for product in products.best_first().skip(self.products.len()).take(PART_PRODUCTS) {
            folded.clear();
            folded.push('\n');
            fold_onto(&mut folded, products.name(product));
            self.names.push(&folded);
            self.trigrams.add(&folded);
            self.products.push(product);
        }
        self.products.len() == products.len()
    }

    /// Products whose names have every word of `query` somewhere in them: first those where each is the
    /// beginning of a word, then the others, best sellers first in both; at most `hits_max`.
    pub fn search(&self, query: &str, hits_max: usize) -> Vec<ProductNo> {
        let folded = fold(query);
        let words: Vec<&str> = folded.split_ascii_whitespace().collect();
        let Some(rarest) = words.iter().max_by_key(|word| word.len()) else { return Vec::new() };
        let finder = Finder::new(rarest);
        let (mut at_beginnings, mut elsewhere) = (Vec::new(), Vec::new());
        for block in self.trigrams.blocks_with(&words) {
            let (first, next) = (block * BLOCK_NAMES, (block + 1) * BLOCK_NAMES);
            let mut from = first.checked_sub(1).map_or(0, |last| self.names.end_of(last));
            let bytes = &self.names.run_together().as_bytes()[..self.names.end_of(next - 1)];
            while at_beginnings.len() < hits_max
                && let Some(at) = finder.find(bytes, from)
            {
                let number = self.names.number_at(at);
                from = self.names.end_of(number).max(at + 1);
                match fit(self.names.get(number), &words) {
                    Fit::None => {}
                    Fit::Beginnings => at_beginnings.push(self.products[number]),
                    Fit::Inside if elsewhere.len() < hits_max => elsewhere.push(self.products[number]),
                    Fit::Inside => {}
                }
            }
            if at_beginnings.len() == hits_max {
                break;
            }
        }
        at_beginnings.extend(elsewhere);
        at_beginnings.truncate(hits_max);
        at_beginnings
    }
}

/// How a name fits the words of a query.
enum Fit {
    None,
    Beginnings,
    Inside,
}

fn fit(name: &str, words: &[&str]) -> Fit {
    let mut fit = Fit::Beginnings;
    for word in words {
        if !name.contains(word) {
            return Fit::None;
        }
        let begins = |(at, _)| at > 0 && is_boundary(name.as_bytes()[at - 1]);
        if !name.match_indices(word).any(begins) {
            fit = Fit::Inside;
        }
    }
    fit
}

#[cfg(test)]
mod tests {
    use super::super::products::tests::products;
    use super::*;

    fn check(query: &str, expected: &[&str]) {
        let products = products(&[
            ("1001", "Sourdough loaf", 3),
            ("1002", "Crème fraîche 200 g", 0),
            ("1003", "Ice cream, vanilla", 1),
            ("1004", "Loaf tin", 0),
            ("1005", "Meatloaf", 2),
        ]);
        let hits = SearchIndex::new(&products).search(query, 3);
        let names: Vec<&str> = hits.iter().map(|hit| products.name(*hit)).collect();
        assert_eq!(names, expected, "{query}");
    }

    #[test]
    fn beginnings_of_words_come_first_and_best_sellers_lead() {
        check("loaf", &["Sourdough loaf", "Loaf tin", "Meatloaf"]);
        check("lo", &["Sourdough loaf", "Loaf tin", "Meatloaf"]);
    }

    #[test]
    fn words_are_found_in_any_order_without_case_and_accents() {
        check("FRAICHE cre", &["Crème fraîche 200 g"]);
        check("van cream", &["Ice cream, vanilla"]);
    }

    #[test]
    fn parts_inside_a_word_are_found() {
        check("oughd", &[]);
        check("urdoug", &["Sourdough loaf"]);
    }

    #[test]
    fn every_block_of_names_is_searched() {
        let names: Vec<String> = (0..3 * BLOCK_NAMES + 1).map(|number| format!("Tea no {number}")).collect();
        let skus: Vec<String> = (0..names.len()).map(|number| format!("{number:04}")).collect();
        let rows: Vec<(&str, &str, u32)> =
            names.iter().zip(&skus).map(|(name, sku)| (sku.as_str(), name.as_str(), 0)).collect();
        let products = products(&rows);
        let index = SearchIndex::new(&products);
        for name in &names {
            let hits = index.search(name, names.len());
            assert!(hits.iter().any(|hit| products.name(*hit) == name), "{name}");
        }
        assert_eq!(index.search("tea", 1_000).len(), names.len());
    }

    #[test]
    fn no_more_come_than_asked_for_and_nothing_for_nothing() {
        check("o", &["Meatloaf", "Sourdough loaf", "Loaf tin"]);
        check("  ", &[]);
        check("no such thing", &[]);
    }
}
