//! *Data export folder*: exports that are due become downloads, by the profile's choice, because the browser grants
//! no folder, or because the folder that it granted can't be written to.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::clocks::{TWO_BEATS_MS, pass_minutes_in_page};
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, Stage, Takings, sell};
use holdfast_browser_tests::waiting::wait_for;
use holdfast_profile::{DataExportFolder, DatabaseExportSchedule};

use crate::data_export::{MADE_WITHIN, check, open_page, publish, wait_for_export, wait_for_plan};

/// As a browser that never heard of folders.
const WITHOUT_FOLDERS: &str = "delete window.showDirectoryPicker; delete Window.prototype.showDirectoryPicker; \
    return 'showDirectoryPicker' in window;";

/// Nobody can answer the browser's own dialog: its private folder stands for the one that somebody chooses.
const CHOOSES_PRIVATE_FOLDER: &str = "window.showDirectoryPicker = () => navigator.storage.getDirectory();";
/// As after a start of the browser: it has the folder, and wants to be asked again.
const WANTS_TO_BE_ASKED: &str = "window.asIs = FileSystemHandle.prototype.queryPermission; \
    FileSystemHandle.prototype.queryPermission = async () => 'prompt';";
const IS_GRANTED: &str = "FileSystemHandle.prototype.queryPermission = window.asIs;";
/// As of a folder that somebody has deleted.
const FOLDER_IS_GONE: &str = "window.handleAsIs = FileSystemDirectoryHandle.prototype.getFileHandle; \
    FileSystemDirectoryHandle.prototype.getFileHandle = async () => { throw new DOMException('It is gone', 'NotFoundError'); };";
const FOLDER_IS_BACK: &str = "FileSystemDirectoryHandle.prototype.getFileHandle = window.handleAsIs;";
/// A browser that makes no download.
const NO_DOWNLOADS: &str =
    "window.urlAsIs = URL.createObjectURL; URL.createObjectURL = () => { throw new Error('no room'); };";
const DOWNLOADS: &str = "URL.createObjectURL = window.urlAsIs;";

/// Waits for so many whole files; gives them all.
async fn wait_for_files(folder: &Path, count: usize) -> Outcome<BTreeSet<PathBuf>> {
    wait_for(&format!("{count} downloads"), MADE_WITHIN, || async {
        let entries = std::fs::read_dir(folder).map_err(|error| error.to_string())?;
        let files: BTreeSet<PathBuf> =
            entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
        let are_whole = files.iter().all(|file| file.to_string_lossy().ends_with(".holdfast.cbor.gz"));
        if files.len() == count && are_whole { Ok(files) } else { Err(format!("{files:?}")) }
    })
    .await
}

#[tokio::test]
async fn exports_that_are_due_are_downloads_where_the_profile_or_the_browser_wants_it_so() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let (till, folder) = (stage.till(), tempfile::tempdir()?);
    stage.browser.download_into(folder.path()).await?;
    let mut takings = Takings::default();
    sell(&till, 0, &mut takings).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    open_page(&till).await?;

    // A place alone makes none.
    publish(&stage.server, DataExportFolder::Download, DatabaseExportSchedule::Never)?;
    wait_for_plan(&till, "as a download, when somebody asks").await?;
    stage.browser.pause(TWO_BEATS_MS).await?;
    assert_eq!(till.attribute("export-last", "data-at").await?, "0", "nobody asked for one");
    publish(&stage.server, DataExportFolder::Download, DatabaseExportSchedule::EveryHours { hours: 3 })?;
    wait_for_plan(&till, "as a download, every 3 hours").await?;
    let (first, said) = wait_for_export(&till, "0").await?;
    assert!(said.contains("download"), "{said}");
    let files = wait_for_files(folder.path(), 1).await?;
    for file in &files {
        check(&stage.browser, &stage.server, &std::fs::read(file)?, &takings, 0).await?;
    }

    // Of a browser without folders nobody can grant one, so nobody is asked for it.
    assert_eq!(stage.browser.script(WITHOUT_FOLDERS, vec![]).await?, false);
    publish(&stage.server, DataExportFolder::GrantedFolder, DatabaseExportSchedule::EveryHours { hours: 1 })?;
    wait_for_plan(&till, "as a download, since this browser grants no folders, every hour").await?;
    assert!(!till.has("export-folder").await?);
    pass_minutes_in_page(&stage.browser, 60).await?;
    let (second, said) = wait_for_export(&till, &first).await?;
    assert!(said.contains("download"), "{said}");
    let both = wait_for_files(folder.path(), 2).await?;
    for file in both.difference(&files) {
        check(&stage.browser, &stage.server, &std::fs::read(file)?, &takings, 0).await?;
    }
    // Asked for, it is one as well.
    pass_minutes_in_page(&stage.browser, 1).await?;
    till.tap("export-now").await?;
    wait_for_export(&till, &second).await?;
    wait_for_files(folder.path(), 3).await?;
    assert!(!till.has("export-failed").await?);
    stage.browser.close().await
}

