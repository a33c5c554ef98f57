//! A profile is changed fifty times at random while a till sells and its network is cut: nothing is lost, and at the
//! end the till keeps what a fresh one keeps.

use std::collections::BTreeMap;
use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, Stage, Takings};
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;
use holdfast_profile::{
    CheckForNewDatabase, OfflineProducts, Profile, RandomChanges, TableId, TillOperation, default_profile,
};
use holdfast_protocol::messages::RowChange;

use crate::data_export;

/// The first product that a till shows.
const FIRST: &str = "[data-testid^=\"result-\"]";
/// At each change of so many the till has something to sell.
const GOODS_EVERY: usize = 4;
/// How often the profile is changed.
const CHANGES: usize = 50;
/// Names the seed of a run that is to be seen again.
const SEED_VARIABLE: &str = "HOLDFAST_SEED";
/// Products that get another price with each change.
const PRICES_EACH: usize = 3;
const PRODUCTS: &str = include_str!("../../../crates/store-server/demo/products.csv");
/// How long a till may take until it keeps what the last version says.
const MOVED_WITHIN: Duration = Duration::from_secs(60);
/// What a till needs to go on selling; a profile without it would end the test, not the till.
const NEEDED: [TillOperation; 3] =
    [TillOperation::SignIn, TillOperation::SellProducts, TillOperation::TakePayments];
/// Tables of which a till that sells needs every row.
const WHOLE: [TableId; 4] = [TableId::Staff, TableId::TenderType, TableId::TaxRate, TableId::Price];

