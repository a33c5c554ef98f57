//! Every screen of the till keeps the rules of all screens, in the pseudo-locale and in both orientations.

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::page_rules::{breaches, demo_texts, texts_without_message};
use holdfast_browser_tests::stage::{LANDSCAPE, PORTRAIT};

use crate::screens;

#[tokio::test]
async fn all_text_comes_from_the_message_files() -> Outcome {
    let data = demo_texts()?;
    let mut offending = Vec::new();
    screens::through_all(LANDSCAPE, "?lang=qps", async |browser, screen| {
        for text in texts_without_message(browser, &data).await? {
            offending.push(format!("{screen}: {text}"));
        }
        Ok(())
    })
    .await?;
    assert!(offending.is_empty(), "not from the message files:\n{}", offending.join("\n"));
    Ok(())
}

#[tokio::test]
async fn everything_that_can_be_operated_has_a_name_a_size_for_fingers_and_room() -> Outcome {
    let mut found = Vec::new();
    for (width, height) in [LANDSCAPE, PORTRAIT] {
        screens::through_all((width, height), "", async |browser, screen| {
            for breach in breaches(browser).await? {
                found.push(format!("{width} × {height}, {screen}: {breach}"));
            }
            Ok(())
        })
        .await?;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}
