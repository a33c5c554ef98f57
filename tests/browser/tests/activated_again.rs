//! A register that was locked keeps selling, says so, and is activated again with all that waited.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::look::{Of, look};
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, Stage, Takings, sell};

const SHOWS_WITHIN: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_locked_register_is_activated_again_and_sends_what_waited() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = stage.till();
    let mut takings = Takings::default();
    sell(&till, 0, &mut takings).await?;
    till.wait_until_sent(SENT_WITHIN).await?;

    let admin = Admin::sign_in(&stage.server).await?;
    admin.change("POST", "registers/1/lock", &serde_json::Value::Null).await?;
    sell(&till, 1, &mut takings).await?;
    till.element("activate-again").await?;
    till.wait_for_text_in("connection", "Not activated", SHOWS_WITHIN).await?;
    sell(&till, 2, &mut takings).await?;
    look(&stage.browser, Of::Till, "not-activated", "activate-again").await?;

    // Whoever opens it may go on selling; what is in the basket stays.
    till.scan("1001").await?;
    till.element("basket-line-1").await?;
    till.tap("activate-again").await?;
    assert!(till.text("activation-waiting").await?.contains("2 sales wait here"));
    look(&stage.browser, Of::Till, "activate-again", "activation-waiting").await?;
    till.tap("activation-back").await?;
    till.element("basket-line-1").await?;

    // A code of another register would leave behind what waits.
    till.tap("activate-again").await?;
    till.enter("activation-code", &stage.server.activation_code(2)?).await?;
    till.tap("activate").await?;
    till.wait_for_text_in("activation-error", "That code is another register's", SHOWS_WITHIN).await?;
    till.enter("activation-code", &stage.server.activation_code(1)?).await?;
    till.tap("activate").await?;
    till.element("basket-line-1").await?;
    let due = till.total_minor().await?;
    takings.add(till.pay_exact_cash().await?, due);
    till.next_customer().await?;
    till.wait_for_mode("online", SHOWS_WITHIN).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&stage.server).await?;
    stage.browser.close().await
}
