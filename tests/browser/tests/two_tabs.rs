//! One register is one till: a second tab says so and leaves the outbox alone.

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, SKUS, STAFF, Stage, Takings, sell};
use holdfast_browser_tests::till_page::TillPage;

#[tokio::test]
async fn a_second_tab_says_the_till_is_open_elsewhere_and_nothing_is_sent_twice() -> Outcome {
    let Stage { server, browser, profile: _profile } = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = TillPage::new(browser.driver());
    let mut takings = Takings::default();
    sell(&till, 0, &mut takings).await?;

    let first = browser.driver().window().await?;
    let second = browser.driver().new_tab().await?;
    browser.driver().switch_to_window(second.clone()).await?;
    till.open(&server.url()).await?;
    till.element("open-elsewhere").await?;
    assert!(!till.has("search").await?, "the second tab sells");

    browser.driver().switch_to_window(first.clone()).await?;
    for round in 0..3 {
        sell(&till, round, &mut takings).await?;
    }
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&server).await?;

    // The second tab takes the till over, with the basket that the first had open.
    till.scan(SKUS[0]).await?;
    till.element("basket-line-1").await?;
    let due = till.total_minor().await?;
    till.tap("customer").await?;
    till.element("customer-search").await?;
    browser.driver().switch_to_window(second.clone()).await?;
    till.tap("use-here").await?;
    till.sign_in(STAFF.0, STAFF.1).await?;
    till.element("basket-line-1").await?;
    assert_eq!(till.total_minor().await?, due);
    let receipt = till.pay_exact_cash().await?;
    takings.add(receipt, due);
    till.next_customer().await?;
    browser.driver().switch_to_window(first.clone()).await?;
    till.element("open-elsewhere").await?;
    assert!(!till.has("customer-search").await?, "a dialog of a till that is elsewhere is open");

    // Once the second is closed, the first is the till again, without the basket that was paid.
    browser.driver().switch_to_window(second).await?;
    browser.driver().close_window().await?;
    browser.driver().switch_to_window(first).await?;
    till.sign_in(STAFF.0, STAFF.1).await?;
    assert!(!till.has("basket-line-1").await?, "a basket that was paid is open again");
    sell(&till, 1, &mut takings).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&server).await?;
    browser.close().await
}
