//! Products and prices in columns: a hundred thousand of them in a few megabytes.

use std::cmp::Ordering;

use holdfast_domain::{Money, Unit};
use holdfast_protocol::rows::{PriceRow, ProductRow};

use super::text_column::TextColumn;

/// A product's place in the columns; holds for one [`Products`] only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProductNo(u32);

impl ProductNo {
    fn at(self) -> usize {
        self.0 as usize
    }
}

/// All products, without their prices.
#[derive(Debug, Clone, Default)]
pub struct Products {
    skus: TextColumn,
    names: TextColumn,
    categories: CodeColumn,
    units: Vec<Option<Unit>>,
    tax_codes: CodeColumn,
    ranks: Vec<u32>,
    // Every product once, by sku without regard to case.
    by_sku: Vec<ProductNo>,
    // Every product once: best sellers by rank, then the others by name.
    best_first: Vec<ProductNo>,
}

impl Products {
    /// The columns of these rows.
    pub fn new(rows: impl IntoIterator<Item = ProductRow>) -> Products {
        let mut products = Products::default();
        for row in rows {
            products.skus.push(&row.sku);
            products.names.push(&row.name);
            products.categories.push(&row.category);
            products.units.push(Unit::from_code(&row.unit));
            products.tax_codes.push(&row.tax_code);
            products.ranks.push(row.rank);
        }
        let all: Vec<ProductNo> = (0..products.skus.len() as u32).map(ProductNo).collect();
        products.by_sku = all.clone();
        products
            .by_sku
            .sort_unstable_by(|a, b| compare_skus(products.skus.get(a.at()), products.skus.get(b.at())));
        products.best_first = all;
        products.best_first.sort_by(|a, b| {
            let rank = |product: &ProductNo| products.ranks[product.at()].wrapping_sub(1);
            rank(a).cmp(&rank(b)).then_with(|| products.names.get(a.at()).cmp(products.names.get(b.at())))
        });
        products
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.skus.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.skus.is_empty()
    }

    /// The product with this sku; upper and lower case only matter where both exist.
    pub fn by_sku(&self, sku: &str) -> Option<ProductNo> {
        let start = self.by_sku.partition_point(|product| {
            compare_without_case(self.skus.get(product.at()), sku) == Ordering::Less
        });
        let same = self.by_sku[start..]
            .iter()
            .take_while(|product| self.skus.get(product.at()).eq_ignore_ascii_case(sku));
        let mut first = None;
        for product in same {
            if self.skus.get(product.at()) == sku {
                return Some(*product);
            }
            first = first.or(Some(*product));
        }
        first
    }

    /// Products whose sku begins with `beginning`, in order of sku.
    pub fn by_sku_beginning<'a>(&'a self, beginning: &'a str) -> impl Iterator<Item = ProductNo> + 'a {
        let start = self.by_sku.partition_point(|product| {
            compare_without_case(self.skus.get(product.at()), beginning) == Ordering::Less
        });
        let begins = move |product: &ProductNo| {
            let sku = self.skus.get(product.at()).as_bytes();
            sku.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning.as_bytes()))
        };
        self.by_sku[start..].iter().copied().take_while(begins)
    }

    /// All products: best sellers by rank, then the others by name.
    pub fn best_first(&self) -> impl Iterator<Item = ProductNo> + '_ {
        self.best_first.iter().copied()
    }

    /// The best sellers by rank.
    pub fn best_sellers(&self) -> impl Iterator<Item = ProductNo> + '_ {
        self.best_first().take_while(|product| self.ranks[product.at()] > 0)
    }

    /// The products of a category, best sellers first.
    pub fn in_category<'a>(&'a self, code: &str) -> impl Iterator<Item = ProductNo> + 'a {
        let wanted = self.categories.number_of(code);
        self.best_first().filter(move |product| Some(self.categories.numbers[product.at()]) == wanted)
    }

    /// Stock keeping unit.
    pub fn sku(&self, product: ProductNo) -> &str {
        self.skus.get(product.at())
    }

    /// Name on screen and receipt.
    pub fn name(&self, product: ProductNo) -> &str {
        self.names.get(product.at())
    }

    /// Code of its category; empty for none.
    pub fn category(&self, product: ProductNo) -> &str {
        self.categories.get(product.at())
    }

    /// What it is sold by; `None` where this build doesn't know the unit.
    pub fn unit(&self, product: ProductNo) -> Option<Unit> {
        self.units.get(product.at()).copied().flatten()
    }

    /// Tax code.
    pub fn tax_code(&self, product: ProductNo) -> &str {
        self.tax_codes.get(product.at())
    }
}

