//! What a scanner types is a code, not a search.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::stage::{LANDSCAPE, SKUS, Stage};
use holdfast_browser_tests::till_page::TillPage;
use serde_json::{Value, json};

use crate::profile_assignment::wait_until_gone;

/// How long a search may take to show what it finds, on a busy machine.
const SHOWS_WITHIN: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_scanner_s_keys_move_nothing_but_the_basket_and_without_enter_they_are_a_search() -> Outcome {
    let Stage { browser, server: _server, profile: _profile } = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = TillPage::new(browser.driver());
    let press = |keys: Vec<String>| {
        let script = include_str!("../src/scripts/scan_by_keys.js");
        browser.script_async(script, vec![json!(keys)])
    };
    let keys = |code: &str| code.chars().map(String::from).collect::<Vec<_>>();
    let code = "5012345678900";

    // All but the last key: not one tile came or went, and nothing says that nothing was found.
    assert_eq!(press(keys(code)).await?, Value::from(0), "the products moved while a scanner typed");
    // Too long after it to be of the same code, and nothing like a code: a search.
    till.wait_for_text(&format!("Nothing has “{code}” in its name"), SHOWS_WITHIN).await?;
    press(vec!["Escape".to_owned()]).await?;
    till.element(&format!("result-{}", SKUS[0])).await?;

    // Quicker than anybody types, without Enter: what it is, is found.
    press(keys(SKUS[0])).await?;
    wait_until_gone(&till, &format!("result-{}", SKUS[1])).await?;
    till.element(&format!("result-{}", SKUS[0])).await?;
    press(vec!["Enter".to_owned()]).await?;
    till.element("basket-line-1").await?;
    Ok(())
}
