//! The browser stops the service worker at any instant; the next message starts another.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, SKUS, Stage, Takings, sell};
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;

#[tokio::test]
async fn sales_arrive_once_though_the_worker_is_stopped_between_sale_and_upload() -> Outcome {
    let Stage { mut server, browser, profile: _profile } = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = TillPage::new(browser.driver());
    let mut takings = Takings::default();
    wait_for("a running service worker", Duration::from_secs(10), || async {
        match browser.service_workers_running().await {
            Ok(0) => Err("none runs".to_owned()),
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    })
    .await?;

    // The server is there: the worker dies somewhere in the upload, after every sale.
    for round in 0..6 {
        sell_and_stop_worker(&browser, &till, round, &mut takings).await?;
    }
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&server).await?;

    // The server is gone when the worker dies, and comes back to a worker that never saw the sales.
    server.kill()?;
    for round in 0..3 {
        sell(&till, round, &mut takings).await?;
    }
    browser.stop_service_workers().await?;
    till.wait_for_mode("offline", Duration::from_secs(30)).await?;
    browser.stop_service_workers().await?;
    server.start()?;
    till.tap("try-now").await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&server).await?;
    browser.close().await
}

/// Stops the worker as soon as the receipt is there: between the sale and its upload, or within it.
async fn sell_and_stop_worker(
    browser: &Browser,
    till: &TillPage<'_>,
    round: usize,
    takings: &mut Takings,
) -> Outcome {
    till.scan(SKUS[round % SKUS.len()]).await?;
    till.element("basket-line-1").await?;
    let due = till.total_minor().await?;
    let receipt = till.pay_exact_cash().await?;
    browser.stop_service_workers().await?;
    takings.add(receipt, due);
    till.next_customer().await
}
