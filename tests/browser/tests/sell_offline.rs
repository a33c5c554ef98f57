//! The main job: a till sells while the store server is gone, and every sale reaches it once.

use std::time::{Duration, Instant};

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, SKUS, STAFF, Stage, Takings, sell};
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;

#[tokio::test]
async fn a_till_sells_on_while_the_server_is_gone_and_every_sale_arrives_once() -> Outcome {
    // Activate, download, sell online.
    let Stage { mut server, browser, profile } = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = TillPage::new(browser.driver());
    let mut takings = Takings::default();
    for round in 0..2 {
        sell(&till, round, &mut takings).await?;
    }
    till.wait_until_sent(SENT_WITHIN).await?;

    // A basket is open when the plug is pulled; nobody touches the till.
    till.scan(SKUS[0]).await?;
    till.element("basket-line-1").await?;
    let due_before = till.total_minor().await?;
    server.kill()?;
    till.wait_for_mode("waiting", Duration::from_secs(20)).await?;
    let first_failure = Instant::now();
    till.wait_for_mode("offline", Duration::from_secs(8)).await?;
    assert!(
        first_failure.elapsed() <= Duration::from_secs(7),
        "offline {:?} after the first failed exchange",
        first_failure.elapsed()
    );
    assert_eq!(till.total_minor().await?, due_before, "the open basket changed at the switch");
    // A sale is no reason to look for the store server before the interval is over.
    let in_its_place = server.stand_in()?;
    let receipt = till.pay_exact_cash().await?;
    till.next_customer().await?;
    takings.add(receipt, due_before);

    // Twenty more, offline.
    for round in 0..3 {
        sell(&till, round, &mut takings).await?;
    }
    assert!(!in_its_place.was_called()?, "something was sent while offline");
    drop(in_its_place);
    for round in 3..20 {
        sell(&till, round, &mut takings).await?;
    }
    wait_for_waiting(&till, 21).await?;

    // Reload offline with a basket open; then close the browser and open it again.
    till.scan(SKUS[1]).await?;
    till.element("basket-line-1").await?;
    browser.driver().refresh().await?;
    till.sign_in(STAFF.0, STAFF.1).await?;
    till.element("basket-line-1").await?;
    browser.close().await?;
    let browser = Browser::open(profile.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
    let till = TillPage::new(browser.driver());
    till.open(&server.url()).await?;
    till.sign_in(STAFF.0, STAFF.1).await?;
    till.element("basket-line-1").await?;
    let due = till.total_minor().await?;
    let receipt = till.pay_exact_cash().await?;
    till.next_customer().await?;
    takings.add(receipt, due);
    wait_for_waiting(&till, 22).await?;

    // Back: at the reconnect interval of one minute, really waited for.
    server.start()?;
    till.wait_until_sent(Duration::from_secs(75)).await?;
    takings.check(&server).await?;

    // Once more, ended by the cashier.
    server.kill()?;
    till.wait_for_mode("offline", Duration::from_secs(30)).await?;
    sell(&till, 1, &mut takings).await?;
    server.start()?;
    till.tap("try-now").await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&server).await?;

    // A restarted worker uploads nothing twice.
    browser.stop_service_workers().await?;
    browser.driver().refresh().await?;
    till.sign_in(STAFF.0, STAFF.1).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&server).await?;
    browser.close().await
}

/// The till is offline and says that so many sales wait.
async fn wait_for_waiting(till: &TillPage<'_>, count: u64) -> Outcome {
    wait_for(&format!("{count} sales waiting offline"), Duration::from_secs(10), || async {
        match till.connection().await {
            Ok((mode, waiting)) if mode == "offline" && waiting == count => Ok(()),
            Ok(seen) => Err(format!("{seen:?}")),
            Err(error) => Err(error.to_string()),
        }
    })
    .await
}
