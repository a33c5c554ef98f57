//! Products and prices in columns: a hundred thousand of them in a few megabytes.

use std::cmp::Ordering;
use std::collections::HashMap;

use holdfast_domain::{Money, Unit};
use holdfast_protocol::borrowed_rows::{BorrowedPrice, BorrowedProduct};

use super::sort_in_parts::SortInParts;
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
    // What the skus of `by_sku` begin with: a search among numbers is over before one among texts has begun.
    sku_beginnings: Vec<u64>,
    // Every product once: best sellers by rank, then the others by name.
    best_first: Vec<ProductNo>,
}

impl Products {
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
        let same = self.by_sku[self.place_of(sku)..]
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

    /// The same for rows that come nearly in the order of their skus: `place` is where the last one was found.
    pub fn by_sku_after(&self, place: &mut usize, sku: &str) -> Option<ProductNo> {
        let next = self.by_sku.get(*place).filter(|product| self.skus.get(product.at()) == sku);
        if let Some(product) = next {
            *place += 1;
            return Some(*product);
        }
        let product = self.by_sku(sku)?;
        *place = self.place_of(sku) + 1;
        Some(product)
    }

    /// Where in `by_sku` the first is that does not come before this sku.
    fn place_of(&self, sku: &str) -> usize {
        let beginning = beginning_of_sku(sku);
        let from = self.sku_beginnings.partition_point(|known| *known < beginning);
        let alike = self.sku_beginnings[from..].partition_point(|known| *known == beginning);
        from + self.by_sku[from..from + alike].partition_point(|product| {
            compare_without_case(self.skus.get(product.at()), sku) == Ordering::Less
        })
    }

    /// Products whose sku begins with `beginning`, in order of sku.
    pub fn by_sku_beginning<'a>(&'a self, beginning: &'a str) -> impl Iterator<Item = ProductNo> + 'a {
        let begins = move |product: &ProductNo| {
            let sku = self.skus.get(product.at()).as_bytes();
            sku.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning.as_bytes()))
        };
        self.by_sku[self.place_of(beginning)..].iter().copied().take_while(begins)
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

/// Products that are being read; they become [`Products`] when all rows are there and sorted.
#[derive(Debug, Default)]
pub struct ProductsBuilder {
    products: Products,
    by_sku: Vec<SortKey>,
    best_first: Vec<SortKey>,
}

impl ProductsBuilder {
    /// Adds a row.
    pub fn push(&mut self, row: &BorrowedProduct<'_>) {
        let Products { skus, names, categories, units, tax_codes, ranks, .. } = &mut self.products;
        let product = ProductNo(skus.len() as u32);
        skus.push(row.sku);
        names.push(row.name);
        categories.push(row.category);
        units.push(Unit::from_code(row.unit));
        tax_codes.push(row.tax_code);
        ranks.push(row.rank);
        self.by_sku.push(SortKey { rank: 0, beginning: beginning_of_sku(row.sku), product });
        // Rank 0 is none and comes last.
        let rank = row.rank.wrapping_sub(1);
        self.best_first.push(SortKey {
            rank,
            beginning: beginning_of(row.name.as_bytes().iter().copied()),
            product,
        });
    }

    /// All rows are there.
    pub fn sort(self) -> ProductsSorting {
        ProductsSorting {
            products: self.products,
            by_sku: SortInParts::new(self.by_sku),
            best_first: SortInParts::new(self.best_first),
        }
    }
}

/// Products that are being sorted.
#[derive(Debug)]
pub struct ProductsSorting {
    products: Products,
    by_sku: SortInParts<SortKey>,
    best_first: SortInParts<SortKey>,
}

impl ProductsSorting {
    /// Does a part of the work; whether all of it is done.
    pub fn step(&mut self) -> bool {
        let Products { skus, names, .. } = &self.products;
        let sku = |key: &SortKey| skus.get(key.product.at());
        let name = |key: &SortKey| names.get(key.product.at());
        self.by_sku.step(|a, b| a.quick_cmp(b).then_with(|| compare_skus(sku(a), sku(b))))
            && self.best_first.step(|a, b| {
                // Without an order of its own, a name twice is shown in the order of the rows.
                a.quick_cmp(b).then_with(|| name(a).cmp(name(b))).then(a.product.cmp(&b.product))
            })
    }

    /// The products; in order, once all is done.
    pub fn finish(self) -> Products {
        let by_sku = self.by_sku.finish();
        Products {
            sku_beginnings: by_sku.iter().map(|key| key.beginning).collect(),
            by_sku: by_sku.into_iter().map(|key| key.product).collect(),
            best_first: self.best_first.finish().into_iter().map(|key| key.product).collect(),
            ..self.products
        }
    }
}

/// What decides most comparisons of two products; the whole texts decide the rest.
#[derive(Debug, Clone, Copy)]
struct SortKey {
    rank: u32,
    beginning: u64,
    product: ProductNo,
}

