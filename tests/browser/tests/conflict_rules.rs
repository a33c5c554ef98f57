//! Whose value a field takes that a till and the store changed both: the rule of the scope's table.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, Stage};
use holdfast_browser_tests::waiting::wait_for;
use serde_json::{Value, json};

/// A customer of the demo shop.
const AGNES: &str = "Agnes Tolliver";
/// How long a merged row may take to come down.
const COMES_WITHIN: Duration = Duration::from_secs(30);

fn rule(rule: &'static str) -> impl FnOnce(&mut Value) {
    move |profile| {
        let scopes = profile["scopes"].as_array_mut().into_iter().flatten();
        for entry in scopes.filter_map(|scope| scope["tables"].as_array_mut()).flatten() {
            if entry["table"] == "customer" {
                entry["conflict_rule"] = json!(rule);
            }
        }
    }
}

/// Who changes Agnes' telephone number last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Till,
    Store,
}

/// Has both change it while the till is offline by hand, brings it back and waits until it shows the one that is to win.
async fn change_on_both_sides(
    stage: &Stage,
    admin: &Admin,
    last: Last,
    numbers: [&str; 2],
    wins: &str,
) -> Outcome {
    let [of_till, of_store] = numbers;
    let till = stage.till();
    till.tap("menu").await?;
    till.tap("menu-go-offline").await?;
    till.wait_for_mode("offline", COMES_WITHIN).await?;
    let csv = format!("id,name,phone\nC1001,{AGNES},{of_store}\n");
    if last == Last::Till {
        admin.import("customers", &csv).await?;
    }
    till.begin_to_change_customer(AGNES).await?;
    till.enter("customer-phone", of_till).await?;
    till.tap("customer-save").await?;
    till.wait_for_text_in("customer", AGNES, COMES_WITHIN).await?;
    if last == Last::Store {
        admin.import("customers", &csv).await?;
    }
    till.tap("menu").await?;
    till.tap("menu-go-online").await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    wait_for(&format!("{wins} at the till, of {numbers:?}"), COMES_WITHIN, || async {
        let look = async {
            till.begin_to_change_customer(AGNES).await?;
            let shown = till.value("customer-phone").await?;
            till.tap("customer-back").await?;
            Outcome::Ok(shown)
        };
        // The till shows what was entered here until the merged row has come: that both are the same says nothing.
        let is_here = admin.is_current(1, "customer").await.map_err(|error| error.to_string())?;
        match look.await {
            Ok(shown) if shown == wins && is_here => Ok(()),
            Ok(shown) => Err(shown),
            Err(error) => Err(error.to_string()),
        }
    })
    .await?;
    stage.browser.driver().action_chain().send_keys(thirtyfour::Key::Escape).perform().await?;
    Ok(())
}

#[tokio::test]
async fn the_value_of_a_field_that_both_changed_goes_by_the_rule_of_the_profile() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let admin = Admin::sign_in(&stage.server).await?;
    admin.publish_to_till(rule("register_wins")).await?;
    let numbers = ["07700 900101", "01632 960201"];
    change_on_both_sides(&stage, &admin, Last::Store, numbers, numbers[0]).await?;
    admin.publish_to_till(rule("server_wins")).await?;
    let numbers = ["07700 900102", "01632 960202"];
    change_on_both_sides(&stage, &admin, Last::Till, numbers, numbers[1]).await?;
    admin.publish_to_till(rule("latest")).await?;
    let numbers = ["07700 900103", "01632 960203"];
    change_on_both_sides(&stage, &admin, Last::Till, numbers, numbers[0]).await?;
    let conflicts = admin.get("conflicts").await?;
    assert_eq!(conflicts["conflicts"].as_array().map(Vec::len), Some(3), "{conflicts}");
    stage.browser.close().await
}
