//! *Image folder*: pictures on the tiles, with and without a network, within their cap, and gone with the setting.

use std::collections::BTreeSet;
use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::look::{Of, look};
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, STAFF, Stage};
use holdfast_browser_tests::store_server::StoreServer;
use holdfast_browser_tests::waiting::wait_for;
use holdfast_profile::{ImageFolder, OfflineProducts, default_profile};

const KEPT: &str = include_str!("../src/scripts/picture_skus.js");
/// How long a change at the store server may take to show at the till.
const SHOWS_WITHIN: Duration = Duration::from_secs(60);
/// Four of this size are within a megabyte, five are not.
const PICTURE_BYTES: usize = 245_000;
/// A whole PNG of one point.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
    0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xde, 0x00,
    0x00, 0x00, 0x0c, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x70, 0x98, 0x70, 0x00, 0x00, 0x02, 0xa4,
    0x01, 0x91, 0x8b, 0xe2, 0xde, 0xfb, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60,
    0x82,
];

fn publish(server: &StoreServer, image_folder: ImageFolder) -> Outcome {
    let mut profile = default_profile();
    profile.device.image_folder = image_folder;
    server.publish(&profile)
}

/// The skus of the pictures that are kept.
async fn kept(browser: &Browser) -> Outcome<BTreeSet<String>> {
    let skus = browser.script_async(KEPT, vec![]).await?;
    let skus = skus.as_array().ok_or_else(|| skus.to_string())?;
    Ok(skus.iter().filter_map(|sku| sku.as_str()).map(str::to_owned).collect())
}

async fn wait_for_kept(browser: &Browser, skus: &[&str]) -> Outcome {
    let wanted: BTreeSet<String> = skus.iter().map(|sku| (*sku).to_owned()).collect();
    wait_for(&format!("pictures of {skus:?}"), SHOWS_WITHIN, || async {
        match kept(browser).await {
            Ok(kept) if kept == wanted => Ok(()),
            Ok(kept) => Err(format!("{kept:?}")),
            Err(error) => Err(error.to_string()),
        }
    })
    .await
}

/// Tiles that show a picture, and those that are shown at all.
async fn shown(browser: &Browser) -> Outcome<(usize, usize)> {
    let script =
        "const drawn = [...document.querySelectorAll('.tile img')].filter((one) => one.naturalWidth > 0);
                  return [drawn.length, document.querySelectorAll('.tile').length];";
    let counts: Vec<usize> = serde_json::from_value(browser.script(script, vec![]).await?)?;
    Ok((counts[0], counts[1]))
}

async fn wait_until_shown(browser: &Browser, all: bool) -> Outcome {
    wait_for("pictures on the tiles, or none", SHOWS_WITHIN, || async {
        match shown(browser).await {
            Ok((pictures, tiles)) if tiles > 0 && pictures == if all { tiles } else { 0 } => Ok(()),
            Ok(counts) => Err(format!("{counts:?}")),
            Err(error) => Err(error.to_string()),
        }
    })
    .await
}

/// Height of the first tile and whether its name is where it is without a picture.
async fn first_tile(browser: &Browser) -> Outcome<serde_json::Value> {
    let script = "const tile = document.querySelector('.tile'), name = tile.querySelector('.tile-name');
                  const [at, of] = [tile.getBoundingClientRect(), name.getBoundingClientRect()];
                  return [at.height, at.top, of.left - at.left, of.top - at.top];";
    browser.script(script, vec![]).await
}

