//! Views: which tables are copied, which rows are kept, and that no kept row refers to one that isn't; what filters
//! ask of related rows, against a join that is written by hand.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use holdfast_profile::{
    ChosenBySales, ColumnKind, Condition, FilterPart, FilterValue, Join, Members, OfflineCustomers,
    OfflineProducts, Profile, RelatedValues, RowFilter, TableId, Test, View, default_profile,
};
use minicbor::data::Type;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

/// Texts of a row's columns, from number 0 on.
type Row = Vec<String>;
type Shop = BTreeMap<TableId, BTreeMap<String, Row>>;

const CATALOGUE: [TableId; 5] =
    [TableId::TaxRate, TableId::Category, TableId::Product, TableId::Barcode, TableId::Price];

fn is_number(kind: ColumnKind) -> bool {
    matches!(kind, ColumnKind::WholeNumber | ColumnKind::Money | ColumnKind::RatePpm)
}

fn encoded(table: TableId, row: &Row) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut bytes);
    encoder.map(row.len() as u64).expect("written to memory");
    for (column, text) in table.columns().iter().zip(row) {
        let encoder = encoder.u32(column.number).expect("written to memory");
        let written = if is_number(column.kind) {
            encoder.i64(text.parse().expect("a number"))
        } else {
            encoder.str(text)
        };
        written.expect("written to memory");
    }
    bytes
}

fn decoded(bytes: &[u8]) -> Row {
    let mut decoder = minicbor::Decoder::new(bytes);
    let count = decoder.map().expect("a map").expect("a length");
    let mut value = || {
        decoder.u32().expect("a number");
        if decoder.datatype().expect("a value") == Type::String {
            decoder.str().expect("text").to_owned()
        } else {
            decoder.i64().expect("a number").to_string()
        }
    };
    (0..count).map(|_| value()).collect()
}

/// A shop of few keys, so that rows often refer to the same.
fn any_shop() -> impl Strategy<Value = Shop> {
    let product = ("[ab]", select(vec!["", "c0", "c1", "c2"]), select(vec!["t0", "t1", "t2"]))
        .prop_map(|(name, category, tax)| (name, category.to_owned(), tax.to_owned()));
    let products = btree_map("p[0-9]", product, 0..10);
    let barcodes = vec(("g[0-9]", any::<prop::sample::Index>()), 0..15);
    // A product may lack a price.
    let prices = vec(proptest::option::weighted(0.8, 0_i64..4), 10);
    (products, barcodes, prices).prop_map(|(products, barcodes, prices)| {
        let simple = |keys: [&str; 3]| {
            let row = |key: &str| vec![key.to_owned(), format!("name {key}"), key[1..].to_owned()];
            keys.map(|key| (key.to_owned(), row(key)))
        };
        let skus: Vec<String> = products.keys().cloned().collect();
        let barcodes = barcodes.into_iter().filter(|_| !skus.is_empty());
        let barcodes = barcodes.map(|(gtin, at)| (gtin.clone(), vec![gtin, at.get(&skus).clone()])).collect();
        let prices = skus.iter().zip(prices).filter_map(|(sku, price): (&String, Option<i64>)| {
            Some((sku.clone(), vec![sku.clone(), price?.to_string()]))
        });
        let prices = prices.collect();
        let products = products
            .into_iter()
            .map(|(sku, (name, category, tax))| (sku.clone(), vec![sku, name, category, "ea".into(), tax]));
        BTreeMap::from([
            (TableId::TaxRate, simple(["t0", "t1", "t2"]).into()),
            (TableId::Category, simple(["c0", "c1", "c2"]).into()),
            (TableId::Product, products.collect()),
            (TableId::Barcode, barcodes),
            (TableId::Price, prices),
        ])
    })
}

fn is(column: &str, value: &str) -> RowFilter {
    RowFilter::of(column, Test::Is { value: FilterValue::Text(value.into()) })
}

