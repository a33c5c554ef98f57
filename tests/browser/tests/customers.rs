//! Customers at the till: chosen, changed without the store server, and what comes of it where both sides changed one.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::page_rules::breaches;
use holdfast_browser_tests::stage::{LANDSCAPE, PHONE, PORTRAIT, SENT_WITHIN, Stage};
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;
use thirtyfour::Key;

/// A customer of the demo shop.
const AGNES: (&str, &str) = ("C1001", "Agnes Tolliver");
/// A barcode of the demo shop's white bloomer.
const GOODS: &str = "2000010070077";
/// A card with a customer's number.
const CARD: &str = "CARD-000777";
/// How long a change may take to come down to a till that is online.
const COMES_WITHIN: Duration = Duration::from_secs(30);
/// Longer than a scanner ever waits between two keys, milliseconds.
const PAUSE_MS: u32 = 150;

/// Changes Agnes' telephone number at a till without a store server, and hers or something else of her at the store
/// server, before the till comes back.
async fn change_on_both_sides(stage: &mut Stage, csv: &str) -> Outcome {
    let till = TillPage::new(stage.browser.driver());
    stage.server.kill()?;
    till.wait_for_mode("offline", Duration::from_secs(30)).await?;
    till.begin_to_change_customer(AGNES.1).await?;
    till.enter("customer-phone", "07700 900123").await?;
    till.tap("customer-save").await?;
    wait_for_customer(&till, AGNES.1).await?;
    // What was entered is shown, though the store server knows nothing of it.
    till.begin_to_change_customer("07700").await?;
    assert_eq!(till.value("customer-phone").await?, "07700 900123");
    till.tap("customer-back").await?;
    stage.browser.driver().action_chain().send_keys(Key::Escape).perform().await?;

    stage.server.start()?;
    Admin::sign_in(&stage.server).await?.import("customers", csv).await?;
    till.tap("try-now").await?;
    till.wait_until_sent(SENT_WITHIN).await
}

async fn wait_for_customer(till: &TillPage<'_>, name: &str) -> Outcome {
    wait_for(&format!("a sale of {name}"), COMES_WITHIN, || async {
        match till.text("customer").await {
            Ok(shown) if shown.contains(name) => Ok(()),
            Ok(shown) => Err(shown),
            Err(error) => Err(error.to_string()),
        }
    })
    .await
}

/// Waits until a till shows this of Agnes: telephone and e-mail.
async fn wait_for_agnes(till: &TillPage<'_>, phone: &str, email: &str) -> Outcome {
    wait_for(&format!("{phone}, {email}"), COMES_WITHIN, || async {
        let look = async {
            till.begin_to_change_customer(AGNES.1).await?;
            let seen = (till.value("customer-phone").await?, till.value("customer-email").await?);
            till.tap("customer-back").await?;
            Outcome::Ok(seen)
        };
        match look.await {
            Ok(seen) if (seen.0.as_str(), seen.1.as_str()) == (phone, email) => Ok(()),
            Ok(seen) => Err(format!("{seen:?}")),
            Err(error) => Err(error.to_string()),
        }
    })
    .await
}

#[tokio::test]
async fn fields_that_a_till_and_the_store_changed_apart_are_merged() -> Outcome {
    let mut stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = TillPage::new(stage.browser.driver());
    till.find_customer(AGNES.1).await?;
    till.tap("customer-hit").await?;
    wait_for_customer(&till, AGNES.1).await?;
    till.tap("customer-remove").await?;

    change_on_both_sides(&mut stage, "id,name,email\nC1001,Agnes Tolliver,agnes@example.org\n").await?;
    let till = stage.till();
    wait_for_agnes(&till, "07700 900123", "agnes@example.org").await?;
    let conflicts = Admin::sign_in(&stage.server).await?.get("conflicts").await?;
    assert_eq!(conflicts["conflicts"].as_array().map(Vec::len), Some(0), "{conflicts}");

    // The other register of the store has it too.
    let other = stage.open_register_2().await?;
    wait_for_agnes(&other.till(), "07700 900123", "agnes@example.org").await?;
    other.browser.close().await?;
    stage.browser.close().await
}

