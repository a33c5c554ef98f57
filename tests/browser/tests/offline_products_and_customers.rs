//! *Offline products* and *Offline customers*: each choice shows at the till, exactly what it keeps and nothing else.

use std::collections::BTreeSet;
use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::clocks::{DAY_MIN, pass_minutes_in_page};
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, Stage, Takings};
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;
use serde_json::{Value, json};
use thirtyfour::Key;

/// Customers of the demo shop.
const AGNES: &str = "Agnes Tolliver";
const BRAM: &str = "Bram Okonedo";
/// All of them, as many as the search shows.
const CUSTOMERS_SHOWN_MAX: usize = 30;
/// The demo shop's products: sku, name, category and so on.
const PRODUCTS: &str = include_str!("../../../crates/store-server/demo/products.csv");
/// How long a till may take until it shows what it keeps.
const SHOWS_WITHIN: Duration = Duration::from_secs(30);

/// Sells one of each to a customer.
async fn sell_to(till: &TillPage<'_>, customer: &str, skus: &[&str], takings: &mut Takings) -> Outcome {
    till.find_customer(customer).await?;
    till.tap("customer-hit").await?;
    till.wait_for_text_in("customer", customer, SHOWS_WITHIN).await?;
    for sku in skus {
        till.scan(sku).await?;
    }
    till.element(&format!("basket-line-{}", skus.len())).await?;
    let due = till.total_minor().await?;
    takings.add(till.pay_exact_cash().await?, due);
    till.next_customer().await
}

/// Waits until the tiles on the screen are those of these products, and no other.
async fn wait_for_tiles(stage: &Stage, skus: &[&str]) -> Outcome {
    let wanted: BTreeSet<&str> = skus.iter().copied().collect();
    let script = "return [...document.querySelectorAll('[data-testid^=\"result-\"]')].map((tile) => \
        tile.dataset.testid.slice('result-'.length));";
    wait_for(&format!("tiles of {skus:?}"), SHOWS_WITHIN, || async {
        let shown = stage.browser.script(script, vec![]).await.map_err(|error| error.to_string())?;
        let shown: Vec<String> = serde_json::from_value(shown).map_err(|error| error.to_string())?;
        let is_so = shown.iter().map(String::as_str).collect::<BTreeSet<_>>() == wanted;
        if is_so { Ok(()) } else { Err(format!("{shown:?}")) }
    })
    .await
}

/// Waits until the till finds these customers and no other; more than it lists count as none.
async fn wait_for_customers(stage: &Stage, right: impl Fn(&[String]) -> bool) -> Outcome {
    let till = stage.till();
    till.tap("customer").await?;
    till.element("customer-search").await?;
    let script = "return [...document.querySelectorAll('[data-testid=\"customer-hit\"] strong')].map((name) => \
        name.innerText);";
    wait_for("other customers", SHOWS_WITHIN, || async {
        let names = stage.browser.script(script, vec![]).await.map_err(|error| error.to_string())?;
        let names: Vec<String> = serde_json::from_value(names).map_err(|error| error.to_string())?;
        // While they are read for the first time, none are listed, and it is not said that there are none.
        let none = till.has("customers-nobody").await.map_err(|error| error.to_string())?;
        if names.is_empty() != none || !right(&names) { Err(format!("{names:?}")) } else { Ok(()) }
    })
    .await?;
    stage.browser.driver().action_chain().send_keys(Key::Escape).perform().await?;
    Ok(())
}

fn keeps(products: Value, customers: Value) -> impl FnOnce(&mut Value) {
    move |profile| {
        profile["offline_products"] = products;
        profile["offline_customers"] = customers;
    }
}

#[tokio::test]
async fn a_till_shows_the_products_and_customers_that_the_profile_chooses_by_what_was_sold() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = stage.till();
    let mut takings = Takings::default();
    // None of these has a rank of its own in the catalogue. The first sale is of five days ago, by the till's clock.
    pass_minutes_in_page(&stage.browser, -5 * DAY_MIN).await?;
    sell_to(&till, BRAM, &["1004"], &mut takings).await?;
    pass_minutes_in_page(&stage.browser, 5 * DAY_MIN).await?;
    sell_to(&till, AGNES, &["1006", "1008"], &mut takings).await?;
    sell_to(&till, AGNES, &["1006"], &mut takings).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&stage.server).await?;
    let admin = Admin::sign_in(&stage.server).await?;

    let lately = |days: u32| {
        keeps(
            json!({ "kind": "sold_in_last_days", "days": days }),
            json!({ "kind": "seen_in_last_days", "days": days }),
        )
    };
    admin.publish_to_till(lately(2)).await?;
    wait_for_tiles(&stage, &["1006", "1008"]).await?;
    wait_for_customers(&stage, |names| names == [AGNES]).await?;
    admin.publish_to_till(lately(10)).await?;
    wait_for_tiles(&stage, &["1004", "1006", "1008"]).await?;
    wait_for_customers(&stage, |names| names == [AGNES, BRAM]).await?;

    // On two sales is more than on one; of those on one, the first by number.
    let best = json!({ "kind": "top_by_sales", "count": 2 });
    admin.publish_to_till(keeps(best, json!({ "kind": "none" }))).await?;
    wait_for_tiles(&stage, &["1004", "1006"]).await?;
    wait_for_customers(&stage, |names| names.is_empty()).await?;
    till.scan("1006").await?;
    till.element("basket-line-1").await?;

    let toys = json!({ "kind": "categories", "codes": ["toys"] });
    admin.publish_to_till(keeps(toys, json!({ "kind": "all_of_this_store" }))).await?;
    till.tap("category-toys").await?;
    let of_toys: Vec<&str> =
        PRODUCTS.lines().filter(|line| line.contains(",toys,")).map(|line| &line[..4]).collect();
    wait_for_tiles(&stage, &of_toys).await?;
    till.tap("category-bakery").await?;
    wait_for_tiles(&stage, &[]).await?;
    till.wait_for_text("The profile keeps only some of them on this register.", SHOWS_WITHIN).await?;
    wait_for_customers(&stage, |names| names.len() == CUSTOMERS_SHOWN_MAX).await?;

    // What is in the basket was kept when it was scanned, and is sold; then all are there again.
    let due = till.total_minor().await?;
    takings.add(till.pay_exact_cash().await?, due);
    till.next_customer().await?;
    admin.publish_to_till(keeps(json!({ "kind": "all" }), json!({ "kind": "all_of_this_store" }))).await?;
    till.tap("category-bakery").await?;
    let of_bakery: Vec<&str> =
        PRODUCTS.lines().filter(|line| line.contains(",bakery,")).map(|line| &line[..4]).collect();
    wait_for_tiles(&stage, &of_bakery).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&stage.server).await?;
    stage.browser.close().await
}