/// A filter of one or two conditions on some of these columns, related rows' and the row's own.
fn any_filter_on(columns: &'static [&'static str]) -> impl Strategy<Value = RowFilter> {
    let condition = (select(columns), any::<bool>(), 0_i64..4).prop_map(|(column, negated, number)| {
        let text = match column {
            "product.category" => format!("c{number}"),
            "product.tax_code" => format!("t{number}"),
            "gtin" => format!("g{number}"),
            "name" | "product.name" => ["a", "b"][usize::from(number > 1)].to_owned(),
            // Of a category or a tax rate.
            other => format!("name {}{number}", &other[..1]),
        };
        let of_number = ["position", "rate_ppm", "price_minor"].iter().any(|end| column.ends_with(end));
        let value = if of_number { FilterValue::Number(number) } else { FilterValue::Text(text) };
        let test = match (of_number, negated) {
            (true, true) => Test::Over { number },
            (false, true) => Test::IsNot { value },
            (_, false) => Test::Is { value },
        };
        FilterPart::Condition(Condition { column: column.to_owned(), test })
    });
    (prop_oneof![Just(Join::All), Just(Join::Any)], vec(condition, 1..3))
        .prop_map(|(join, parts)| RowFilter { join, parts })
}

fn with_entry(profile: &mut Profile, table: TableId, change: impl FnOnce(&mut holdfast_profile::ScopeTable)) {
    let mut entries = profile.scopes.iter_mut().flat_map(|scope| &mut scope.tables);
    change(entries.find(|entry| entry.table == table).expect("a table of the default profile"));
}

const ASKED_OF_PRODUCTS: &[&str] = &[
    "name",
    "category.name",
    "category.position",
    "tax_rate.name",
    "tax_rate.rate_ppm",
    "price.price_minor",
    "price.price_minor",
];

/// A profile that keeps some of the catalogue, in many ways at once.
fn any_selection() -> impl Strategy<Value = Profile> {
    let products = prop_oneof![
        Just(OfflineProducts::All),
        vec("c[0-2]", 1..3).prop_map(|codes| OfflineProducts::Categories { codes }),
        Just(OfflineProducts::TopBySales { count: 3 }),
    ];
    let filters = (
        proptest::option::of("t[0-2]".prop_map(|code| is("code", &code))),
        proptest::option::of("c[0-2]".prop_map(|code| is("code", &code))),
        proptest::option::of(any_filter_on(ASKED_OF_PRODUCTS)),
        proptest::option::of(any_filter_on(&["gtin", "product.name", "product.category"])),
        proptest::option::of(any_filter_on(&["price_minor", "product.name", "product.tax_code"])),
        any::<(bool, bool)>(),
    );
    (products, filters).prop_map(|(offline_products, (tax, category, product, barcode, price, without))| {
        let (without_category, without_prices) = without;
        let mut profile = default_profile();
        profile.offline_products = offline_products;
        with_entry(&mut profile, TableId::Price, |entry| entry.filter = price);
        if without_prices {
            profile.scopes.retain(|scope| scope.tables.iter().all(|entry| entry.table != TableId::Price));
        }
        with_entry(&mut profile, TableId::TaxRate, |entry| entry.filter = tax);
        with_entry(&mut profile, TableId::Category, |entry| entry.filter = category);
        with_entry(&mut profile, TableId::Product, |entry| {
            entry.filter = product;
            entry.fields =
                without_category.then(|| ["sku", "name", "unit", "tax_code"].map(Into::into).into());
        });
        with_entry(&mut profile, TableId::Barcode, |entry| entry.filter = barcode);
        profile
    })
}

/// What the views of a profile keep of a shop; rows are taken in forwards or backwards.
fn kept(profile: &Profile, shop: &Shop, best: &[String], backwards: bool) -> Shop {
    let mut kept = shop.clone();
    kept.retain(|table, _| profile.entry(*table).is_some());
    let rows_of = |table: TableId| {
        let mut rows: Vec<_> = shop.get(&table).into_iter().flatten().collect();
        if backwards {
            rows.reverse();
        }
        rows
    };
    for view in View::all_of(profile) {
        let products = best.iter().cloned().collect();
        let mut related = RelatedValues::new(&view);
        for table in related.tables() {
            for (key, row) in rows_of(table) {
                related.take(table, key, &encoded(table, row)).expect("a row");
            }
        }
        let mut members = Members::new(related, ChosenBySales { products, customers: HashSet::new() });
        for table in members.deciding_tables() {
            for (key, row) in rows_of(table) {
                members.take(table, key, &encoded(table, row)).expect("a row");
            }
        }
        for table in view.tables() {
            let rows = shop.get(&table).into_iter().flatten();
            let rows = rows.filter_map(|(key, row)| {
                let body = members.keep(table, key, &encoded(table, row)).expect("a row")?;
                Some((key.clone(), decoded(&body)))
            });
            kept.insert(table, rows.collect());
        }
    }
    kept
}