#[tokio::test]
async fn a_field_that_both_changed_is_on_the_page_of_conflicts_with_both_values() -> Outcome {
    let mut stage = Stage::ready_to_sell(LANDSCAPE).await?;
    change_on_both_sides(&mut stage, "id,name,phone\nC1001,Agnes Tolliver,01632 960999\n").await?;
    let browser = &stage.browser;
    let office = BackOfficePage::new(browser.driver());
    office.sign_in(&stage.server).await?;
    office.page().tap("nav-conflicts").await?;
    office.page().element("conflicts").await?;
    let mut found = Vec::new();
    for (width, height) in [LANDSCAPE, PORTRAIT, PHONE] {
        browser.set_viewport(width, height).await?;
        for text in [AGNES.1, "07700 900123", "01632 960999", "01632 960112"] {
            office.wait_for_text(text).await?;
        }
        browser.screenshot(&format!("back-office-{width}x{height}-conflicts")).await?;
        found.extend(breaches(browser).await?.into_iter().map(|one| format!("{width} × {height}: {one}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    stage.browser.close().await
}

/// Changes Agnes at the store while her fields are open at a till that is online, until the till has the change; then
/// saves another telephone number.
async fn change_under_an_open_form(stage: &Stage, csv: &str) -> Outcome {
    let till = stage.till();
    let admin = Admin::sign_in(&stage.server).await?;
    till.begin_to_change_customer(AGNES.1).await?;
    admin.import("customers", csv).await?;
    wait_for("the change at the till", COMES_WITHIN, || async {
        match admin.is_current(1, "customer").await {
            Ok(true) => Ok(()),
            Ok(false) => Err("it is behind".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    })
    .await?;
    assert_eq!(till.value("customer-phone").await?, "01632 960112", "what is being changed was changed");
    till.enter("customer-phone", "07700 900123").await?;
    till.tap("customer-save").await?;
    wait_for_customer(&till, AGNES.1).await?;
    till.wait_until_sent(SENT_WITHIN).await
}

#[tokio::test]
async fn what_came_down_while_a_form_was_open_is_neither_lost_nor_replaced_unseen() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    change_under_an_open_form(&stage, "id,name,email\nC1001,Agnes Tolliver,agnes@example.org\n").await?;
    wait_for_agnes(&stage.till(), "07700 900123", "agnes@example.org").await?;
    stage.browser.close().await?;

    // The same field: both values are kept for the administrator.
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    change_under_an_open_form(&stage, "id,name,phone\nC1001,Agnes Tolliver,01632 960999\n").await?;
    let conflicts = Admin::sign_in(&stage.server).await?.get("conflicts").await?;
    let conflict = &conflicts["conflicts"][0];
    let values = [&conflict["base"], &conflict["server"], &conflict["entered"]];
    assert_eq!(values, ["01632 960112", "01632 960999", "07700 900123"]);
    stage.browser.close().await
}

#[tokio::test]
async fn a_scan_while_a_customer_is_typed_is_sold_and_leaves_the_fields_alone() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let cards = format!("id,name\n{CARD},Ada Marlow\n");
    Admin::sign_in(&stage.server).await?.import("customers", &cards).await?;
    let till = stage.till();
    till.tap("customer").await?;
    till.tap("customer-add").await?;
    till.enter("customer-name", "Zoe").await?;
    stage.browser.pause(PAUSE_MS).await?;
    till.element("customer-name").await?.send_keys(format!("{GOODS}\u{E007}")).await?;
    till.element("basket-line-1").await?;
    assert_eq!(till.value("customer-name").await?, "Zoe");
    till.enter("customer-name", "Zoe Marlow").await?;
    till.tap("customer-save").await?;
    wait_for_customer(&till, "Zoe Marlow").await?;

    // A card chooses its customer; goods make room for themselves.
    till.find_customer("Ada Marlow").await?;
    till.enter("customer-search", "").await?;
    stage.browser.pause(PAUSE_MS).await?;
    till.element("customer-search").await?.send_keys(format!("{CARD}\u{E007}")).await?;
    wait_for_customer(&till, "Ada Marlow").await?;
    till.tap("customer").await?;
    till.element("customer-search").await?.send_keys(format!("{GOODS}\u{E007}")).await?;
    till.tap("pay").await?;
    till.element("quick-0").await?;
    stage.browser.close().await
}
