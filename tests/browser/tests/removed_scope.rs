//! A scope is taken out of the profile while entries of it wait on a till: they arrive first, then it goes.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, Stage, Takings, sell};
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;
use serde_json::{Value, json};
use thirtyfour::Key;

/// A customer of the demo shop.
const AGNES: &str = "Agnes Tolliver";
const PHONE: &str = "07700 900123";
/// How long a till may take to move.
const MOVES_WITHIN: Duration = Duration::from_secs(60);

/// The names of the scopes on the till's own page of its database.
async fn wait_for_scopes(till: &TillPage<'_>, right: impl Fn(&str) -> bool) -> Outcome {
    till.tap("menu").await?;
    till.tap("menu-offline-database").await?;
    wait_for("other scopes on the till", MOVES_WITHIN, || async {
        match till.cells("[data-testid^=\"scope-row-\"]", 2).await {
            // A page that is still empty names no scope either.
            Ok(rows) if !rows.is_empty() && right(&rows.join(", ")) => Ok(()),
            Ok(rows) => Err(rows.join(", ")),
            Err(error) => Err(error.to_string()),
        }
    })
    .await?;
    till.tap("back").await
}

async fn find_agnes_phone(till: &TillPage<'_>) -> Outcome<String> {
    till.begin_to_change_customer(AGNES).await?;
    let phone = till.value("customer-phone").await?;
    till.tap("customer-back").await?;
    Ok(phone)
}

#[tokio::test]
async fn what_waits_of_a_scope_arrives_before_the_scope_goes() -> Outcome {
    let mut stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let mut takings = Takings::default();
    let admin = Admin::sign_in(&stage.server).await?;
    let whole = admin.profile("Default pr.").await?["draft"]["scopes"].clone();
    // Nothing but the change of the profile asks for it.
    let by_hand =
        |profile: &mut Value| profile["device"]["upload_transactions"] = json!({ "kind": "by_hand" });
    admin.publish_to_till(by_hand).await?;
    sell(&stage.till(), 0, &mut takings).await?;
    stage.server.kill()?;
    stage.till().wait_for_mode("offline", Duration::from_secs(30)).await?;
    let till = stage.till();
    till.begin_to_change_customer(AGNES).await?;
    till.enter("customer-phone", PHONE).await?;
    till.tap("customer-save").await?;
    till.tap("customer-remove").await?;
    sell(&till, 1, &mut takings).await?;
    assert_eq!(till.connection().await?.1, 3);

    // Offline, it neither sends anything nor learns of the new version until somebody asks.
    stage.server.start()?;
    let admin = Admin::sign_in(&stage.server).await?;
    let version = admin
        .publish(|profile| {
            if let Some(scopes) = profile["scopes"].as_array_mut() {
                scopes.retain(|scope| scope["name"] != "Customers" && scope["name"] != "Transactions");
            }
        })
        .await?;
    let till = stage.till();
    assert_eq!(till.connection().await?.1, 3);
    till.tap("try-now").await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    admin.wait_for_version(1, version).await?;
    takings.check(&stage.server).await?;
    assert_eq!(admin.register(1).await?["rejected"], 0);
    wait_for_scopes(&till, |names| !names.contains("Customers") && !names.contains("Transactions")).await?;
    till.tap("customer").await?;
    till.enter("customer-search", AGNES).await?;
    // No longer here, as the line over the hits says; the store server has what was entered.
    till.wait_for_text_in("customers-elsewhere", "not kept on this register", MOVES_WITHIN).await?;
    till.wait_for_text_in("customer-hits-elsewhere", PHONE, MOVES_WITHIN).await?;
    stage.browser.driver().action_chain().send_keys(Key::Escape).perform().await?;

    // Sales go on; the scope comes back with what was entered here.
    sell(&till, 2, &mut takings).await?;
    admin.publish_to_till(|profile| profile["scopes"] = whole).await?;
    wait_for_scopes(&till, |names| names.contains("Customers") && names.contains("Transactions")).await?;
    wait_for("the customer with the new number", MOVES_WITHIN, || async {
        match find_agnes_phone(&till).await {
            Ok(phone) if phone == PHONE => Ok(()),
            Ok(phone) => Err(phone),
            Err(error) => Err(error.to_string()),
        }
    })
    .await?;
    stage.browser.driver().action_chain().send_keys(Key::Escape).perform().await?;
    till.tap("menu").await?;
    till.tap("menu-offline-database").await?;
    till.tap("send-now").await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&stage.server).await?;
    stage.browser.close().await
}
