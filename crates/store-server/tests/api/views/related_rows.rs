//! Filters that ask related rows: a change of one moves rows in and out of views that need not have it.

use holdfast_profile::{
    Condition, FilterPart, FilterValue, Join, Profile, RowFilter, TableId, Test, default_profile,
};
use holdfast_protocol::rows::ProductRow;
use holdfast_store_server::import::ImportKind;
use holdfast_store_server::views::Sizes;

use super::{Mirror, REST_MS, publish, view_of, with_entry, with_goods};

/// Products whose filter says “category is … and price is over …”, in a profile that keeps no prices.
fn dear_of_category(category: &str, over_minor: i64) -> Profile {
    let condition = |column: &str, test| FilterPart::Condition(Condition { column: column.to_owned(), test });
    let is_in = Test::Is { value: FilterValue::Text(category.to_owned()) };
    let parts =
        vec![condition("category", is_in), condition("price.price_minor", Test::Over { number: over_minor })];
    let mut profile = with_entry(default_profile(), TableId::Product, |entry| {
        entry.filter = Some(RowFilter { join: Join::All, parts });
    });
    profile.scopes.retain(|scope| scope.tables.iter().all(|entry| entry.table != TableId::Price));
    profile
}

#[tokio::test]
async fn a_price_moves_its_product_in_and_out_of_a_view_without_prices() {
    let server = with_goods().await;
    publish(&server, &dear_of_category("fruit", 100)).await;
    let mut mirror = Mirror::activate(&server).await;
    mirror.sync().await;
    assert_eq!(mirror.keys(TableId::Product), ["A2"], "an apple costs no more than 1.00");
    assert!(!mirror.tables.contains_key(&TableId::Price));
    let snapshots_count = mirror.snapshots_count;
    server.pass(REST_MS);
    server.import(ImportKind::Products, "sku,name,price\nA1,Apple,1.10\nA2,Pear,0.90\nB1,Brush,3.50\n").await;
    assert_eq!(mirror.sync().await, 3, "A1 comes with its barcode, A2 goes");
    assert_eq!(mirror.keys(TableId::Product), ["A1"]);
    assert_eq!(mirror.keys(TableId::Barcode), ["00000096385074"]);
    assert_eq!(mirror.row::<ProductRow>(TableId::Product, "A1").name, "Apple");
    server.pass(REST_MS);
    assert_eq!(mirror.sync().await, 0);
    // Without a price it is over nothing.
    let mut writing =
        server.database.begin_write(&mirror.register.identity.store_id, server.now_ms()).await.unwrap();
    writing.remove(TableId::Price, &["A1".to_owned()]).await.unwrap();
    writing.commit().await.unwrap();
    mirror.sync().await;
    assert_eq!(mirror.keys(TableId::Product), Vec::<&str>::new());
    assert_eq!(mirror.snapshots_count, snapshots_count, "deltas alone");
}

#[tokio::test]
async fn prices_are_kept_by_the_products_that_they_are_of() {
    let server = with_goods().await;
    let is_fruit = RowFilter::of("product.category", Test::Is { value: FilterValue::Text("Fruit".into()) });
    let profile = with_entry(default_profile(), TableId::Price, |entry| entry.filter = Some(is_fruit));
    publish(&server, &profile).await;
    let mut mirror = Mirror::activate(&server).await;
    mirror.sync().await;
    assert_eq!(mirror.keys(TableId::Price), ["A1", "A2"]);
    assert_eq!(mirror.keys(TableId::Product).len(), 5);
    let writes = async || view_of(&server, &profile).await.writes_count;
    let before = writes().await;
    server.pass(REST_MS);
    server.import(ImportKind::Customers, "id,name\nc,Cy\n").await;
    mirror.sync().await;
    assert_eq!(writes().await, before, "no filter asks customers");
    // The view has prices alone; a product moves.
    server.import(ImportKind::Products, "sku,name,price,category\nC1,Coin,9.00,Fruit\n").await;
    mirror.sync().await;
    assert_eq!(mirror.keys(TableId::Price), ["A1", "A2", "C1"]);
}

#[tokio::test]
async fn counts_go_by_related_rows_and_are_counted_again_when_these_change() {
    let server = with_goods().await;
    let store_id = server.store().await.row.id;
    let (sizes, profile) = (Sizes::default(), dear_of_category("Fruit", 100));
    let products = async || {
        let sizes = sizes.of(&server.database, &store_id, &profile, server.now_ms()).await.unwrap();
        sizes.into_iter().find(|size| size.table == TableId::Product).unwrap().rows
    };
    assert_eq!(products().await, 1);
    assert_eq!(products().await, 1);
    server.import(ImportKind::Products, "sku,name,price\nA1,Apple,1.10\n").await;
    assert_eq!(products().await, 2);
}
