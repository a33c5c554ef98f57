//! What a register does not keep: sold and chosen all the same while the store server is there, and said plainly while
//! it is not.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::line::Line;
use holdfast_browser_tests::page_rules::breaches;
use holdfast_browser_tests::stage::{LANDSCAPE, PORTRAIT, SENT_WITHIN, Stage, Takings};
use holdfast_browser_tests::till_page::TillPage;
use holdfast_profile::{RowFilter, Test};
use serde_json::json;
use thirtyfour::Key;

/// Kept: a toy, by its sku, and its price in pence.
const TRAIN: (&str, i64) = ("1447", 1_250);
/// Not kept: a loaf with its barcode, a bar of chocolate that is looked for by name, ham by the kilogram.
const BLOOMER: (&str, &str, i64) = ("1001", "2000010070077", 240);
const CHOCOLATE: (&str, &str, i64) = ("1311", "milk chocolate bar", 160);
const HAM: &str = "1046";
/// A customer of the store with a card.
const ADA: (&str, &str) = ("CARD-000777", "Ada Marlow");
const AGNES: &str = "Agnes Tolliver";
const SHOWS_WITHIN: Duration = Duration::from_secs(30);
/// What an answer takes on a slow line. Long enough to go on selling meanwhile.
const LATE: Duration = Duration::from_secs(8);

/// Has the till keep only toys, and no customers.
async fn keep_only_toys(stage: &Stage, offline_timeout_s: u64) -> Outcome {
    let admin = Admin::sign_in(&stage.server).await?;
    admin
        .publish_to_till(|profile| {
            profile["offline_products"] = json!({ "kind": "categories", "codes": ["toys"] });
            profile["offline_customers"] = json!({ "kind": "none" });
            profile["device"]["offline_timeout_s"] = json!(offline_timeout_s);
        })
        .await?;
    let till = stage.till();
    till.tap("category-toys").await?;
    till.element(&format!("result-{}", TRAIN.0)).await?;
    Ok(())
}

/// Takes pictures of the till either way up, and wants the rules of all screens kept.
async fn look(browser: &Browser, name: &str) -> Outcome {
    for (width, height) in [PORTRAIT, LANDSCAPE] {
        browser.set_viewport(width, height).await?;
        browser.screenshot(&format!("till-{width}x{height}-{name}")).await?;
        let found = breaches(browser).await?;
        assert!(found.is_empty(), "{width} × {height}, {name}: {}", found.join("\n"));
    }
    Ok(())
}

async fn press(browser: &Browser, key: Key) -> Outcome {
    Ok(browser.driver().action_chain().send_keys(key).perform().await?)
}

async fn finish(till: &TillPage<'_>, due_minor: i64, takings: &mut Takings) -> Outcome {
    assert_eq!(till.total_minor().await?, due_minor);
    takings.add(till.pay_exact_cash().await?, due_minor);
    till.next_customer().await
}

