//! A real catalogue of which registers keep a part, compared with a computation that knows nothing of views.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_domain::Currency;
use holdfast_headless_register::baskets;
use holdfast_headless_register::catalogue::Catalogue;
use holdfast_headless_register::clock::Clock;
use holdfast_headless_register::register::Register;
use holdfast_profile::{OfflineProducts, Profile, TableId, default_profile};

use crate::setting::{AT_MOST, Shop, real_data, wait_for, wait_until_all_is_sent};

/// Invoices that are sold before somebody asks for the best sellers.
const INVOICES_COUNT: usize = 400;

/// The catalogue with a category for each product: the first character of its name.
fn with_categories(products_csv: &[u8]) -> (Vec<u8>, BTreeMap<String, String>) {
    let mut reader = csv::Reader::from_reader(products_csv);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["sku", "name", "unit_price", "category"]).expect("written");
    let mut categories = BTreeMap::new();
    for record in reader.records() {
        let record = record.expect("a record");
        let category = record[1].trim().chars().next().map(|first| format!("K{first}")).unwrap_or_default();
        writer.write_record([&record[0], &record[1], &record[2], &category]).expect("written");
        categories.insert(record[0].to_owned(), category);
    }
    (writer.into_inner().expect("written"), categories)
}

fn keys(register: &Register, table: TableId) -> BTreeSet<String> {
    register.store().rows(table).expect("readable").into_keys().collect()
}

async fn wait_for_products(register: &Register, expected: &BTreeSet<String>) {
    wait_for("the products are those of the view", async || {
        keys(register, TableId::Product) == *expected && keys(register, TableId::Price) == *expected
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn registers_keep_the_best_sellers_and_the_categories_of_a_real_catalogue() {
    let Some(folder) = real_data("online-retail") else { return };
    let shop = Shop::open().await;
    let csv = std::fs::read(folder.join("products.csv")).expect("the file opens");
    let (csv, categories) = with_categories(&csv);
    let taken = shop.admin.import("products", csv).await.expect("it is imported");
    let mut old = shop.register(Clock::start(20)).await;
    assert!(old.driver().wait_until(AT_MOST, |status| status.ready_to_sell).await);
    let all = keys(&old, TableId::Product);
    assert_eq!((all.len() as u64, taken.taken), (taken.taken, all.len() as u64));

    let baskets = baskets::read(&folder.join("baskets-2010-12.csv"), Currency::GBP).expect("it can be read");
    let catalogue = Catalogue::read(old.store()).expect("a catalogue");
    let mut times: BTreeMap<&str, u64> = BTreeMap::new();
    for invoice in baskets.invoices.iter().take(INVOICES_COUNT) {
        let sold = old.sell(invoice, &catalogue).expect("the journal takes it");
        let refused: BTreeSet<&str> = sold.refused.iter().map(|line| line.line_no.as_str()).collect();
        for line in invoice.lines.iter().filter(|line| !refused.contains(line.line_no.as_str())) {
            if !line.quantity.is_negative() && all.contains(&line.sku) {
                *times.entry(&line.sku).or_default() += 1;
            }
        }
    }
    wait_until_all_is_sent(&old).await;
    let mut ranked: Vec<(&str, u64)> = times.into_iter().collect();
    ranked.sort_by_key(|(sku, times)| (std::cmp::Reverse(*times), *sku));
    let best: BTreeSet<String> = ranked.iter().take(100).map(|(sku, _)| (*sku).to_owned()).collect();
    assert_eq!(best.len(), 100);

    let profile = |offline_products| Profile { offline_products, ..default_profile() };
    shop.server.publish(&profile(OfflineProducts::TopBySales { count: 100 })).await.expect("it is valid");
    let new = shop.register(Clock::start(20)).await;
    for register in [&old, &new] {
        wait_for_products(register, &best).await;
    }
    assert_eq!(
        new.store().rows(TableId::Product).expect("readable"),
        old.store().rows(TableId::Product).expect("readable"),
        "the same rows and versions for all registers of a profile",
    );

    let chosen = ["KS", "KT"].map(str::to_owned);
    let of_chosen = all.iter().filter(|sku| categories.get(*sku).is_some_and(|code| chosen.contains(code)));
    let of_chosen: BTreeSet<String> = of_chosen.cloned().collect();
    assert!(of_chosen.len() > 100, "{}", of_chosen.len());
    shop.server
        .publish(&profile(OfflineProducts::Categories { codes: chosen.to_vec() }))
        .await
        .expect("it is valid");
    wait_for_products(&new, &of_chosen).await;
    // A product enters, another leaves.
    let (entering, leaving) = (
        all.iter().find(|sku| !of_chosen.contains(*sku)).expect("one that is not of them"),
        of_chosen.first().expect("one of them"),
    );
    let moved = format!("sku,name,unit_price,category\n{entering},Moved,1.00,KS\n{leaving},Moved,1.00,KX\n");
    shop.admin.import("products", moved.into_bytes()).await.expect("it is imported");
    let mut after = of_chosen.clone();
    after.remove(leaving);
    after.insert(entering.clone());
    wait_for_products(&new, &after).await;

    shop.server.publish(&default_profile()).await.expect("it is valid");
    wait_for_products(&new, &all).await;
}