/// What a column of a row says, a related row's too: each pair of tables joined by hand.
fn said<'s>(shop: &'s Shop, table: TableId, row: &'s Row, name: &str) -> Option<&'s str> {
    let Some((other, name)) = name.split_once('.') else {
        let at = table.columns().iter().position(|column| column.name == name).expect("a column");
        return row.get(at).map(String::as_str);
    };
    let (other, key) = match (table, other) {
        (TableId::Product, "category") => (TableId::Category, &row[2]),
        (TableId::Product, "tax_rate") => (TableId::TaxRate, &row[4]),
        (TableId::Product, "price") => (TableId::Price, &row[0]),
        (TableId::Barcode, "product") => (TableId::Product, &row[1]),
        (TableId::Price, "product") => (TableId::Product, &row[0]),
        _ => panic!("{table} {other}"),
    };
    said(shop, other, shop[&other].get(key)?, name)
}

/// Whether a row passes its table's filter.
fn passes(profile: &Profile, shop: &Shop, table: TableId, row: &Row) -> bool {
    let Some(filter) = profile.entry(table).and_then(|(_, entry)| entry.filter.as_ref()) else { return true };
    let mut holds = filter.conditions().map(|condition| {
        let found = said(shop, table, row, &condition.column);
        let is = |value: &FilterValue| match value {
            FilterValue::Text(text) => found == Some(text.as_str()),
            FilterValue::Number(number) => found == Some(number.to_string().as_str()),
            FilterValue::YesNo(_) => false,
        };
        match &condition.test {
            Test::Is { value } => is(value),
            Test::IsNot { value } => !is(value),
            Test::Over { number } => {
                found.is_some_and(|found| found.parse::<i64>().expect("a number") > *number)
            }
            Test::OneOf { .. } | Test::Contains { .. } | Test::Under { .. } | Test::Between { .. } => {
                panic!("{condition:?}")
            }
        }
    });
    if filter.join == Join::All { holds.all(|holds| holds) } else { holds.any(|holds| holds) }
}

/// The same said as plainly as it can be: keys only.
fn expected(profile: &Profile, shop: &Shop, best: &[String]) -> BTreeMap<TableId, BTreeSet<String>> {
    let rows = |table: TableId| shop[&table].iter().filter(move |(_, row)| passes(profile, shop, table, row));
    let products: BTreeMap<&String, &Row> = rows(TableId::Product)
        .filter(|(sku, row)| match &profile.offline_products {
            OfflineProducts::All => true,
            OfflineProducts::Categories { codes } => codes.contains(&row[2]),
            OfflineProducts::TopBySales { .. } | OfflineProducts::SoldInLastDays { .. } => best.contains(sku),
        })
        .collect();
    let keeps_category = profile.entry(TableId::Product).expect("an entry").1.keeps_column("category");
    let mut expected: BTreeMap<TableId, BTreeSet<String>> = BTreeMap::new();
    let mut keep = |table: TableId, key: &String| {
        expected.entry(table).or_default().insert(key.clone());
    };
    for (sku, row) in &products {
        keep(TableId::Product, sku);
        keep(TableId::TaxRate, &row[4]);
        if keeps_category && !row[2].is_empty() {
            keep(TableId::Category, &row[2]);
        }
    }
    rows(TableId::TaxRate).for_each(|(code, _)| keep(TableId::TaxRate, code));
    rows(TableId::Category).for_each(|(code, _)| keep(TableId::Category, code));
    rows(TableId::Barcode)
        .filter(|(_, row)| products.contains_key(&row[1]))
        .for_each(|(g, _)| keep(TableId::Barcode, g));
    rows(TableId::Price)
        .filter(|(sku, _)| profile.entry(TableId::Price).is_some() && products.contains_key(sku))
        .for_each(|(s, _)| keep(TableId::Price, s));
    expected
}

