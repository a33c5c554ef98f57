//! One register is one till: a second tab says so and leaves the outbox alone.

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, Stage, Takings, sell};
use holdfast_browser_tests::till_page::TillPage;

#[tokio::test]
async fn a_second_tab_says_the_till_is_open_elsewhere_and_nothing_is_sent_twice() -> Outcome {
    let Stage { server, browser, profile: _profile } = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = TillPage::new(browser.driver());
    let mut takings = Takings::default();
    sell(&till, 0, &mut takings).await?;

    let first = browser.driver().window().await?;
    let second = browser.driver().new_tab().await?;
    browser.driver().switch_to_window(second).await?;
    till.open(&server.url()).await?;
    till.element("open-elsewhere").await?;
    assert!(!till.has("search").await?, "the second tab sells");

    browser.driver().switch_to_window(first.clone()).await?;
    for round in 0..3 {
        sell(&till, round, &mut takings).await?;
    }
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&server).await?;

    // The second tab is the till once the first is closed.
    browser.driver().close_window().await?;
    let left = browser.driver().windows().await?;
    browser.driver().switch_to_window(left.into_iter().next().ok_or("no tab is left")?).await?;
    Ok(())
}