impl SortKey {
    fn quick_cmp(&self, other: &SortKey) -> Ordering {
        (self.rank, self.beginning).cmp(&(other.rank, other.beginning))
    }
}

/// The first eight bytes as a number: of two texts, the one with the lower number comes first.
fn beginning_of(bytes: impl Iterator<Item = u8>) -> u64 {
    let mut beginning = [0; 8];
    beginning.iter_mut().zip(bytes).for_each(|(to, byte)| *to = byte);
    u64::from_be_bytes(beginning)
}

fn beginning_of_sku(sku: &str) -> u64 {
    beginning_of(sku.bytes().map(|byte| byte.to_ascii_uppercase()))
}

/// The price of each product of one [`Products`], by its place.
#[derive(Debug, Clone, Default)]
pub struct Prices(Vec<Option<Money>>);

impl Prices {
    /// The price of one unit, if there is one.
    pub fn of(&self, product: ProductNo) -> Option<Money> {
        self.0.get(product.at()).copied().flatten()
    }
}

/// Prices that are being read.
#[derive(Debug)]
pub struct PricesBuilder<'products> {
    products: &'products Products,
    prices: Vec<Option<Money>>,
    place: usize,
}

impl<'products> PricesBuilder<'products> {
    /// The prices of these products, none so far.
    pub fn new(products: &'products Products) -> PricesBuilder<'products> {
        PricesBuilder { products, prices: vec![None; products.len()], place: 0 }
    }

    /// Adds a row; one of another product is passed over.
    pub fn push(&mut self, row: &BorrowedPrice<'_>) {
        if let Some(product) = self.products.by_sku_after(&mut self.place, row.sku) {
            self.prices[product.at()] = Some(Money::from_minor(row.price_minor));
        }
    }

    /// All rows are there.
    pub fn finish(self) -> Prices {
        Prices(self.prices)
    }
}

/// A column in which few codes come again and again.
#[derive(Debug, Clone, Default)]
struct CodeColumn {
    codes: Vec<String>,
    by_code: HashMap<String, u16>,
    numbers: Vec<u16>,
}

impl CodeColumn {
    fn push(&mut self, code: &str) {
        let number = self.number_of(code).unwrap_or_else(|| {
            // More than 65,535 categories or tax codes are no shop's; the last ones would share a number.
            let number = u16::try_from(self.codes.len()).unwrap_or(u16::MAX);
            self.codes.push(code.to_owned());
            self.by_code.insert(code.to_owned(), number);
            number
        });
        self.numbers.push(number);
    }

    fn number_of(&self, code: &str) -> Option<u16> {
        self.by_code.get(code).copied()
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
pub(crate) mod tests {
    use super::*;

    /// Products of (sku, name, rank).
    pub fn products(rows: &[(&str, &str, u32)]) -> Products {
        let mut builder = ProductsBuilder::default();
        for (sku, name, rank) in rows {
            let category = if *rank > 0 { "best" } else { "" };
            builder.push(&BorrowedProduct { sku, name, category, unit: "ea", tax_code: "S", rank: *rank });
        }
        let mut sorting = builder.sort();
        while !sorting.step() {}
        sorting.finish()
    }

    /// Prices of (sku, minor units).
    pub fn prices(products: &Products, rows: &[(&str, i64)]) -> Prices {
        let mut builder = PricesBuilder::new(products);
        for (sku, price_minor) in rows {
            builder.push(&BorrowedPrice { sku, price_minor: *price_minor });
        }
        builder.finish()
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
    fn skus_that_begin_alike_are_told_apart() {
        let products = products(&[
            ("00000096385074", "a", 0),
            ("00000096385081", "b", 0),
            ("00000096", "c", 0),
            ("0000009", "d", 0),
        ]);
        for (sku, name) in
            [("00000096385074", "a"), ("00000096385081", "b"), ("00000096", "c"), ("0000009", "d")]
        {
            assert_eq!(products.by_sku(sku).map(|product| products.name(product)), Some(name), "{sku}");
        }
        assert_eq!(products.by_sku("00000096385075"), None);
        assert_eq!(names(&products, products.by_sku_beginning("0000009638")), ["a", "b"]);
        assert_eq!(names(&products, products.by_sku_beginning("0000009")), ["d", "c", "a", "b"]);
    }

    #[test]
    fn prices_find_their_products_in_any_order_and_the_rest_has_none() {
        let products = products(&[("1", "a", 0), ("2", "b", 0), ("3", "c", 0), ("4", "d", 0)]);
        for rows in [[("1", 10), ("2", 20), ("9", 5), ("4", 40)], [("4", 40), ("9", 5), ("2", 20), ("1", 10)]]
        {
            let prices = prices(&products, &rows);
            let of = |sku| products.by_sku(sku).and_then(|product| prices.of(product)).map(Money::minor);
            assert_eq!((of("1"), of("2"), of("3"), of("4")), (Some(10), Some(20), None, Some(40)));
        }
    }
}
