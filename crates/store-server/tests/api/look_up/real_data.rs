//! The gift shop's catalogue and customers: what is found is what somebody finds who reads all of it.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_profile::TableId;
use holdfast_protocol::look_up::{LOOK_UP_HITS_MAX, Wanted};
use holdfast_protocol::rows::{CustomerRow, ProductRow};
use holdfast_store_server::import::ImportKind;

use super::{keys, look_up, put, store_id};
use crate::support::{TestServer, real_data};

/// The words of a name: no letter of this shop's has an accent.
fn words(name: &str) -> Vec<String> {
    folded(name).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A blank in the place of each character that is none of a word.
fn folded(name: &str) -> String {
    let fold = |letter: char| {
        assert!(letter.is_ascii() || !letter.is_alphanumeric(), "{name}");
        if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' }
    };
    name.chars().filter(|letter| *letter != '\'').map(fold).collect()
}

/// Reads all products.
fn scan(products: &[ProductRow], text: &str) -> Vec<String> {
    let asked = words(text);
    let mut skus: Vec<&ProductRow> = products
        .iter()
        .filter(|row| row.sku.to_ascii_uppercase().starts_with(&text.to_ascii_uppercase()))
        .collect();
    skus.sort_by_key(|row| row.sku.to_ascii_uppercase());
    let mut by_name: Vec<(bool, bool, u32, String, &str)> = Vec::new();
    for row in products {
        let name = words(&row.name);
        let has = |asked: &String| name.iter().any(|word| word.contains(asked.as_str()));
        let begins = |asked: &String| name.iter().any(|word| word.starts_with(asked.as_str()));
        if !asked.is_empty() && asked.iter().all(has) {
            let is_inside = !asked.iter().all(begins);
            by_name.push((is_inside, row.rank == 0, row.rank, folded(&row.name), &row.sku));
        }
    }
    by_name.sort();
    let mut found: Vec<String> = Vec::new();
    for sku in skus.into_iter().map(|row| row.sku.as_str()).chain(by_name.iter().map(|hit| hit.4)) {
        if !found.iter().any(|known| known == sku) {
            found.push(sku.to_owned());
        }
    }
    found
}

async fn rows<T: for<'b> minicbor::Decode<'b, ()>>(server: &TestServer, table: TableId) -> Vec<T> {
    let store_id = store_id(server).await;
    let changes = server.database.changes(&store_id, table.into(), 0, 100_000, usize::MAX).await.unwrap();
    let bodies = changes.rows.into_iter().filter_map(|row| row.body);
    bodies.map(|body| holdfast_protocol::decode(&body).unwrap()).collect()
}

#[tokio::test]
async fn products_are_those_of_a_plain_scan() {
    let Some(folder) = real_data() else { return };
    let server = TestServer::start().await;
    let csv = std::fs::read_to_string(folder.join("online-retail/products.csv")).unwrap();
    server.import(ImportKind::Products, &csv).await;
    let mut products = rows::<ProductRow>(&server, TableId::Product).await;
    assert_eq!(products.len(), 3_811);
    // Some best sellers, the same each time.
    for (rank, product) in (1..).zip(products.iter_mut().step_by(37)) {
        product.rank = rank;
    }
    let ranked: Vec<_> =
        products.iter().cloned().map(holdfast_store_server::database::MasterRow::Product).collect();
    put(&server, &store_id(&server).await, &ranked).await;

    let mut texts: BTreeSet<String> =
        ["a", "red", "heart", "set of", "t-light", "22", "85", "DOT", "225", "xyzzy", "post"]
            .map(str::to_owned)
            .into();
    for product in products.iter().step_by(53) {
        let name = words(&product.name);
        texts.extend(name.first().cloned());
        texts.extend(name.last().map(|word| word[word.len() / 2..].to_owned()));
        texts.insert(name.iter().rev().take(2).cloned().collect::<Vec<_>>().join(" "));
        texts.insert(product.sku[..product.sku.len().min(4)].to_owned());
        texts.insert(product.name.clone());
    }
    texts.retain(|text| !text.trim().is_empty());
    assert!(texts.len() > 200, "{}", texts.len());
    let register = server.register(1).await;
    let mut cut = 0;
    for text in &texts {
        let reply = look_up(&register, Wanted::Products, text).await;
        let mut expected = scan(&products, text.trim());
        assert_eq!(reply.more, expected.len() > LOOK_UP_HITS_MAX, "{text:?}");
        cut += usize::from(reply.more);
        expected.truncate(LOOK_UP_HITS_MAX);
        assert_eq!(keys(&reply).0, expected, "{text:?}");
    }
    assert!(cut > 10, "{cut}");
}

#[tokio::test]
async fn customers_are_those_of_a_plain_scan() {
    let Some(folder) = real_data() else { return };
    let server = TestServer::start().await;
    let csv = std::fs::read_to_string(folder.join("online-retail/customers.csv")).unwrap();
    server.import(ImportKind::Customers, &csv).await;
    let customers: BTreeMap<String, CustomerRow> = rows::<CustomerRow>(&server, TableId::Customer)
        .await
        .into_iter()
        .map(|row| (row.name.clone(), row))
        .collect();
    assert_eq!(customers.len(), 4_372);
    let register = server.register(1).await;
    // They have numbers only, which are their names.
    for text in ["12347", "123", "47", "9", "18287", "99999", "x"] {
        let reply = look_up(&register, Wanted::Customers, text).await;
        let mut expected: Vec<String> =
            customers.values().filter(|row| row.id.contains(text)).map(|row| row.id.clone()).collect();
        assert_eq!(reply.more, expected.len() > LOOK_UP_HITS_MAX, "{text}");
        expected.truncate(LOOK_UP_HITS_MAX);
        assert_eq!(keys(&reply).1, expected, "{text}");
    }
}
