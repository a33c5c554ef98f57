//! *Data export folder* and *Database export schedule*: exports of a running till, read back by the program and by the
//! protocol, equal to what the register has.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::read::GzDecoder;
use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::clocks::{TWO_BEATS_MS, pass_minutes_in_page};
use holdfast_browser_tests::look::{Of, look};
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, Stage, Takings, sell};
use holdfast_browser_tests::store_server::{StoreServer, server_bin};
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;
use holdfast_profile::{DataExportFolder, DatabaseExportSchedule, TableId, default_profile};
use holdfast_protocol::export::{ExportItem, ExportReader, ExportSummary};
use holdfast_protocol::messages::RowChange;

const ENTRIES: &str = include_str!("../src/scripts/journal_entries.js");
const GRANTED_FILES: &str = include_str!("../src/scripts/granted_files.js");
/// How long an export may take.
pub const MADE_WITHIN: Duration = Duration::from_secs(60);

/// Publishes what a profile says of exports.
pub fn publish(server: &StoreServer, folder: DataExportFolder, schedule: DatabaseExportSchedule) -> Outcome {
    let mut profile = default_profile();
    profile.device.data_export_folder = folder;
    profile.device.database_export_schedule = schedule;
    server.publish(&profile)
}

/// Gives each item of a file, and its sums.
fn read_items(bytes: &[u8], each: &mut dyn FnMut(&ExportItem)) -> Outcome<ExportSummary> {
    let mut unpacked = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut unpacked)?;
    let mut reader = ExportReader::new();
    reader.push(&unpacked, each)?;
    Ok(reader.finish()?)
}

