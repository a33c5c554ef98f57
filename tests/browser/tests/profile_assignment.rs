//! A profile is given to a register: what that does is shown before it is done, and the running till then does that;
//! what has no room there is refused until somebody insists. Afterwards the register's page shows what it keeps by the
//! scopes of that profile.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::hands::{Finger, Keyboard, key};
use holdfast_browser_tests::look::{Of, look};
use holdfast_browser_tests::odd_register::OddRegister;
use holdfast_browser_tests::stage::{LANDSCAPE, Stage};
use holdfast_browser_tests::store_server::workspace;
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;
use serde_json::{Value, json};

/// How long the store server and the page may take to agree.
const DONE_WITHIN: Duration = Duration::from_secs(30);
/// A profile beside the store's.
pub const SECOND: &str = "Sunday market";

/// Waits until something is not on the screen any more.
pub async fn wait_until_gone(page: &TillPage<'_>, id: &str) -> Outcome {
    wait_for(&format!("no {id}"), DONE_WITHIN, || async {
        match page.has(id).await {
            Ok(false) => Ok(()),
            Ok(true) => Err("it is there".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    })
    .await
}

/// Waits until these registers have that profile as their own.
pub async fn wait_for_own(admin: &Admin, registers: &[u64]) -> Outcome {
    wait_for(&format!("registers {registers:?} with the profile"), DONE_WITHIN, || async {
        match admin.profile(SECOND).await {
            Ok(detail) if detail["registers_own"] == json!(registers) => Ok(()),
            Ok(detail) => Err(detail["registers_own"].to_string()),
            Err(error) => Err(error.to_string()),
        }
    })
    .await
}

/// Publishes a profile beside the store's, changed; gives its id and its version.
async fn publish_second(admin: &Admin, change: impl FnOnce(&mut Value)) -> Outcome<(u64, u64)> {
    let order = json!({ "name": SECOND, "description": "", "copy_of": 1 });
    let made = admin.change("POST", "profiles", &order).await?;
    let (id, mut draft) = (made["id"].as_u64().ok_or("no id")?, made["draft"].clone());
    change(&mut draft);
    let save = json!({
        "base_revision": made["revision"], "profile": draft, "renamed_scopes": [], "choices": {},
    });
    let saved = admin.change("PUT", &format!("profiles/{id}"), &save).await?;
    let order = json!({ "revision": saved["detail"]["revision"] });
    let published = admin.change("POST", &format!("profiles/{id}/publish"), &order).await?;
    Ok((id, published["version"].as_u64().ok_or("no version")?))
}

/// The rows of each table that a register says it has, by name, once it has said so.
async fn rows_on(admin: &Admin, register: u64) -> Outcome<BTreeMap<String, u64>> {
    wait_for("rows that a register tells of", DONE_WITHIN, || async {
        let rows = admin.rows_kept(register).await.map_err(|error| error.to_string())?;
        if rows.get("product").is_some_and(|count| *count > 0) { Ok(rows) } else { Err(format!("{rows:?}")) }
    })
    .await
}

/// Products of a category of the demo shop and their barcodes, counted in its files.
fn in_demo_files(category: &str) -> Outcome<(u64, u64)> {
    let folder = workspace().join("crates/store-server/demo");
    let (mut skus, mut barcodes) = (BTreeSet::new(), 0);
    for row in csv::Reader::from_path(folder.join("products.csv"))?.into_records() {
        let row = row?;
        if &row[2] == category {
            skus.insert(row[0].to_owned());
        }
    }
    for row in csv::Reader::from_path(folder.join("barcodes.csv"))?.into_records() {
        barcodes += u64::from(skus.contains(&row?[1]));
    }
    Ok((skus.len() as u64, barcodes))
}

#[tokio::test]
async fn an_assignment_shows_what_it_does_and_the_running_till_does_that() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = stage.till();
    let admin = Admin::sign_in(&stage.server).await?;
    let (id, version) = publish_second(&admin, |draft| {
        draft["offline_products"] = json!({ "kind": "categories", "codes": ["bakery"] });
        let scopes = draft["scopes"].as_array_mut().expect("scopes");
        scopes.retain(|scope| scope["name"] != "Customers");
    })
    .await?;
    let (products, barcodes) = in_demo_files("bakery")?;
    assert!(products > 10 && barcodes >= products, "{products} products, {barcodes} barcodes");
    let before = rows_on(&admin, 1).await?;

    let desk = tempfile::tempdir()?;
    let browser = Browser::open(desk.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
    let office = BackOfficePage::new(browser.driver());
    let page = office.page();
    let (keyboard, finger) = (Keyboard::new(browser.driver()), Finger::new(browser.driver()));
    office.sign_in(&stage.server).await?;
    page.tap("nav-profiles").await?;
    page.tap(&format!("open-profile-{id}")).await?;
    page.tap("tab-general").await?;
    finger.tap("assign-register-1").await?;
    page.element("plan-register-1").await?;
    let said = page.text("assign-dialog").await?;
    for words in [
        &*format!(" to {SECOND}"),
        "From Default pr.",
        "Offline, a till can't choose a customer any more: no rows of Customers.",
        "Scope “Customers” goes.",
        "Offline products changes from “All products” to",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let row = page.text("plan-register-1").await?;
    let down = products + products + barcodes;
    let removed = before["product"] - products + before["price"] - products + before["barcode"] - barcodes
        + before["customer"];
    for words in [format!("{down} rows, "), format!("{} rows", grouped(removed)), "Default pr.".to_owned()] {
        assert!(row.contains(&words), "{words}: {row}");
    }
    look(&browser, Of::BackOffice, "assign", "assign-dialog").await?;
    // Nothing is done by whoever only looks, with the keyboard either.
    keyboard.press(&[key::ESCAPE]).await?;
    wait_until_gone(page, "assign-preview").await?;
    assert!(!page.element("assign-register-1").await?.is_selected().await?);
    keyboard.tab_to("assign-register-1").await?;
    keyboard.press(&[' ']).await?;
    page.element("plan-register-1").await?;
    assert_eq!(admin.register(1).await?["published_version"], 1);
    keyboard.enter_on("assign-confirm").await?;
    admin.wait_for_version(1, version).await?;
    wait_for_own(&admin, &[1]).await?;
    keyboard.wait_until_at("assign-register-1").await?;

    // As the preview said, so it is on the till: by what it told, and on its own page.
    let after = wait_for("customers that are dropped", DONE_WITHIN, || async {
        let rows = rows_on(&admin, 1).await.map_err(|error| error.to_string())?;
        if rows.contains_key("customer") { Err(format!("{rows:?}")) } else { Ok(rows) }
    })
    .await?;
    assert_eq!(
        ["product", "price", "barcode"].map(|table| after[table]),
        [products, products, barcodes],
        "{after:?}"
    );
    let kept = |table: &String| after.get(table).copied().unwrap_or(0);
    let gone: u64 = before.iter().map(|(table, rows)| rows - kept(table)).sum();
    assert_eq!(gone, removed);
    till.tap("menu").await?;
    till.tap("menu-offline-database").await?;
    let of_goods =
        format!("4 | Products and barcodes | Download | 3 | {}", after["category"] + products + barcodes);
    wait_for("the rows on the till's own page", DONE_WITHIN, || async {
        let rows = till.cells("[data-testid^=\"scope-row-\"]", 5).await.map_err(|error| error.to_string())?;
        let named = |name: &str| rows.iter().any(|row| row.contains(name));
        let is_right = rows.contains(&of_goods) && !named("Customers");
        if is_right { Ok(()) } else { Err(format!("{of_goods}: {rows:?}")) }
    })
    .await?;

    // Its page lists it by the scopes of the profile, and so does the list of registers name that.
    page.tap("nav-registers").await?;
    page.element("register-own-profile-1").await?;
    page.wait_for_text_in("register-1", SECOND, DONE_WITHIN).await?;
    look(&browser, Of::BackOffice, "registers-own-profile", "register-1").await?;
    page.tap("open-register-1").await?;
    page.element("register-scope-6").await?;
    assert!(!page.has("register-scope-7").await?);
    let goods = page.text("register-scope-4").await?;
    let rows = format!("{}", after["category"] + products + barcodes);
    assert!(goods.contains("4. Products and barcodes") && goods.contains(&rows), "{goods}");
    let tables = page.cells(".scope-row, .scope-table", 2).await?;
    let at =
        |name: &str| tables.iter().position(|row| row.contains(name)).ok_or(format!("{name}: {tables:?}"));
    assert!(at("4. Products")? < at("Barcodes | ")?, "{tables:?}");
    assert!(at("Barcodes | ")? < at("5. Prices and discounts")?, "{tables:?}");
    assert!(tables[at("6. Transactions")?].ends_with("–"), "{tables:?}");
    page.wait_for_text_in("register-scope-6", "All sent", DONE_WITHIN).await?;
    look(&browser, Of::BackOffice, "register-scopes", "register-tables").await?;

    // And back to the store's, where counting fails: it is said, and can be done all the same.
    office.choose("register-profile", "").await?;
    let cut = "const whole = window.fetch; window.fetch = (request, ...rest) => \
        request.url.includes('/profile/preview') ? Promise.reject(new TypeError('cut')) : whole(request, ...rest)";
    browser.script(cut, Vec::new()).await?;
    page.tap("register-profile-assign").await?;
    page.element("assign-not-counted").await?;
    look(&browser, Of::BackOffice, "assign-not-counted", "assign-not-counted").await?;
    page.wait_for_text_in("assign-confirm", "Assign all the same", DONE_WITHIN).await?;
    page.tap("assign-confirm").await?;
    office.wait_for_text("Assigned. Registers move at their next contact.").await?;
    admin.wait_for_version(1, 1).await?;
    assert_eq!(rows_on(&admin, 1).await?, before);
    browser.close().await?;
    stage.browser.close().await
}

/// As the page writes it.
fn grouped(number: u64) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
}

#[tokio::test]
async fn what_a_register_has_no_room_for_is_assigned_only_when_somebody_insists() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let admin = Admin::sign_in(&stage.server).await?;
    let (id, _) = publish_second(&admin, |draft| draft["device"]["offline_timeout_s"] = 9.into()).await?;
    OddRegister::activate(&stage.server, 1).await?.tell_storage(90_000, 100_000).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    office.sign_in(&stage.server).await?;
    page.tap("open-register-1").await?;
    office.choose("register-profile", &id.to_string()).await?;
    page.tap("register-profile-assign").await?;
    page.element("plan-register-1").await?;
    let row = page.text("plan-register-1").await?;
    assert!(row.contains("does not fit"), "{row}");
    assert_eq!(page.text("assign-confirm").await?, "Assign");
    page.tap("assign-confirm").await?;
    page.wait_for_text_in("assign-refused", "has no room for what it would download", DONE_WITHIN).await?;
    look(&stage.browser, Of::BackOffice, "assign-no-room", "assign-refused").await?;
    assert_eq!(admin.register(1).await?["published_version"], 1);
    // Whoever leaves it has left it, and is asked anew.
    page.tap("assign-cancel").await?;
    wait_for_own(&admin, &[]).await?;
    page.tap("register-profile-assign").await?;
    page.element("plan-register-1").await?;
    assert!(!page.has("assign-refused").await?);
    page.tap("assign-confirm").await?;
    page.element("assign-refused").await?;
    page.wait_for_text_in("assign-confirm", "Assign all the same", DONE_WITHIN).await?;
    page.tap("assign-confirm").await?;
    wait_for_own(&admin, &[1]).await?;
    stage.browser.close().await
}
