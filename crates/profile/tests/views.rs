//! Views: which tables are copied, which rows are kept, and that no kept row refers to one that isn't.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use holdfast_profile::{
    ChosenBySales, Members, OfflineCustomers, OfflineProducts, Profile, RowFilter, TableId, Test, View,
    default_profile,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

/// Texts of a row's columns, from number 0 on.
type Row = Vec<String>;
type Shop = BTreeMap<TableId, BTreeMap<String, Row>>;

const CATALOGUE: [TableId; 5] =
    [TableId::TaxRate, TableId::Category, TableId::Product, TableId::Barcode, TableId::Price];

fn encoded(row: &Row) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut bytes);
    encoder.map(row.len() as u64).expect("written to memory");
    for (number, text) in row.iter().enumerate() {
        encoder
            .u8(u8::try_from(number).expect("few columns"))
            .and_then(|encoder| encoder.str(text))
            .expect("written to memory");
    }
    bytes
}

fn decoded(bytes: &[u8]) -> Row {
    let mut decoder = minicbor::Decoder::new(bytes);
    let rows: Result<Vec<(u8, &str)>, _> = decoder.map_iter::<u8, &str>().expect("a map").collect();
    rows.expect("texts").into_iter().map(|(_, text)| text.to_owned()).collect()
}

/// A shop of few keys, so that rows often refer to the same.
fn any_shop() -> impl Strategy<Value = Shop> {
    let product = ("[ab]", select(vec!["", "c0", "c1", "c2"]), select(vec!["t0", "t1", "t2"]))
        .prop_map(|(name, category, tax)| (name, category.to_owned(), tax.to_owned()));
    let products = btree_map("p[0-9]", product, 0..10);
    let barcodes = vec(("g[0-9]", any::<prop::sample::Index>()), 0..15);
    (products, barcodes).prop_map(|(products, barcodes)| {
        let simple =
            |keys: [&str; 3]| keys.map(|key| (key.to_owned(), vec![key.to_owned(), format!("name {key}")]));
        let skus: Vec<String> = products.keys().cloned().collect();
        let barcodes = barcodes.into_iter().filter(|_| !skus.is_empty());
        let barcodes = barcodes.map(|(gtin, at)| (gtin.clone(), vec![gtin, at.get(&skus).clone()])).collect();
        let prices = skus.iter().map(|sku| (sku.clone(), vec![sku.clone()])).collect();
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
    RowFilter::of(column, Test::Is { value: holdfast_profile::FilterValue::Text(value.into()) })
}

fn with_entry(profile: &mut Profile, table: TableId, change: impl FnOnce(&mut holdfast_profile::ScopeTable)) {
    let mut entries = profile.scopes.iter_mut().flat_map(|scope| &mut scope.tables);
    change(entries.find(|entry| entry.table == table).expect("a table of the default profile"));
}

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
        proptest::option::of("[ab]".prop_map(|name| is("name", &name))),
        proptest::option::of("g[0-4]".prop_map(|gtin| is("gtin", &gtin))),
        any::<bool>(),
    );
    (products, filters).prop_map(|(offline_products, (tax, category, product, barcode, without_category))| {
        let mut profile = default_profile();
        profile.offline_products = offline_products;
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
    for view in View::all_of(profile) {
        let products = best.iter().cloned().collect();
        let mut members = Members::new(&view, ChosenBySales { products, customers: HashSet::new() });
        for table in members.deciding_tables() {
            let mut rows: Vec<_> = shop.get(&table).into_iter().flatten().collect();
            if backwards {
                rows.reverse();
            }
            for (key, row) in rows {
                members.take(table, key, &encoded(row)).expect("a row");
            }
        }
        for table in view.tables() {
            let rows = shop.get(&table).into_iter().flatten();
            let rows = rows.filter_map(|(key, row)| {
                let body = members.keep(table, key, &encoded(row)).expect("a row")?;
                Some((key.clone(), decoded(&body)))
            });
            kept.insert(table, rows.collect());
        }
    }
    kept
}

/// The same said as plainly as it can be: keys only.
fn expected(profile: &Profile, shop: &Shop, best: &[String]) -> BTreeMap<TableId, BTreeSet<String>> {
    let passes = |table: TableId, row: &Row| {
        match &profile.entry(table).expect("an entry").1.filter {
        None => true,
        Some(filter) => filter.conditions().all(|condition| {
            let at = table.columns().iter().position(|column| column.name == condition.column);
            let at = at.expect("a column");
            matches!(&condition.test, Test::Is { value: holdfast_profile::FilterValue::Text(text) } if *text == row[at])
        }),
    }
    };
    let rows = |table: TableId| shop[&table].iter().filter(move |(_, row)| passes(table, row));
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
        .filter(|(sku, _)| products.contains_key(sku))
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
            for (key, row) in &kept[&table] {
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
fn bytes_that_are_no_row_are_refused() {
    let mut profile = default_profile();
    profile.offline_products = OfflineProducts::Categories { codes: vec!["c0".into()] };
    let view = View::all_of(&profile).remove(0);
    let mut members = Members::new(&view, ChosenBySales::default());
    assert!(members.take(TableId::Product, "p0", &[0x80]).is_err());
    assert!(members.keep(TableId::Product, "p0", &[0x80]).is_err());
    assert_eq!(members.keep(TableId::Customer, "c0", &[0x80]), Ok(None));
}
