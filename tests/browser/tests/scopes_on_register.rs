//! Scopes and their tables, as a running till shows them: name, order, direction and *field list*.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::stage::{LANDSCAPE, Stage};
use holdfast_browser_tests::waiting::wait_for;
use holdfast_profile::{Direction, Profile, TableId, default_profile};
use thirtyfour::Key;

/// A customer of the demo shop and her telephone number.
const AGNES: (&str, &str) = ("Agnes Tolliver", "01632 960112");
const FOOTER: &str = "Thank you for shopping on Market Street";
/// How long a till may take until it shows what it keeps.
const SHOWS_WITHIN: Duration = Duration::from_secs(30);

/// What a till shows of the columns that a register may leave out.
#[derive(Debug, PartialEq, Eq, serde::Deserialize)]
struct Shelf {
    /// The categories' names, in their order.
    categories: Vec<String>,
    /// The first tile.
    first: String,
    /// The colours of the tiles, each once.
    colours: Vec<String>,
}

async fn shelf(stage: &Stage) -> Outcome<Shelf> {
    let script = "const tiles = [...document.querySelectorAll('.tile')]; \
        const colours = tiles.map((tile) => [...tile.classList].find((name) => name.startsWith('hue-'))); \
        return { \
            categories: [...document.querySelectorAll('[data-testid^=\"category-\"]')].slice(1).map((chip) => chip.innerText), \
            first: tiles[0]?.dataset.testid ?? '', \
            colours: [...new Set(colours.map((colour) => colour ?? 'none'))].sort(), \
        };";
    Ok(serde_json::from_value(stage.browser.script(script, vec![]).await?)?)
}

async fn wait_for_shelf(stage: &Stage, what: &str, right: impl Fn(&Shelf) -> bool) -> Outcome {
    wait_for(what, SHOWS_WITHIN, || async {
        match shelf(stage).await {
            Ok(shelf) if right(&shelf) => Ok(()),
            Ok(shelf) => Err(format!("{shelf:?}")),
            Err(error) => Err(error.to_string()),
        }
    })
    .await
}

/// Looks into the bakery: a loaf that is no best seller is there, or nothing is.
async fn wait_for_bakery(stage: &Stage, has_tiles: bool) -> Outcome {
    let till = stage.till();
    till.tap("category-bakery").await?;
    wait_for(&format!("a bakery with tiles: {has_tiles}"), SHOWS_WITHIN, || async {
        let is_there = till.has("result-1004").await.map_err(|error| error.to_string())?;
        let count = till.count(".tile").await.map_err(|error| error.to_string())?;
        let is_so = if has_tiles { is_there } else { count == 0 };
        if is_so { Ok(()) } else { Err(format!("{count} tiles")) }
    })
    .await?;
    till.tap("category-best").await
}

/// Looks for Agnes: with her number, which finds her too, and a way to change her; or with neither.
async fn wait_for_agnes(stage: &Stage, whole: bool) -> Outcome {
    let till = stage.till();
    till.find_customer(AGNES.0).await?;
    wait_for(&format!("Agnes, whole: {whole}"), SHOWS_WITHIN, || async {
        let line = till.text("customer-hit").await.map_err(|error| error.to_string())?;
        let may_change = till.has("customer-change").await.map_err(|error| error.to_string())?;
        let is_so = line.contains(AGNES.1) == whole && may_change == whole;
        if is_so { Ok(()) } else { Err(format!("{line}, to be changed: {may_change}")) }
    })
    .await?;
    till.enter("customer-search", AGNES.1).await?;
    wait_for(&format!("found by her number: {whole}"), SHOWS_WITHIN, || async {
        let hits = till.count("[data-testid=\"customer-hit\"]").await.map_err(|error| error.to_string())?;
        let nobody = till.has("customers-nobody").await.map_err(|error| error.to_string())?;
        if hits == usize::from(whole) && nobody != whole { Ok(()) } else { Err(format!("{hits} found")) }
    })
    .await?;
    stage.browser.driver().action_chain().send_keys(Key::Escape).perform().await?;
    Ok(())
}

/// Sells one thing; whether the receipt has the shop's last words.
async fn receipt_has_footer(stage: &Stage) -> Outcome<bool> {
    let till = stage.till();
    till.scan("1001").await?;
    till.pay_exact_cash().await?;
    let said = till.page_text().await?.contains(FOOTER);
    till.next_customer().await?;
    Ok(said)
}