#[tokio::test]
async fn fifty_changes_of_the_profile_while_selling_lose_nothing_and_end_as_a_fresh_till() -> Outcome {
    let seed = match std::env::var(SEED_VARIABLE) {
        Ok(seed) => seed.parse()?,
        Err(_) => fastrand::u64(..),
    };
    eprintln!("{SEED_VARIABLE}={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let mut stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let admin = Admin::sign_in(&stage.server).await?;
    let categories = categories(&admin).await?;
    let mut profile = default_profile();
    let (mut takings, mut version) = (Takings::default(), 0);
    for published in 0..CHANGES {
        let has_goods = published % GOODS_EVERY == 0;
        let before = profile.clone();
        while profile == before {
            profile = next_profile(&mut random, &categories, &before);
            if has_goods {
                profile = with_all_products(profile);
            }
        }
        change_prices(&admin, &mut random).await?;
        version = publish(&admin, &profile).await?;
        let is_cut = random.u8(..6) == 0;
        if is_cut {
            stage.server.kill()?;
        }
        for _ in 0..random.usize(..3) {
            sell_what_is_shown(&stage.till(), &mut takings).await?;
        }
        if is_cut {
            stage.server.start()?;
            come_back(&stage.till()).await?;
        }
        if has_goods {
            wait_for_goods(&stage.till()).await?;
            sell_what_is_shown(&stage.till(), &mut takings).await?;
        }
    }
    assert!(takings.count() >= CHANGES / 4, "only {} sales between {CHANGES} changes", takings.count());

    eprintln!("the last one: {}", serde_json::to_string(&profile)?);
    bring_up_to_date(&stage.till(), &admin, 1, version).await?;
    takings.check(&stage.server).await?;

    let fresh = stage.open_register_2().await?;
    bring_up_to_date(&fresh.till(), &admin, 2, version).await?;
    wait_until_equal(&admin).await?;
    wait_until_same_rows(&stage.browser, &fresh.browser).await?;
    assert_eq!(tables_shown(&stage.till()).await?, tables_shown(&fresh.till()).await?);
    fresh.browser.close().await?;
    stage.browser.close().await
}

/// The next profile with which a till can sell, and which it learns of by itself.
fn next_profile(random: &mut fastrand::Rng, categories: &[String], before: &Profile) -> Profile {
    loop {
        let mut next = || random.u64(..);
        let mut changes = RandomChanges { next: &mut next, categories };
        let mut profile = changes.change(before).profile;
        changes.change_pace(&mut profile);
        profile.device.check_for_new_database = CheckForNewDatabase::AtEachSync;
        let keeps_all = |table| profile.entry(table).is_none_or(|(_, entry)| entry.filter.is_none());
        let sells = NEEDED.into_iter().all(|operation| operation.lacks(&profile).is_empty());
        if sells && WHOLE.into_iter().all(keeps_all) && profile != *before {
            return profile;
        }
    }
}

/// The same with everything to sell: what is left at random may be nothing, and stay so for long.
fn with_all_products(mut profile: Profile) -> Profile {
    profile.offline_products = OfflineProducts::All;
    let entries = profile.scopes.iter_mut().flat_map(|scope| &mut scope.tables);
    for entry in entries.filter(|entry| entry.table == TableId::Product) {
        entry.filter = None;
    }
    profile
}

/// Gives a few products other prices, which come to a till as often as its profile says.
async fn change_prices(admin: &Admin, random: &mut fastrand::Rng) -> Outcome {
    let mut reader = csv::Reader::from_reader(PRODUCTS.as_bytes());
    let header = reader.headers()?.clone();
    let price = header.iter().position(|column| column == "price").ok_or("no prices")?;
    let products = reader.records().collect::<Result<Vec<_>, _>>()?;
    let mut changed = csv::Writer::from_writer(Vec::new());
    changed.write_record(&header)?;
    for product in random.choose_multiple(&products, PRICES_EACH) {
        let other = format!("{}.{:02}", random.u8(1..50), random.u8(..100));
        let cells = product.iter().enumerate();
        changed.write_record(cells.map(|(at, cell)| if at == price { &other } else { cell }))?;
    }
    admin.import("products", &String::from_utf8(changed.into_inner()?)?).await
}

async fn categories(admin: &Admin) -> Outcome<Vec<String>> {
    let document = admin.get("categories").await?;
    let all = document["categories"].as_array().ok_or("no categories")?;
    Ok(all.iter().filter_map(|one| one["code"].as_str()).map(str::to_owned).collect())
}

/// Saves and publishes a version of the store's profile; gives its number.
async fn publish(admin: &Admin, profile: &Profile) -> Outcome<u64> {
    let profile = serde_json::to_value(profile)?;
    admin.publish(|draft| *draft = profile).await
}

/// Taps on one product until it is a line: a version of the profile may take it away under the finger, or draw it anew.
const TAPS_MAX: u32 = 3;

/// Sells the first product that the till shows; nothing where its profile leaves none.
async fn sell_what_is_shown(till: &TillPage<'_>, takings: &mut Takings) -> Outcome {
    for tap in 1.. {
        if till.count(FIRST).await? == 0 {
            return Ok(());
        }
        till.tap_first(FIRST).await?;
        let look = wait_for("a line", Duration::from_secs(5), || async {
            // Of weighed goods the till asks how much.
            if till.has("pad-ok").await.map_err(|error| error.to_string())? {
                for key in ["pad-1", "pad-0", "pad-0", "pad-0", "pad-ok"] {
                    till.tap(key).await.map_err(|error| error.to_string())?;
                }
            }
            match till.has("basket-line-1").await {
                Ok(true) => Ok(()),
                Ok(false) => Err("none".to_owned()),
                Err(error) => Err(error.to_string()),
            }
        });
        match look.await {
            Ok(()) => break,
            Err(error) => assert!(tap < TAPS_MAX, "{TAPS_MAX} taps: {error}"),
        }
    }
    let due = till.total_minor().await?;
    let receipt = till.pay_exact_cash().await?;
    till.next_customer().await?;
    takings.add(receipt, due);
    Ok(())
}

/// The till shows something to sell.
async fn wait_for_goods(till: &TillPage<'_>) -> Outcome {
    wait_for("something to sell", MOVED_WITHIN, || async {
        match till.count(FIRST).await {
            Ok(0) => Err("nothing".to_owned()),
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    })
    .await
}

/// Somebody at the till presses “Try now” where it is offline, whatever its interval.
async fn come_back(till: &TillPage<'_>) -> Outcome {
    wait_for("online", Duration::from_secs(60), || async {
        match till.connection().await {
            Ok((mode, _)) if mode == "online" => Ok(()),
            Ok((mode, _)) => match till.tap_if_there("try-now").await {
                Ok(()) => Err(mode),
                Err(error) => Err(error.to_string()),
            },
            Err(error) => Err(error.to_string()),
        }
    })
    .await
}

/// A till comes to this version by itself. What its profile lets wait, for minutes or for somebody, comes and goes once
/// somebody presses “Synchronise now”.
async fn bring_up_to_date(till: &TillPage<'_>, admin: &Admin, number: u64, version: u64) -> Outcome {
    come_back(till).await?;
    admin.wait_for_version(number, version).await?;
    till.tap("menu").await?;
    till.tap("menu-offline-database").await?;
    till.tap("sync-now").await?;
    till.tap("back").await?;
    wait_until_current(admin, number, version).await?;
    till.wait_until_sent(SENT_WITHIN).await
}

/// The register has told that it has this version and every change of its tables.
async fn wait_until_current(admin: &Admin, number: u64, version: u64) -> Outcome {
    wait_for(&format!("register {number} on version {version}"), MOVED_WITHIN, || async {
        let register = admin.register(number).await.map_err(|error| error.to_string())?;
        let tables = register["tables"].as_array().cloned().unwrap_or_default();
        let is_current = tables.iter().all(|table| table["cursor"].as_u64() >= table["head"].as_u64());
        let moved = register["profile_version"].as_u64() == Some(version) && is_current;
        if moved && !tables.is_empty() { Ok(()) } else { Err(register.to_string()) }
    })
    .await
}

/// Both registers have told that they keep as many rows of each table. What a register has serves on while it builds
/// the new tables beside it, so that it may tell of the version before of all its rows.
async fn wait_until_equal(admin: &Admin) -> Outcome {
    wait_for("equal tables on both registers", MOVED_WITHIN, || async {
        let first = admin.rows_kept(1).await.map_err(|error| error.to_string())?;
        let second = admin.rows_kept(2).await.map_err(|error| error.to_string())?;
        if first == second { Ok(()) } else { Err(format!("{first:?} and {second:?}")) }
    })
    .await
}

/// Both tills keep the same rows of the same tables, to the byte, as their exports tell.
async fn wait_until_same_rows(one: &Browser, other: &Browser) -> Outcome {
    for browser in [one, other] {
        data_export::open_page(&TillPage::new(browser.driver())).await?;
    }
    wait_for("the same rows on both tills", MOVED_WITHIN, || async {
        let one = exported_rows(one).await.map_err(|error| error.to_string())?;
        let other = exported_rows(other).await.map_err(|error| error.to_string())?;
        let differs = |key: &&RowKey| one.get(*key) != other.get(*key);
        match one.keys().chain(other.keys()).find(differs) {
            None => Ok(()),
            Some(key) => Err(format!("{key:?} is {:?} and {:?}", one.get(key), other.get(key))),
        }
    })
    .await
}

/// The number of a table and the key of one of its rows.
type RowKey = (u8, String);

/// Every row that a till keeps.
async fn exported_rows(browser: &Browser) -> Outcome<BTreeMap<RowKey, RowChange>> {
    let folder = tempfile::tempdir()?;
    browser.download_into(folder.path()).await?;
    let till = TillPage::new(browser.driver());
    // Where the profile has exports go elsewhere, this one is saved here.
    let button = if till.has("export-save-here").await? { "export-save-here" } else { "export-now" };
    till.tap(button).await?;
    let packed = std::fs::read(data_export::downloaded(folder.path()).await?)?;
    let rows = data_export::rows(&packed)?;
    assert!(!rows.is_empty(), "an export without rows");
    Ok(rows.into_iter().map(|(table, row)| ((table, row.key.clone()), row)).collect())
}

/// What the till itself says that it keeps of each scope.
async fn tables_shown(till: &TillPage<'_>) -> Outcome<Vec<String>> {
    till.element("scope-row-1").await?;
    till.cells("[data-testid^=\"scope-row-\"]", 5).await
}
