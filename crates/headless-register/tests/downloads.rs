//! What the store server has comes down: snapshot first, then what changes.

use holdfast_headless_register::catalogue::Catalogue;
use holdfast_headless_register::clock::Clock;
use holdfast_profile::TableId;

use crate::setting::{AT_MOST, Shop, invoice, wait_for};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_register_has_the_catalogue_and_then_each_change_of_it() {
    let shop = Shop::open().await;
    let products = b"sku,name,unit_price\n85123A,HEART HOLDER,2.55\n71053,LANTERN,3.39\n".to_vec();
    let taken = shop.admin.import("products", products).await.expect("it is imported");
    assert_eq!((taken.taken, taken.refused_count), (2, 0));
    let register = shop.register(Clock::start(20)).await;
    assert!(register.driver().wait_until(AT_MOST, |status| status.ready_to_sell).await);
    let catalogue = Catalogue::read(register.store()).expect("a catalogue");
    assert_eq!(catalogue.products_count(), 2);

    let more = b"sku,name,unit_price\n84406B,COAT HANGER,2.75\n71053,LANTERN IN BLUE,3.39\n".to_vec();
    shop.admin.import("products", more).await.expect("it is imported");
    wait_for("the change comes down", async || {
        register.store().rows(TableId::Product).expect("readable").len() == 3
    })
    .await;
    let catalogue = Catalogue::read(register.store()).expect("a catalogue");
    let mut line = invoice(1, 1).lines.remove(0);
    (line.sku, line.description) = ("71053".into(), String::new());
    assert_eq!(catalogue.item(&line).name, "LANTERN IN BLUE");
    let state = register.driver().status().expect("a status");
    assert!(state.scopes.iter().flat_map(|scope| &scope.tables).all(|table| table.complete), "{state:?}");
}
