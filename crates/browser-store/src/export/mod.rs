//! An export of the register, packed: its journal and its offline database as one file
//! ([`holdfast_protocol::export`]). Written in parts, so that no more than one of them is in memory beside the packed
//! file, which the browser holds.

mod packer;

use holdfast_profile::TableId;
use holdfast_protocol::borrowed_rows::BorrowedChange;
use holdfast_protocol::export::{
    ExportHeader, ExportWriter, ExportedRows, ExportedTable, FORMAT, FORMAT_VERSION,
};
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::rows::StaffRow;
use holdfast_protocol::{decode, encode};
use web_sys::Blob;

use crate::error::{BrowserStoreError, Outcome};
use crate::journal::Journal;
use crate::scopes::ScopeDatabase;
use packer::Packer;

/// Bytes of rows that are written together.
const ROWS_BYTES: usize = 32 * 1024;

/// A packed export.
#[derive(Debug, Clone)]
pub struct PackedExport {
    /// The file.
    pub file: Blob,
    /// Its bytes.
    pub bytes: u64,
    /// Series of the journal's last entry in it.
    pub series: u32,
    /// Sequence of the last entry in it; 0 for none.
    pub up_to_seq: u64,
    /// Whether a table could not be read: it is marked to be fetched again.
    pub has_unreadable: bool,
}

/// Writes an export of all that is here. `pause` is called now and then, so that others have their turn.
///
/// A table that can't be read is said to be so in the file; the journal is saved whatever has become of the rest.
///
/// # Errors
/// [`BrowserStoreError`] when the journal can't be read, the register is not activated or the browser can't pack.
pub async fn write_export(
    journal: &Journal,
    scopes: Option<&ScopeDatabase>,
    app_version: &str,
    made_at_ms: i64,
    mut pause: impl AsyncFnMut(),
) -> Outcome<PackedExport> {
    let identity = journal.identity().await?.ok_or(BrowserStoreError::NotActivated)?;
    let state = journal.exported_state().await?.ok_or(BrowserStoreError::NotActivated)?;
    let profile = match scopes {
        Some(scopes) => scopes.profile().await.unwrap_or_default(),
        None => None,
    };
    let (profile_version, profile_name) = profile.map(|(version, profile)| (version, profile.name)).unzip();
    let mut packer = Packer::begin()?;
    let mut writer = ExportWriter::new();
    packer
        .write(&writer.header(&ExportHeader {
            format: FORMAT.to_owned(),
            version: FORMAT_VERSION,
            store_id: identity.store_id,
            store_name: identity.store_name,
            register_number: identity.register_number,
            register_name: identity.register_name,
            app_version: app_version.to_owned(),
            made_at_ms,
            profile_name,
            profile_version,
        }))
        .await?;
    packer.write(&writer.journal(&state)).await?;
    for series in 1..=state.series {
        let mut after_seq = 0;
        // What is sold meanwhile is of the next export.
        let to_seq = if series == state.series { state.last_seq } else { u64::MAX };
        while after_seq < to_seq {
            let entries = journal.exported_entries(series, after_seq).await?;
            let Some((last, _)) = entries.last() else { break };
            after_seq = *last;
            for (_, entry) in entries.iter().filter(|(seq, _)| *seq <= to_seq) {
                packer.write(&writer.entry(entry)).await?;
            }
            pause().await;
        }
    }
    let mut has_unreadable = false;
    if let Some(scopes) = scopes {
        for (table, record) in scopes.tables().await.unwrap_or_default() {
            let (rows, unreadable) = write_rows(scopes, table, &mut writer, &mut packer, &mut pause).await?;
            has_unreadable |= unreadable.is_some();
            let end = ExportedTable {
                table: table.number(),
                rows,
                cursor: record.cursor,
                synced_at_ms: record.synced_at_ms,
                unreadable,
            };
            packer.write(&writer.table(&end)).await?;
        }
    }
    packer.write(&writer.end()).await?;
    let file = packer.finish().await?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a size is whole and positive"
    )]
    let bytes = file.size() as u64;
    Ok(PackedExport { file, bytes, series: state.series, up_to_seq: state.last_seq, has_unreadable })
}

/// Writes the rows of a table; says how many, and why some are missing.
async fn write_rows(
    scopes: &ScopeDatabase,
    table: TableId,
    writer: &mut ExportWriter,
    packer: &mut Packer,
    pause: &mut impl AsyncFnMut(),
) -> Outcome<(u64, Option<String>)> {
    let mut rows_count = 0_u64;
    let mut failed = None;
    let read = scopes.read_rows(table, async |part: &[BorrowedChange<'_>]| {
        let mut rows = Vec::new();
        let mut bytes = 0;
        for (at, change) in part.iter().enumerate() {
            let row = without_secrets(table, RowChange::from(*change));
            bytes += row.key.len() + row.body.as_ref().map_or(0, |body| body.len());
            rows.push(row);
            if bytes >= ROWS_BYTES || at + 1 == part.len() {
                rows_count += rows.len() as u64;
                let exported = ExportedRows { table: table.number(), rows: std::mem::take(&mut rows) };
                bytes = 0;
                if failed.is_none() {
                    failed = packer.write(&writer.rows(&exported)).await.err();
                }
                pause().await;
            }
        }
    });
    let unreadable = read.await.err().map(|error| error.to_string());
    match failed {
        Some(error) => Err(error),
        None => Ok((rows_count, unreadable)),
    }
}

/// A row as it may leave the register: PINs are short, and so is the way from their verifiers back to them.
fn without_secrets(table: TableId, mut row: RowChange) -> RowChange {
    if table == TableId::Staff {
        row.body = row.body.and_then(|body| decode::<StaffRow>(&body).ok()).map(|staff| {
            let (pin_salt, pin_verifier) = (Vec::new().into(), Vec::new().into());
            encode(&StaffRow { pin_salt, pin_rounds: 0, pin_verifier, ..staff }).into()
        });
    }
    row
}