/// The scopes on the till's own page of its database, in their order: name and direction.
async fn scopes(stage: &Stage) -> Outcome<Vec<(String, String)>> {
    let till = stage.till();
    till.tap("menu").await?;
    till.tap("menu-offline-database").await?;
    till.element("scope-row-1").await?;
    let rows = till.cells("[data-testid^=\"scope-row-\"]", 3).await?;
    till.tap("back").await?;
    let cells = |row: String| {
        let cells: Vec<&str> = row.split(" | ").collect();
        Some(((*cells.get(1)?).to_owned(), (*cells.get(2)?).to_owned()))
    };
    Ok(rows.into_iter().filter_map(cells).collect())
}

async fn publish(stage: &Stage, profile: &Profile) -> Outcome {
    stage.server.publish(profile)?;
    let admin = Admin::sign_in(&stage.server).await?;
    let version = admin.profile(&profile.name).await?["published"]["version"].as_u64();
    admin.wait_for_version(1, version.ok_or("not published")?).await
}

/// Leaves out all columns that a till does not need, but for one; without all their columns customers only come down.
fn as_little_as_may_be(but: &str) -> Profile {
    let mut profile = default_profile();
    for scope in &mut profile.scopes {
        if scope.tables.iter().any(|entry| entry.table == TableId::Customer) {
            scope.direction = Direction::Download;
        }
        for entry in scope.tables.iter_mut().filter(|entry| !entry.table.columns().is_empty()) {
            let columns = entry.table.columns().iter();
            let kept = columns.filter(|column| column.locked.is_some() || column.name == but);
            entry.fields = Some(kept.map(|column| column.name.to_owned()).collect());
        }
    }
    profile
}

#[tokio::test]
async fn columns_that_are_left_out_and_the_ways_of_a_scope_show_at_the_till() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let whole = shelf(&stage).await?;
    assert_eq!(
        (whole.categories[0].as_str(), whole.categories[1].as_str()),
        ("Bakery", "Deli"),
        "by position"
    );
    assert_eq!(whole.first, "result-1001", "the best seller");
    assert!(whole.colours.len() > 3, "{:?}", whole.colours);
    wait_for_bakery(&stage, true).await?;
    wait_for_agnes(&stage, true).await?;
    assert!(receipt_has_footer(&stage).await?);

    // By name, without a colour and without a rank; then without the products' categories either.
    publish(&stage, &as_little_as_may_be("category")).await?;
    wait_for_shelf(&stage, "a shelf without what was left out", |shelf| {
        shelf.categories.len() == whole.categories.len()
            && shelf.categories.is_sorted()
            && shelf.first != whole.first
            && shelf.colours == ["hue-0"]
    })
    .await?;
    wait_for_bakery(&stage, true).await?;
    publish(&stage, &as_little_as_may_be("rank")).await?;
    wait_for_shelf(&stage, "the best seller, and no category's colour", |shelf| {
        shelf.first == whole.first && shelf.colours == ["none"]
    })
    .await?;
    wait_for_bakery(&stage, false).await?;
    wait_for_agnes(&stage, false).await?;
    assert!(!receipt_has_footer(&stage).await?);
    let customers =
        |scopes: &[(String, String)]| scopes.iter().find(|(name, _)| name == "Customers").cloned();
    let one_way = customers(&scopes(&stage).await?).ok_or("no customers")?.1;

    // All of it again, customers both ways, in another order and with another name.
    let mut profile = default_profile();
    let moved = profile.scopes.remove(1);
    profile.scopes.insert(2, moved);
    profile.scopes[1].name = "Who may sell".to_owned();
    publish(&stage, &profile).await?;
    wait_for_shelf(&stage, "the whole shelf", |shelf| *shelf == whole).await?;
    wait_for_bakery(&stage, true).await?;
    wait_for_agnes(&stage, true).await?;
    assert!(receipt_has_footer(&stage).await?);
    let shown = scopes(&stage).await?;
    let names: Vec<&str> = shown.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, profile.scopes.iter().map(|scope| scope.name.as_str()).collect::<Vec<_>>());
    assert_ne!(customers(&shown).ok_or("no customers")?.1, one_way);
    stage.till().wait_until_sent(SHOWS_WITHIN).await?;
    stage.browser.close().await
}