#[tokio::test]
async fn what_a_till_does_not_keep_is_sold_while_the_store_server_is_there() -> Outcome {
    let mut stage = Stage::ready_to_sell(LANDSCAPE).await?;
    keep_only_toys(&stage, 5).await?;
    let till = TillPage::new(stage.browser.driver());
    let mut takings = Takings::default();

    till.scan(BLOOMER.1).await?;
    till.element("basket-line-1").await?;
    till.wait_for_text_in("basket-line-1", "Not kept here", SHOWS_WITHIN).await?;
    till.scan(TRAIN.0).await?;
    till.element("basket-line-2").await?;
    till.enter("search", CHOCOLATE.1).await?;
    let found = format!("elsewhere-{}", CHOCOLATE.0);
    till.element(&found).await?;
    look(&stage.browser, "search elsewhere").await?;
    till.tap(&found).await?;
    till.element("basket-line-3").await?;
    // By Enter, too, where nothing else fits.
    till.element(&found).await?;
    till.enter("search", CHOCOLATE.1).await?;
    till.element(&found).await?;
    press(&stage.browser, Key::Enter).await?;
    till.wait_for_text_in("basket-line-3", "2", SHOWS_WITHIN).await?;
    assert_eq!(till.value("search").await?, "");
    finish(&till, BLOOMER.2 + TRAIN.1 + 2 * CHOCOLATE.2, &mut takings).await?;

    // What is weighed asks for how much.
    till.scan(HAM).await?;
    till.element("pad-ok").await?;
    press(&stage.browser, Key::Escape).await?;
    // What nobody has is told as ever.
    till.scan("5000112637922").await?;
    till.wait_for_text("No product has the code 5000112637922", SHOWS_WITHIN).await?;
    till.enter("search", "no such thing").await?;
    till.wait_for_text("Nothing has “no such thing” in its name", SHOWS_WITHIN).await?;
    assert!(!till.has("elsewhere").await?);
    // Enter has dealt with it, and what comes next stands alone.
    press(&stage.browser, Key::Enter).await?;
    till.wait_for_text("No product has the code no such thing", SHOWS_WITHIN).await?;
    assert_eq!(till.value("search").await?, "");
    till.enter("search", CHOCOLATE.1).await?;
    till.element(&found).await?;

    till.wait_until_sent(SENT_WITHIN).await?;
    stage.server.kill()?;
    till.wait_for_mode("offline", SHOWS_WITHIN).await?;
    till.wait_for_text("The others can be looked for once it is online", SHOWS_WITHIN).await?;
    look(&stage.browser, "search elsewhere offline").await?;
    till.tap("search-clear").await?;
    till.scan(BLOOMER.1).await?;
    till.wait_for_text("scan it again once the register is online", SHOWS_WITHIN).await?;
    look(&stage.browser, "code not kept offline").await?;
    // Typed, too short for a scanner.
    till.enter("search", HAM).await?;
    press(&stage.browser, Key::Enter).await?;
    assert_eq!(till.value("search").await?, "");
    till.wait_for_text("scan it again once the register is online", SHOWS_WITHIN).await?;
    till.scan(TRAIN.0).await?;
    till.element("basket-line-1").await?;
    finish(&till, TRAIN.1, &mut takings).await?;

    stage.server.start()?;
    till.tap("try-now").await?;
    till.wait_for_mode("online", SHOWS_WITHIN).await?;
    till.scan(BLOOMER.1).await?;
    till.element("basket-line-1").await?;
    finish(&till, BLOOMER.2, &mut takings).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&stage.server).await?;
    stage.browser.close().await
}

#[tokio::test]
async fn customers_who_are_not_kept_are_chosen_and_changed_while_the_store_server_is_there() -> Outcome {
    let mut stage = Stage::ready_to_sell(LANDSCAPE).await?;
    keep_only_toys(&stage, 5).await?;
    let till = TillPage::new(stage.browser.driver());
    let card = format!("id,name\n{},{}\n", ADA.0, ADA.1);
    Admin::sign_in(&stage.server).await?.import("customers", &card).await?;

    till.find_customer(AGNES).await?;
    till.element("customers-elsewhere").await?;
    look(&stage.browser, "customers elsewhere").await?;
    till.tap("customer-hit").await?;
    till.wait_for_text_in("customer", AGNES, SHOWS_WITHIN).await?;

    // What is changed is on show at once, before the store server has it and after.
    till.begin_to_change_customer(AGNES).await?;
    till.enter("customer-phone", "07700 900555").await?;
    till.tap("customer-save").await?;
    till.begin_to_change_customer(AGNES).await?;
    assert_eq!(till.value("customer-phone").await?, "07700 900555");
    till.tap("customer-back").await?;
    press(&stage.browser, Key::Escape).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    // Another register sees it, which keeps none of them either.
    let other = stage.open_register_2().await?;
    other.till().begin_to_change_customer("07700900555").await?;
    assert_eq!(other.till().value("customer-name").await?, AGNES);
    other.browser.close().await?;

    // A card.
    till.open_customers().await?;
    till.element("customer-search").await?.send_keys(format!("{}\u{E007}", ADA.0)).await?;
    till.wait_for_text_in("customer", ADA.1, SHOWS_WITHIN).await?;

    stage.server.kill()?;
    till.wait_for_mode("offline", SHOWS_WITHIN).await?;
    till.open_customers().await?;
    till.enter("customer-search", AGNES).await?;
    till.wait_for_text_in("customers-elsewhere", "once it is online", SHOWS_WITHIN).await?;
    till.element("customers-nobody").await?;
    look(&stage.browser, "customers elsewhere offline").await?;
    press(&stage.browser, Key::Escape).await?;
    // The sale keeps whom it was for.
    till.scan(TRAIN.0).await?;
    till.wait_for_text_in("customer", ADA.1, SHOWS_WITHIN).await?;
    stage.browser.close().await
}