/// What a file holds: the entries as they were sealed, and its sums.
fn read(bytes: &[u8]) -> Outcome<(Vec<String>, ExportSummary)> {
    let mut entries = Vec::new();
    let summary = read_items(bytes, &mut |item| {
        if let ExportItem::Entry(entry) = item {
            entries.push(entry.envelope.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        }
    })?;
    Ok((entries, summary))
}

/// The rows that a file holds, each with the number of its table.
pub fn rows(bytes: &[u8]) -> Outcome<Vec<(u8, RowChange)>> {
    let mut rows = Vec::new();
    let summary = read_items(bytes, &mut |item| {
        if let ExportItem::Rows(part) = item {
            rows.extend(part.rows.iter().map(|row| (part.table, row.clone())));
        }
    })?;
    for table in &summary.tables {
        assert_eq!(table.unreadable, None, "table {}", table.table);
    }
    Ok(rows)
}

/// What the program says of a file, and the sales that it writes.
pub fn read_by_program(file: &Path) -> Outcome<(String, String)> {
    let sales = tempfile::NamedTempFile::new()?;
    let output = std::process::Command::new(server_bin())
        .arg("read-export")
        .arg(file)
        .arg("--sales")
        .arg(sales.path())
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(format!("{said}{}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok((said, std::fs::read_to_string(sales.path())?))
}

/// The file is whole and holds all that the register has.
pub async fn check(
    browser: &Browser,
    server: &StoreServer,
    bytes: &[u8],
    takings: &Takings,
    waiting: u64,
) -> Outcome {
    let (entries, summary) = read(bytes)?;
    let kept = browser.script_async(ENTRIES, vec![]).await?;
    assert_eq!(serde_json::to_value(&entries)?, kept, "the journal's entries, to the byte");
    assert_eq!(summary.broken_at, None);
    assert_eq!((summary.sales as usize, summary.waiting), (takings.count(), waiting));
    // Every table of the profile, with as many rows as the store server has.
    let overview = Admin::sign_in(server).await?.get("store").await?;
    let tables = overview["rows"].as_array().ok_or_else(|| overview.to_string())?;
    for table in default_profile().download_tables() {
        let exported = summary.tables.iter().find(|exported| exported.table == table.number());
        let counted = tables.iter().find(|counted| counted["table"] == table.name());
        let rows = counted.and_then(|counted| counted["rows"].as_u64()).unwrap_or(0);
        assert_eq!(
            exported.map(|exported| (exported.rows, exported.unreadable.clone())),
            Some((rows, None)),
            "{table}"
        );
    }
    let products = summary.tables.iter().find(|table| table.table == TableId::Product.number());
    assert!(products.is_some_and(|products| products.rows > 600));

    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), bytes)?;
    let (said, sales) = read_by_program(file.path())?;
    assert!(said.contains("chain: whole"), "{said}");
    assert!(said.contains(&format!("sales: {}", takings.count())), "{said}");
    assert!(
        said.contains(&format!("table: product, {} rows", products.map_or(0, |products| products.rows))),
        "{said}"
    );
    let receipts: Vec<&str> = sales.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(receipts, takings.receipts().collect::<Vec<_>>());
    Ok(())
}

/// Opens the till's page of its database.
pub async fn open_page(till: &TillPage<'_>) -> Outcome {
    till.tap("menu").await?;
    till.tap("menu-offline-database").await?;
    till.element("export-now").await?;
    Ok(())
}

/// Waits until the last export is another one than that of this time; gives its time and what is said of it.
pub async fn wait_for_export(till: &TillPage<'_>, before: &str) -> Outcome<(String, String)> {
    wait_for("an export", MADE_WITHIN, || async {
        let look = async {
            Outcome::Ok((till.attribute("export-last", "data-at").await?, till.text("export-last").await?))
        };
        match look.await {
            Ok((at, said)) if at != before && at != "0" => Ok((at, said)),
            Ok((at, said)) => Err(format!("{at}: {said}")),
            Err(error) => Err(error.to_string()),
        }
    })
    .await
}

/// Waits until the till says this of what the profile wants.
pub async fn wait_for_plan(till: &TillPage<'_>, words: &str) -> Outcome {
    wait_for(&format!("“{words}”"), MADE_WITHIN, || async {
        match till.text("export-plan").await {
            Ok(plan) if plan.contains(words) => Ok(()),
            Ok(plan) => Err(plan),
            Err(error) => Err(error.to_string()),
        }
    })
    .await
}

/// The only whole file in a folder.
pub async fn downloaded(folder: &Path) -> Outcome<PathBuf> {
    wait_for("a download", MADE_WITHIN, || async {
        let files: Vec<PathBuf> = std::fs::read_dir(folder)
            .map_err(|error| error.to_string())?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .collect();
        match files.as_slice() {
            [file] if file.to_string_lossy().ends_with(".holdfast.cbor.gz") => Ok(file.clone()),
            files => Err(format!("{files:?}")),
        }
    })
    .await
}

#[tokio::test]
async fn a_cashier_in_trouble_saves_the_journal_as_a_download() -> Outcome {
    let mut stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let folder = tempfile::tempdir()?;
    stage.browser.download_into(folder.path()).await?;
    let mut takings = Takings::default();
    sell(&stage.till(), 0, &mut takings).await?;
    sell(&stage.till(), 1, &mut takings).await?;
    stage.till().wait_until_sent(SENT_WITHIN).await?;
    stage.server.kill()?;
    stage.till().wait_for_mode("offline", Duration::from_secs(30)).await?;
    sell(&stage.till(), 2, &mut takings).await?;
    let till = stage.till();
    open_page(&till).await?;
    assert_eq!(till.attribute("export-last", "data-at").await?, "0");
    wait_for_plan(&till, "asks for none").await?;
    till.tap("export-now").await?;
    let (_, said) = wait_for_export(&till, "0").await?;
    assert!(said.contains("download"), "{said}");
    let file = downloaded(folder.path()).await?;
    assert!(
        file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("holdfast-1-20")),
        "{file:?}"
    );
    stage.server.start()?;
    check(&stage.browser, &stage.server, &std::fs::read(&file)?, &takings, 1).await?;

    look(&stage.browser, Of::Till, "export", "export-last").await?;
    stage.browser.close().await
}

