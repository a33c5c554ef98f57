//! The catalogue in memory: what selling reads. Built from the offline database, never from the network.

pub mod barcodes;
pub mod find;
pub mod load;
pub mod products;
pub mod search;
pub mod shop;
pub mod sort_in_parts;
pub mod text_column;
pub mod trigrams;

use std::sync::Arc;

use holdfast_domain::ItemToSell;

use barcodes::Barcodes;
use products::{Prices, ProductNo, Products};
use search::SearchIndex;
use shop::Shop;

/// All of it. Parts are shared, so that a changed price table does not copy the names.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// The small tables.
    pub shop: Arc<Shop>,
    /// Products.
    pub products: Arc<Products>,
    /// Their prices.
    pub prices: Arc<Prices>,
    /// Barcodes.
    pub barcodes: Arc<Barcodes>,
    /// The search over names.
    pub search: Arc<SearchIndex>,
}

/// Why a product of the catalogue can't be sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotForSale {
    /// It has no price.
    NoPrice,
    /// Its tax code has no rate.
    NoTaxRate,
    /// It is sold by a unit that this version doesn't know.
    UnknownUnit,
    /// Nobody knows in which currency the prices are, and whether they hold their tax: the profile leaves the store out.
    NoStore,
}

impl Catalogue {
    /// The product that a code stands for exactly: a sku or a barcode.
    pub fn find(&self, code: &str) -> Option<ProductNo> {
        self.products.by_sku(code).or_else(|| self.barcodes.find(code))
    }

    /// What somebody who types `query` may mean: skus that begin with it, then names that have its words.
    pub fn search(&self, query: &str, hits_max: usize) -> Vec<ProductNo> {
        let query = query.trim();
        if query.is_empty() {
            return Vec::new();
        }
        let mut hits: Vec<ProductNo> = self.barcodes.find(query).into_iter().collect();
        for hit in self.products.by_sku_beginning(query).take(hits_max) {
            if !hits.contains(&hit) {
                hits.push(hit);
            }
        }
        for hit in self.search.search(query, hits_max) {
            if hits.len() >= hits_max {
                break;
            }
            if !hits.contains(&hit) {
                hits.push(hit);
            }
        }
        hits.truncate(hits_max);
        hits
    }

    /// A product as it goes into the basket.
    ///
    /// # Errors
    /// [`NotForSale`] naming what is missing.
    pub fn item(&self, product: ProductNo) -> Result<ItemToSell, NotForSale> {
        let tax_code = self.products.tax_code(product);
        self.shop.terms().ok_or(NotForSale::NoStore)?;
        Ok(ItemToSell {
            sku: self.products.sku(product).to_owned(),
            name: self.products.name(product).to_owned(),
            unit: self.products.unit(product).ok_or(NotForSale::UnknownUnit)?,
            unit_price: self.prices.of(product).ok_or(NotForSale::NoPrice)?,
            tax_code: tax_code.to_owned(),
            tax_rate_ppm: self.shop.tax_rate_ppm(tax_code).ok_or(NotForSale::NoTaxRate)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use holdfast_protocol::rows::TaxRateRow;

    use super::barcodes::tests::barcodes;
    use super::products::tests::{prices, products};
    use super::*;

    fn catalogue() -> Catalogue {
        let products =
            products(&[("1001", "Sourdough loaf", 1), ("1002", "Milk 1001 ml", 0), ("2", "Unpriced", 0)]);
        let rate = TaxRateRow { code: "S".into(), name: "Standard".into(), rate_ppm: 200_000 };
        Catalogue {
            prices: Arc::new(prices(&products, &[("1001", 380), ("1002", 380)])),
            barcodes: Arc::new(barcodes(&products, &[("00000096385074", "1002")])),
            search: Arc::new(SearchIndex::new(&products)),
            shop: Arc::new(Shop { tax_rates: vec![rate], ..shop::tests::shop() }),
            products: Arc::new(products),
        }
    }

    #[test]
    fn a_sku_and_a_barcode_stand_for_one_product() {
        let catalogue = catalogue();
        let find = |code: &str| catalogue.find(code).map(|found| catalogue.products.sku(found).to_owned());
        assert_eq!(find("1001").as_deref(), Some("1001"));
        assert_eq!(find("96385074").as_deref(), Some("1002"));
        assert_eq!(find("100"), None);
    }

    #[test]
    fn a_search_shows_skus_before_names_and_each_product_once() {
        let catalogue = catalogue();
        let search = |query: &str| {
            let hits = catalogue.search(query, 10);
            hits.into_iter().map(|hit| catalogue.products.sku(hit).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(search("1001"), ["1001", "1002"]);
        assert_eq!(search(" milk "), ["1002"]);
        assert_eq!(search("96385074"), ["1002"]);
        assert_eq!(search(""), [""; 0]);
    }

    #[test]
    fn a_product_without_a_price_is_not_for_sale() {
        let catalogue = catalogue();
        let item = |sku: &str| catalogue.item(catalogue.find(sku).expect("listed"));
        assert_eq!(item("1001").expect("priced").tax_rate_ppm, 200_000);
        assert_eq!(item("2"), Err(NotForSale::NoPrice));
    }

    #[test]
    fn without_the_store_nothing_is_for_sale() {
        let of_no_store = Catalogue { shop: Arc::new(Shop::default()), ..catalogue() };
        let found = of_no_store.find("1001").expect("listed");
        assert_eq!(of_no_store.item(found), Err(NotForSale::NoStore));
    }
}
