//! A picture of every screen in both orientations, under `target/screenshots`, to look at.

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::stage::{LANDSCAPE, PORTRAIT};

#[tokio::test]
async fn every_screen_is_pictured() -> Outcome {
    for (width, height) in [LANDSCAPE, PORTRAIT] {
        crate::screens::through_all((width, height), "", async |browser, screen| {
            browser.screenshot(&format!("till-{}-{width}x{height}", screen.replace(' ', "-"))).await
        })
        .await?;
    }
    Ok(())
}
