//! The main job: a till sells while the store server is gone, and every sale reaches it once.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::store_server::StoreServer;
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;

/// Skus of the demo shop, each with an Each unit.
const SKUS: [&str; 3] = ["1001", "1002", "1003"];

/// Rings up and pays one sale; gives its receipt number and what was due.
async fn sell(till: &TillPage<'_>, round: usize) -> Outcome<(String, i64)> {
    for sku in SKUS.iter().take(1 + round % SKUS.len()) {
        till.scan(sku).await?;
    }
    till.element(&format!("basket-line-{}", 1 + round % SKUS.len())).await?;
    let due = till.total_minor().await?;
    let receipt = till.pay_exact_cash().await?;
    till.next_customer().await?;
    Ok((receipt, due))
}

#[tokio::test]
async fn a_till_sells_on_while_the_server_is_gone_and_every_sale_arrives_once() -> Outcome {
    let mut server = StoreServer::start_demo()?;
    let profile = tempfile::tempdir()?;
    let browser = Browser::open(profile.path(), 1280, 800).await?;
    let till = TillPage::new(browser.driver());
    let (mut receipts, mut total_minor) = (Vec::new(), 0);

    // Activate, download, sell online.
    till.open(&server.url()).await?;
    till.activate(&server.activation_code(1)?).await?;
    till.sign_in("1", "1111").await?;
    for round in 0..2 {
        let (receipt, due) = sell(&till, round).await?;
        receipts.push(receipt);
        total_minor += due;
    }
    till.wait_until_sent(Duration::from_secs(20)).await?;

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
    receipts.push(till.pay_exact_cash().await?);
    total_minor += due_before;
    till.next_customer().await?;

    // Twenty more, offline.
    for round in 0..20 {
        let (receipt, due) = sell(&till, round).await?;
        receipts.push(receipt);
        total_minor += due;
    }
    assert_eq!(till.connection().await?, ("offline".to_owned(), 21));

    // Reload offline with a basket open; then close the browser and open it again.
    till.scan(SKUS[1]).await?;
    till.element("basket-line-1").await?;
    browser.driver().refresh().await?;
    till.sign_in("1", "1111").await?;
    till.element("basket-line-1").await?;
    browser.close().await?;
    let browser = Browser::open(profile.path(), 1280, 800).await?;
    let till = TillPage::new(browser.driver());
    till.open(&server.url()).await?;
    till.sign_in("1", "1111").await?;
    till.element("basket-line-1").await?;
    total_minor += till.total_minor().await?;
    receipts.push(till.pay_exact_cash().await?);
    till.next_customer().await?;
    wait_for("22 sales waiting", Duration::from_secs(10), || async {
        match till.connection().await {
            Ok((mode, 22)) if mode == "offline" => Ok(()),
            Ok(seen) => Err(format!("{seen:?}")),
            Err(error) => Err(error.to_string()),
        }
    })
    .await?;

    // Back: at the reconnect interval of one minute, really waited for.
    server.start()?;
    till.wait_until_sent(Duration::from_secs(75)).await?;
    check(&server, &receipts, total_minor).await?;

    // Once more, ended by the cashier.
    server.kill()?;
    till.wait_for_mode("offline", Duration::from_secs(30)).await?;
    let (receipt, due) = sell(&till, 1).await?;
    receipts.push(receipt);
    total_minor += due;
    server.start()?;
    till.tap("try-now").await?;
    till.wait_until_sent(Duration::from_secs(20)).await?;
    check(&server, &receipts, total_minor).await?;

    // A restarted worker uploads nothing twice.
    browser.driver().refresh().await?;
    till.sign_in("1", "1111").await?;
    till.wait_until_sent(Duration::from_secs(20)).await?;
    check(&server, &receipts, total_minor).await?;
    browser.close().await
}

/// The store server has these receipts, each once, without a gap, and their sum to the penny.
async fn check(server: &StoreServer, receipts: &[String], total_minor: i64) -> Outcome {
    let distinct: BTreeSet<&String> = receipts.iter().collect();
    assert_eq!(distinct.len(), receipts.len(), "the till gave a receipt number twice: {receipts:?}");
    let audit = Admin::sign_in(server).await?.audit(1).await?.ok_or("nothing arrived from register 1")?;
    assert_eq!(audit.total_minor, total_minor);
    assert_eq!(audit.receipts, receipts.len() as u64);
    assert_eq!(audit.duplicates, 0);
    assert_eq!(audit.receipt_max - audit.receipt_min + 1, audit.receipts, "the receipt numbers have a gap");
    Ok(())
}
