//! What the till refuses, and how it says so.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::stage::{LANDSCAPE, SKUS, STAFF, Stage};
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;

/// How long an answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_wrong_activation_code_is_refused_and_the_right_one_taken_after_it() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let till = stage.till();
    till.open(&stage.server.url()).await?;
    till.activate("AAAA-AAAA").await?;
    let said = till.text("activation-error").await?;
    assert!(!said.is_empty());
    till.activate(&stage.server.activation_code(1)?).await?;
    till.element(&format!("staff-{}", STAFF.0)).await?;
    stage.browser.close().await
}

#[tokio::test]
async fn a_used_activation_code_is_refused_naming_the_device_and_the_time() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let code = stage.server.activation_code(1)?;
    let till = stage.till();
    till.open(&stage.server.url()).await?;
    till.activate(&code).await?;
    till.element(&format!("staff-{}", STAFF.0)).await?;

    let elsewhere = tempfile::tempdir()?;
    let other = Browser::open(elsewhere.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
    let other_till = TillPage::new(other.driver());
    other_till.open(&stage.server.url()).await?;
    other_till.activate(&code).await?;
    let said = other_till.text("activation-error").await?;
    assert!(said.contains("used"), "{said}");
    assert!(said.contains("on ") && said.contains(" by Chrome"), "neither time nor device in: {said}");
    assert!(other_till.has("activation-code").await?);
    other.close().await?;
    stage.browser.close().await
}

#[tokio::test]
async fn wrong_pins_make_the_till_wait_longer_and_it_says_how_long() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let till = stage.till();
    till.open(&stage.server.url()).await?;
    till.activate(&stage.server.activation_code(1)?).await?;
    till.tap(&format!("staff-{}", STAFF.0)).await?;
    for _ in 0..3 {
        till.enter_pin("9999").await?;
        till.element("pin-error").await?;
    }

    // Three are free; now even the right one waits, a reload included.
    let said = wait_for("how long to wait", ANSWER_WITHIN, || async {
        match till.text("pin-error").await {
            Ok(said) if said.chars().any(|letter| letter.is_ascii_digit()) => Ok(said),
            Ok(said) => Err(said),
            Err(error) => Err(error.to_string()),
        }
    })
    .await?;
    println!("{said}");
    till.enter_pin(STAFF.1).await?;
    assert!(!till.has("search").await?, "signed in during the wait");

    // After the wait the right one is taken.
    wait_for("the end of the wait", Duration::from_secs(20), || async {
        match till.has("pin-error").await {
            // Its text is not asked for: it may be gone by then, and asking waits for it.
            Ok(true) => Err("the message is still there".to_owned()),
            Ok(false) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    })
    .await?;
    till.enter_pin(STAFF.1).await?;
    till.element("search").await?;
    stage.browser.close().await
}

#[tokio::test]
async fn an_unknown_barcode_is_named_and_adds_nothing() -> Outcome {
    const UNKNOWN: &str = "2009999999995";
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = stage.till();
    till.scan(SKUS[0]).await?;
    till.element("basket-line-1").await?;
    let due = till.total_minor().await?;
    till.scan(UNKNOWN).await?;
    till.wait_for_text(UNKNOWN, ANSWER_WITHIN).await?;
    assert_eq!(till.total_minor().await?, due);
    assert!(!till.has("basket-line-2").await?);
    // A scan after it works at once.
    till.scan(SKUS[1]).await?;
    till.element("basket-line-2").await?;
    stage.browser.close().await
}
