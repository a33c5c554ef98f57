//! The register's export to the store server.

use holdfast_browser_store::{ExportPlace, FailedExport, MadeExport, write_export};
use holdfast_protocol::export::EXPORT_BYTES_MAX;
use holdfast_sync::messages::ToPage;

use crate::http::Http;
use crate::pages::Pages;
use crate::worker::Databases;

/// Makes an export and sends it; what came of it is in the journal, and the pages are told to look there. Offline,
/// nothing is sent.
pub(crate) async fn export(databases: &Databases, http: &Http, pages: &Pages, is_online: bool, at_ms: i64) {
    let made = if is_online {
        make(databases, http, pages, at_ms).await
    } else {
        Err("the store server is not within reach".to_owned())
    };
    let result = made.map_err(|reason| FailedExport { at_ms, reason });
    if let Err(error) = databases.journal.note_export(&result).await {
        web_sys::console::warn_1(&format!("the export was not noted: {error}").into());
    }
    pages.post(&ToPage::Exported);
}

async fn make(databases: &Databases, http: &Http, pages: &Pages, at_ms: i64) -> Result<MadeExport, String> {
    let version = env!("CARGO_PKG_VERSION");
    let written =
        write_export(&databases.journal, Some(&databases.scopes), version, at_ms, async || {}).await;
    let export = written.map_err(|error| error.to_string())?;
    if export.has_unreadable {
        pages.post(&ToPage::FoundDamage);
    }
    if export.bytes > EXPORT_BYTES_MAX as u64 {
        let most_mib = EXPORT_BYTES_MAX / (1024 * 1024);
        return Err(format!("it is larger than the {most_mib} MiB that the store server takes"));
    }
    http.export(&export.file).await.map_err(|error| error.to_string())?;
    let (bytes, series, up_to_seq) = (export.bytes, export.series, export.up_to_seq);
    Ok(MadeExport { at_ms, place: ExportPlace::StoreServer, bytes, series, up_to_seq })
}
