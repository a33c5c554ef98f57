//! A page of the catalogue is damaged on the disk of a till that is started anew: it is fetched again, and meanwhile the
//! till says what it waits for.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, STAFF, Stage, Takings, sell};
use holdfast_profile::TableId;

/// How long the till may take to say that it waits.
const SAYS_WITHIN: Duration = Duration::from_secs(30);

async fn damage_products(browser: &Browser) -> Outcome {
    let script = include_str!("../src/scripts/damage_table.js");
    let pages = browser.script_async(script, vec![TableId::Product.number().into()]).await?;
    assert!(pages.as_u64().is_some_and(|pages| pages > 0), "no page was damaged: {pages}");
    Ok(())
}

#[tokio::test]
async fn a_till_that_finds_its_catalogue_damaged_at_the_start_fetches_it_again() -> Outcome {
    let mut stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let mut takings = Takings::default();
    sell(&stage.till(), 0, &mut takings).await?;
    stage.till().wait_until_sent(SENT_WITHIN).await?;

    damage_products(&stage.browser).await?;
    stage.browser.driver().refresh().await?;
    stage.till().sign_in(STAFF.0, STAFF.1).await?;
    sell(&stage.till(), 1, &mut takings).await?;
    stage.till().wait_until_sent(SENT_WITHIN).await?;

    // The same without the store server.
    stage.server.kill()?;
    stage.till().wait_for_mode("offline", Duration::from_secs(30)).await?;
    damage_products(&stage.browser).await?;
    stage.browser.driver().refresh().await?;
    stage.till().element("download").await?;
    stage.till().wait_for_text("Waiting for the store server", SAYS_WITHIN).await?;
    stage.till().wait_for_mode("offline", SAYS_WITHIN).await?;
    stage.server.start()?;
    stage.till().tap("try-now").await?;
    stage.till().sign_in(STAFF.0, STAFF.1).await?;
    sell(&stage.till(), 2, &mut takings).await?;
    stage.till().wait_until_sent(SENT_WITHIN).await?;
    takings.check(&stage.server).await?;
    stage.browser.close().await
}