#[tokio::test]
async fn where_the_folder_cannot_be_written_to_an_export_that_is_due_is_a_download_else_the_store_servers()
-> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let (till, folder) = (stage.till(), tempfile::tempdir()?);
    let page = async |script: &str| stage.browser.script(script, vec![]).await;
    stage.browser.download_into(folder.path()).await?;
    let mut takings = Takings::default();
    sell(&till, 0, &mut takings).await?;
    till.wait_until_sent(SENT_WITHIN).await?;
    open_page(&till).await?;
    publish(&stage.server, DataExportFolder::GrantedFolder, DatabaseExportSchedule::EveryHours { hours: 1 })?;
    wait_for_plan(&till, "into the granted folder").await?;
    // Nobody has granted one yet.
    let (at, said) = wait_for_export(&till, "0").await?;
    assert!(said.contains("Saved as a download"), "{said}");
    till.wait_for_text_in("export-folder-failed", "The folder must be granted first", MADE_WITHIN).await?;
    let files = wait_for_files(folder.path(), 1).await?;
    for file in &files {
        check(&stage.browser, &stage.server, &std::fs::read(file)?, &takings, 0).await?;
    }
    page(CHOOSES_PRIVATE_FOLDER).await?;
    pass_minutes_in_page(&stage.browser, 1).await?;
    till.tap("export-folder").await?;
    let (at, said) = wait_for_export(&till, &at).await?;
    assert!(said.contains("Saved in the folder"), "{said}");
    assert!(!till.has("export-folder-failed").await?, "one is in the folder");

    page(WANTS_TO_BE_ASKED).await?;
    pass_minutes_in_page(&stage.browser, 60).await?;
    let (at, said) = wait_for_export(&till, &at).await?;
    assert!(said.contains("Saved as a download"), "{said}");
    till.wait_for_text_in("export-folder-failed", "wants to be asked again", MADE_WITHIN).await?;
    let more = wait_for_files(folder.path(), 2).await?;
    for file in more.difference(&files) {
        check(&stage.browser, &stage.server, &std::fs::read(file)?, &takings, 0).await?;
    }

    page(IS_GRANTED).await?;
    page(FOLDER_IS_GONE).await?;
    pass_minutes_in_page(&stage.browser, 60).await?;
    let (at, said) = wait_for_export(&till, &at).await?;
    assert!(said.contains("Saved as a download"), "{said}");
    till.wait_for_text_in("export-folder-failed", "It is gone", MADE_WITHIN).await?;
    wait_for_files(folder.path(), 3).await?;

    page(NO_DOWNLOADS).await?;
    pass_minutes_in_page(&stage.browser, 60).await?;
    let (at, said) = wait_for_export(&till, &at).await?;
    assert!(said.contains("Store server has it"), "{said}");
    till.wait_for_text_in("export-folder-failed", "It is gone", MADE_WITHIN).await?;
    let admin = Admin::sign_in(&stage.server).await?;
    let list = admin.get("registers/1/exports").await?;
    let bytes = admin.file(&format!("registers/1/exports/{}", list["exports"][0]["export"])).await?;
    check(&stage.browser, &stage.server, &bytes, &takings, 0).await?;
    wait_for_files(folder.path(), 3).await?;
    assert!(!till.has("export-failed").await?, "each was made");

    // Once it can be written to again, the next one goes there by itself.
    page(FOLDER_IS_BACK).await?;
    page(DOWNLOADS).await?;
    pass_minutes_in_page(&stage.browser, 60).await?;
    let (_, said) = wait_for_export(&till, &at).await?;
    assert!(said.contains("Saved in the folder"), "{said}");
    assert!(!till.has("export-folder-failed").await?);
    stage.browser.close().await
}