#[tokio::test]
async fn exports_go_to_the_store_server_every_so_many_hours() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = stage.till();
    let mut takings = Takings::default();
    sell(&till, 0, &mut takings).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    open_page(&till).await?;
    publish(&stage.server, DataExportFolder::StoreServer, DatabaseExportSchedule::EveryHours { hours: 2 })?;
    // The first is due at once, since there was none.
    let (first, said) = wait_for_export(&till, "0").await?;
    assert!(said.contains("Store server has it"), "{said}");
    wait_for_plan(&till, "to the store server, every 2 hours").await?;
    let admin = Admin::sign_in(&stage.server).await?;
    let count = async || {
        let list = admin.get("registers/1/exports").await?;
        Outcome::Ok(list["exports"].as_array().map_or(0, Vec::len))
    };
    assert_eq!(count().await?, 1);

    pass_minutes_in_page(&stage.browser, 60).await?;
    stage.browser.pause(TWO_BEATS_MS).await?;
    assert_eq!(till.attribute("export-last", "data-at").await?, first, "one hour later");
    pass_minutes_in_page(&stage.browser, 60).await?;
    let (second, _) = wait_for_export(&till, &first).await?;
    stage.browser.pause(TWO_BEATS_MS).await?;
    assert_eq!(till.attribute("export-last", "data-at").await?, second, "once");
    assert_eq!(count().await?, 2);

    let list = admin.get("registers/1/exports").await?;
    let newest = &list["exports"][0];
    assert_eq!(newest["made_at_ms"].as_i64().map(|at_ms| at_ms.to_string()), Some(second));
    assert_eq!(newest["is_chain_whole"], true);
    let bytes = admin.file(&format!("registers/1/exports/{}", newest["export"])).await?;
    assert_eq!(newest["bytes"], bytes.len());
    check(&stage.browser, &stage.server, &bytes, &takings, 0).await?;
    stage.browser.close().await
}

#[tokio::test]
async fn exports_go_into_the_folder_that_somebody_granted() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let till = stage.till();
    let mut takings = Takings::default();
    sell(&till, 1, &mut takings).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    open_page(&till).await?;
    publish(&stage.server, DataExportFolder::GrantedFolder, DatabaseExportSchedule::EveryHours { hours: 1 })?;
    wait_for_plan(&till, "into the granted folder").await?;
    // Without somebody who grants it nothing can be written there, and it is said what to do.
    let (instead, _) = wait_for_export(&till, "0").await?;
    till.wait_for_text("The folder must be granted first", MADE_WITHIN).await?;
    pass_minutes_in_page(&stage.browser, 1).await?;
    // Nobody can answer the browser's own dialog here: its private folder stands for the one that somebody chooses.
    let script = "window.showDirectoryPicker = () => navigator.storage.getDirectory();";
    stage.browser.script(script, vec![]).await?;
    till.tap("export-folder").await?;
    let (first, said) = wait_for_export(&till, &instead).await?;
    assert!(said.contains("Saved in the folder"), "{said}");

    // The folder is kept: the next one needs nobody.
    stage.browser.driver().refresh().await?;
    till.sign_in(holdfast_browser_tests::stage::STAFF.0, holdfast_browser_tests::stage::STAFF.1).await?;
    open_page(&till).await?;
    pass_minutes_in_page(&stage.browser, 60).await?;
    wait_for_export(&till, &first).await?;
    let files = stage.browser.script_async(GRANTED_FILES, vec![]).await?;
    let files: Vec<(String, String)> = serde_json::from_value(files)?;
    assert_eq!(files.len(), 2, "{files:?}");
    for (name, digits) in files {
        assert!(name.starts_with("holdfast-1-20"), "{name}");
        let bytes: Vec<u8> = (0..digits.len() / 2)
            .map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16))
            .collect::<Result<_, _>>()?;
        check(&stage.browser, &stage.server, &bytes, &takings, 0).await?;
    }
    stage.browser.close().await
}