#[tokio::test]
async fn pictures_appear_are_there_without_a_network_and_go_with_the_setting() -> Outcome {
    let mut stage = Stage::ready_to_sell(LANDSCAPE).await?;
    wait_until_shown(&stage.browser, false).await?;
    let before = first_tile(&stage.browser).await?;
    publish(&stage.server, ImageFolder::On { size_cap_mb: 5 })?;
    wait_until_shown(&stage.browser, true).await?;
    assert_eq!(first_tile(&stage.browser).await?, before, "a tile jumped");
    look(&stage.browser, Of::Till, "pictures", "search").await?;

    // What is not shown comes, too, after what is.
    stage.till().tap("category-bakery").await?;
    wait_until_shown(&stage.browser, true).await?;

    // Selling and everything else goes on; the store server is gone, the page is loaded anew.
    stage.server.kill()?;
    stage.till().wait_for_mode("offline", Duration::from_secs(30)).await?;
    stage.browser.driver().refresh().await?;
    stage.till().sign_in(STAFF.0, STAFF.1).await?;
    wait_until_shown(&stage.browser, true).await?;
    stage.till().tap("category-bakery").await?;
    wait_until_shown(&stage.browser, true).await?;
    stage.till().scan("1001").await?;
    stage.till().pay_exact_cash().await?;
    stage.till().next_customer().await?;

    stage.server.start()?;
    stage.till().tap("try-now").await?;
    stage.till().wait_until_sent(SENT_WITHIN).await?;
    publish(&stage.server, ImageFolder::Off)?;
    wait_for_kept(&stage.browser, &[]).await?;
    wait_until_shown(&stage.browser, false).await?;
    stage.browser.close().await
}

#[tokio::test]
async fn at_the_cap_the_least_recently_sold_goes_first_and_what_changed_is_replaced() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let folder = tempfile::tempdir()?;
    let write = |sku: &str, fill: u8| {
        let mut bytes = PNG.to_vec();
        // What follows the picture makes each of them one of its own.
        bytes.extend(sku.as_bytes());
        bytes.resize(PICTURE_BYTES, fill);
        std::fs::write(folder.path().join(format!("{sku}.png")), bytes)
    };
    // Best sellers by rank: 1001, 1002, 1003, 1024, 1029, 1005, 1023, 1013.
    for sku in ["1001", "1002", "1003", "1005", "1013", "1023", "1024", "1029"] {
        write(sku, 1)?;
    }
    let import = || {
        let folder = folder.path().to_string_lossy().into_owned();
        stage.server.command(&["import-pictures", &folder, "--remove-others"])
    };
    let said = import()?;
    assert!(said.starts_with("8 pictures taken, 8 of them new."), "{said}");
    publish(&stage.server, ImageFolder::On { size_cap_mb: 1 })?;
    wait_for_kept(&stage.browser, &["1001", "1002", "1003", "1024"]).await?;

    // Sold, and so worth more than a best seller that was not; another picture of 1002; 1003 has none any more.
    let till = stage.till();
    till.scan("1013").await?;
    till.pay_exact_cash().await?;
    till.next_customer().await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    write("1002", 2)?;
    std::fs::remove_file(folder.path().join("1003.png"))?;
    import()?;
    wait_for_kept(&stage.browser, &["1001", "1002", "1013", "1024"]).await?;
    let changed = "return [...document.querySelectorAll('[data-testid=result-1002] img')].length";
    wait_for("the other picture", SHOWS_WITHIN, || async {
        match stage.browser.script(changed, vec![]).await {
            Ok(count) if count == 1 => Ok(()),
            Ok(count) => Err(count.to_string()),
            Err(error) => Err(error.to_string()),
        }
    })
    .await?;
    stage.browser.close().await
}

#[tokio::test]
async fn a_register_that_keeps_no_products_keeps_no_pictures() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    publish(&stage.server, ImageFolder::On { size_cap_mb: 5 })?;
    wait_until_shown(&stage.browser, true).await?;
    let mut profile = default_profile();
    // Another cap: what is kept is then looked at anew at once, and not only when the products come to rest.
    profile.device.image_folder = ImageFolder::On { size_cap_mb: 4 };
    // Nothing was sold.
    profile.offline_products = OfflineProducts::SoldInLastDays { days: 1 };
    stage.server.publish(&profile)?;
    wait_for_kept(&stage.browser, &[]).await?;
    stage.browser.close().await
}