#[tokio::test]
async fn nobody_waits_for_an_answer_and_it_is_put_into_no_other_sale() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let line = Line::to(stage.server.port()).await?;
    stage.begin_to_sell_at(&line.url()).await?;
    keep_only_toys(&stage, 30).await?;
    let till = stage.till();
    let mut takings = Takings::default();

    line.delay(LATE);
    till.scan(BLOOMER.1).await?;
    till.wait_for_text("Asking the store server about", SHOWS_WITHIN).await?;
    look(&stage.browser, "asking").await?;
    till.scan(TRAIN.0).await?;
    till.wait_for_text_in("basket-line-1", "Wooden train", SHOWS_WITHIN).await?;
    till.wait_for_text_in("basket-line-2", "White bloomer", SHOWS_WITHIN).await?;
    finish(&till, TRAIN.1 + BLOOMER.2, &mut takings).await?;

    till.scan(BLOOMER.1).await?;
    till.scan(TRAIN.0).await?;
    till.element("basket-line-1").await?;
    finish(&till, TRAIN.1, &mut takings).await?;
    till.wait_for_text("nothing was added: the sale had gone on", SHOWS_WITHIN).await?;
    assert!(!till.has("basket-line-1").await?);

    line.delay(Duration::ZERO);
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&stage.server).await?;
    // No answer at all: told when the offline timeout is over, and it is seconds here.
    keep_only_toys(&stage, 2).await?;
    line.delay(Duration::from_secs(600));
    till.scan(BLOOMER.1).await?;
    till.wait_for_text("Asking the store server about", SHOWS_WITHIN).await?;
    till.wait_for_mode("offline", Duration::from_secs(10)).await?;
    till.wait_for_text("No product that is kept on this register has the code", Duration::from_secs(1))
        .await?;
    stage.browser.close().await
}

#[tokio::test]
async fn a_product_whose_price_is_not_kept_is_sold_while_the_store_server_is_there() -> Outcome {
    let mut stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let dear = RowFilter::of("price_minor", Test::Over { number: 100_000 });
    let dear = serde_json::to_value(dear)?;
    let admin = Admin::sign_in(&stage.server).await?;
    admin
        .publish_to_till(|profile| {
            let scopes = profile["scopes"].as_array_mut().into_iter().flatten();
            let tables = scopes.filter_map(|scope| scope["tables"].as_array_mut()).flatten();
            for entry in tables.filter(|entry| entry["table"] == "price") {
                entry["filter"] = dear.clone();
            }
            profile["device"]["offline_timeout_s"] = json!(2);
        })
        .await?;
    let till = TillPage::new(stage.browser.driver());
    let mut takings = Takings::default();
    till.wait_for_text("no price", SHOWS_WITHIN).await?;
    till.scan(BLOOMER.1).await?;
    till.wait_for_text_in("basket-line-1", "bloomer", SHOWS_WITHIN).await?;
    finish(&till, BLOOMER.2, &mut takings).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&stage.server).await?;

    stage.server.kill()?;
    till.wait_for_mode("offline", SHOWS_WITHIN).await?;
    till.scan(BLOOMER.1).await?;
    till.wait_for_text("has no price and can't be sold", SHOWS_WITHIN).await?;
    stage.browser.close().await
}

#[tokio::test]
async fn a_till_whose_profile_keeps_nobody_says_so() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let admin = Admin::sign_in(&stage.server).await?;
    admin
        .publish_to_till(|profile| {
            if let Some(scopes) = profile["scopes"].as_array_mut() {
                scopes.retain(|scope| scope["name"] != "Staff");
            }
        })
        .await?;
    // Whoever is signed in sells on; nobody else comes in.
    let till = stage.till();
    till.tap("lock").await?;
    till.element("no-staff").await?;
    look(&stage.browser, "nobody to sign in").await?;
    stage.browser.close().await
}