proptest! {
    #[test]
    fn rows_are_kept_by_filter_choice_and_reference(
        shop in any_shop(), profile in any_selection(), best in vec("p[0-9]", 0..5),
    ) {
        let kept = kept(&profile, &shop, &best, false);
        let keys = kept.iter().map(|(table, rows)| (*table, rows.keys().cloned().collect::<BTreeSet<_>>()));
        let keys: BTreeMap<_, _> = keys.filter(|(_, keys)| !keys.is_empty()).collect();
        prop_assert_eq!(keys, expected(&profile, &shop, &best));
    }

    #[test]
    fn no_kept_row_refers_to_one_that_is_not_kept(
        shop in any_shop(), profile in any_selection(), best in vec("p[0-9]", 0..5),
    ) {
        let kept = kept(&profile, &shop, &best, false);
        for table in CATALOGUE {
            for (key, row) in kept.get(&table).into_iter().flatten() {
                for (column, text) in table.columns().iter().zip(row) {
                    if let Some(referred) = column.refers_to && !text.is_empty() {
                        prop_assert!(kept[&referred].contains_key(text), "{table} {key} without {referred} {text}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(
        shop in any_shop(), profile in any_selection(), best in vec("p[0-9]", 0..5),
    ) {
        prop_assert_eq!(kept(&profile, &shop, &best, false), kept(&profile, &shop, &best, true));
    }

    #[test]
    fn a_view_survives_being_stored(profile in any_selection()) {
        for view in View::all_of(&profile) {
            let bytes = minicbor::to_vec(&view).expect("written to memory");
            prop_assert_eq!(minicbor::decode::<View>(&bytes).ok(), Some(view));
        }
    }
}

fn tables_of(profile: &Profile) -> Vec<Vec<TableId>> {
    View::all_of(profile).iter().map(|view| view.tables().collect()).collect()
}

#[test]
fn the_default_profile_needs_no_view() {
    assert!(View::all_of(&default_profile()).is_empty());
}

#[test]
fn what_follows_or_refers_to_a_copied_table_is_copied_with_it() {
    let mut profile = default_profile();
    profile.offline_products = OfflineProducts::TopBySales { count: 100 };
    assert_eq!(tables_of(&profile), [[TableId::Product, TableId::Barcode, TableId::Price]]);
    with_entry(&mut profile, TableId::TaxRate, |entry| entry.filter = Some(is("code", "t0")));
    let catalogue = [TableId::TaxRate, TableId::Product, TableId::Barcode, TableId::Price];
    assert_eq!(tables_of(&profile), [catalogue]);
    profile.offline_customers = OfflineCustomers::None;
    assert_eq!(tables_of(&profile), [&catalogue[..], &[TableId::Customer]]);
}

#[test]
fn a_field_list_that_leaves_nothing_out_needs_no_view() {
    let mut profile = default_profile();
    with_entry(&mut profile, TableId::Price, |entry| {
        entry.fields = Some(vec!["price_minor".into(), "sku".into()])
    });
    assert!(View::all_of(&profile).is_empty());
}

#[test]
fn profiles_that_say_the_same_of_some_tables_have_the_same_view_of_them() {
    let mut one = default_profile();
    one.offline_products = OfflineProducts::TopBySales { count: 100 };
    let mut other = one.clone();
    other.name = "Other".into();
    other.device.offline_timeout_s += 1;
    other.offline_customers = OfflineCustomers::None;
    assert_eq!(View::all_of(&one)[0], View::all_of(&other)[0]);
    other.offline_products = OfflineProducts::TopBySales { count: 101 };
    assert_ne!(View::all_of(&one)[0], View::all_of(&other)[0]);
}

#[test]
fn only_sales_and_days_change_a_view_of_their_own_accord() {
    let changes = |products, customers| {
        let mut profile = default_profile();
        profile.offline_products = products;
        profile.offline_customers = customers;
        View::all_of(&profile).iter().map(View::changes_with_sales).collect::<Vec<bool>>()
    };
    let categories = OfflineProducts::Categories { codes: vec!["c0".into()] };
    assert_eq!(changes(categories, OfflineCustomers::None), [false, false]);
    let lately = OfflineProducts::SoldInLastDays { days: 30 };
    assert_eq!(changes(lately, OfflineCustomers::SeenInLastDays { days: 30 }), [true, true]);
}

#[test]
fn a_table_comes_after_those_that_it_refers_to_and_what_comes_along_brings_nothing_along() {
    for table in TableId::ALL {
        for referred in table.columns().iter().filter_map(|column| column.refers_to) {
            // The store names its currency without having to come after it; a currency is always kept.
            assert!(table == TableId::Store || referred < table, "{table} {referred}");
            let further = referred.columns().iter().filter_map(|column| column.refers_to);
            assert!(table.follows() == Some(referred) || further.count() == 0, "{table} {referred}");
        }
    }
}

#[test]
fn a_view_reads_the_related_rows_that_its_filters_ask_wherever_they_are() {
    let mut profile = default_profile();
    let dear = RowFilter::of("price.price_minor", Test::Over { number: 100 });
    with_entry(&mut profile, TableId::Product, |entry| entry.filter = Some(dear));
    profile.scopes.retain(|scope| scope.tables.iter().all(|entry| entry.table != TableId::Price));
    assert_eq!(tables_of(&profile), [[TableId::Product, TableId::Barcode]]);
    let view = View::all_of(&profile).remove(0);
    let read = BTreeSet::from([TableId::Product, TableId::Barcode, TableId::Price]);
    assert_eq!(view.read_tables(), read);
    assert_eq!(RelatedValues::new(&view).tables(), BTreeSet::from([TableId::Price]));
    with_entry(&mut profile, TableId::Product, |entry| entry.filter = Some(is("name", "a")));
    let view = View::all_of(&profile).remove(0);
    assert_eq!(view.read_tables(), view.tables().collect());
    assert!(RelatedValues::new(&view).tables().is_empty());
}

#[test]
fn a_table_whose_filter_asks_a_whole_one_does_not_draw_it_into_the_view() {
    let mut profile = default_profile();
    with_entry(&mut profile, TableId::Price, |entry| entry.filter = Some(is("product.category", "c0")));
    assert_eq!(tables_of(&profile), [[TableId::Price]]);
    assert_eq!(View::all_of(&profile)[0].read_tables(), BTreeSet::from([TableId::Product, TableId::Price]));
}

// A condition that this build can't ask, such as one of a later version, finds no value.
#[test]
fn a_related_column_that_is_unknown_has_no_value() {
    for column in ["price.colour", "cousin.name", "category."] {
        let mut profile = default_profile();
        with_entry(&mut profile, TableId::Product, |entry| entry.filter = Some(is(column, "x")));
        let view = View::all_of(&profile).remove(0);
        assert_eq!(view.read_tables(), view.tables().collect());
        let members = Members::new(RelatedValues::new(&view), ChosenBySales::default());
        let row = ["p0", "a", "c0", "ea", "t0"].map(str::to_owned).to_vec();
        let found = members.keep(TableId::Product, "p0", &encoded(TableId::Product, &row)).expect("a row");
        assert_eq!(found, None, "{column}");
    }
}

#[test]
fn bytes_that_are_no_row_are_refused() {
    let mut profile = default_profile();
    let dear = RowFilter::of("price.price_minor", Test::Over { number: 100 });
    with_entry(&mut profile, TableId::Product, |entry| entry.filter = Some(dear));
    let view = View::all_of(&profile).remove(0);
    assert!(RelatedValues::new(&view).take(TableId::Price, "p0", &[0x80]).is_err());
    let mut profile = default_profile();
    profile.offline_products = OfflineProducts::Categories { codes: vec!["c0".into()] };
    let view = View::all_of(&profile).remove(0);
    let mut members = Members::new(RelatedValues::new(&view), ChosenBySales::default());
    assert!(members.take(TableId::Product, "p0", &[0x80]).is_err());
    assert!(members.keep(TableId::Product, "p0", &[0x80]).is_err());
    assert_eq!(members.keep(TableId::Customer, "c0", &[0x80]), Ok(None));
}
