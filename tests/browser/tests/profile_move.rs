//! What the till's page of its database says of a move to another version of the profile.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::page_rules::breaches;
use holdfast_browser_tests::stage::{LANDSCAPE, PORTRAIT, Stage};
use holdfast_browser_tests::waiting::wait_for;
use serde_json::{Value, json};

/// The worker says its status every second.
const SAYS_WITHIN: Duration = Duration::from_secs(15);

async fn say_move(browser: &Browser, moving: Value) -> Outcome {
    browser.script(include_str!("../src/scripts/say_move.js"), vec![moving]).await.map(drop)
}

#[tokio::test]
async fn the_till_says_how_far_a_move_is_and_why_it_fails() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let (till, browser) = (stage.till(), &stage.browser);
    till.tap("menu").await?;
    till.tap("menu-offline-database").await?;
    let under_way = json!({ "version": 7, "progress": [1_200, 3_000] });
    let no_room = json!({ "needs_bytes": 310_000_000, "free_bytes": 120_000_000, "tables": [] });
    let no_room = json!({ "version": 7, "failure": { "no_room": no_room } });
    let shown = [
        (under_way, "Moves to version 7: 1,200 of 3,000 rows.", "move"),
        (no_room, "It needs 310 MB", "move-has-no-room"),
    ];
    for (moving, words, picture) in shown {
        say_move(browser, moving).await?;
        till.wait_for_text(words, SAYS_WITHIN).await?;
        for (size, name) in [(LANDSCAPE, "1280x800"), (PORTRAIT, "820x1180")] {
            browser.set_viewport(size.0, size.1).await?;
            browser.screenshot(&format!("till-{name}-{picture}")).await?;
            let found = breaches(browser).await?;
            assert!(found.is_empty(), "{name}: {}", found.join("\n"));
        }
        browser.set_viewport(LANDSCAPE.0, LANDSCAPE.1).await?;
    }
    say_move(browser, json!({ "version": 7, "failure": { "other": { "reason": "too large" } } })).await?;
    till.wait_for_text("too large", SAYS_WITHIN).await?;
    assert!(!till.has("profile-move").await?);

    say_move(browser, Value::Null).await?;
    wait_for("nothing said of a move", SAYS_WITHIN, || async {
        match till.has("profile-move-failed").await {
            Ok(false) => Ok(()),
            Ok(true) => Err("it is said that one fails".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    })
    .await?;
    stage.browser.close().await
}
