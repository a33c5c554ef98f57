//! The design's own example of a row filter, which asks a related row: "category is Toys and price is over 1.00".

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, Stage, Takings};
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;

use crate::settings_on_register::{TAKEN_WITHIN, wait_for_rows};

/// Searches at the till and waits until so many tiles are there.
async fn search_finds(till: &TillPage<'_>, typed: &str, count: usize) -> Outcome {
    till.enter("search", typed).await?;
    wait_for(&format!("{count} tiles for {typed}"), TAKEN_WITHIN, || async {
        let tiles = till.count(".tile").await.map_err(|error| error.to_string())?;
        if tiles == count { Ok(()) } else { Err(format!("{tiles} tiles")) }
    })
    .await?;
    till.tap("search-clear").await
}

/// Makes the design's sentence in the editor, where the store's profile is open, and leaves the filter's dialog open.
pub async fn filter_dear_toys(office: &BackOfficePage<'_>) -> Outcome {
    let page = office.page();
    office.press("line-4").await?;
    office.press("table-filter-product").await?;
    page.tap("condition-add").await?;
    office.choose("condition-column-1", "category").await?;
    page.enter("condition-value-1", "Toys").await?;
    page.tap("condition-add").await?;
    office.choose("condition-column-2", "price.price_minor").await?;
    office.choose("condition-test-2", "over").await?;
    page.enter("condition-value-2", "1.00").await?;
    let sentence = "Category is “Toys” and Price is over £ 1.00";
    page.wait_for_text_in("filter-sentence", sentence, TAKEN_WITHIN).await
}

/// The sentence is made in the editor, and a price decides about a product.
#[tokio::test]
async fn dear_toys_enter_and_leave_a_running_till_with_their_prices() -> Outcome {
    let Stage { server, browser, profile: _folder } = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = TillPage::new(browser.driver());
    let admin = Admin::sign_in(&server).await?;
    let desk = tempfile::tempdir()?;
    let desk = Browser::open(desk.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
    let office = BackOfficePage::new(desk.driver());
    let page = office.page();
    search_finds(&till, "Bouncy ball", 1).await?;

    office.sign_in(&server).await?;
    page.tap("nav-profiles").await?;
    page.tap_first("[data-testid^=\"open-profile-\"]").await?;
    filter_dear_toys(&office).await?;
    // Of 43 toys the bouncy ball alone costs less.
    page.wait_for_text_in("filter-count", "42 rows of 626", TAKEN_WITHIN).await?;
    desk.screenshot("filter-related-1280x800").await?;
    page.tap("row-filter-done").await?;
    page.tap("preview-publish").await?;
    page.tap("publish").await?;

    wait_for_rows(&admin, "product", |count| count == 42).await?;
    search_finds(&till, "Bouncy ball", 0).await?;
    search_finds(&till, "Spinning top", 1).await?;
    let mut takings = Takings::default();
    till.scan("1470").await?;
    till.element("basket-line-1").await?;
    let due = till.total_minor().await?;
    // A price alone: one toy comes, and one goes while it is in the basket.
    admin.import("products", "sku,name,price\n1472,Bouncy ball,1.25\n").await?;
    wait_for_rows(&admin, "product", |count| count == 43).await?;
    search_finds(&till, "Bouncy ball", 1).await?;
    admin.import("products", "sku,name,price\n1470,\"Spinning top, tin\",1.00\n").await?;
    wait_for_rows(&admin, "product", |count| count == 42).await?;
    search_finds(&till, "Spinning top", 0).await?;
    assert_eq!(till.total_minor().await?, due);
    takings.add(till.pay_exact_cash().await?, due);
    till.next_customer().await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    takings.check(&server).await?;
    desk.close().await?;
    browser.close().await
}