/// The price of each product of one [`Products`], by its place.
#[derive(Debug, Clone, Default)]
pub struct Prices(Vec<Option<Money>>);

impl Prices {
    /// The prices of these products; rows of others are passed over.
    pub fn new(products: &Products, rows: impl IntoIterator<Item = PriceRow>) -> Prices {
        let mut prices = vec![None; products.len()];
        for row in rows {
            if let Some(product) = products.by_sku(&row.sku) {
                prices[product.at()] = Some(Money::from_minor(row.price_minor));
            }
        }
        Prices(prices)
    }

    /// The price of one unit, if there is one.
    pub fn of(&self, product: ProductNo) -> Option<Money> {
        self.0.get(product.at()).copied().flatten()
    }
}

/// A column in which few codes come again and again.
#[derive(Debug, Clone, Default)]
struct CodeColumn {
    codes: Vec<String>,
    numbers: Vec<u16>,
}

impl CodeColumn {
    fn push(&mut self, code: &str) {
        let number = self.number_of(code).unwrap_or_else(|| {
            self.codes.push(code.to_owned());
            // More than 65,535 categories or tax codes are no shop's; the last ones would share a number.
            u16::try_from(self.codes.len() - 1).unwrap_or(u16::MAX)
        });
        self.numbers.push(number);
    }

    fn number_of(&self, code: &str) -> Option<u16> {
        self.codes.iter().position(|known| known == code).and_then(|number| u16::try_from(number).ok())
    }

    fn get(&self, at: usize) -> &str {
        let code = self.numbers.get(at).and_then(|number| self.codes.get(usize::from(*number)));
        code.map_or("", String::as_str)
    }
}

/// By sku without regard to case, and then with, so that the order is total.
fn compare_skus(a: &str, b: &str) -> Ordering {
    compare_without_case(a, b).then_with(|| a.cmp(b))
}

fn compare_without_case(a: &str, b: &str) -> Ordering {
    let upper = |byte: u8| byte.to_ascii_uppercase();
    a.bytes().map(upper).cmp(b.bytes().map(upper))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Products of (sku, name, rank).
    pub fn products(rows: &[(&str, &str, u32)]) -> Products {
        Products::new(rows.iter().map(|(sku, name, rank)| ProductRow {
            sku: (*sku).into(),
            name: (*name).into(),
            category: if *rank > 0 { "best".into() } else { String::new() },
            unit: "ea".into(),
            tax_code: "S".into(),
            rank: *rank,
        }))
    }

    fn names(products: &Products, found: impl Iterator<Item = ProductNo>) -> Vec<&str> {
        found.map(|product| products.name(product)).collect()
    }

    #[test]
    fn a_sku_is_found_without_regard_to_case_unless_both_exist() {
        let products = products(&[("85123A", "upper", 0), ("85123a", "lower", 0), ("B-7", "seven", 0)]);
        let find = |sku: &str| products.by_sku(sku).map(|product| products.name(product).to_owned());
        assert_eq!(find("85123A").as_deref(), Some("upper"));
        assert_eq!(find("85123a").as_deref(), Some("lower"));
        assert_eq!(find("b-7").as_deref(), Some("seven"));
        assert_eq!(find("b-").as_deref(), None);
        assert_eq!(find(""), None);
    }

    #[test]
    fn beginnings_of_skus_are_found_in_order() {
        let products = products(&[("102", "c", 0), ("1001", "a", 0), ("1002", "b", 0), ("2", "d", 0)]);
        assert_eq!(names(&products, products.by_sku_beginning("10")), ["a", "b", "c"]);
        assert_eq!(names(&products, products.by_sku_beginning("1001x")), [""; 0]);
    }

    #[test]
    fn best_sellers_come_first_and_alone_where_asked() {
        let products = products(&[("1", "z", 0), ("2", "y", 2), ("3", "x", 1), ("4", "w", 0)]);
        assert_eq!(names(&products, products.best_first()), ["x", "y", "w", "z"]);
        assert_eq!(names(&products, products.best_sellers()), ["x", "y"]);
        assert_eq!(names(&products, products.in_category("best")), ["x", "y"]);
        assert_eq!(names(&products, products.in_category("none")), [""; 0]);
    }

    #[test]
    fn prices_find_their_products_and_the_rest_has_none() {
        let products = products(&[("1", "a", 0), ("2", "b", 0)]);
        let row = |sku: &str, price_minor| PriceRow { sku: sku.into(), price_minor };
        let prices = Prices::new(&products, [row("2", 120), row("9", 5)]);
        let of = |sku| products.by_sku(sku).and_then(|product| prices.of(product));
        assert_eq!((of("1"), of("2")), (None, Some(Money::from_minor(120))));
    }
}
